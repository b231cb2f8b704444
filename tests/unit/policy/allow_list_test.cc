// SPDX-License-Identifier: Apache-2.0
#include "policy/allow_list.h"

#include <gtest/gtest.h>

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace keytidy::policy {
namespace {

using Texts = std::vector<std::string>;

constexpr std::string_view kId = "kt-0123456789abcdef";

config::AllowRule Rule(std::string rule, std::string path,
                       std::string fingerprint, std::uint32_t line = 1) {
  config::AllowRule out;
  out.rule = std::move(rule);
  out.path = std::move(path);
  out.fingerprint = std::move(fingerprint);
  out.reason = "why";
  out.place = {line, 1};
  return out;
}

config::Settings With(std::vector<config::AllowRule> allow) {
  config::Settings settings;
  settings.name = "sub/keytidy.toml";
  settings.allow = std::move(allow);
  return settings;
}

bool Matches(const config::AllowRule& rule, std::string_view rule_id,
             std::string_view path) {
  const config::Settings settings = With({rule});
  AllowList list(settings);
  return list.Match(rule_id, kId, path).has_value();
}

TEST(AllowList, SaysWhereAndWhy) {
  const config::Settings settings = With({Rule("kryton-key", "", "", 12)});
  AllowList list(settings);
  EXPECT_EQ(list.Match("kryton-key", kId, "a"), "sub/keytidy.toml:12: why");
}

TEST(AllowList, NothingIsAllowedWithoutRules) {
  const config::Settings settings = With({});
  AllowList list(settings);
  EXPECT_EQ(list.Match("kryton-key", kId, "a"), std::nullopt);
  EXPECT_EQ(list.Unused(), Texts{});
}

TEST(AllowList, ARuleIsAnIdOrAGlob) {
  EXPECT_TRUE(Matches(Rule("kryton-key", "", ""), "kryton-key", "a"));
  EXPECT_FALSE(Matches(Rule("kryton", "", ""), "kryton-key", "a"));
  EXPECT_TRUE(Matches(Rule("kryton-*", "", ""), "kryton-key", "a"));
  EXPECT_FALSE(Matches(Rule("kryton-*", "", ""), "acme-key", "a"));
  EXPECT_TRUE(Matches(Rule("*", "", ""), "acme-key", "a"));
}

TEST(AllowList, APathIsAGlobOfTheWholePath) {
  EXPECT_TRUE(Matches(Rule("", "tests/**", ""), "r", "tests/unit/a.cc"));
  EXPECT_FALSE(Matches(Rule("", "tests/**", ""), "r", "src/tests/a.cc"));
  EXPECT_TRUE(Matches(Rule("", "**/*.md", ""), "r", "README.md"));
  EXPECT_FALSE(Matches(Rule("", "*.md", ""), "r", "docs/a.md"));
  EXPECT_FALSE(Matches(Rule("", "README.md", ""), "r", "docs/README.md"));
}

TEST(AllowList, AFingerprintIsTakenAsItIs) {
  EXPECT_TRUE(Matches(Rule("", "", std::string(kId)), "r", "a"));
  EXPECT_FALSE(Matches(Rule("", "", "kt-0123456789abcdee"), "r", "a"));
  EXPECT_FALSE(Matches(Rule("", "", "kt-*"), "r", "a"));
  EXPECT_FALSE(Matches(Rule("", "", "kt-0123456789ABCDEF"), "r", "a"));
}

TEST(AllowList, AllThatIsGivenMustFit) {
  const config::AllowRule rule = Rule("kryton-*", "tests/**", std::string(kId));
  EXPECT_TRUE(Matches(rule, "kryton-key", "tests/a"));
  EXPECT_FALSE(Matches(rule, "acme-key", "tests/a"));
  EXPECT_FALSE(Matches(rule, "kryton-key", "src/a"));
  config::AllowRule other = rule;
  other.fingerprint = "kt-0000000000000000";
  EXPECT_FALSE(Matches(other, "kryton-key", "tests/a"));
}

TEST(AllowList, TheFirstRuleThatFitsGivesTheReason) {
  config::Settings settings =
      With({Rule("acme-*", "", "", 1), Rule("kryton-*", "", "", 5),
            Rule("*", "", "", 9)});
  AllowList list(settings);
  EXPECT_EQ(list.Match("kryton-key", kId, "a"), "sub/keytidy.toml:5: why");
}

TEST(AllowList, RulesThatMatchNothingAreNoted) {
  config::Settings settings =
      With({Rule("acme-*", "", "", 3), Rule("kryton-*", "", "", 7),
            Rule("", "old/**", "", 11)});
  settings.allow[2].reason = "moved";
  AllowList list(settings);
  list.Match("kryton-key", kId, "a");
  EXPECT_EQ(
      list.Unused(),
      (Texts{
          "sub/keytidy.toml:3: this allow rule matches nothing (\"why\")",
          "sub/keytidy.toml:11: this allow rule matches nothing (\"moved\")"}));
}

// It matches something, though another has let it pass already.
TEST(AllowList, ARuleBehindAnotherIsNotUnused) {
  config::Settings settings =
      With({Rule("", "tests/**", "", 1), Rule("kryton-key", "", "", 5)});
  AllowList list(settings);
  EXPECT_EQ(list.Match("kryton-key", kId, "tests/a"),
            "sub/keytidy.toml:1: why");
  EXPECT_EQ(list.Unused(), Texts{});
}

TEST(SeverityOf, TheLastEntryThatFitsWins) {
  config::Settings settings;
  settings.severity = {{"kryton-key", Severity::kLow},
                       {"kryton-*", Severity::kHigh},
                       {"acme-*", Severity::kInfo}};
  const AllowList list(settings);
  EXPECT_EQ(list.SeverityOf("kryton-key"), Severity::kHigh);
  EXPECT_EQ(list.SeverityOf("acme-key"), Severity::kInfo);
  EXPECT_EQ(list.SeverityOf("other"), std::nullopt);
}

TEST(SeverityOf, NothingWhenNothingIsSet) {
  const config::Settings settings;
  EXPECT_EQ(AllowList(settings).SeverityOf("kryton-key"), std::nullopt);
}

}  // namespace
}  // namespace keytidy::policy
