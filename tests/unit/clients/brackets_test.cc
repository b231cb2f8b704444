// SPDX-License-Identifier: Apache-2.0
#include "clients/brackets.h"

#include <gtest/gtest.h>

#include <string>

namespace keytidy::clients {
namespace {

constexpr std::size_t kNowhere = std::string::npos;

TEST(Brackets, OneInAnother) {
  Brackets brackets("{a{b}}{}", '{', '}');
  EXPECT_EQ(brackets.Closing(0), 5U);
  EXPECT_EQ(brackets.Closing(2), 4U);
  EXPECT_EQ(brackets.Closing(6), 7U);
}

TEST(Brackets, NotClosed) {
  Brackets brackets("}{({}", '{', '}');
  EXPECT_EQ(brackets.Closing(1), kNowhere);
  EXPECT_EQ(brackets.Closing(3), 4U);
  EXPECT_EQ(brackets.Closing(0), kNowhere);
  EXPECT_EQ(brackets.Closing(5), kNowhere);
  EXPECT_EQ(Brackets("", '{', '}').Closing(0), kNowhere);
}

TEST(NextPlace, InOrder) {
  NextPlace place("a}}b}}}", "}}");
  EXPECT_EQ(place.size(), 2U);
  EXPECT_EQ(place.From(0), 1U);
  EXPECT_EQ(place.From(1), 1U);
  EXPECT_EQ(place.From(2), 4U);
  EXPECT_EQ(place.From(5), 5U);
  EXPECT_EQ(place.From(6), kNowhere);
  EXPECT_EQ(place.From(7), kNowhere);
}

TEST(NextPlace, BackAgain) {
  NextPlace place("}a}", "}");
  EXPECT_EQ(place.From(2), 2U);
  EXPECT_EQ(place.From(0), 0U);
  EXPECT_EQ(place.From(3), kNowhere);
  EXPECT_EQ(place.From(1), 2U);
}

}  // namespace
}  // namespace keytidy::clients
