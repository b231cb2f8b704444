// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <string>
#include <string_view>

#include "rules/rule_set.h"

namespace keytidy::rules {
namespace {

std::string Expanded(std::string_view pattern) {
  const auto text = ExpandMacros(pattern);
  if (text) return *text;
  EXPECT_EQ(text.error().code, ErrorCode::kInvalid);
  return "error: " + text.error().message;
}

constexpr std::string_view kName = "[0-9A-Za-z_.-]{0,40}";

TEST(ExpandMacros, APatternWithoutOnesStays) {
  EXPECT_EQ(Expanded(""), "");
  EXPECT_EQ(Expanded("kryton_[0-9a-f]{64}"), "kryton_[0-9a-f]{64}");
}

TEST(ExpandMacros, Name) {
  EXPECT_EQ(Expanded("a%{name}b"), "a" + std::string(kName) + "b");
  EXPECT_EQ(Expanded("%{name}"), kName);
}

TEST(ExpandMacros, AssignIsOneGroupThatCapturesNothing) {
  const std::string assign = Expanded("%{assign}");
  EXPECT_EQ(assign.substr(0, 3), "(?:");
  for (std::size_t at = assign.find('('); at != std::string::npos;
       at = assign.find('(', at + 1)) {
    const bool in_class =
        at > 0 && (assign[at - 1] == '`' || assign[at - 1] == '\\');
    EXPECT_TRUE(in_class || assign.substr(at, 3) == "(?:") << at;
  }
}

TEST(ExpandMacros, SeveralOfThem) {
  EXPECT_EQ(Expanded("x%{name}%{assign}%{name}y"),
            "x" + std::string(kName) + Expanded("%{assign}") +
                std::string(kName) + "y");
}

TEST(ExpandMacros, WhatIsNoMacroStays) {
  EXPECT_EQ(Expanded("[%{]"), "[%{]");
  EXPECT_EQ(Expanded("a%{2}"), "a%{2}");
  EXPECT_EQ(Expanded("a%{2,5}b"), "a%{2,5}b");
  EXPECT_EQ(Expanded("%{}"), "%{}");
  EXPECT_EQ(Expanded("%{Name}"), "%{Name}");
  EXPECT_EQ(Expanded("%{name"), "%{name");
  EXPECT_EQ(Expanded("%"), "%");
  EXPECT_EQ(Expanded("%{"), "%{");
}

TEST(ExpandMacros, AnUnknownOne) {
  EXPECT_EQ(Expanded("a%{asign}b"),
            "error: unknown macro %{asign}; there are %{assign} and %{name}");
}

}  // namespace
}  // namespace keytidy::rules
