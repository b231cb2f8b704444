// SPDX-License-Identifier: Apache-2.0
#include "policy/policy_check.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "unit/policy/policy_dice.h"

namespace keytidy::policy {
namespace {

TEST(PolicyCheck, DeadKeysAreNotJudged) {
  PolicyKey key = Aged("ulid", 500);
  key.verdict = VerdictState::kInactive;
  EXPECT_EQ(Found({}, key), "");
  key.verdict = VerdictState::kActive;
  EXPECT_EQ(Found({}, key), "AGE-N medium fail");
}

TEST(PolicyCheck, TheOrderOfTheKeysDoesNotMatter) {
  Dice dice(7);
  for (int round = 0; round < 100; ++round) {
    std::vector<PolicyKey> keys;
    for (int i = 0; i < 40; ++i) keys.push_back(dice.MakeKey());
    const Policy policy = dice.MakePolicy();
    const std::string first = Everything(CheckPolicy(policy, keys, kNow));
    dice.Shuffle(&keys);
    ASSERT_EQ(Everything(CheckPolicy(policy, keys, kNow)), first)
        << "round " << round;
  }
}

// Work that grows with the square of any of these would be noticed.
TEST(PolicyCheck, ManyKeysAndWaivers) {
  constexpr int kKeys = 100000;
  constexpr int kWaivers = 20000;
  Policy policy = With([](PolicyRule* rule) { rule->owner_required = true; });
  for (int i = 0; i < 50; ++i) {
    PolicyRule rule;
    rule.fits.rule = "kind-" + std::to_string(i) + "-*";
    rule.fits.place = "**/folder-" + std::to_string(i) + "/**";
    rule.max_age = 30;
    policy.rules.push_back(rule);
  }
  for (int i = 0; i < kWaivers; ++i) {
    Waiver waiver = Waive(kNow + kDay);
    waiver.fingerprint = "kt-" + std::to_string(i);
    policy.waivers.push_back(waiver);
    policy.leavers.push_back("leaver-" + std::to_string(i));
  }
  std::vector<PolicyKey> keys;
  keys.reserve(kKeys);
  for (int i = 0; i < kKeys; ++i) {
    PolicyKey key = Aged("ulid", i % 2 == 0 ? 200 : 10);
    key.id = "kt-" + std::to_string(i);
    key.rule = "kind-" + std::to_string(i % 100) + "-key";
    key.places = {At("home/folder-" + std::to_string(i % 100) + "/a", "cursor"),
                  At("home/b", "cursor")};
    keys.push_back(std::move(key));
  }
  const auto found = CheckPolicy(policy, keys, kNow);
  ASSERT_EQ(found.size(), static_cast<std::size_t>(kKeys / 2));
  const auto ignored =
      std::count_if(found.begin(), found.end(), [](const Violation& one) {
        return one.decision.action == Action::kIgnore;
      });
  EXPECT_EQ(ignored, kWaivers / 2);
}

}  // namespace
}  // namespace keytidy::policy
