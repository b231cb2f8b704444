// SPDX-License-Identifier: Apache-2.0
#include "scan/excerpt.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <string>
#include <string_view>
#include <tuple>
#include <vector>

namespace keytidy::scan {
namespace {

constexpr std::string_view kCut = "\xE2\x80\xA6";

// The text, and in brackets what the caret points at.
std::string Shown(const Excerpt& excerpt) {
  if (excerpt.caret + excerpt.caret_width > excerpt.text.size()) {
    return "caret outside: " + excerpt.text;
  }
  std::string out = excerpt.text;
  out.insert(excerpt.caret + excerpt.caret_width, "]");
  out.insert(excerpt.caret, "[");
  return out;
}

Span SpanOf(std::string_view text, std::string_view secret,
            std::size_t from = 0) {
  const std::size_t at = text.find(secret, from);
  EXPECT_NE(at, std::string_view::npos) << secret;
  return {at, at + secret.size()};
}

// The excerpt for the only mask.
std::string Alone(std::string_view text, std::string_view secret,
                  std::string redacted = "K***") {
  const Span span = SpanOf(text, secret);
  return Shown(MakeExcerpt(text, span, {{span, std::move(redacted)}}));
}

TEST(MakeExcerpt, TheLineWithTheSecretMasked) {
  EXPECT_EQ(Alone("token = SECRET # c", "SECRET"), "token = [K***] # c");
}

TEST(MakeExcerpt, OnlyTheLine) {
  EXPECT_EQ(Alone("one\ntoken = SECRET\nthree\n", "SECRET"), "token = [K***]");
  EXPECT_EQ(Alone("SECRET\nthree\n", "SECRET"), "[K***]");
  EXPECT_EQ(Alone("one\n\nSECRET", "SECRET"), "[K***]");
}

TEST(MakeExcerpt, WithoutTheEndOfALineOfWindows) {
  EXPECT_EQ(Alone("one\r\nt = SECRET\r\nthree", "SECRET"), "t = [K***]");
  EXPECT_EQ(Alone("one\r\nt = SECRET;\r\nthree", "SECRET"), "t = [K***];");
}

TEST(MakeExcerpt, ALongLineIsCutOnBothSides) {
  const std::string before(200, 'b');
  const std::string after(200, 'a');
  EXPECT_EQ(Alone(before + "SECRET" + after, "SECRET"),
            std::string(kCut) + std::string(60, 'b') + "[K***]" +
                std::string(40, 'a') + std::string(kCut));
}

TEST(MakeExcerpt, ALineThatJustFitsIsNotCut) {
  const std::string before(60, 'b');
  const std::string after(40, 'a');
  EXPECT_EQ(Alone(before + "SECRET" + after, "SECRET"),
            before + "[K***]" + after);
  EXPECT_EQ(Alone("x\n" + before + "SECRET" + after + "\nx", "SECRET"),
            before + "[K***]" + after);
}

TEST(MakeExcerpt, CharactersAreNotCutInTwo) {
  std::string before;
  std::string after;
  for (int i = 0; i < 40; ++i) {
    before += "\xE2\x82\xAC";
    after += "\xE2\x82\xAC";
  }
  // 60 bytes are 20 whole characters; of 40 bytes 13 are whole.
  EXPECT_EQ(Alone(before + "SECRET" + after, "SECRET"),
            std::string(kCut) + before.substr(0, 60) + "[K***]" +
                after.substr(0, 39) + std::string(kCut));
  // One byte on, the first character is left out.
  EXPECT_EQ(Alone(before + "=SECRET", "SECRET"),
            std::string(kCut) + before.substr(0, 57) + "=[K***]");
}

TEST(MakeExcerpt, ASecretOfSeveralLinesStandsForAllOfThem) {
  EXPECT_EQ(Alone("k = SEC\nRE\nT;\nx", "SEC\nRE\nT"), "k = [K***]");
  EXPECT_EQ(Alone("k = SEC\r\nRET\r\n", "SEC\r\nRET"), "k = [K***]");
}

TEST(MakeExcerpt, OtherSecretsOfTheLineAreMaskedToo) {
  const std::string_view text = "a = ONE, b = TWO, c = THREE";
  const std::vector<Mask> masks = {{SpanOf(text, "ONE"), "1*"},
                                   {SpanOf(text, "TWO"), "2*"},
                                   {SpanOf(text, "THREE"), "3*"}};
  EXPECT_EQ(Shown(MakeExcerpt(text, masks[0].span, masks)),
            "a = [1*], b = 2*, c = 3*");
  EXPECT_EQ(Shown(MakeExcerpt(text, masks[1].span, masks)),
            "a = 1*, b = [2*], c = 3*");
  EXPECT_EQ(Shown(MakeExcerpt(text, masks[2].span, masks)),
            "a = 1*, b = 2*, c = [3*]");
}

TEST(MakeExcerpt, SecretsOfOtherLinesDoNotMatter) {
  const std::string_view text = "a = ONE\nb = TWO\nc = THREE";
  EXPECT_EQ(Shown(MakeExcerpt(text, SpanOf(text, "TWO"),
                              {{SpanOf(text, "ONE"), "1*"},
                               {SpanOf(text, "TWO"), "2*"},
                               {SpanOf(text, "THREE"), "3*"}})),
            "b = [2*]");
}

TEST(MakeExcerpt, MasksSideBySide) {
  const std::string_view text = "ONETWO";
  EXPECT_EQ(Shown(MakeExcerpt(
                text, SpanOf(text, "TWO"),
                {{SpanOf(text, "ONE"), "1*"}, {SpanOf(text, "TWO"), "2*"}})),
            "1*[2*]");
}

TEST(MakeExcerpt, OfMasksThatOverlapTheFirstStandsForAll) {
  // ONETWOTHREE: two masks, 0-6 and 3-11.
  const std::string_view text = "x ONETWOTHREE y";
  const std::vector<Mask> masks = {{SpanOf(text, "ONETWO"), "1*"},
                                   {SpanOf(text, "TWOTHREE"), "2*"}};
  EXPECT_EQ(Shown(MakeExcerpt(text, masks[0].span, masks)), "x [1*] y");
  EXPECT_EQ(Shown(MakeExcerpt(text, masks[1].span, masks)), "x [1*] y");
}

TEST(MakeExcerpt, AMaskInsideAnother) {
  const std::string_view text = "x ONETWOTHREE y";
  const std::vector<Mask> masks = {{SpanOf(text, "ONETWOTHREE"), "1*"},
                                   {SpanOf(text, "TWO"), "2*"}};
  EXPECT_EQ(Shown(MakeExcerpt(text, masks[1].span, masks)), "x [1*] y");
}

TEST(MakeExcerpt, TheSameSpanTwice) {
  const std::string_view text = "x ONE y";
  const std::vector<Mask> masks = {{SpanOf(text, "ONE"), "1*"},
                                   {SpanOf(text, "ONE"), "2*"}};
  EXPECT_EQ(Shown(MakeExcerpt(text, masks[1].span, masks)), "x [1*] y");
}

TEST(MakeExcerpt, AChainOfOverlaps) {
  const std::string_view text = "x 0123456789 y";
  const std::vector<Mask> masks = {{SpanOf(text, "0123"), "1*"},
                                   {SpanOf(text, "2345"), "2*"},
                                   {SpanOf(text, "456789"), "3*"}};
  for (const Mask& mask : masks) {
    EXPECT_EQ(Shown(MakeExcerpt(text, mask.span, masks)), "x [1*] y");
  }
}

// What stands there is the first mask's text, however long the secret's own is.
TEST(MakeExcerpt, TheCaretIsBelowWhatStandsThere) {
  const std::string_view text = "x 0123456789 y";
  for (const std::string last : {"3*", "33333*", ""}) {
    const std::vector<Mask> masks = {{SpanOf(text, "0123"), "111*"},
                                     {SpanOf(text, "2345"), "22*"},
                                     {SpanOf(text, "456789"), last}};
    EXPECT_EQ(Shown(MakeExcerpt(text, masks[2].span, masks)), "x [111*] y");
  }
}

TEST(MakeExcerpt, AMaskThatBeganOnTheLineBeforeHidesItsRest) {
  const std::string_view text = "a = ON\nE; b = TWO";
  EXPECT_EQ(Shown(MakeExcerpt(
                text, SpanOf(text, "TWO"),
                {{SpanOf(text, "ON\nE"), "1*"}, {SpanOf(text, "TWO"), "2*"}})),
            "1*; b = [2*]");
}

TEST(MakeExcerpt, AMaskThatTheCutRunsThroughHidesItsRest) {
  const std::string text = std::string(30, 'K') + std::string(50, '.') +
                           "SECRET" + std::string(30, '.') +
                           std::string(30, 'L');
  EXPECT_EQ(Shown(MakeExcerpt(
                text, SpanOf(text, "SECRET"),
                {{{0, 30}, "1*"}, {{80, 86}, "2*"}, {{116, 146}, "3*"}})),
            std::string(kCut) + "1*" + std::string(50, '.') + "[2*]" +
                std::string(30, '.') + "3*" + std::string(kCut));
}

TEST(MakeExcerpt, AnEmptyTextForASecretLeavesNothing) {
  EXPECT_EQ(Alone("a = SECRET;", "SECRET", ""), "a = [];");
}

TEST(ApplyMasks, ToAStretch) {
  const std::string_view text = "a = ONE, b = TWO, c = THREE";
  const std::vector<Mask> masks = {{SpanOf(text, "ONE"), "1*"},
                                   {SpanOf(text, "TWO"), "2*"},
                                   {SpanOf(text, "THREE"), "3*"}};
  EXPECT_EQ(ApplyMasks(text, {0, text.size()}, masks),
            "a = 1*, b = 2*, c = 3*");
  EXPECT_EQ(ApplyMasks(text, {9, 18}, masks), "b = 2*, ");
  EXPECT_EQ(ApplyMasks(text, {5, 15}, masks), "1*, b = 2*");
  EXPECT_EQ(ApplyMasks(text, {0, 4}, masks), "a = ");
  EXPECT_EQ(ApplyMasks(text, {4, 4}, masks), "");
  EXPECT_EQ(ApplyMasks(text, {7, 9}, {}), ", ");
}

// What is masked is written K; none may show.
TEST(MakeExcerpt, NoByteOfAMaskEverShows) {
  std::mt19937 random(99);
  for (int round = 0; round < 3000; ++round) {
    std::string text;
    for (std::size_t i = 1 + random() % 200; i > 0; --i) {
      text.push_back(random() % 20 == 0 ? '\n' : '.');
    }
    std::vector<Mask> masks;
    std::string hidden = text;
    for (std::size_t i = 1 + random() % 6; i > 0; --i) {
      const std::size_t start = random() % text.size();
      const std::size_t end = std::min(text.size(), start + 1 + random() % 60);
      masks.push_back({{start, end}, i % 2 == 0 ? "<>" : "<mask>"});
      for (std::size_t at = start; at < end; ++at) {
        if (text[at] != '\n') hidden[at] = 'K';
      }
    }
    const Span secret = masks[random() % masks.size()].span;
    std::sort(masks.begin(), masks.end(), [](const Mask& a, const Mask& b) {
      return std::tie(a.span, a.redacted) < std::tie(b.span, b.redacted);
    });
    const std::size_t from = random() % (text.size() + 1);
    const Span range{from, from + random() % (text.size() + 1 - from)};
    ASSERT_EQ(ApplyMasks(hidden, range, masks).find('K'), std::string::npos);
    const Excerpt excerpt = MakeExcerpt(hidden, secret, masks);
    ASSERT_EQ(excerpt.text.find('K'), std::string::npos)
        << round << ": " << excerpt.text;
    ASSERT_EQ(excerpt.text.find('\n'), std::string::npos) << round;
    ASSERT_LE(excerpt.text.size(), 60u + 40u + 6u * 6u + 2u * kCut.size());
    // A secret that begins with a line break has no place on its line.
    if (hidden[static_cast<std::size_t>(secret.start)] == '\n') continue;
    const std::string pointed =
        excerpt.text.substr(excerpt.caret, excerpt.caret_width);
    ASSERT_TRUE(pointed == "<>" || pointed == "<mask>")
        << round << ": " << Shown(excerpt);
  }
}

// Text that is shown is text that was there: nothing is lost but what is cut
// or masked.
TEST(MakeExcerpt, WhatIsNotMaskedStays) {
  std::mt19937 random(5);
  for (int round = 0; round < 500; ++round) {
    std::string text;
    for (int i = 0; i < 90; ++i) {
      text.push_back(static_cast<char>('a' + random() % 26));
    }
    const std::size_t start = random() % 60;
    const std::size_t end = start + 1 + random() % 20;
    const Excerpt excerpt =
        MakeExcerpt(text, {start, end}, {{{start, end}, "<>"}});
    std::string wanted = text.substr(0, start) + "[<>]";
    wanted += text.substr(end, 40);
    if (text.size() - end > 40) wanted += kCut;
    ASSERT_EQ(Shown(excerpt), wanted);
  }
}

}  // namespace
}  // namespace keytidy::scan
