// SPDX-License-Identifier: Apache-2.0
#include "report/terminal_text.h"

#include <gtest/gtest.h>

namespace keytidy::report {
namespace {

TEST(TerminalTextTest, WidthOfCharacters) {
  EXPECT_EQ(DisplayWidth(""), 0u);
  EXPECT_EQ(DisplayWidth("key"), 3u);
  EXPECT_EQ(DisplayWidth("naïve…"), 6u);
  EXPECT_EQ(DisplayWidth("日本語"), 6u);
  EXPECT_EQ(DisplayWidth("e\xCC\x81"), 1u);          // combining acute
  EXPECT_EQ(DisplayWidth("\xF0\x9F\x94\x91"), 2u);   // U+1F511, a key
  EXPECT_EQ(DisplayWidth("a\xE2\x80\x8B\x62"), 2u);  // zero width space
}

TEST(TerminalTextTest, WidthOfACutSequenceStaysInBounds) {
  EXPECT_EQ(DisplayWidth("\xE6\x97"), 1u);
  EXPECT_EQ(DisplayWidth("\xF0"), 1u);
}

TEST(TerminalTextTest, TabsGoToTheNextStop) {
  EXPECT_EQ(ExpandTabs("\tx", 0), "    x");
  EXPECT_EQ(ExpandTabs("ab\tx", 0), "ab  x");
  EXPECT_EQ(ExpandTabs("abcd\tx", 0), "abcd    x");
  EXPECT_EQ(ExpandTabs("\tx", 3), " x");
  EXPECT_EQ(ExpandTabs("日\tx", 0), "日  x");
}

TEST(TerminalTextTest, KeepsAnEndOfAText) {
  EXPECT_EQ(KeepEnd("abcdef", 6), "abcdef");
  EXPECT_EQ(KeepEnd("abcdef", 4), "…def");
  EXPECT_EQ(KeepEnd("abcdef", 1), "…");
  EXPECT_EQ(KeepEnd("abcdef", 0), "");
  EXPECT_EQ(KeepEnd("日本語", 4), "…語");
  EXPECT_EQ(KeepStart("abcdef", 6), "abcdef");
  EXPECT_EQ(KeepStart("abcdef", 4), "abc…");
  EXPECT_EQ(KeepStart("abcdef", 1), "…");
  EXPECT_EQ(KeepStart("abcdef", 0), "");
  EXPECT_EQ(KeepStart("日本語", 4), "日…");
}

TEST(TerminalTextTest, WrapsAtEightyColumns) {
  const std::string word(30, 'a');
  EXPECT_EQ(Wrap(word + " " + word + " " + word, 8),
            word + " " + word + "\n        " + word);
  EXPECT_EQ(Wrap("short", 8), "short");
  EXPECT_EQ(Wrap("", 8), "");
}

TEST(TerminalTextTest, AnExactFitStaysOnTheLine) {
  const std::string first(70, 'a');
  EXPECT_EQ(Wrap(first + " b", 8), first + " b");
  EXPECT_EQ(Wrap(first + " bc", 8), first + "\n        bc");
}

TEST(TerminalTextTest, AWideWordStaysWhole) {
  const std::string wide(100, 'w');
  EXPECT_EQ(Wrap("see " + wide, 4), "see\n    " + wide);
}

TEST(TerminalTextTest, ACommandInBackticksIsNotBroken) {
  const std::string lead(60, 'x');
  EXPECT_EQ(Wrap(lead + " `keytidy revoke key` now", 8),
            lead + "\n        `keytidy revoke key` now");
}

TEST(TerminalTextTest, ALoneBacktickQuotesNothing) {
  const std::string lead(70, 'x');
  EXPECT_EQ(Wrap("`" + lead + " b cd", 8), "`" + lead + "\n        b cd");
}

TEST(TerminalTextTest, ANumberStaysWithItsNoun) {
  const std::string lead(66, 'x');
  EXPECT_EQ(Wrap(lead + ", 1,204 binary", 8), lead + ",\n        1,204 binary");
}

TEST(TerminalTextTest, WrapFromBeginsElsewhere) {
  const std::string a(30, 'a');
  const std::string b(30, 'b');
  EXPECT_EQ(WrapFrom(a + " " + b, 19, 4), a + " " + b);
  EXPECT_EQ(WrapFrom(a + " " + b, 20, 4), a + "\n    " + b);
  EXPECT_EQ(WrapFrom(a, 90, 4), a);
}

}  // namespace
}  // namespace keytidy::report
