// SPDX-License-Identifier: Apache-2.0
#include "match/engine.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "unit/match/rule_text.h"

namespace keytidy::match {
namespace {

using namespace std::string_literals;
using Texts = std::vector<std::string>;

constexpr std::string_view kDemo =
    "pattern = 'demo_[0-9a-f]{8}'\nexamples = ['demo_{hex:8}']";

constexpr std::string_view kWordAnchor =
    "pattern = 'k[0-9a-f]{8,12}'\nanchor = \"context\"\n"
    "context = { words = [\"near\", \"a-b\"], within = 10, required = true }\n"
    "examples = ['near k{hex:8}']";

// The confidence of the one match in `text`.
std::optional<Confidence> ConfidenceIn(const TestEngine& engine,
                                       std::string_view text) {
  const std::vector<Match> matches = engine.Scan(text);
  EXPECT_LE(matches.size(), 1u);
  if (matches.empty()) return std::nullopt;
  return matches.front().confidence;
}

TEST(Engine, NumbersShapesOverAllRules) {
  const TestEngine engine(
      RuleText("one", kDemo) +
      RuleText("two", "examples = ['p_{digit:9}', 'q_{digit:9}']") +
      "[[rule.shape]]\npattern = 'p_[0-9]{9}'\n"
      "[[rule.shape]]\npattern = 'q_[0-9]{9}'\n");
  ASSERT_EQ(engine->shape_count(), 3u);
  EXPECT_EQ(engine->RuleOf(0).id, "one");
  EXPECT_EQ(engine->RuleOf(2).id, "two");
  EXPECT_EQ(engine->RuleIndexOf(1), 1u);
  EXPECT_EQ(engine->ShapeAt(2).pattern, "q_[0-9]{9}");
  const std::vector<Match> matches = engine.Scan("q_214365879");
  ASSERT_EQ(matches.size(), 1u);
  EXPECT_EQ(matches[0].rule, 1u);
  EXPECT_EQ(matches[0].shape, 2u);
  EXPECT_EQ(matches[0].tag, 0u);
}

// Reach, anchor, longest match, context, and 16 bytes for escapes; of the
// shape that needs most.
TEST(Engine, MarginIsOfTheWidestShape) {
  const TestEngine small(RuleText("one", kDemo));
  EXPECT_EQ(small->margin(), 0u + 13 + 13 + 0 + 16);
  const TestEngine large(
      RuleText("one", kDemo) +
      RuleText("two",
               "pattern = '[a-z]{4}~[0-9]{8}'\nanchor = '~[0-9]{2,3}'\n"
               "reach = 4\nexamples = ['near {lower:4}~{digit:8}']\n"
               "context = { words = [\"near\"], within = 100 }"));
  EXPECT_EQ(large->margin(), 4u + 4 + 13 + 100 + 16);
  // A word may stand that far on the other side of the key.
  const TestEngine words(RuleText("one", kWordAnchor));
  EXPECT_EQ(words->margin(), 0u + 4 + 13 + (10 + 13) + 10 + 16);
}

TEST(Engine, WholeAndSecret) {
  const TestEngine engine(
      RuleText("one",
               "pattern = '(?i)demo_key[ =\"]{1,4}([0-9a-z]{10})'\n"
               "anchor = '(?i)demo_key'\ngroup = 1\n"
               "examples = ['DEMO_KEY={loweralnum:10}']"));
  const std::vector<Match> matches = engine.Scan("..DEMO_KEY = \"k3q0zv7w1b\"");
  ASSERT_EQ(matches.size(), 1u);
  EXPECT_EQ(matches[0].whole, (Span{2, 24}));
  EXPECT_EQ(matches[0].secret, (Span{14, 24}));
}

TEST(Engine, BoundariesOfTheWholeMatch) {
  const TestEngine engine(RuleText("one", kDemo));
  const Texts found = {"one:demo_1f2e3d4c"};
  EXPECT_EQ(engine.Found("demo_1f2e3d4c"), found);
  EXPECT_EQ(engine.Found("\"demo_1f2e3d4c\""), found);
  EXPECT_EQ(engine.Found("a%3Ddemo_1f2e3d4c"), found);
  EXPECT_EQ(engine.Found("a\\ndemo_1f2e3d4c\\n"), found);
  EXPECT_EQ(engine.Found("\x1b[31mdemo_1f2e3d4c\x1b[0m"), found);
  EXPECT_EQ(engine.Found("xdemo_1f2e3d4c"), Texts());
  EXPECT_EQ(engine.Found("demo_1f2e3d4cx"), Texts());
  EXPECT_EQ(engine.Found("demo_1f2e3d4c5"), Texts());
  EXPECT_EQ(engine.Found("_demo_1f2e3d4c"), Texts());
}

TEST(Engine, BoundariesOfTheGroup) {
  const TestEngine engine(
      RuleText("one",
               "pattern = 'demokey[=:]([0-9a-z]{10})'\ngroup = 1\n"
               "before = '[:]'\nafter = '[!]'\n"
               "examples = ['demokey={loweralnum:10}']"));
  EXPECT_EQ(engine.Found("xdemokey=k3q0zv7w1b"), Texts{"one:k3q0zv7w1b"});
  EXPECT_EQ(engine.Found("xdemokey=k3q0zv7w1bc"), Texts{"one:k3q0zv7w1b"});
  EXPECT_EQ(engine.Found("xdemokey:k3q0zv7w1b"), Texts());
  EXPECT_EQ(engine.Found("xdemokey=k3q0zv7w1b!"), Texts());
}

TEST(Engine, ABoundaryMayBeSwitchedOff) {
  const TestEngine engine(
      RuleText("one", std::string(kDemo) + "\nbefore = ''\nafter = ''"));
  EXPECT_EQ(engine.Found("xdemo_1f2e3d4cx"), Texts{"one:demo_1f2e3d4c"});
}

TEST(Engine, PlaceholdersAreNoKeys) {
  const TestEngine engine(RuleText(
      "one", std::string(kDemo) + "\nplaceholders = [\"DEMO_1F2E*\"]"));
  EXPECT_EQ(engine.Found("demo_1f2d3d4c"), Texts{"one:demo_1f2d3d4c"});
  EXPECT_EQ(engine.Found("demo_1f2e3d4c"), Texts());
  EXPECT_EQ(engine.Found("demo_abababab"), Texts());
}

TEST(Engine, EntropyOfWhatFollowsThePrefix) {
  const TestEngine engine(
      RuleText("one",
               "pattern = 'demo_[0-9a-z]{16}'\nentropy = 3.0\n"
               "examples = ['demo_{[0-9a-z]:1}1b2c3d4e5f6g7h8']"));
  ASSERT_EQ(engine->rules()[0].known_prefix, 5u);
  EXPECT_EQ(engine.Found("demo_0a1b2c3d4e5f6g7h").size(), 1u);
  EXPECT_EQ(engine.Found("demo_ababababcdcdcdcd"), Texts());    // 2 bits
  EXPECT_EQ(engine.Found("demo_aabbccddeeffgghh").size(), 1u);  // 3 bits
  EXPECT_EQ(engine.Found("demo_aaabccddeeffgghh"), Texts());    // less
}

TEST(Engine, AChecksumMovesConfidence) {
  const TestEngine engine(
      RuleText("one",
               "pattern = 'demo_([0-9a-z]{9})([0-9a-f]{8})'\n"
               "confidence = \"medium\"\n"
               "checksum = { kind = \"crc32-hex\", body = 1, digits = 2 }\n"
               "examples = ['demo_{loweralnum:9}{checksum}']"));
  EXPECT_EQ(ConfidenceIn(engine, "demo_123456789cbf43926"), Confidence::kHigh);
  EXPECT_EQ(ConfidenceIn(engine, "demo_123456789cbf43927"), Confidence::kLow);
}

constexpr std::string_view kNear =
    "pattern = 'demo_[0-9a-f]{8}'\nconfidence = \"medium\"\n";

TEST(Engine, ContextThatRaises) {
  const TestEngine engine(
      RuleText("one", std::string(kNear) +
                          "context = { words = [\"Near\"], within = 10 }\n"
                          "examples = ['demo_{hex:8}']"));
  EXPECT_EQ(ConfidenceIn(engine, "demo_1f2e3d4c"), Confidence::kMedium);
  EXPECT_EQ(ConfidenceIn(engine, "near demo_1f2e3d4c"), Confidence::kHigh);
  EXPECT_EQ(ConfidenceIn(engine, "NEAR      demo_1f2e3d4c"), Confidence::kHigh);
  EXPECT_EQ(ConfidenceIn(engine, "near       demo_1f2e3d4c"),
            Confidence::kMedium);
}

TEST(Engine, ContextThatIsRequired) {
  const TestEngine engine(RuleText(
      "one",
      std::string(kNear) +
          "context = { words = [\"near\"], within = 10, required = true }\n"
          "examples = ['near demo_{hex:8}']"));
  EXPECT_EQ(ConfidenceIn(engine, "demo_1f2e3d4c"), std::nullopt);
  EXPECT_EQ(ConfidenceIn(engine, "demo_1f2e3d4c      near"),
            Confidence::kMedium);
  EXPECT_EQ(ConfidenceIn(engine, "demo_1f2e3d4c       near"), std::nullopt);
}

TEST(Engine, ContextThatForbids) {
  const TestEngine engine(
      RuleText("one", std::string(kNear) +
                          "context = { unless = [\"never\"], within = 10 }\n"
                          "examples = ['demo_{hex:8}']"));
  EXPECT_EQ(ConfidenceIn(engine, "demo_1f2e3d4c"), Confidence::kMedium);
  EXPECT_EQ(ConfidenceIn(engine, "never demo_1f2e3d4c"), std::nullopt);
}

// docs/rules.md: before the match's first and after its last byte.
TEST(Engine, ContextIsMeasuredFromTheMatch) {
  const TestEngine engine(RuleText(
      "one",
      "pattern = 'demokey[=]{1,20}([0-9a-z]{10})[;]{1,20}'\ngroup = 1\n"
      "anchor = 'demokey='\nmax_length = 60\nafter = ''\n"
      "context = { words = [\"near\"], within = 8, required = true }\n"
      "examples = ['near demokey={loweralnum:10};']"));
  EXPECT_EQ(engine.Found("near    demokey=======k3q0zv7w1b;"),
            Texts{"one:k3q0zv7w1b"});
  EXPECT_EQ(engine.Found("demokey=k3q0zv7w1b;;;;;;;;    near"),
            Texts{"one:k3q0zv7w1b"});
  EXPECT_EQ(engine.Found("near     demokey=k3q0zv7w1b;"), Texts());
}

TEST(Engine, ASequenceIsLessSure) {
  const TestEngine engine(RuleText("one",
                                   "pattern = 'demo_[0-9a-z]{16}'\n"
                                   "examples = ['demo_{loweralnum:16}']"));
  EXPECT_EQ(ConfidenceIn(engine, "demo_0a1b2c3d4e5f6g7h"), Confidence::kHigh);
  EXPECT_EQ(ConfidenceIn(engine, "demo_0123456789abcdef"), Confidence::kMedium);
}

TEST(Engine, ReachBeforeTheAnchor) {
  const TestEngine engine(
      RuleText("one",
               "pattern = '[a-z]{2,6}~[0-9]{8}'\nanchor = '~[0-9]'\n"
               "reach = 6\nexamples = ['{lower:6}~{digit:8}']"));
  EXPECT_EQ(engine.Found("= vhtqwr~21436587;"), Texts{"one:vhtqwr~21436587"});
  EXPECT_EQ(engine.Found("= vh~21436587;"), Texts{"one:vh~21436587"});
  EXPECT_EQ(engine.Found("= v~21436587;"), Texts());
  EXPECT_EQ(engine.Found("= xvhtqwr~21436587;"), Texts());
  EXPECT_EQ(engine.Found("vh~21436587 qw~78563412"),
            (Texts{"one:vh~21436587", "one:qw~78563412"}));
}

TEST(Engine, AnchorsOnTheWordsOfTheContext) {
  const TestEngine engine(RuleText("one", kWordAnchor));
  EXPECT_EQ(engine.Found("k1f2e3d4c"), Texts());
  EXPECT_EQ(engine.Found("near k1f2e3d4c"), Texts{"one:k1f2e3d4c"});
  EXPECT_EQ(engine.Found("k1f2e3d4c A-B"), Texts{"one:k1f2e3d4c"});
  EXPECT_EQ(engine.Found("k1f2e3d4c axb"), Texts());
  EXPECT_EQ(engine.Found("k1f2e3d4c near k5b6a79889f0e"),
            (Texts{"one:k1f2e3d4c", "one:k5b6a79889f0e"}));
}

TEST(Engine, AWordAnchorReachesToTheBorder) {
  const TestEngine engine(RuleText("one", kWordAnchor));
  EXPECT_EQ(engine.Found("near      k1f2e3d4c"), Texts{"one:k1f2e3d4c"});
  EXPECT_EQ(engine.Found("near       k1f2e3d4c"), Texts());
  EXPECT_EQ(engine.Found("k1f2e3d4c      near"), Texts{"one:k1f2e3d4c"});
  EXPECT_EQ(engine.Found("k1f2e3d4c       near"), Texts());
  EXPECT_EQ(engine.Found("k1f2e3d4c5b6a      near"),
            Texts{"one:k1f2e3d4c5b6a"});
}

TEST(Engine, AKeyBetweenTwoWordsIsFoundOnce) {
  const TestEngine engine(RuleText("one", kWordAnchor));
  EXPECT_EQ(engine.Scan("near k1f2e3d4c near near").size(), 1u);
}

// Any of the words is an anchor, whatever they end with.
TEST(Engine, WordAnchorsOfAnyBytes) {
  const TestEngine engine(
      RuleText("one",
               "pattern = 'k[0-9a-f]{8}'\nanchor = \"context\"\n"
               "context = { words = [\"key:\", \"|\", \"(x)\", \"\u00E9\"], "
               "within = 10, required = true }\n"
               "examples = ['key: k{hex:8}']"));
  const Texts found = {"one:k1f2e3d4c"};
  EXPECT_EQ(engine.Found("key: k1f2e3d4c"), found);
  EXPECT_EQ(engine.Found("| k1f2e3d4c"), found);
  EXPECT_EQ(engine.Found("(X) k1f2e3d4c"), found);
  EXPECT_EQ(engine.Found("\xC3\xA9 k1f2e3d4c"), found);
  EXPECT_EQ(engine.Found("key k1f2e3d4c"), Texts());
}

TEST(Engine, AnAnchorOfVaryingWidth) {
  const TestEngine engine(
      RuleText("one",
               "pattern = 'de?mo-?[0-9]{8,12}'\nanchor = 'de?mo-?[0-9]{8}'\n"
               "examples = ['demo-{digit:8-12}']"));
  EXPECT_EQ(engine.Found("demo-21436587"), Texts{"one:demo-21436587"});
  EXPECT_EQ(engine.Found("dmo214365879"), Texts{"one:dmo214365879"});
  EXPECT_EQ(engine.Found("demo-2143658790213"), Texts());
}

TEST(Engine, TheLongestMatchLookedAt) {
  const TestEngine engine(
      RuleText("one",
               "pattern = 'demo_[0-9a-f]{8,}'\nanchor = 'demo_[0-9a-f]{8}'\n"
               "max_length = 16\nexamples = ['demo_{hex:8}']"));
  EXPECT_EQ(engine.Found("demo_1f2e3d4c5b6"), Texts{"one:demo_1f2e3d4c5b6"});
  EXPECT_EQ(engine.Found("demo_1f2e3d4c5b6a"), Texts());
}

TEST(Engine, EveryKeyOfALineIsFound) {
  const TestEngine engine(RuleText("one", kDemo));
  EXPECT_EQ(
      engine.Found("demo_1f2e3d4c,demo_1f2e3d4c demo_5b6a7988"),
      (Texts{"one:demo_1f2e3d4c", "one:demo_1f2e3d4c", "one:demo_5b6a7988"}));
}

TEST(Engine, AKeyWithManyAnchorsIsFoundOnce) {
  const TestEngine engine(
      RuleText("one",
               "pattern = '[a-z]{4,8}~[0-9~]{8}'\nanchor = '~[0-9~]'\n"
               "reach = 16\nexamples = ['{lower:6}~{digit:8}']"));
  // Starting at 0; what begins later touches letters on its left.
  EXPECT_EQ(engine.Scan("vhtqwr~2~4~6~8~").size(), 1u);
}

TEST(Engine, BytesOfAnyKind) {
  const TestEngine engine(
      RuleText("one",
               "pattern = 'demo\\x00[\\x80-\\xff]{8}'\n"
               "examples = [\"demo\\u0000{[^\\u0000-\\u007F]:8}\"]"));
  const std::string key = "demo\0\xFF\x80\xC3\xA9\xF0\x9F\x98\x80"s;
  EXPECT_EQ(engine.Found("\0\xFF"s + key + "\xFF\0"s), Texts{"one:" + key});
}

TEST(Engine, MatchAtIsTheDefinition) {
  const TestEngine engine(RuleText("one", kDemo));
  const std::string text = "..demo_1f2e3d4c";
  for (std::size_t at = 0; at <= text.size(); ++at) {
    std::vector<Match> matches;
    EXPECT_EQ(MatchAt(engine.get(), 0, text, at, &matches), at == 2);
    EXPECT_EQ(matches.size(), at == 2 ? 1u : 0u);
  }
}

TEST(Scanner, AnchorsThatEndInThePiece) {
  const TestEngine engine(RuleText("one", kDemo));
  const std::string text = "....demo_1f2e3d4c....";  // ends at 17
  EXPECT_EQ(engine.Scan(text, 0, 16).size(), 0u);
  EXPECT_EQ(engine.Scan(text, 0, 17).size(), 1u);
  EXPECT_EQ(engine.Scan(text, 16, 17).size(), 1u);
  EXPECT_EQ(engine.Scan(text, 16, 21).size(), 1u);
  EXPECT_EQ(engine.Scan(text, 17, 21).size(), 0u);
  EXPECT_EQ(engine.Scan(text, 8, 8).size(), 0u);
}

TEST(Scanner, AnAnchorOnTheCutIsFound) {
  const TestEngine engine(
      RuleText("one",
               "pattern = 'demo_[0-9a-f]{8}'\nanchor = 'demo_'\n"
               "max_length = 13\nexamples = ['demo_{hex:8}']"));
  const std::string text = "demo_1f2e3d4c";
  for (std::size_t cut = 0; cut <= text.size(); ++cut) {
    EXPECT_EQ(engine.Scan(text, 0, cut).size(), cut >= 5 ? 1u : 0u) << cut;
    EXPECT_EQ(engine.Scan(text, cut, text.size()).size(), cut < 5 ? 1u : 0u)
        << cut;
  }
}

TEST(Scanner, RemembersNothingOfTheLastText) {
  const TestEngine engine(
      RuleText("one",
               "pattern = '[a-z]{2,6}~[0-9]{8}'\nanchor = '~[0-9]'\n"
               "reach = 6\nexamples = ['{lower:6}~{digit:8}']"));
  auto scanner = Scanner::Make(engine.get());
  ASSERT_TRUE(scanner);
  const std::string late = std::string(100, ' ') + "vhtqwr~21436587";
  const std::string early = "qw~78563412";
  std::vector<Match> matches;
  ASSERT_TRUE(scanner->Scan(late, 0, late.size(), &matches));
  ASSERT_TRUE(scanner->Scan(early, 0, early.size(), &matches));
  ASSERT_TRUE(scanner->Scan("", 0, 0, &matches));
  ASSERT_EQ(matches.size(), 2u);  // appended
  EXPECT_EQ(matches[0].secret, (Span{100, 115}));
  EXPECT_EQ(matches[1].secret, (Span{0, 11}));
}

TEST(Scanner, CountsWhatStageTwoReads) {
  const TestEngine engine(RuleText("one", kDemo));
  auto scanner = Scanner::Make(engine.get());
  ASSERT_TRUE(scanner);
  std::vector<Match> matches;
  const std::string nothing(1000, 'x');
  ASSERT_TRUE(scanner->Scan(nothing, 0, nothing.size(), &matches));
  EXPECT_EQ(scanner->stage2_bytes(), 0u);
  ASSERT_TRUE(scanner->Scan("demo_1f2e3d4c", 0, 13, &matches));
  EXPECT_EQ(scanner->stage2_bytes(), 14u);
}

}  // namespace
}  // namespace keytidy::match
