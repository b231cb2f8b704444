// SPDX-License-Identifier: Apache-2.0
#include "match/judge.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <array>
#include <string>
#include <string_view>
#include <vector>

namespace keytidy::match {
namespace {

using namespace std::string_view_literals;

CharClass Class(std::string_view text) { return *CharClass::Parse(text); }

// Whether a key may begin after `before`.
bool Opens(std::string_view before) {
  const std::string text = std::string(before) + "KEY";
  return StandsAloneBefore(text, before.size(), Class("[0-9A-Za-z_]"));
}

bool Closes(std::string_view after) {
  const std::string text = "KEY" + std::string(after);
  return StandsAloneAfter(text, 3, Class("[0-9A-Za-z_]"));
}

bool Placeholder(std::string_view value) { return IsPlaceholder(value, 0, {}); }

TEST(StandsAloneBefore, PlainNeighbours) {
  EXPECT_TRUE(Opens(""));
  EXPECT_TRUE(Opens("="));
  EXPECT_TRUE(Opens("a "));
  EXPECT_TRUE(Opens("a-"));
  EXPECT_TRUE(Opens("\""));
  EXPECT_TRUE(Opens("\0"sv));
  EXPECT_TRUE(Opens("\xFF"));
  EXPECT_FALSE(Opens("a"));
  EXPECT_FALSE(Opens("Z"));
  EXPECT_FALSE(Opens("7"));
  EXPECT_FALSE(Opens("_"));
}

TEST(StandsAloneBefore, AnEmptyClassForbidsNothing) {
  EXPECT_TRUE(StandsAloneBefore("xKEY", 1, CharClass()));
  EXPECT_TRUE(StandsAloneAfter("KEYx", 3, CharClass()));
}

TEST(StandsAloneBefore, EscapesOfOneLetter) {
  for (const char c : "nrtbfve0"sv) {
    EXPECT_TRUE(Opens(std::string("\\") + c)) << c;
    EXPECT_TRUE(Opens(std::string("x\\") + c)) << c;
    EXPECT_FALSE(Opens(std::string("x") + c)) << c;
    EXPECT_FALSE(Opens(std::string(1, c))) << c;
  }
  EXPECT_FALSE(Opens("\\d"));
  EXPECT_FALSE(Opens("\\s"));
  EXPECT_FALSE(Opens("\\nx"));
}

TEST(StandsAloneBefore, EscapesOfHexDigits) {
  EXPECT_TRUE(Opens("%3D"));
  EXPECT_TRUE(Opens("%3d"));
  EXPECT_TRUE(Opens("key%20"));
  EXPECT_TRUE(Opens("\\x3d"));
  EXPECT_TRUE(Opens("\\x3D"));
  EXPECT_TRUE(Opens("\\u003d"));
  EXPECT_TRUE(Opens("a\\u003D"));
}

TEST(StandsAloneBefore, EscapesThatAreNone) {
  EXPECT_FALSE(Opens("3D"));
  EXPECT_FALSE(Opens("%D"));
  EXPECT_FALSE(Opens("%3G"));
  EXPECT_FALSE(Opens("%G3"));
  EXPECT_FALSE(Opens("%3D4"));
  EXPECT_FALSE(Opens("x3d"));
  EXPECT_FALSE(Opens("\\x3"));
  EXPECT_FALSE(Opens("\\xg3"));
  EXPECT_FALSE(Opens("\\u03d"));
  EXPECT_FALSE(Opens("\\u003g"));
  EXPECT_FALSE(Opens("u003d"));
  EXPECT_FALSE(Opens("\\X3d"));
}

TEST(StandsAloneBefore, ColourSequences) {
  EXPECT_TRUE(Opens("\x1b[m"));
  EXPECT_TRUE(Opens("\x1b[0m"));
  EXPECT_TRUE(Opens("\x1b[31m"));
  EXPECT_TRUE(Opens("\x1b[1;31m"));
  EXPECT_TRUE(Opens("\x1b[38;5;208m"));
  EXPECT_TRUE(Opens("\\033[31m"));
  EXPECT_TRUE(Opens("\\x1b[31m"));
  EXPECT_TRUE(Opens("\\e[31m"));
  EXPECT_FALSE(Opens("m"));
  EXPECT_FALSE(Opens("31m"));
  EXPECT_FALSE(Opens("\x1b[31"));
  EXPECT_FALSE(Opens("\x1b[31mm"));
  EXPECT_FALSE(Opens("\x1b]31m"));
  EXPECT_FALSE(Opens("\x1b[3x1m"));
}

TEST(StandsAloneAfter, Neighbours) {
  EXPECT_TRUE(Closes(""));
  EXPECT_TRUE(Closes("\""));
  EXPECT_TRUE(Closes("\n"));
  EXPECT_TRUE(Closes("\\n"));
  EXPECT_TRUE(Closes("%3D"));
  EXPECT_TRUE(Closes("\xC3"));
  EXPECT_FALSE(Closes("0"));
  EXPECT_FALSE(Closes("a"));
  EXPECT_FALSE(Closes("_"));
}

TEST(IsPlaceholder, FewerThanFiveDifferentCharacters) {
  EXPECT_TRUE(Placeholder(""));
  EXPECT_TRUE(Placeholder("xxxxxxxxxxxxxxxx"));
  EXPECT_TRUE(Placeholder("abcdabcdabcdabcd"));
  EXPECT_TRUE(Placeholder("abcd"));
  EXPECT_TRUE(Placeholder("...."));
  EXPECT_FALSE(Placeholder("abcdeabcde"));
  EXPECT_FALSE(Placeholder("abc"));  // too short to say
}

TEST(IsPlaceholder, TheKnownPrefixDoesNotCount) {
  EXPECT_FALSE(IsPlaceholder("ghp_abcdabcd", 0, {}));
  EXPECT_TRUE(IsPlaceholder("ghp_abcdabcd", 4, {}));
  EXPECT_FALSE(IsPlaceholder("ghp_abcdeabc", 4, {}));
  EXPECT_FALSE(IsPlaceholder("your_0a1b2c3d", 5, {}));
  EXPECT_FALSE(IsPlaceholder("ghp_", 4, {}));
  EXPECT_FALSE(IsPlaceholder("ghp_", 100, {}));
}

TEST(IsPlaceholder, LongWordsAnywhere) {
  for (const std::string_view word :
       {"placeholder", "example", "changeme", "replaceme", "redacted",
        "EXAMPLE", "ChangeMe"}) {
    EXPECT_TRUE(Placeholder(fmt::format("9f{}3kq0", word))) << word;
  }
  EXPECT_TRUE(Placeholder("insert_your_key9"));
  EXPECT_TRUE(Placeholder("not-a-real-k3y"));
  EXPECT_FALSE(Placeholder("9fexampel3kq0"));
}

TEST(IsPlaceholder, ShortWordsByThemselves) {
  for (const std::string_view word :
       {"your", "yours", "xxxx", "dummy", "sample", "todo", "fake", "here",
        "YOUR", "Dummy"}) {
    EXPECT_TRUE(Placeholder(fmt::format("{}-3kq0z", word))) << word;
    EXPECT_TRUE(Placeholder(fmt::format("3kq0z_{}", word))) << word;
    EXPECT_TRUE(Placeholder(fmt::format("3kq.{}.0z", word))) << word;
    EXPECT_FALSE(Placeholder(fmt::format("{}3kq0z", word))) << word;
    EXPECT_FALSE(Placeholder(fmt::format("3kq{}-0z", word))) << word;
  }
  // The first is part of a word, the second stands alone.
  EXPECT_TRUE(Placeholder("yourk3q-your-0z"));
}

TEST(IsPlaceholder, References) {
  for (const std::string_view value :
       {"${API_KEY}", "abc${X}def", "{{ secrets.key }}", "$(pass show demo)",
        "<your-key>", "<k3q0z>", "%API_KEY%", "{k3q0z}", "[k3q0z]", "$API_KEY",
        "$k3q0z"}) {
    EXPECT_TRUE(Placeholder(value)) << value;
  }
  for (const std::string_view value : {"k3q0z>", "<k3q0z", "%k3q0z", "$k3q-0z",
                                       "{k3q0z", "k3q$0z", "[k3q0z"}) {
    EXPECT_FALSE(Placeholder(value)) << value;
  }
}

TEST(IsPlaceholder, TheRulesOwnList) {
  constexpr std::array<std::string_view, 4> kList = {"k3q0z", "demo-*-key",
                                                     "*.invalid", "a*b*c"};
  const auto listed = [&](std::string_view value) {
    return IsPlaceholder(value, 0, kList);
  };
  EXPECT_TRUE(listed("k3q0z"));
  EXPECT_TRUE(listed("K3Q0Z"));
  EXPECT_FALSE(listed("k3q0z1"));
  EXPECT_FALSE(listed("1k3q0z"));
  EXPECT_TRUE(listed("demo--key"));
  EXPECT_TRUE(listed("DEMO-9f8e7d-KEY"));
  EXPECT_FALSE(listed("demo-9f8e7d-keys"));
  EXPECT_TRUE(listed("9f8e7d.invalid"));
  EXPECT_TRUE(listed("a1b2bc"));
  EXPECT_FALSE(listed("a1b2d3"));
}

TEST(IsSequence, CountsUp) {
  EXPECT_TRUE(IsSequence("0123456789abcdef0123"));
  EXPECT_TRUE(IsSequence("abcdefghijklmnop"));
  EXPECT_FALSE(IsSequence("ponmlkjihgfedcba"));
  EXPECT_FALSE(IsSequence("aaaaaaaaaaaaaaaa"));
  EXPECT_FALSE(IsSequence("acegikmoqsuwy024"));
}

TEST(IsSequence, FromTwelveCharacters) {
  EXPECT_TRUE(IsSequence("abcdefghijkl"));
  EXPECT_FALSE(IsSequence("abcdefghijk"));
  EXPECT_FALSE(IsSequence(""));
}

TEST(IsSequence, ThreeStepsOfFour) {
  EXPECT_TRUE(IsSequence("abcdefghijaaa"));   // 9 of 12
  EXPECT_FALSE(IsSequence("abcdefghiaaaa"));  // 8 of 12
}

TEST(Entropy, BitsPerByte) {
  EXPECT_EQ(Entropy(""), 0);
  EXPECT_EQ(Entropy("a"), 0);
  EXPECT_EQ(Entropy("aaaaaaaa"), 0);
  EXPECT_EQ(Entropy("abab"), 1);
  EXPECT_EQ(Entropy("abcd"), 2);
  EXPECT_EQ(Entropy("0123456789abcdef"), 4);
  EXPECT_NEAR(Entropy("aab"), 0.9182958340544896, 1e-12);
  std::string all;
  for (int i = 0; i < 256; ++i) all.push_back(static_cast<char>(i));
  EXPECT_NEAR(Entropy(all), 8, 1e-12);
}

constexpr std::array<std::string_view, 2> kWords = {"near", "close by"};
constexpr std::array<std::string_view, 1> kUnless = {"never"};

// The key stands between `before` and `after`; a word counts within 10 bytes.
ContextFit Fit(const std::string& before, const std::string& after) {
  Context context;
  context.words = kWords;
  context.unless = kUnless;
  context.within = 10;
  return FitContext(before + "KEY" + after, before.size(), before.size() + 3,
                    context);
}

TEST(FitContext, TheBorderBefore) {
  EXPECT_EQ(Fit("near......", ""), ContextFit::kPresent);
  EXPECT_EQ(Fit("xxnear......", ""), ContextFit::kPresent);
  EXPECT_EQ(Fit("near.......", ""), ContextFit::kAbsent);
  EXPECT_EQ(Fit("near", ""), ContextFit::kPresent);
}

TEST(FitContext, TheBorderAfter) {
  EXPECT_EQ(Fit("", "......near"), ContextFit::kPresent);
  EXPECT_EQ(Fit("", "......nearxx"), ContextFit::kPresent);
  EXPECT_EQ(Fit("", ".......near"), ContextFit::kAbsent);
  EXPECT_EQ(Fit("", "near"), ContextFit::kPresent);
}

TEST(FitContext, IgnoresCaseAndTakesAnyWord) {
  EXPECT_EQ(Fit("NeAr ", ""), ContextFit::kPresent);
  EXPECT_EQ(Fit("", " CLOSE BY"), ContextFit::kPresent);
  EXPECT_EQ(Fit("a nearer ", ""), ContextFit::kPresent);
  EXPECT_EQ(Fit("neer ", " nee"), ContextFit::kAbsent);
  EXPECT_EQ(Fit("", ""), ContextFit::kAbsent);
}

TEST(FitContext, TheKeyItselfIsNoContext) {
  constexpr std::array<std::string_view, 2> kOwn = {"key", "a k"};
  Context context;
  context.words = kOwn;
  context.within = 10;
  EXPECT_EQ(FitContext("a KEY b", 2, 5, context), ContextFit::kAbsent);
  EXPECT_EQ(FitContext("a KEY key", 2, 5, context), ContextFit::kPresent);
}

TEST(FitContext, AForbiddenWordOutweighs) {
  EXPECT_EQ(Fit("near ", " never"), ContextFit::kExcluded);
  EXPECT_EQ(Fit("NEVER ", ""), ContextFit::kExcluded);
  EXPECT_EQ(Fit("never.....", ""), ContextFit::kExcluded);
  EXPECT_EQ(Fit("never......", ""), ContextFit::kAbsent);
}

}  // namespace
}  // namespace keytidy::match
