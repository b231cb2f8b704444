// SPDX-License-Identifier: Apache-2.0
#include "inventory/hints.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>

#include "base/digest.h"

namespace keytidy::inventory {
namespace {

using ::testing::IsEmpty;
using ::testing::UnorderedElementsAre;
using ::testing::UnorderedElementsAreArray;

constexpr auto kFirst = HintSide::kFirst;
constexpr auto kLast = HintSide::kLast;

Rule RuleWith(std::uint32_t prefix) {
  Rule out;
  out.id = "some-key";
  out.known_prefix = prefix;
  return out;
}

class Hints : public ::testing::Test {
 protected:
  std::vector<std::string> Of(const Rule& rule, std::string_view key) const {
    return HintsOf(key_, rule, key);
  }
  std::string Of(HintSide side, std::string_view text) const {
    return key_.Hint(side, text);
  }

  const FingerprintKey key_ = *FingerprintKey::Make();
};

// Hexadecimal, so that it is the same key in every run.
std::string Hex(std::size_t size) {
  std::string out;
  for (std::uint8_t n = 0; out.size() < size; ++n) {
    out += ToHex(Sha256(std::string(1, static_cast<char>(n))));
  }
  return out.substr(0, size);
}

TEST_F(Hints, AreTheEndsThatProvidersShow) {
  const std::string key = "kryton_" + Hex(64);
  EXPECT_THAT(Of(RuleWith(7), key),
              UnorderedElementsAre(
                  Of(kLast, key.substr(67)), Of(kLast, key.substr(63)),
                  Of(kFirst, key.substr(0, 8)), Of(kFirst, key.substr(0, 11)),
                  Of(kFirst, key.substr(0, 15))));
}

TEST_F(Hints, EachIsOneOnly) {
  const std::string key = Hex(64);  // the first 8, and the first 0 + 8
  EXPECT_THAT(Of(RuleWith(0), key),
              UnorderedElementsAre(
                  Of(kLast, key.substr(60)), Of(kLast, key.substr(56)),
                  Of(kFirst, key.substr(0, 4)), Of(kFirst, key.substr(0, 8))));
}

TEST_F(Hints, WhatAllKeysBeginWithIsNone) {
  const std::string key = "sk_live_" + Hex(64);
  const auto hints = Of(RuleWith(8), key);
  EXPECT_EQ(hints.size(), 4u);
  EXPECT_THAT(
      hints, ::testing::Not(::testing::Contains(Of(kFirst, key.substr(0, 8)))));
}

TEST_F(Hints, NeverOfWhatCanBeGuessed) {
  Rule rule = RuleWith(0);
  EXPECT_THAT(Of(rule, Hex(19)), IsEmpty());
  rule.guessable = true;
  EXPECT_THAT(Of(rule, Hex(64)), IsEmpty());
  rule.guessable = false;
  rule.generic = true;
  EXPECT_THAT(Of(rule, Hex(39)), IsEmpty());
  EXPECT_EQ(Of(rule, Hex(40)).size(), 4u);
  EXPECT_THAT(Of(RuleWith(30), Hex(30)), IsEmpty());
}

// What both ends and the redacted form leave open must be worth 64 bits.
TEST_F(Hints, LeaveEnoughOfAKeyOpen) {
  // Of 32 digits 16 are open, 4 bits each; of 31 a digit less.
  EXPECT_EQ(Of(RuleWith(0), Hex(32)).size(), 4u);
  EXPECT_THAT(Of(RuleWith(0), Hex(31)),
              UnorderedElementsAre(Of(kLast, Hex(31).substr(27)),
                                   Of(kFirst, Hex(31).substr(0, 4))));
  EXPECT_EQ(Of(RuleWith(0), Hex(24)).size(), 2u);
  EXPECT_THAT(Of(RuleWith(0), Hex(23)), IsEmpty());
  // Letters of both cases are worth more.
  EXPECT_EQ(Of(RuleWith(6),
               "glpat-"
               "x" +
                   std::string(9, 'Y') + std::string(10, '3'))
                .size(),
            2u);
  // Digits alone are worth less.
  EXPECT_THAT(Of(RuleWith(0), std::string(27, '7')), IsEmpty());
}

TEST_F(Hints, OfWhatIsPublicAnyEndIsKept) {
  Rule rule = RuleWith(4);
  const std::string key =
      "AKIA"
      "QQQQWWWWEEEERRRR";
  EXPECT_THAT(Of(rule, key), IsEmpty());
  rule.is_public = true;
  EXPECT_EQ(Of(rule, key).size(), 4u);
}

TEST_F(Hints, ABookKnowsThemBeforeTheRule) {
  std::array rules = {RuleWith(7), RuleWith(0), RuleWith(7), RuleWith(0),
                      RuleWith(4)};
  rules[3].generic = true;
  rules[4].guessable = true;
  HintBook book(key_, rules);
  const std::string key = "kryton_" + Hex(30);  // short for a generic one
  book.Add("a", key);
  book.Add("a", key);
  book.Add("short", "kt-0123456789abcdef");
  for (const Rule& rule : rules) {
    EXPECT_EQ(book.Of("a", rule), Of(rule, key));
    EXPECT_THAT(book.Of("short", rule), IsEmpty());
    EXPECT_THAT(book.Of("b", rule), IsEmpty());
  }
  EXPECT_THAT(Of(rules[0], key), ::testing::Not(IsEmpty()));
  EXPECT_NE(Of(rules[0], key), Of(rules[1], key));
  EXPECT_THAT(book.Of("a", RuleWith(5)), IsEmpty());
}

}  // namespace
}  // namespace keytidy::inventory
