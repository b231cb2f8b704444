// SPDX-License-Identifier: Apache-2.0
#include "base/result.h"

#include <gtest/gtest.h>

#include <memory>
#include <string>

namespace keytidy {
namespace {

Result<int> Half(int n) {
  if (n % 2 != 0) return Fail(ErrorCode::kInvalid, "{}: {}", n, "is odd");
  return n / 2;
}

Status Check(int n) {
  auto half = Half(n);
  if (!half) return Fail(half.error());
  return {};
}

TEST(Result, HoldsAValue) {
  const Result<int> half = Half(4);
  ASSERT_TRUE(half);
  EXPECT_EQ(*half, 2);
}

TEST(Result, HoldsAnErrorWithItsKind) {
  const Result<int> half = Half(3);
  ASSERT_FALSE(half);
  EXPECT_EQ(half.error().code, ErrorCode::kInvalid);
  EXPECT_EQ(half.error().message, "3: is odd");
}

TEST(Result, ErrorsAreHandedOnUnchanged) {
  EXPECT_TRUE(Check(2));
  const Status status = Check(5);
  ASSERT_FALSE(status);
  EXPECT_EQ(status.error().code, ErrorCode::kInvalid);
  EXPECT_EQ(status.error().message, "5: is odd");
}

TEST(Result, MovesWhatCannotBeCopied) {
  Result<std::unique_ptr<int>> made = std::make_unique<int>(7);
  const std::unique_ptr<int> taken = *std::move(made);
  EXPECT_EQ(*taken, 7);
}

TEST(Error, IsOurOwnBugUnlessSaidOtherwise) {
  EXPECT_EQ(Error{}.code, ErrorCode::kInternal);
}

}  // namespace
}  // namespace keytidy
