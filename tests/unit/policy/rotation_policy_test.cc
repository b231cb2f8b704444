// SPDX-License-Identifier: Apache-2.0
#include "policy/rotation_policy.h"

#include <gtest/gtest.h>

#include <fstream>
#include <iterator>
#include <sstream>
#include <string>

namespace keytidy::policy {
namespace {

Result<Policy> Read(const std::string& text) {
  const auto document = config::ParseToml("keytidy.toml", text);
  if (!document) return Fail(document.error());
  config::Errors errors(*document);
  const config::Node* table = document->root.Find("policy");
  if (table == nullptr) return Fail(ErrorCode::kNotFound, "no policy");
  return ReadPolicy(*table, &errors);
}

// The message, or "read" where nothing is wrong.
std::string Mistake(const std::string& text) {
  const auto policy = Read(text);
  return policy ? "read" : policy.error().message;
}

TEST(RotationPolicy, AnEmptyTableIsTheDefaults) {
  const auto policy = Read("[policy]\n");
  ASSERT_TRUE(policy);
  EXPECT_EQ(policy->tiers.high, (TierLimits{30, 60}));
  EXPECT_EQ(policy->tiers.standard, (TierLimits{90, 90}));
  EXPECT_EQ(policy->tiers.low, (TierLimits{180, 180}));
  EXPECT_EQ(policy->tiers.ci, (TierLimits{7, 30}));
  EXPECT_EQ(policy->tiers.Find(Tier::kNone), nullptr);
  EXPECT_TRUE(policy->rules.empty());
  EXPECT_TRUE(policy->waivers.empty());
}

TEST(RotationPolicy, EveryFieldOfARule) {
  const auto policy = Read(R"([policy]
leavers = ["ben@example.com"]
allowed_labels = ["legacy-*"]
[policy.tiers]
high = { warn = 10, fail = 20 }
[[policy.rule]]
provider = "kryton"
rule = "kryton-*"
environment = "prod"
name = "cursor-*"
place = "**/.env"
tier = "high"
max_age = 50
warn_age = 40
max_lifetime = 365
idle_limit = 45
must_expire = true
owner_required = true
one_per_client = true
one_per_environment = false
name_pattern = "client-device-purpose"
forbidden_places = ["argv", "tracked"]
known_hosts_only = true
pinned_packages = false
severity = "critical"
)");
  ASSERT_TRUE(policy) << policy.error().message;
  EXPECT_EQ(policy->leavers, std::vector<std::string>{"ben@example.com"});
  EXPECT_EQ(policy->allowed_labels, std::vector<std::string>{"legacy-*"});
  EXPECT_EQ(policy->tiers.high, (TierLimits{10, 20}));
  ASSERT_EQ(policy->rules.size(), 1u);
  const PolicyRule& rule = policy->rules[0];
  EXPECT_EQ(rule.fits.provider, "kryton");
  EXPECT_EQ(rule.fits.rule, "kryton-*");
  EXPECT_EQ(rule.fits.environment, "prod");
  EXPECT_EQ(rule.fits.name, "cursor-*");
  EXPECT_EQ(rule.fits.place, "**/.env");
  EXPECT_EQ(rule.tier, Tier::kHigh);
  EXPECT_EQ(rule.max_age, 50);
  EXPECT_EQ(rule.warn_age, 40);
  EXPECT_EQ(rule.max_lifetime, 365);
  EXPECT_EQ(rule.idle_limit, 45);
  EXPECT_EQ(rule.must_expire, true);
  EXPECT_EQ(rule.owner_required, true);
  EXPECT_EQ(rule.one_per_client, true);
  EXPECT_EQ(rule.one_per_environment, false);
  EXPECT_EQ(rule.name_pattern, "client-device-purpose");
  EXPECT_EQ(rule.forbidden_places,
            (std::vector<std::string>{"argv", "tracked"}));
  EXPECT_EQ(rule.known_hosts_only, true);
  EXPECT_EQ(rule.pinned_packages, false);
  EXPECT_EQ(rule.severity, Severity::kCritical);
  EXPECT_EQ(rule.line, 6u);
}

TEST(RotationPolicy, AWaiverEndsAfterItsLastDay) {
  const auto policy = Read(R"([policy]
[[policy.waiver]]
fingerprint = "kt-0123456789abcdef"
checks = ["AGE-N", "UNUSED-N"]
owner = "ana"
reason = "the vendor is slow"
until = "2026-03-31"
)");
  ASSERT_TRUE(policy) << policy.error().message;
  ASSERT_EQ(policy->waivers.size(), 1u);
  const Waiver& waiver = policy->waivers[0];
  EXPECT_EQ(waiver.fingerprint, "kt-0123456789abcdef");
  EXPECT_EQ(waiver.checks, (std::vector<std::string>{"AGE-N", "UNUSED-N"}));
  EXPECT_EQ(waiver.owner, "ana");
  EXPECT_EQ(waiver.reason, "the vendor is slow");
  EXPECT_EQ(waiver.until, "2026-03-31");
  EXPECT_EQ(waiver.ends, 1775001600);  // 2026-04-01T00:00:00Z
  EXPECT_EQ(waiver.line, 2u);
}

TEST(RotationPolicy, AnUnknownFieldHasLineCaretAndNearestName) {
  EXPECT_EQ(Mistake("[policy]\n[[policy.rule]]\nmax_agee = 30\n"),
            "keytidy.toml:3:1: policy rule: unknown field 'max_agee'; did you "
            "mean 'max_age'?\n"
            "  max_agee = 30\n"
            "  ^");
}

// Each names its line, and says what is wanted.
TEST(RotationPolicy, MistakesAreNamed) {
  const struct {
    const char* text;
    const char* message;
  } cases[] = {
      {"policy = 3\n", "policy must be a table"},
      {"[policy]\nleaver = []\n",
       ":2:1: policy: unknown field 'leaver'; did "
       "you mean 'leavers'?"},
      {"[policy]\nleavers = [\"\"]\n", "'leavers' holds an empty text"},
      {"[policy]\n[policy.tiers]\nhihg = {}\n",
       ":3:1: policy.tiers: unknown "
       "field 'hihg'; did you mean "
       "'high'?"},
      {"[policy.tiers]\nhigh = { warn = 70, fail = 60 }\n",
       "'warn' must not be above 'fail' (60 days)"},
      {"[policy.tiers]\nhigh = { warn = 0 }\n",
       "'warn' must be from 1 to 36500"},
      {"[policy.tiers]\nci = { days = 3 }\n", "unknown field 'days'"},
      {"[[policy.rule]]\nmax_age = -1\n",
       ":2:11: policy rule: 'max_age' must "
       "be from 1 to 36500"},
      {"[[policy.rule]]\nmax_age = \"30\"\n",
       "'max_age' must be a whole number, not a string"},
      {"[[policy.rule]]\nmax_age = 10\nwarn_age = 11\n",
       ":3:12: policy rule: 'warn_age' must not be above 'max_age'"},
      {"[[policy.rule]]\ntier = \"hi\"\n",
       "'tier' must be one of high, standard, low, ci, none"},
      {"[[policy.rule]]\nseverity = \"bad\"\n",
       "'severity' must be one of critical, high, medium, low, info"},
      {"[[policy.rule]]\nforbidden_places = [\"argvs\"]\n",
       "'forbidden_places' holds argv, url and tracked, not 'argvs'; did you "
       "mean 'argv'?"},
      {"[[policy.rule]]\nplace = \"\"\n", "'place' must not be empty"},
      {"[[policy.rule]]\nname_pattern = \"\"\n",
       "'name_pattern' must not be empty"},
      {"[policy]\nrule = [1]\n", "'rule' holds tables"},
      {"[[policy.waiver]]\nowner = \"a\"\nreason = \"b\"\nuntil = "
       "\"2026-12-31\"\n",
       "without one it would excuse everything"},
      {"[[policy.waiver]]\nrule = \"*\"\nreason = \"b\"\nuntil = "
       "\"2026-12-31\"\n",
       "'owner' is missing"},
      {"[[policy.waiver]]\nrule = \"*\"\nowner = \"a\"\nuntil = "
       "\"2026-12-31\"\n",
       "'reason' is missing"},
      {"[[policy.waiver]]\nrule = \"*\"\nowner = \"a\"\nreason = \"b\"\n",
       "'until' is missing"},
      {"[[policy.waiver]]\nrule = \"*\"\nowner = \"a\"\nreason = \"b\"\nuntil "
       "= 2026-12-31\n",
       "'until' must be a day in quotes"},
      {"[[policy.waiver]]\nrule = \"*\"\nowner = \"a\"\nreason = \"b\"\nuntil "
       "= \"2026-02-30\"\n",
       "'until' must be a day in quotes"},
      {"[[policy.waiver]]\nrule = \"*\"\nowner = \"a\"\nreason = \"b\"\nuntil "
       "= \"1774951200\"\n",
       "'until' must be a day in quotes"},
      {"[[policy.waiver]]\nfingerprint = \"8d1f\"\n",
       "a fingerprint is the id of a key, kt-…"},
      {"[[policy.waiver]]\nrule = \"*\"\nchecks = []\n",
       "'checks' names no check"},
      {"[[policy.waiver]]\nrule = \"*\"\nchecks = [\"AGE-M\"]\n",
       "unknown check 'AGE-M'; did you mean 'AGE-N'?"},
      {"[[policy.waiver]]\nrule = \"*\"\nchecks = [\"WAIVER-EXPIRED\"]\n",
       "unknown check 'WAIVER-EXPIRED'"},
  };
  for (const auto& one : cases) {
    EXPECT_NE(Mistake(one.text).find(one.message), std::string::npos)
        << one.text << "gives\n"
        << Mistake(one.text);
  }
}

TEST(RotationPolicy, AllMistakesAtOnceInTheOrderOfTheFile) {
  const std::string message = Mistake(
      "[policy]\nleaverss = []\n[[policy.rule]]\nmax_age = 0\n"
      "[[policy.waiver]]\n");
  const std::size_t first = message.find("keytidy.toml:2:");
  const std::size_t second = message.find("keytidy.toml:4:");
  const std::size_t third = message.find("keytidy.toml:5:");
  ASSERT_NE(first, std::string::npos) << message;
  ASSERT_NE(second, std::string::npos) << message;
  ASSERT_NE(third, std::string::npos) << message;
  EXPECT_LT(first, second);
  EXPECT_LT(second, third);
}

TEST(RotationPolicy, ALowerLimitBringsItsWarningDown) {
  const auto policy = Read("[policy.tiers]\nhigh = { fail = 14 }\n");
  ASSERT_TRUE(policy) << policy.error().message;
  EXPECT_EQ(policy->tiers.high, (TierLimits{14, 14}));
}

TEST(RotationPolicy, TheStarterReads) {
  const auto policy = Read(StarterPolicy());
  ASSERT_TRUE(policy) << policy.error().message;
  const Policy defaults;
  EXPECT_EQ(policy->tiers.high, defaults.tiers.high);
  EXPECT_EQ(policy->tiers.standard, defaults.tiers.standard);
  EXPECT_EQ(policy->tiers.low, defaults.tiers.low);
  EXPECT_EQ(policy->tiers.ci, defaults.tiers.ci);
  ASSERT_EQ(policy->rules.size(), 1u);
  EXPECT_TRUE(policy->rules[0].fits.empty());
  EXPECT_EQ(policy->rules[0].idle_limit, 90);
  EXPECT_TRUE(policy->waivers.empty());
}

TEST(RotationPolicy, TheStarterReadsUncommented) {
  std::istringstream lines(StarterPolicy());
  std::string text;
  for (std::string line; std::getline(lines, line);) {
    ASSERT_LE(line.size(), 80u) << line;
    if (line.size() > 1 && line[0] == '#' && line[1] != ' ') line.erase(0, 1);
    text += line + "\n";
  }
  const auto policy = Read(text);
  ASSERT_TRUE(policy) << policy.error().message;
  EXPECT_EQ(policy->rules.size(), 4u);
  EXPECT_EQ(policy->rules[0].max_lifetime, 365);
  ASSERT_EQ(policy->waivers.size(), 1u);
  EXPECT_EQ(policy->waivers[0].until, "2026-12-31");
}

TEST(RotationPolicy, TheDocumentationShowsTheStarter) {
  std::ifstream file(KEYTIDY_SOURCE_DIR "/docs/policy.md");
  const std::string page((std::istreambuf_iterator<char>(file)),
                         std::istreambuf_iterator<char>());
  EXPECT_NE(page.find("```toml\n" + StarterPolicy() + "```\n"),
            std::string::npos);
}

}  // namespace
}  // namespace keytidy::policy
