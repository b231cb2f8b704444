// SPDX-License-Identifier: Apache-2.0
#include "policy/explain.h"

#include <gtest/gtest.h>

#include <optional>
#include <vector>

#include "unit/policy/policy_scene.h"

namespace keytidy::policy {
namespace {

TEST(Explain, LimitsOfNoPolicyAreTheTiers) {
  PolicyKey key = Key();
  EXPECT_EQ(AgeLimitsOf({}, key), (AgeLimits{90, 90}));
  key.tier = Tier::kHigh;
  EXPECT_EQ(AgeLimitsOf({}, key), (AgeLimits{30, 60}));
  key.tier = Tier::kCi;
  EXPECT_EQ(AgeLimitsOf({}, key), (AgeLimits{7, 30}));
  key.tier = Tier::kLow;
  EXPECT_EQ(AgeLimitsOf({}, key), (AgeLimits{180, 180}));
  key.tier = Tier::kNone;
  EXPECT_EQ(AgeLimitsOf({}, key), AgeLimits());
}

TEST(Explain, TheLowestLimitsOfAllPoliciesHold) {
  const std::vector<Policy> policies = {
      With([](PolicyRule* rule) {
        rule->max_age = 200;
        rule->warn_age = 20;
      }),
      With([](PolicyRule* rule) { rule->max_age = 50; })};
  EXPECT_EQ(AgeLimitsOf(policies, Key()), (AgeLimits{20, 50}));
  PolicyKey key = Key();
  key.tier = Tier::kNone;
  EXPECT_EQ(AgeLimitsOf(policies, key), (AgeLimits{20, 50}));
  const std::vector<Policy> warns = {
      With([](PolicyRule* rule) { rule->warn_age = 10; })};
  EXPECT_EQ(AgeLimitsOf(warns, key), (AgeLimits{10, std::nullopt}));
}

}  // namespace
}  // namespace keytidy::policy
