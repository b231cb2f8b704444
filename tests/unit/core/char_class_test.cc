// SPDX-License-Identifier: Apache-2.0
#include "core/char_class.h"

#include <gtest/gtest.h>

#include <array>
#include <string>
#include <string_view>

namespace keytidy {
namespace {

std::string MembersOf(std::string_view text) {
  const auto parsed = CharClass::Parse(text);
  return parsed ? parsed->Members() : "error: " + parsed.error().message;
}

// Every byte that is not in `members`.
std::string Others(std::string_view members) {
  std::string out;
  for (int b = 0; b < 256; ++b) {
    const char c = static_cast<char>(b);
    if (members.find(c) == std::string_view::npos) out.push_back(c);
  }
  return out;
}

TEST(CharClass, IsEmptyByDefaultAndForTheEmptyText) {
  EXPECT_EQ(CharClass().Members(), "");
  EXPECT_EQ(MembersOf(""), "");
}

TEST(CharClass, RangesAndSingleBytes) {
  EXPECT_EQ(MembersOf("[a]"), "a");
  EXPECT_EQ(MembersOf("[0-9A-Fa-f_]"), "0123456789ABCDEF_abcdef");
  EXPECT_EQ(MembersOf("[cab]"), "abc");
  EXPECT_EQ(MembersOf("[a-ac]"), "ac");
}

TEST(CharClass, AHyphenAtEitherEndIsItself) {
  EXPECT_EQ(MembersOf("[a-]"), "-a");
  EXPECT_EQ(MembersOf("[-a]"), "-a");
  EXPECT_EQ(MembersOf("[-]"), "-");
  EXPECT_EQ(MembersOf("[0-9A-C_-]"), "-0123456789ABC_");
}

TEST(CharClass, ABackslashTakesWhatWouldMeanSomething) {
  EXPECT_EQ(MembersOf(R"([\]\[])"), "[]");
  EXPECT_EQ(MembersOf(R"([\\])"), "\\");
  EXPECT_EQ(MembersOf(R"([\^a])"), "^a");
  EXPECT_EQ(MembersOf(R"([a\-c])"), "-ac");
  EXPECT_EQ(MembersOf(R"([\[-\]])"), "[\\]");
}

TEST(CharClass, ACaretIsItselfUnlessItComesFirst) {
  EXPECT_EQ(MembersOf("[a^]"), "^a");
}

TEST(CharClass, Complement) {
  EXPECT_EQ(MembersOf("[^a-z]"), Others("abcdefghijklmnopqrstuvwxyz"));
  EXPECT_EQ(MembersOf("[^^]"), Others("^"));
}

TEST(CharClass, BytesAboveAscii) {
  EXPECT_EQ(MembersOf("[\x80-\x83\xff]"), "\x80\x81\x82\x83\xff");
  EXPECT_EQ(MembersOf("[a-\xff]").size(), 256u - 'a');
}

TEST(CharClass, HasExactlyItsMembers) {
  const CharClass parsed = CharClass::Parse("[+/-9\xfe]").value();
  const std::string members = parsed.Members();
  EXPECT_EQ(members, "+/0123456789\xfe");
  for (int b = 0; b < 256; ++b) {
    const char c = static_cast<char>(b);
    EXPECT_EQ(parsed.Has(c), members.find(c) != std::string::npos) << b;
  }
}

TEST(CharClass, AddsAndCopiesBits) {
  CharClass made;
  made.Add(0);
  made.Add(63);
  made.Add(64);
  made.Add(255);
  EXPECT_EQ(made.bits(),
            (std::array<std::uint64_t, 4>{1 | (std::uint64_t{1} << 63), 1, 0,
                                          std::uint64_t{1} << 63}));
  EXPECT_EQ(CharClass(made.bits()).Members(), made.Members());
}

TEST(CharClass, WhatIsNoClass) {
  for (const std::string_view text : {"a", "[]", "abc", "[abc", "abc]", "()"}) {
    const auto parsed = CharClass::Parse(text);
    ASSERT_FALSE(parsed) << text;
    EXPECT_EQ(parsed.error().code, ErrorCode::kInvalid);
    EXPECT_EQ(parsed.error().message,
              "'" + std::string(text) +
                  "' is not a character class such as [0-9A-Za-z_]");
  }
}

TEST(CharClass, ARangeThatRunsBackwards) {
  EXPECT_EQ(MembersOf("[z-a]"), "error: '[z-a]': a range runs backwards");
  EXPECT_EQ(MembersOf("[\xff-a]"), "error: '[\xff-a]': a range runs backwards");
}

TEST(CharClass, NamedClassesAreRefused) {
  EXPECT_EQ(MembersOf("[[:alpha:]]"),
            "error: '[[:alpha:]]': only bytes and ranges may stand in a class");
  EXPECT_EQ(MembersOf("[a]b]"),
            "error: '[a]b]': only bytes and ranges may stand in a class");
}

// In a regular expression they name classes or control characters; taken for
// the letters d, w and n they would mean something else without a word.
TEST(CharClass, ABackslashBeforeALetterIsRefused) {
  for (const std::string_view text : {R"([\d])", R"([\w-])", R"([\n])",
                                      R"([^\s])", R"([\x41])", R"([a-\d])"}) {
    EXPECT_FALSE(CharClass::Parse(text)) << text;
  }
}

// Its bracket is not closed.
TEST(CharClass, ABackslashTakesTheClosingBracket) {
  EXPECT_FALSE(CharClass::Parse(R"([ab\])"));
  EXPECT_FALSE(CharClass::Parse(R"([\])"));
}

TEST(CharClass, TheComplementOfNothingIsRefused) {
  EXPECT_FALSE(CharClass::Parse("[^]"));
}

}  // namespace
}  // namespace keytidy
