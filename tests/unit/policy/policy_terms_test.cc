// SPDX-License-Identifier: Apache-2.0
#include "policy/policy_terms.h"

#include <gtest/gtest.h>

#include <random>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/text.h"
#include "policy/explain.h"
#include "unit/policy/policy_scene.h"

namespace keytidy::policy {
namespace {

TEST(PolicyTerms, TheLastRuleThatFitsWinsFieldByField) {
  Policy policy = With([](PolicyRule* rule) {
    rule->max_age = 10;
    rule->owner_required = true;
  });
  PolicyRule later;
  later.line = 20;
  later.fits.provider = "kryton";
  later.max_age = 200;
  policy.rules.push_back(later);
  PolicyKey key = Aged("ulid", 20);
  key.owner.clear();
  EXPECT_EQ(Found(policy, key), "OWNER-MISSING medium fail");
  const Explanation why = Explain(policy, key);
  EXPECT_EQ(why.rules, (std::vector<std::string>{"rule 1 (keytidy.toml:7)",
                                                 "rule 2 (keytidy.toml:20)"}));
  EXPECT_EQ(why.fields,
            (std::vector<ExplainedField>{
                {"tier", "standard", "its kind"},
                {"max_age", "200 days", "rule 2 (keytidy.toml:20)"},
                {"warn_age", "90 days", "tier standard"},
                {"owner_required", "true", "rule 1 (keytidy.toml:7)"}}));
  key.provider = "stripe";
  EXPECT_EQ(Found(policy, key), "AGE-N medium fail; OWNER-MISSING medium fail");
  EXPECT_EQ(Explain(policy, key).fields[2],
            (ExplainedField{"warn_age", "10 days", "rule 1 (keytidy.toml:7)"}));
}

TEST(PolicyTerms, AllSelectorsMustFit) {
  const auto fits = [](Selectors selectors, PolicyKey key) {
    Policy policy = With([&](PolicyRule* rule) {
      rule->fits = std::move(selectors);
      rule->owner_required = true;
    });
    key.owner.clear();
    return !Found(policy, key).empty();
  };
  PolicyKey key = Key();
  key.environment = "prod";
  key.places = {At("src/a.env"), At(".github/workflows/ci.yml")};
  key.places[1].environment = "ci";
  EXPECT_TRUE(fits({}, key));
  EXPECT_TRUE(
      fits({"kryton", "kryton-*", "prod", "cursor-*", "**/*.env"}, key));
  EXPECT_FALSE(fits({"stripe", "", "", "", ""}, key));
  EXPECT_FALSE(fits({"kryton", "stripe-*", "", "", ""}, key));
  EXPECT_TRUE(fits({"", "", "ci", "", ""}, key));
  EXPECT_FALSE(fits({"", "", "dev", "", ""}, key));
  EXPECT_FALSE(fits({"", "", "", "vscode-*", ""}, key));
  EXPECT_TRUE(fits({"", "", "", "", ".github/**"}, key));
  EXPECT_TRUE(fits({"", "", "", "", "src/a.env"}, key));
  EXPECT_TRUE(fits({"", "", "", "", "**/src/a.env"}, key));
  EXPECT_TRUE(fits({"", "", "", "", "**/src/[a-c].env"}, key));
  EXPECT_TRUE(fits({"", "", "", "", "src/a.env/**"}, key));
  EXPECT_FALSE(fits({"", "", "", "", "lib/**"}, key));
  EXPECT_FALSE(fits({"", "", "", "", "*.env"}, key));
}

// Selectors take a short way to GlobMatch(), with the same outcome.
TEST(PolicyTerms, PlacesFitAsGlobsDo) {
  std::mt19937 random(5);
  const auto text = [&random](std::string_view letters, std::size_t most) {
    std::string out;
    for (std::size_t i = 1 + random() % most; i > 0; --i) {
      out += letters[random() % letters.size()];
    }
    return out;
  };
  int fits = 0;
  for (int round = 0; round < 20000; ++round) {
    const std::string pattern = text("aab//***?[]\\", 6);
    PolicyKey key = Key();
    key.owner.clear();
    key.places = {At(text("aab/", 5))};
    const Policy policy = With([&](PolicyRule* rule) {
      rule->fits.place = pattern;
      rule->owner_required = true;
    });
    const bool expected = GlobMatch(pattern, key.places[0].path);
    ASSERT_EQ(!CheckPolicy(policy, std::span(&key, 1), kNow).empty(), expected)
        << pattern << " and " << key.places[0].path;
    if (expected) ++fits;
  }
  EXPECT_GT(fits, 500);
}

TEST(PolicyTerms, ARuleChangesTheTier) {
  PolicyKey key = Aged("ulid", 61);
  const Policy policy =
      With([](PolicyRule* rule) { rule->tier = Tier::kHigh; });
  EXPECT_EQ(Found({}, key), "");
  EXPECT_EQ(Found(policy, key), "AGE-N high fail");
  EXPECT_EQ(
      Explain(policy, key).fields,
      (std::vector<ExplainedField>{{"tier", "high", "rule 1 (keytidy.toml:7)"},
                                   {"max_age", "60 days", "tier high"},
                                   {"warn_age", "30 days", "tier high"}}));
}

}  // namespace
}  // namespace keytidy::policy
