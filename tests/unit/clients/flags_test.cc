// SPDX-License-Identifier: Apache-2.0
#include "clients/flags.h"

#include <gtest/gtest.h>

#include <optional>
#include <string>
#include <vector>

namespace keytidy::clients {
namespace {

using Words = std::vector<std::string>;

TEST(FlagValue, BehindTheFlagOrInIt) {
  EXPECT_EQ(FlagValue(Words{"a", "--b", "c"}, {"--b"}), "c");
  EXPECT_EQ(FlagValue(Words{"--b=c=d"}, {"--b"}), "c=d");
  EXPECT_EQ(FlagValue(Words{"-p", "1", "--port", "2"}, {"--port", "-p"}), "1");
  EXPECT_EQ(FlagValue(Words{"--bc", "d", "--b="}, {"--b"}), "");
}

TEST(FlagValue, WithoutAValue) {
  EXPECT_EQ(FlagValue(Words{"--b"}, {"--b"}), "");
  EXPECT_EQ(FlagValue(Words{"--b", "--c"}, {"--b"}), "");
  EXPECT_EQ(FlagValue(Words{"--c", "d"}, {"--b"}), std::nullopt);
  EXPECT_EQ(FlagValue(Words{}, {"--b"}), std::nullopt);
}

TEST(FlagValue, OnlyBeforeTwoDashes) {
  EXPECT_EQ(FlagValue(Words{"a", "--", "--b", "c"}, {"--b"}), std::nullopt);
}

TEST(FirstPlain, BehindFlagsAndTheirValues) {
  EXPECT_EQ(FirstPlain(Words{"-y", "-p", "x", "a"}, {"-p"}), 3U);
  EXPECT_EQ(FirstPlain(Words{"-p=x", "a"}, {"-p"}), 1U);
  EXPECT_EQ(FirstPlain(Words{"-y", "--", "-a"}, {}), 2U);
  EXPECT_EQ(FirstPlain(Words{"-y"}, {}), 1U);
  EXPECT_EQ(FirstPlain(Words{"-p"}, {"-p"}), 1U);
  EXPECT_EQ(FirstPlain(Words{"--"}, {}), 1U);
  EXPECT_EQ(FirstPlain(Words{}, {}), 0U);
}

TEST(ProgramName, WithoutFolderAndEnding) {
  EXPECT_EQ(ProgramName("/usr/bin/npx"), "npx");
  EXPECT_EQ(ProgramName("C:\\x\\NPX.CMD"), "npx");
  EXPECT_EQ(ProgramName("a/"), "");
  EXPECT_EQ(ProgramName(""), "");
}

}  // namespace
}  // namespace keytidy::clients
