// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <string>
#include <string_view>
#include <vector>

#include "match/engine.h"

namespace keytidy::match {
namespace {

// Rules by letter: a and b are alike, p has a known prefix, g and h are
// generic, y yields to a, and u and v yield to each other.
enum RuleIndex : std::uint32_t { kA, kB, kP, kG, kH, kY, kU, kV };

constexpr std::array<std::string_view, 1> kToA = {"a"};
constexpr std::array<std::string_view, 1> kToU = {"u"};
constexpr std::array<std::string_view, 1> kToV = {"v"};

std::array<Rule, 8> MakeRules() {
  std::array<Rule, 8> rules;
  constexpr std::string_view kIds = "abpghyuv";
  for (std::size_t i = 0; i < rules.size(); ++i) {
    rules[i].id = kIds.substr(i, 1);
  }
  rules[kP].known_prefix = 4;
  rules[kG].generic = true;
  rules[kH].generic = true;
  rules[kY].yields_to = kToA;
  rules[kU].yields_to = kToV;
  rules[kV].yields_to = kToU;
  return rules;
}

Match At(std::uint32_t rule, std::uint64_t start, std::uint64_t end,
         Confidence confidence = Confidence::kHigh) {
  Match match;
  match.rule = rule;
  match.shape = rule;
  match.whole = {start, end};
  match.secret = {start, end};
  match.confidence = confidence;
  return match;
}

// What stays, as "a0-10 b20-30", whichever order the matches come in.
std::string Resolved(std::vector<Match> matches) {
  static const std::array<Rule, 8> rules = MakeRules();
  std::string first;
  std::vector<std::size_t> order(matches.size());
  for (std::size_t i = 0; i < order.size(); ++i) order[i] = i;
  do {
    std::vector<Match> shuffled;
    for (const std::size_t i : order) shuffled.push_back(matches[i]);
    ResolveOverlaps(rules, &shuffled);
    std::string out;
    for (const Match& match : shuffled) {
      if (!out.empty()) out += ' ';
      out += fmt::format("{}{}-{}", rules[match.rule].id, match.secret.start,
                         match.secret.end);
    }
    if (first.empty()) first = out;
    EXPECT_EQ(out, first);
  } while (std::next_permutation(order.begin(), order.end()));
  return first;
}

TEST(ResolveOverlaps, NothingAndOne) {
  EXPECT_EQ(Resolved({}), "");
  EXPECT_EQ(Resolved({At(kA, 3, 9)}), "a3-9");
}

TEST(ResolveOverlaps, NeighboursStayAndAreSorted) {
  EXPECT_EQ(Resolved({At(kB, 10, 20), At(kA, 0, 10), At(kG, 20, 21)}),
            "a0-10 b10-20 g20-21");
}

TEST(ResolveOverlaps, FoundTwiceIsOnce) {
  EXPECT_EQ(Resolved({At(kA, 0, 10), At(kA, 0, 10), At(kA, 0, 10)}), "a0-10");
}

TEST(ResolveOverlaps, GenericYieldsToAll) {
  EXPECT_EQ(Resolved({At(kG, 0, 50), At(kA, 10, 20, Confidence::kLow)}),
            "a10-20");
  EXPECT_EQ(Resolved({At(kG, 0, 10), At(kH, 0, 20)}), "h0-20");
}

TEST(ResolveOverlaps, YieldsToThoseItNames) {
  EXPECT_EQ(Resolved({At(kY, 0, 50), At(kA, 10, 20, Confidence::kLow)}),
            "a10-20");
  EXPECT_EQ(Resolved({At(kY, 0, 50), At(kB, 10, 20)}), "y0-50");
}

TEST(ResolveOverlaps, GenericOutweighsANamedYield) {
  EXPECT_EQ(Resolved({At(kG, 0, 50), At(kY, 10, 20)}), "y10-20");
}

TEST(ResolveOverlaps, NamingEachOtherDecidesNothing) {
  EXPECT_EQ(Resolved({At(kU, 0, 10), At(kV, 0, 20)}), "v0-20");
  EXPECT_EQ(Resolved({At(kU, 0, 30), At(kV, 0, 20)}), "u0-30");
}

TEST(ResolveOverlaps, TheSurer) {
  EXPECT_EQ(Resolved({At(kA, 0, 50, Confidence::kMedium), At(kB, 10, 20)}),
            "b10-20");
  EXPECT_EQ(Resolved({At(kA, 0, 50, Confidence::kMedium),
                      At(kP, 10, 20, Confidence::kLow)}),
            "a0-50");
}

TEST(ResolveOverlaps, ThenTheOneWithAPrefix) {
  EXPECT_EQ(Resolved({At(kA, 0, 50), At(kP, 10, 20)}), "p10-20");
}

TEST(ResolveOverlaps, ThenTheLonger) {
  EXPECT_EQ(Resolved({At(kA, 0, 10), At(kB, 5, 16)}), "b5-16");
  EXPECT_EQ(Resolved({At(kA, 0, 11), At(kB, 5, 15)}), "a0-11");
}

TEST(ResolveOverlaps, ThenTheEarlier) {
  EXPECT_EQ(Resolved({At(kB, 0, 10), At(kA, 5, 15)}), "b0-10");
}

TEST(ResolveOverlaps, ThenTheFirstById) {
  EXPECT_EQ(Resolved({At(kB, 0, 10), At(kA, 0, 10)}), "a0-10");
}

TEST(ResolveOverlaps, OneAgainstMany) {
  EXPECT_EQ(
      Resolved({At(kA, 0, 10), At(kB, 10, 20), At(kA, 20, 30), At(kP, 0, 30)}),
      "p0-30");
  EXPECT_EQ(
      Resolved({At(kP, 0, 10), At(kA, 10, 20), At(kP, 20, 30), At(kB, 0, 30)}),
      "p0-10 a10-20 p20-30");
}

// What falls to a match that falls itself is not lost: nothing that stays
// overlaps it.
TEST(ResolveOverlaps, AChainLosesNoEnd) {
  EXPECT_EQ(Resolved({At(kA, 0, 10), At(kB, 5, 16), At(kP, 12, 20)}),
            "a0-10 p12-20");
  EXPECT_EQ(Resolved({At(kP, 0, 10), At(kB, 5, 16), At(kA, 12, 20)}),
            "p0-10 a12-20");
}

// Each of the three wins over the next; whichever stays, one does.
TEST(ResolveOverlaps, ACircleLeavesOne) {
  // y yields to a; b is longer than a; y is longer than b.
  const std::string left =
      Resolved({At(kA, 0, 10), At(kB, 0, 20), At(kY, 0, 30)});
  EXPECT_EQ(std::count(left.begin(), left.end(), '-'), 1) << left;
}

}  // namespace
}  // namespace keytidy::match
