// SPDX-License-Identifier: Apache-2.0
#include "config/settings.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/text.h"

namespace keytidy::config {
namespace {

using Severities = std::vector<std::pair<std::string, Severity>>;

Settings Good(std::string_view text) {
  auto settings = ParseSettings("keytidy.toml", std::string(text));
  EXPECT_TRUE(settings) << settings.error().message;
  return settings ? *std::move(settings) : Settings();
}

std::string ErrorOf(std::string_view text) {
  const auto settings = ParseSettings("keytidy.toml", std::string(text));
  if (settings) return "no error";
  EXPECT_EQ(settings.error().code, ErrorCode::kInvalid);
  return settings.error().message;
}

// As it would be with all but tabs and line breaks written out.
std::string ForTerminalLines(std::string_view text) {
  std::string out;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    out += ForTerminal(text.substr(0, end), true);
    if (end < text.size()) out += '\n';
    text.remove_prefix(std::min(text.size(), end + 1));
  }
  return out;
}

TEST(ParseFailOn, SeveritiesAndNever) {
  EXPECT_EQ(ParseFailOn("low"), FailOn(Severity::kLow));
  EXPECT_EQ(ParseFailOn("medium"), FailOn(Severity::kMedium));
  EXPECT_EQ(ParseFailOn("high"), FailOn(Severity::kHigh));
  EXPECT_EQ(ParseFailOn("critical"), FailOn(Severity::kCritical));
  EXPECT_EQ(ParseFailOn("info"), FailOn(Severity::kInfo));
  const std::optional<FailOn> never = ParseFailOn("never");
  ASSERT_TRUE(never.has_value());
  EXPECT_FALSE(never->has_value());
  EXPECT_FALSE(ParseFailOn("").has_value());
  EXPECT_FALSE(ParseFailOn("Never").has_value());
  EXPECT_FALSE(ParseFailOn("always").has_value());
}

TEST(Settings, Defaults) {
  const Settings settings = Good("");
  EXPECT_EQ(settings.name, "keytidy.toml");
  EXPECT_TRUE(settings.exclude.empty());
  EXPECT_TRUE(settings.allow.empty());
  EXPECT_TRUE(settings.severity.empty());
  EXPECT_FALSE(settings.fail_on.has_value());
  EXPECT_FALSE(settings.min_confidence.has_value());
  EXPECT_TRUE(settings.own_markers);
  EXPECT_FALSE(settings.foreign_markers);
}

TEST(Settings, EveryField) {
  const Settings settings = Good(
      "exclude = ['*.lock', '/third_party/']\n"
      "fail_on = 'high'\n"
      "min_confidence = 'low'\n"
      "\n"
      "[[allow]]\n"
      "rule = 'kryton-*'\n"
      "path = 'tests/**'\n"
      "fingerprint = 'kt-0123456789abcdef'\n"
      "reason = 'made up'\n"
      "\n"
      "[[allow]]\n"
      "path = 'docs/*.md'\n"
      "reason = 'examples'\n"
      "\n"
      "[severity]\n"
      "kryton-api-key = 'critical'\n"
      "'acme-*' = 'info'\n"
      "\n"
      "[markers]\n"
      "keytidy = false\n"
      "foreign = true\n");
  EXPECT_EQ(settings.exclude,
            (std::vector<std::string>{"*.lock", "/third_party/"}));
  EXPECT_EQ(settings.fail_on, std::optional(FailOn(Severity::kHigh)));
  EXPECT_EQ(settings.min_confidence, Confidence::kLow);
  ASSERT_EQ(settings.allow.size(), 2u);
  EXPECT_EQ(settings.allow[0].rule, "kryton-*");
  EXPECT_EQ(settings.allow[0].path, "tests/**");
  EXPECT_EQ(settings.allow[0].fingerprint, "kt-0123456789abcdef");
  EXPECT_EQ(settings.allow[0].reason, "made up");
  EXPECT_EQ(settings.allow[0].place.line, 5u);
  EXPECT_EQ(settings.allow[1].rule, "");
  EXPECT_EQ(settings.allow[1].path, "docs/*.md");
  EXPECT_EQ(settings.allow[1].fingerprint, "");
  EXPECT_EQ(settings.allow[1].reason, "examples");
  EXPECT_EQ(settings.allow[1].place.line, 11u);
  EXPECT_EQ(settings.severity,
            (Severities{{"kryton-api-key", Severity::kCritical},
                        {"acme-*", Severity::kInfo}}));
  EXPECT_FALSE(settings.own_markers);
  EXPECT_TRUE(settings.foreign_markers);
}

// The last entry that fits wins, so the file's order must stay.
TEST(Settings, SeveritiesKeepTheirOrder) {
  EXPECT_EQ(Good("[severity]\n'z*' = 'low'\n'a*' = 'high'\n").severity,
            (Severities{{"z*", Severity::kLow}, {"a*", Severity::kHigh}}));
}

TEST(Settings, FailOnNever) {
  const Settings settings = Good("fail_on = 'never'\n");
  ASSERT_TRUE(settings.fail_on.has_value());
  EXPECT_FALSE(settings.fail_on->has_value());
}

TEST(Settings, AMarkerFieldAlone) {
  EXPECT_TRUE(Good("[markers]\nforeign = true\n").own_markers);
  EXPECT_FALSE(Good("[markers]\nkeytidy = false\n").foreign_markers);
}

TEST(Settings, ASyntaxError) {
  EXPECT_EQ(ErrorOf("fail_on = \n").substr(0, 17), "keytidy.toml:1:11");
}

TEST(Settings, AnUnknownField) {
  EXPECT_EQ(ErrorOf("excludes = []\n"),
            "keytidy.toml:1:1: keytidy.toml: unknown field 'excludes'; did you "
            "mean 'exclude'?\n"
            "  excludes = []\n"
            "  ^");
  EXPECT_EQ(ErrorOf("[network]\n"),
            "keytidy.toml:1:2: keytidy.toml: unknown field 'network'\n"
            "  [network]\n"
            "   ^");
}

TEST(Settings, ExcludeOfTheWrongType) {
  EXPECT_EQ(
      ErrorOf("exclude = '*.lock'\n"),
      "keytidy.toml:1:11: keytidy.toml: 'exclude' must be an array, not a "
      "string\n"
      "  exclude = '*.lock'\n"
      "            ^");
  EXPECT_EQ(ErrorOf("exclude = [1]\n"),
            "keytidy.toml:1:12: keytidy.toml: 'exclude' holds strings, not a "
            "whole number\n"
            "  exclude = [1]\n"
            "             ^");
}

TEST(Settings, AllowAsOneTable) {
  EXPECT_EQ(ErrorOf("[allow]\nrule = 'a'\nreason = 'b'\n"),
            "keytidy.toml:1:1: keytidy.toml: 'allow' must be an array, not a "
            "table\n"
            "  [allow]\n"
            "  ^");
}

TEST(Settings, AllowWithoutAReason) {
  EXPECT_EQ(ErrorOf("[[allow]]\nrule = 'a'\n"),
            "keytidy.toml:1:1: allow: 'reason' is missing\n"
            "  [[allow]]\n"
            "  ^");
  EXPECT_EQ(ErrorOf("[[allow]]\nrule = 'a'\nreason = ''\n"),
            "keytidy.toml:3:10: allow: 'reason' is missing\n"
            "  reason = ''\n"
            "           ^");
}

TEST(Settings, AllowThatWouldAllowEverything) {
  const std::string wanted =
      "keytidy.toml:1:1: allow: needs 'rule', 'path' or 'fingerprint'; without "
      "one it would allow everything\n"
      "  [[allow]]\n"
      "  ^";
  EXPECT_EQ(ErrorOf("[[allow]]\nreason = 'a'\n"), wanted);
  EXPECT_EQ(ErrorOf("[[allow]]\nrule = ''\npath = ''\nreason = 'a'\n"), wanted);
}

TEST(Settings, AllowWithWhatIsNoFingerprint) {
  EXPECT_EQ(ErrorOf("[[allow]]\nfingerprint = '0123'\nreason = 'a'\n"),
            "keytidy.toml:2:15: allow: a fingerprint is the id of a finding, "
            "kt-\xE2\x80\xA6\n"
            "  fingerprint = '0123'\n"
            "                ^");
}

TEST(Settings, AllowWithAnUnknownField) {
  EXPECT_EQ(ErrorOf("[[allow]]\nrule = 'a'\nreason = 'b'\npaths = 'c'\n"),
            "keytidy.toml:4:1: allow: unknown field 'paths'; did you mean "
            "'path'?\n"
            "  paths = 'c'\n"
            "  ^");
}

TEST(Settings, AFieldOfTheWrongTypeIsNotAlsoMissing) {
  EXPECT_EQ(ErrorOf("[[allow]]\nrule = 5\nreason = 'b'\n"),
            "keytidy.toml:2:8: allow: 'rule' must be a string, not a whole "
            "number\n"
            "  rule = 5\n"
            "         ^");
}

TEST(Settings, SeverityThatIsNone) {
  const std::string must =
      "severity: 'a' must be one of critical, high, medium, low, info\n";
  EXPECT_EQ(ErrorOf("[severity]\na = 'never'\n"),
            "keytidy.toml:2:5: " + must + "  a = 'never'\n      ^");
  EXPECT_EQ(ErrorOf("[severity]\na = 3\n"),
            "keytidy.toml:2:5: " + must + "  a = 3\n      ^");
  EXPECT_EQ(
      ErrorOf("severity = 'high'\n"),
      "keytidy.toml:1:12: keytidy.toml: 'severity' must be a table, not a "
      "string\n"
      "  severity = 'high'\n"
      "             ^");
}

TEST(Settings, FailOnThatIsNone) {
  EXPECT_EQ(ErrorOf("fail_on = 'all'\n"),
            "keytidy.toml:1:11: keytidy.toml: 'fail_on' must be one of "
            "critical, high, medium, low, info, never\n"
            "  fail_on = 'all'\n"
            "            ^");
}

TEST(Settings, ConfidenceThatIsNone) {
  EXPECT_EQ(ErrorOf("min_confidence = 'critical'\n"),
            "keytidy.toml:1:18: keytidy.toml: 'min_confidence' must be one of "
            "low, medium, high\n"
            "  min_confidence = 'critical'\n"
            "                   ^");
}

TEST(Settings, MarkersOfTheWrongForm) {
  EXPECT_EQ(ErrorOf("markers = true\n"),
            "keytidy.toml:1:11: keytidy.toml: 'markers' must be a table, not "
            "true or false\n"
            "  markers = true\n"
            "            ^");
  EXPECT_EQ(
      ErrorOf("[markers]\nkeytidy = 'no'\n"),
      "keytidy.toml:2:11: markers: 'keytidy' must be true or false, not a "
      "string\n"
      "  keytidy = 'no'\n"
      "            ^");
  EXPECT_EQ(ErrorOf("[markers]\nforeigns = true\n"),
            "keytidy.toml:2:1: markers: unknown field 'foreigns'; did you mean "
            "'foreign'?\n"
            "  foreigns = true\n"
            "  ^");
}

// Names of fields come from the file, and messages go to a terminal.
TEST(Settings, MessagesDriveNoTerminal) {
  for (const std::string_view text :
       {"\"\\u001b[31m\" = 1\n", "[severity]\n\"\\u001b[31m\" = 1\n",
        "\"\\u202e\" = 1\n", "[markers]\n\"\\u009b\" = 1\n"}) {
    const std::string message = ErrorOf(text);
    EXPECT_EQ(message, ForTerminalLines(message)) << text;
  }
}

TEST(Settings, AllThatIsWrongInTheOrderOfTheFile) {
  EXPECT_EQ(
      ErrorOf("fail_on = 'x'\n[markers]\nkeytidy = 1\n[[allow]]\n"
              "rule = 'a'\n"),
      "keytidy.toml:1:11: keytidy.toml: 'fail_on' must be one of "
      "critical, high, medium, low, info, never\n"
      "  fail_on = 'x'\n"
      "            ^\n"
      "keytidy.toml:3:11: markers: 'keytidy' must be true or false, not a "
      "whole number\n"
      "  keytidy = 1\n"
      "            ^\n"
      "keytidy.toml:4:1: allow: 'reason' is missing\n"
      "  [[allow]]\n"
      "  ^");
}

}  // namespace
}  // namespace keytidy::config
