// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <cstddef>
#include <set>
#include <string>

#include "base/digest.h"

namespace keytidy {
namespace {

TEST(RandomBytes, Length) {
  for (const std::size_t size : {0U, 1U, 16U, 32U, 1000U}) {
    EXPECT_EQ(RandomBytes(size).size(), size);
  }
}

TEST(RandomBytes, DifferEachTime) {
  std::set<std::string> seen;
  for (int i = 0; i < 100; ++i) seen.insert(RandomBytes(16));
  EXPECT_EQ(seen.size(), 100U);
  EXPECT_FALSE(seen.contains(std::string(16, '\0')));
}

// A buffer that is filled in part has zeros at its end.
TEST(RandomBytes, ToTheLast) {
  bool first = false;
  bool last = false;
  for (int i = 0; i < 64; ++i) {
    const std::string bytes = RandomBytes(300);
    first = first || bytes.front() != '\0';
    last = last || bytes.back() != '\0';
  }
  EXPECT_TRUE(first);
  EXPECT_TRUE(last);
}

}  // namespace
}  // namespace keytidy
