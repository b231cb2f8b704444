// SPDX-License-Identifier: Apache-2.0
//
// Every way a rule can be wrong, and the exact words it is refused with.
#include "match/rule_check.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <string_view>

#include "unit/match/rule_text.h"

namespace keytidy::match {
namespace {

constexpr std::string_view kGood =
    "pattern = 'demo_[0-9a-f]{16}'\nexamples = ['demo_{hex:16}']";

rules::RuleSet SetOf(const std::string& rules) {
  rules::RuleSet set;
  const Status added = set.Add("demo.toml", std::string(kFileHead) + rules);
  EXPECT_TRUE(added) << added.error().message;
  return set;
}

std::string Checked(rules::RuleSet* set, const CheckOptions& options = {},
                    std::span<const Rule> reserved = {}) {
  const Status status = CheckRules(set, reserved, options);
  if (status) return "";
  EXPECT_EQ(status.error().code, ErrorCode::kInvalid);
  return status.error().message;
}

// What is wrong with one rule of id "one"; `lines` begin at line 9.
std::string Wrong(std::string_view lines, const CheckOptions& options = {}) {
  rules::RuleSet set = SetOf(RuleText("one", lines));
  return Checked(&set, options);
}

TEST(CheckRules, AGoodRule) {
  EXPECT_EQ(Wrong(kGood), "");
  EXPECT_EQ(Wrong(std::string(kGood) +
                  "\ncounter_examples = ['demo_{hex:15}', 'demo_{HEX:16}x']"),
            "");
}

TEST(CheckRules, MeasuresAreWritten) {
  rules::RuleSet set =
      SetOf(RuleText("one", kGood) +
            RuleText("two",
                     "pattern = '(?i)demokey=?([0-9a-f]{32,})'\ngroup = 1\n"
                     "anchor = '(?i)demokey=?'\nmax_length = 100\nbefore = ''\n"
                     "examples = ['DEMOKEY={hex:32}', 'DEMOKEY{hex:40}']"));
  ASSERT_EQ(Checked(&set), "");
  const Shape& one = set.rules()[0].shapes[0];
  EXPECT_EQ(one.anchor_min, 21u);
  EXPECT_EQ(one.anchor_max, 21u);
  EXPECT_EQ(one.max_length, 21u);
  EXPECT_EQ(set.rules()[0].known_prefix, 5u);
  const Shape& two = set.rules()[1].shapes[0];
  EXPECT_EQ(two.anchor_min, 7u);
  EXPECT_EQ(two.anchor_max, 8u);
  EXPECT_EQ(two.max_length, 100u);
  EXPECT_EQ(set.rules()[1].known_prefix, 0u);
}

// The prefix may be shown; a key written out in an example is no proof that
// all keys begin like it.
TEST(CheckRules, AConstantExampleProvesNoPrefix) {
  rules::RuleSet set =
      SetOf(RuleText("one",
                     "pattern = 'demo_[0-9a-z]{20}'\n"
                     "examples = ['demo_k3q0zv7w1bk3q0zv7w1b']"));
  ASSERT_EQ(Checked(&set), "");
  EXPECT_LE(set.rules()[0].known_prefix, 5u);
}

TEST(CheckRules, APatternThatDoesNotCompile) {
  EXPECT_EQ(Wrong("pattern = 'demo_[0-9'\nexamples = ['demo_{hex:16}']"),
            "demo.toml:9:11: pattern: missing ]: [0-9\n"
            "  pattern = 'demo_[0-9'\n"
            "            ^");
  EXPECT_EQ(Wrong("  pattern = 'demo_(?=x)y'\nexamples = ['demo_{hex:16}']"),
            "demo.toml:9:13: pattern: invalid perl operator: (?=\n"
            "    pattern = 'demo_(?=x)y'\n"
            "              ^");
}

TEST(CheckRules, AGroupThatIsNotThere) {
  EXPECT_EQ(Wrong("pattern = 'demo_([0-9a-f]{16})'\ngroup = 2\n"
                  "examples = ['demo_{hex:16}']"),
            "demo.toml:9:11: pattern: has 1 groups, but group 2 is used\n"
            "  pattern = 'demo_([0-9a-f]{16})'\n"
            "            ^");
}

TEST(CheckRules, AChecksumGroupThatIsNotThere) {
  EXPECT_EQ(Wrong("pattern = 'demo_([0-9a-f]{16})'\n"
                  "checksum = { kind = \"crc32-hex\", body = 1, digits = 3 }\n"
                  "examples = ['demo_{hex:16}']"),
            "demo.toml:9:11: pattern: has 1 groups, but group 3 is used\n"
            "  pattern = 'demo_([0-9a-f]{16})'\n"
            "            ^");
}

TEST(CheckRules, AnAnchorWithoutBound) {
  EXPECT_EQ(Wrong("pattern = 'demo_[0-9a-f]{16,}'\nmax_length = 100\n"
                  "examples = ['demo_{hex:16}']"),
            "demo.toml:9:11: anchor: must match from 1 to 512 bytes; give the "
            "rule an 'anchor' of bounded width\n"
            "  pattern = 'demo_[0-9a-f]{16,}'\n"
            "            ^");
}

TEST(CheckRules, AnAnchorThatIsTooWide) {
  EXPECT_EQ(Wrong("pattern = 'demo_[0-9a-f]{508}'\n"
                  "examples = ['demo_{hex:508}']"),
            "demo.toml:9:11: anchor: must match from 1 to 512 bytes; give the "
            "rule an 'anchor' of bounded width\n"
            "  pattern = 'demo_[0-9a-f]{508}'\n"
            "            ^");
  EXPECT_EQ(Wrong("pattern = 'demo_[0-9a-f]{507}'\n"
                  "examples = ['demo_{hex:507}']"),
            "");
}

TEST(CheckRules, AnAnchorThatMatchesNothing) {
  EXPECT_EQ(Wrong("pattern = 'demo_[0-9a-f]{16}'\nanchor = '(?:demo_)?'\n"
                  "examples = ['demo_{hex:16}']"),
            "demo.toml:10:10: anchor: must match from 1 to 512 bytes; give the "
            "rule an 'anchor' of bounded width\n"
            "  anchor = '(?:demo_)?'\n"
            "           ^");
}

TEST(CheckRules, AnAnchorThatDoesNotCompile) {
  EXPECT_EQ(Wrong("pattern = 'demo_[0-9a-f]{16}'\nanchor = '(demo_'\n"
                  "examples = ['demo_{hex:16}']"),
            "demo.toml:10:10: anchor: Missing close parenthesis for group "
            "started at index 0.\n"
            "  anchor = '(demo_'\n"
            "           ^");
}

TEST(CheckRules, APatternWithoutBound) {
  EXPECT_EQ(Wrong("pattern = 'demo_[0-9a-f]{16,}'\nanchor = 'demo_'\n"
                  "examples = ['demo_{hex:16}']"),
            "demo.toml:9:11: pattern: can match more than 16384 bytes; bound "
            "it or give 'max_length'\n"
            "  pattern = 'demo_[0-9a-f]{16,}'\n"
            "            ^");
}

TEST(CheckRules, AnExampleThatIsNotFound) {
  EXPECT_EQ(Wrong("pattern = 'demo_[0-9a-f]{16}'\n"
                  "examples = ['demo_{hex:16}', 'KEY=demo_{HEX:16}']"),
            "demo.toml:10:30: example: is not found by this rule\n"
            "  examples = ['demo_{hex:16}', 'KEY=demo_{HEX:16}']\n"
            "                               ^");
}

TEST(CheckRules, AnExampleOverSeveralLines) {
  EXPECT_EQ(Wrong("pattern = 'demo_[0-9a-f]{16}'\nexamples = [\n"
                  "  'demo_{hex:16}',\n\t'demo_{hex:15}',\n]"),
            "demo.toml:12:2: example: is not found by this rule\n"
            "  \t'demo_{hex:15}',\n"
            "  \t^");
}

TEST(CheckRules, AnExampleThatIsFoundSometimes) {
  EXPECT_EQ(Wrong("pattern = 'demo_[0-9a-e]{16}'\n"
                  "examples = ['demo_{[0-9a-e]:16}', 'demo_{hex:16}']"),
            "demo.toml:10:35: example: is not found by this rule\n"
            "  examples = ['demo_{[0-9a-e]:16}', 'demo_{hex:16}']\n"
            "                                    ^");
}

TEST(CheckRules, AnAnchorThatIsNotInTheMatch) {
  EXPECT_EQ(Wrong("pattern = 'demo_[0-9a-f]{16}'\nanchor = 'damo_'\n"
                  "examples = ['demo_{hex:16}']"),
            "demo.toml:11:13: example: is not found by this rule\n"
            "  examples = ['demo_{hex:16}']\n"
            "              ^");
}

TEST(CheckRules, AReachThatIsTooShort) {
  const std::string lines =
      "pattern = '[a-z]{4}~[0-9]{8}'\nanchor = '~[0-9]'\n"
      "examples = ['KEY={lower:4}~{digit:8}']\n";
  EXPECT_EQ(Wrong(lines + "reach = 4"), "");
  EXPECT_EQ(Wrong(lines + "reach = 3"),
            "demo.toml:11:13: example: is not found by this rule\n"
            "  examples = ['KEY={lower:4}~{digit:8}']\n"
            "              ^");
}

TEST(CheckRules, ACounterExampleThatIsFound) {
  EXPECT_EQ(Wrong(std::string(kGood) +
                  "\ncounter_examples = ['demo_{hex:15}', 'a demo_{hex:16}']"),
            "demo.toml:11:38: counter-example: this rule finds it\n"
            "  counter_examples = ['demo_{hex:15}', 'a demo_{hex:16}']\n"
            "                                       ^");
}

TEST(CheckRules, UnknownTemplates) {
  EXPECT_EQ(Wrong("pattern = 'demo_[0-9a-f]{16}'\n"
                  "examples = ['demo_{hex:16}', 'demo_{hax:16}']"),
            "demo.toml:10:30: example: {hax:16} is no template\n"
            "  examples = ['demo_{hex:16}', 'demo_{hax:16}']\n"
            "                               ^");
  EXPECT_EQ(Wrong(std::string(kGood) + "\ncounter_examples = ['demo_{hex:15']"),
            "demo.toml:11:21: counter-example: a '{' is not closed\n"
            "  counter_examples = ['demo_{hex:15']\n"
            "                      ^");
}

constexpr std::string_view kWide =
    "pattern = 'demo_[0-9a-f]{16}[0-9a-f]*'\nanchor = 'demo_[0-9a-f]{16}'\n"
    "max_length = 60\nexamples = ['demo_{hex:32}']";

TEST(CheckRules, AnExampleThatAnotherRuleClaims) {
  rules::RuleSet set =
      SetOf(RuleText("one",
                     "pattern = 'demo_[0-9a-f]{32}'\nanchor = 'demo_'\n"
                     "confidence = \"low\"\nexamples = ['demo_{hex:32}']") +
            RuleText("two", kWide));
  EXPECT_EQ(Checked(&set),
            "demo.toml:12:13: example: is claimed by rule 'two' (add it to "
            "yields_to on one side)\n"
            "  examples = ['demo_{hex:32}']\n"
            "              ^");
}

TEST(CheckRules, YieldingSettlesIt) {
  rules::RuleSet set =
      SetOf(RuleText("one",
                     "pattern = 'demo_[0-9a-f]{32}'\nanchor = 'demo_'\n"
                     "confidence = \"low\"\nexamples = ['demo_{hex:32}']") +
            RuleText("two",
                     "pattern = 'demo_[0-9a-f]{16,32}'\n"
                     "anchor = 'demo_[0-9a-f]{16}'\nyields_to = [\"one\"]\n"
                     "examples = ['demo_{hex:16-31}']"));
  EXPECT_EQ(Checked(&set), "");
}

TEST(CheckRules, AnExampleThatAReservedRuleClaims) {
  rules::RuleSet reserved = SetOf(RuleText("two", kWide));
  ASSERT_EQ(Checked(&reserved), "");
  rules::RuleSet set;
  set.SetTaken(reserved.rules());
  const Status added =
      set.Add("mine.toml", std::string(kFileHead) +
                               RuleText("one",
                                        "pattern = 'demo_[0-9a-f]{32}'\n"
                                        "confidence = \"low\"\nexamples = "
                                        "['demo_{hex:32}']"));
  ASSERT_TRUE(added);
  EXPECT_EQ(Checked(&set, {}, reserved.rules()),
            "mine.toml:11:13: example: is claimed by rule 'two' (add it to "
            "yields_to on one side)\n"
            "  examples = ['demo_{hex:32}']\n"
            "              ^");
  EXPECT_EQ(Checked(&set), "");
}

TEST(CheckRules, YieldingToNoRule) {
  EXPECT_EQ(Wrong(std::string(kGood) + "\nyields_to = [\"other\"]"),
            "demo.toml:5:1: rule 'one' yields to 'other', which is no rule\n"
            "  [[rule]]\n"
            "  ^");
}

// Letters before a rare anchor, and an anchor that is everywhere: stage 2
// would look at the same letters again and again.
TEST(CheckRules, TooCostlyOnAHostileBuffer) {
  constexpr std::string_view kCostly =
      "pattern = '[a-z]+[0-9]{4}'\nanchor = '[a-z]'\nreach = 2000\n"
      "max_length = 2004\n"
      "before = ''\nafter = ''\nexamples = ['{lower:2000}{digit:4}']";
  const std::string message = Wrong(kCostly);
  EXPECT_TRUE(message.starts_with(
      "demo.toml:9:11: pattern: on a hostile buffer stage 2 reads "))
      << message;
  EXPECT_TRUE(message.ends_with(
      " bytes for each byte (at most 600); shorten 'reach' or 'max_length', or "
      "choose a rarer anchor\n"
      "  pattern = '[a-z]+[0-9]{4}'\n"
      "            ^"))
      << message;
  CheckOptions options;
  options.worst_case = false;
  EXPECT_EQ(Wrong(kCostly, options), "");
}

TEST(CheckRules, SaysEverythingAtOnce) {
  rules::RuleSet set = SetOf(
      RuleText("one", "pattern = 'demo_[0-9'\nexamples = ['demo_{hex:16}']") +
      RuleText("two",
               "pattern = 'damo_[0-9]{16,}'\n"
               "examples = ['damo_{digit:16}']"));
  EXPECT_EQ(Checked(&set),
            "demo.toml:9:11: pattern: missing ]: [0-9\n"
            "  pattern = 'demo_[0-9'\n"
            "            ^\n"
            "demo.toml:16:11: anchor: must match from 1 to 512 bytes; give the "
            "rule an 'anchor' of bounded width\n"
            "  pattern = 'damo_[0-9]{16,}'\n"
            "            ^");
}

TEST(CheckRules, SaysEveryWrongExample) {
  const std::string message = Wrong(
      "pattern = 'demo_[0-9a-f]{16}'\n"
      "examples = ['demo_{hex:16}', 'demo_{hex:4}', '{x}']\n"
      "counter_examples = ['demo_{hex:16}']");
  EXPECT_EQ(std::count(message.begin(), message.end(), '^'), 3) << message;
}

TEST(CheckRules, AsManySeedsAsAsked) {
  // Found in about one of two expansions.
  constexpr std::string_view kOften =
      "pattern = 'demo_[0-9a-f]{16}'\n"
      "examples = ['demo_{hex:16}', '{one:demo|damo}_{hex:16}']";
  CheckOptions options;
  options.seeds = 0;
  EXPECT_EQ(Wrong(kOften, options), "");
  options.seeds = 32;
  EXPECT_NE(Wrong(kOften, options), "");
}

TEST(CheckRules, ATemplateWithAChecksum) {
  EXPECT_EQ(Wrong("pattern = 'demo_([0-9a-z]{20})([0-9a-f]{8})'\n"
                  "checksum = { kind = \"crc32-hex\", body = 1, digits = 2 }\n"
                  "examples = ['KEY=demo_{loweralnum:20}{checksum}']"),
            "");
}

}  // namespace
}  // namespace keytidy::match
