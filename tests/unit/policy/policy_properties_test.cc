// SPDX-License-Identifier: Apache-2.0
//
// What must hold of all policies and keys, tried on many.
#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <set>
#include <span>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "policy/policy_check.h"
#include "unit/policy/policy_dice.h"

namespace keytidy::policy {
namespace {

std::set<std::pair<std::string, std::string>> Failures(
    const Policy& policy, const std::vector<PolicyKey>& keys) {
  std::set<std::pair<std::string, std::string>> out;
  for (const Violation& one : CheckPolicy(policy, keys, kNow)) {
    if (one.check == "WAIVER-EXPIRED") continue;  // about no key
    if (one.decision.action == Action::kFail)
      out.emplace(one.finding, one.check);
  }
  return out;
}

// Not only does no key pass that failed; it fails by the same checks.
TEST(PolicyProperties, AStricterPolicyPassesNothingThatALooserFailed) {
  Dice dice(20260331);
  std::size_t failures = 0;
  std::size_t more = 0;
  for (int round = 0; round < 400; ++round) {
    std::vector<PolicyKey> keys;
    for (int i = 0; i < 25; ++i) keys.push_back(dice.MakeKey());
    Policy policy = dice.MakePolicy();
    auto loose = Failures(policy, keys);
    for (int step = 0; step < 5; ++step) {
      dice.Tighten(&policy);
      auto strict = Failures(policy, keys);
      ASSERT_TRUE(std::includes(strict.begin(), strict.end(), loose.begin(),
                                loose.end()))
          << "round " << round << ", step " << step;
      failures += loose.size();
      more += strict.size() - loose.size();
      loose = std::move(strict);
    }
  }
  // Else it would prove little.
  EXPECT_GT(failures, 10000u);
  EXPECT_GT(more, 1000u);
}

// Key, check, path and client.
using Failure = std::tuple<std::string, std::string, std::string, std::string>;

std::set<Failure> FailuresOf(std::span<const Policy> policies,
                             const std::vector<PolicyKey>& keys) {
  std::set<Failure> out;
  for (const Violation& one : CheckPolicies(policies, keys)) {
    if (one.decision.action != Action::kFail) continue;
    out.emplace(one.finding, one.check, one.path,
                one.client ? one.client->name : "");
  }
  return out;
}

// Whatever the second one waives, allows or relaxes; and nothing fails that
// neither fails.
TEST(PolicyProperties, SeveralPoliciesFailWhatAnyOfThemFails) {
  Dice dice(20261121);
  std::size_t shared = 0;
  std::size_t added = 0;
  for (int round = 0; round < 1500; ++round) {
    std::vector<PolicyKey> keys;
    for (int i = 0; i < 12; ++i) keys.push_back(dice.MakeKey());
    std::vector<Policy> policies = {dice.MakePolicy(), dice.MakePolicy()};
    policies[0].name = "first.toml";
    policies[1].name = "second.toml";
    const auto first = FailuresOf(std::span(policies).first(1), keys);
    const auto second = FailuresOf(std::span(policies).last(1), keys);
    std::set<Failure> expected = first;
    expected.insert(second.begin(), second.end());
    ASSERT_EQ(FailuresOf(policies, keys), expected) << "round " << round;
    std::swap(policies[0], policies[1]);
    ASSERT_EQ(FailuresOf(policies, keys), expected) << "round " << round;
    shared += first.size() + second.size() - expected.size();
    added += expected.size() - first.size();
  }
  // Else it would prove little.
  EXPECT_GT(shared, 4000u);
  EXPECT_GT(added, 5000u);
}

// The severity of what fails is that of the strictest that fails it.
TEST(PolicyProperties, SeveralPoliciesAreAsSevereAsTheWorst) {
  Dice dice(77);
  for (int round = 0; round < 1000; ++round) {
    // One key, so that each check and place comes once.
    const std::vector<PolicyKey> keys = {dice.MakeKey()};
    std::vector<Policy> policies = {dice.MakePolicy(), dice.MakePolicy()};
    for (Policy& policy : policies) policy.waivers.clear();
    const auto worst = [&](std::span<const Policy> by) {
      std::map<Failure, Severity> out;
      for (const Violation& one : CheckPolicies(by, keys)) {
        Severity& severity = out[{one.finding, one.check, one.path,
                                  one.client ? one.client->name : ""}];
        severity = std::max(severity, one.severity);
      }
      return out;
    };
    auto expected = worst(std::span(policies).first(1));
    for (const auto& [what, severity] : worst(std::span(policies).last(1))) {
      Severity& mine = expected[what];
      mine = std::max(mine, severity);
    }
    ASSERT_EQ(worst(policies), expected) << "round " << round;
  }
}

TEST(PolicyProperties, APolicyTwiceIsThePolicy) {
  Dice dice(5);
  for (int round = 0; round < 500; ++round) {
    std::vector<PolicyKey> keys;
    for (int i = 0; i < 10; ++i) keys.push_back(dice.MakeKey());
    Policy policy = dice.MakePolicy();
    const std::vector<Policy> twice = {policy, policy};
    ASSERT_EQ(Everything(CheckPolicies(twice, keys)),
              Everything(CheckPolicies(std::span(twice).first(1), keys)))
        << "round " << round;
  }
}

}  // namespace
}  // namespace keytidy::policy
