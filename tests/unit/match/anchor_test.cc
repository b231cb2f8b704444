// SPDX-License-Identifier: Apache-2.0
#include "match/anchor.h"

#include <gtest/gtest.h>

#include <array>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "core/rule.h"
#include "match/database.h"
#include "match/example.h"

namespace keytidy::match {
namespace {

using Texts = std::vector<std::string>;

// Where the expressions end in `text`, found by Hyperscan itself.
std::set<std::uint64_t> Ends(const Texts& expressions, std::string_view text) {
  std::vector<Shape> shapes(expressions.size());
  for (std::size_t i = 0; i < shapes.size(); ++i) {
    shapes[i].anchor = expressions[i];
  }
  Rule rule;
  rule.shapes = shapes;
  const auto database = Database::Compile({&rule, 1}, Cpu::kThis);
  EXPECT_TRUE(database) << database.error().message;
  if (!database) return {};
  auto scratch = Scratch::Make(*database);
  std::vector<Hit> hits;
  EXPECT_TRUE(scratch->Scan(*database, text, &hits));
  std::set<std::uint64_t> out;
  for (const Hit& hit : hits) out.insert(hit.end);
  return out;
}

TEST(LengthenLiteral, SpellsAClassOut) {
  EXPECT_EQ(LengthenLiteral("hf_[a-c]{9}"),
            (Texts{"hf\\_a[a-c]{8}", "hf\\_b[a-c]{8}", "hf\\_c[a-c]{8}"}));
  EXPECT_EQ(LengthenLiteral("abc[xy]z"), (Texts{"abcxz", "abcyz"}));
  EXPECT_EQ(LengthenLiteral("abc[x-z]"), (Texts{"abcx", "abcy", "abcz"}));
}

TEST(LengthenLiteral, SeveralClasses) {
  EXPECT_EQ(LengthenLiteral("ab[xy][12]!"),
            (Texts{"abx1!", "abx2!", "aby1!", "aby2!"}));
  EXPECT_EQ(
      LengthenLiteral("ab[xy]{3}"),
      (Texts{"abxx[xy]{1}", "abxy[xy]{1}", "abyx[xy]{1}", "abyy[xy]{1}"}));
}

TEST(LengthenLiteral, LeavesALongLiteralAlone) {
  EXPECT_EQ(LengthenLiteral("abcd"), Texts{"abcd"});
  EXPECT_EQ(LengthenLiteral("abcd[xy]"), Texts{"abcd[xy]"});
  EXPECT_EQ(LengthenLiteral("a{4}[xy]"), Texts{"a{4}[xy]"});
  EXPECT_EQ(LengthenLiteral("a\\.b-[xy]"), Texts{"a\\.b-[xy]"});
}

TEST(LengthenLiteral, LeavesAShortAnchorAlone) {
  EXPECT_EQ(LengthenLiteral(""), Texts{""});
  EXPECT_EQ(LengthenLiteral("ab"), Texts{"ab"});
  EXPECT_EQ(LengthenLiteral("ab[xy]"), Texts{"ab[xy]"});
}

TEST(LengthenLiteral, LeavesAloneWhatIsNotPlain) {
  for (const std::string anchor :
       {"(?i)ab[xy]z",    "a?b[xy]zz",     "ab[xy]?zz",    "ab[xy]*zz",
        "ab[xy]+zz",      "ab[xy]{1,3}zz", "ab[xy]{2,}zz", "ab[xy]{0}zz",
        "(ab)[xy]z",      "ab[xy]|cdef",   "a.b[xy]",      "\\x61b[xy]z",
        "ab[\\x61y]z",    "ab[\\d]z",      "ab\\d[xy]",    "^ab[xy]z",
        "ab[[:digit:]]z", "ab[xy",         "ab\\",         "ab[xy]{"}) {
    EXPECT_EQ(LengthenLiteral(anchor), Texts{anchor}) << anchor;
  }
}

TEST(LengthenLiteral, AtMostEightyExpressions) {
  EXPECT_EQ(LengthenLiteral("abc[0-9A-Za-z]").size(), 62u);
  EXPECT_EQ(LengthenLiteral("ab[0-7][0-9]").size(), 80u);
  EXPECT_EQ(LengthenLiteral("ab[0-8][0-8]"), Texts{"ab[0-8][0-8]"});
  EXPECT_EQ(LengthenLiteral("abc[^x]"), Texts{"abc[^x]"});
}

TEST(LengthenLiteral, BytesThatMeanSomethingAreEscaped) {
  EXPECT_EQ(LengthenLiteral("ab[.+][x]"), (Texts{"ab\\+x", "ab\\.x"}));
  EXPECT_EQ(LengthenLiteral("ab\\[[xy]"), (Texts{"ab\\[x", "ab\\[y"}));
}

// Whatever it makes of an anchor ends where the anchor ends.
void ExpectTheSame(std::string_view anchor) {
  Random random(1);
  const Texts lengthened = LengthenLiteral(anchor);
  for (int i = 0; i < 20; ++i) {
    const std::string text = random.Pick("abxy.", 2000);
    const auto expected = Ends({std::string(anchor)}, text);
    ASSERT_EQ(Ends(lengthened, text), expected)
        << anchor << " as " << testing::PrintToString(lengthened);
  }
}

TEST(LengthenLiteral, MatchesTheSame) {
  for (const std::string_view anchor :
       {"ab[xy]{3}", "ab[xy]b{2}a", "[ab][xy]{2}[ab]", "a[^b-z]{1}b?x",
        "ab[xy]bx?y", "ab[xy]b|yyya", "ab[xy]{4}y{1,2}", "a\\.[xy]b",
        "a[.x]{6}y", "ab[xy]{2}(?:a|b)", "x[a-b]{5}?y"}) {
    ExpectTheSame(anchor);
  }
}

// A question mark behind a repeat does not make it optional.
TEST(LengthenLiteral, ALazyRepeatMatchesTheSame) {
  ExpectTheSame("ab[xy]{2}?x");
}

TEST(LengthenLiteral, TheDatabaseKeepsTheNumber) {
  std::array<Shape, 3> shapes;
  shapes[0].anchor = "zz[ab]c";
  shapes[1].anchor = "hf_[a-c]{3}";
  shapes[1].spell_out = true;
  shapes[2].anchor = "zz[cd]c";
  Rule rule;
  rule.shapes = shapes;
  const auto database = Database::Compile({&rule, 1}, Cpu::kThis);
  ASSERT_TRUE(database) << database.error().message;
  auto scratch = Scratch::Make(*database);
  std::vector<Hit> hits;
  ASSERT_TRUE(
      scratch->Scan(*database, "zzac hf_abc hf_cba hf_dab zzdc", &hits));
  ASSERT_EQ(hits.size(), 4u);
  EXPECT_EQ(hits[0].shape, 0u);
  EXPECT_EQ(hits[1].shape, 1u);
  EXPECT_EQ(hits[1].end, 11u);
  EXPECT_EQ(hits[2].shape, 1u);
  EXPECT_EQ(hits[2].end, 18u);
  EXPECT_EQ(hits[3].shape, 2u);
}

}  // namespace
}  // namespace keytidy::match
