// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "policy/policy_check.h"
#include "unit/policy/policy_scene.h"

namespace keytidy::policy {
namespace {

Policy Named(std::string name, Policy policy) {
  policy.name = std::move(name);
  return policy;
}

Policy Limited(std::string name, std::int64_t days) {
  return Named(std::move(name),
               With([&](PolicyRule* rule) { rule->max_age = days; }));
}

// "AGE-N medium fail, rule 1 (a.toml:7)" of each, a line each.
std::string Said(const std::vector<Policy>& policies,
                 const std::vector<PolicyKey>& keys) {
  std::string out;
  for (const Violation& one : CheckPolicies(policies, keys)) {
    out += one.check + " " + std::string(Name(one.severity)) + " " +
           std::string(Name(one.decision.action)) + ", " +
           one.decision.because + "\n";
  }
  return out;
}

TEST(SeveralPolicies, WithoutAnyTheTiersLimitsHold) {
  EXPECT_EQ(Said({}, {Aged("ulid", 91)}),
            "AGE-N medium fail, 90 days, by tier standard\n");
  EXPECT_EQ(Said({}, {Aged("ulid", 90)}), "");
}

TEST(SeveralPolicies, TheStricterOneStandsOnce) {
  const Policy loose = Limited("a.toml", 200);
  const Policy strict = Limited("b.toml", 40);
  // The looser one warns of the tier's 90 days only later.
  EXPECT_EQ(Said({loose}, {Aged("ulid", 50)}), "");
  for (const auto& both : {std::vector{loose, strict}, {strict, loose}}) {
    EXPECT_EQ(Said(both, {Aged("ulid", 50)}),
              "AGE-N medium fail, 40 days, by rule 1 (b.toml:7)\n");
  }
  // What both fail is said in the words of the first.
  EXPECT_EQ(Said({loose, strict}, {Aged("ulid", 201)}),
            "AGE-N medium fail, 200 days, by rule 1 (a.toml:7)\n");
}

TEST(SeveralPolicies, AWaiverExcusesItsOwnFileOnly) {
  Policy waived = Limited("a.toml", 40);
  waived.waivers = {Waive(kNow + 1)};
  const Policy other = Limited("b.toml", 60);
  EXPECT_EQ(Said({waived, other}, {Aged("ulid", 50)}),
            "AGE-N medium ignore, a.toml:9: waived by ben until 2026-03-31: "
            "the vendor is slow\n");
  EXPECT_EQ(Said({waived, other}, {Aged("ulid", 70)}),
            "AGE-N medium fail, 60 days, by rule 1 (b.toml:7)\n");
}

TEST(SeveralPolicies, WhatFailsIsWorseThanAWaivedCriticalOne) {
  Policy waived = Limited("a.toml", 40);
  waived.rules[0].severity = Severity::kCritical;
  waived.waivers = {Waive(kNow + 1)};
  EXPECT_EQ(Said({waived, Limited("b.toml", 40)}, {Aged("ulid", 50)}),
            "AGE-N medium fail, 40 days, by rule 1 (b.toml:7)\n");
}

TEST(SeveralPolicies, SeverityIsThatOfTheWorst) {
  Policy worse = Limited("b.toml", 40);
  worse.rules[0].severity = Severity::kCritical;
  EXPECT_EQ(Said({Limited("a.toml", 40), worse}, {Aged("ulid", 50)}),
            "AGE-N critical fail, 40 days, by rule 1 (b.toml:7)\n");
}

TEST(SeveralPolicies, EachHasItsOwnLeaversAndAllowedNames) {
  Policy first;
  first.leavers = {"ana"};
  first.allowed_labels = {"key1"};
  PolicyKey key = Key();
  key.name = "key1";
  EXPECT_EQ(Said({first}, {key}), "OWNER-DEPARTED high fail, leavers\n");
  EXPECT_EQ(Said({first, Policy()}, {key}),
            "OWNER-DEPARTED high fail, leavers\n"
            "NAME-POOR low warn, its name\n");
}

TEST(SeveralPolicies, PlacesAreJudgedOneByOne) {
  const auto forbid = [](std::string name, std::string kind) {
    return Named(std::move(name), With([&](PolicyRule* rule) {
                   rule->forbidden_places = std::vector<std::string>{kind};
                 }));
  };
  PolicyKey key = Key();
  key.places = {At("a", "", {"argv", "tracked"}), At("b", "", {"argv"})};
  const auto found = CheckPolicies(
      std::vector{forbid("a.toml", "argv"), forbid("b.toml", "tracked")},
      {key});
  ASSERT_EQ(found.size(), 3u);
  EXPECT_EQ(found[0].path + " " + found[0].decision.because,
            "a rule 1 (b.toml:7)");
  EXPECT_EQ(found[1].path + " " + found[1].decision.because,
            "a rule 1 (a.toml:7)");
  EXPECT_EQ(found[2].path + " " + found[2].decision.because,
            "b rule 1 (a.toml:7)");
}

TEST(SeveralPolicies, SharingIsSaidOnce) {
  const auto one = [](std::string name) {
    return Named(std::move(name),
                 With([](PolicyRule* rule) { rule->one_per_client = true; }));
  };
  PolicyKey key = Key();
  key.places = {At("a", "cursor"), At("b", "zed")};
  EXPECT_EQ(Said({one("a.toml"), one("b.toml")}, {key}),
            "KEY-REUSE-CLIENT high fail, rule 1 (a.toml:7)\n");
  Policy waived = one("a.toml");
  waived.waivers = {Waive(kNow + 1)};
  EXPECT_EQ(Said({waived, one("b.toml")}, {key}),
            "KEY-REUSE-CLIENT high fail, rule 1 (b.toml:7)\n");
}

TEST(SeveralPolicies, EachEndedWaiverIsSaid) {
  Policy first = Named("a.toml", {});
  first.waivers = {Waive(kNow)};
  const Policy second = Named("b.toml", first);
  EXPECT_EQ(CheckPolicies(std::vector{first, second}, {}).size(), 2u);
}

// What it shares with another entry is known at the end.
TEST(SeveralPolicies, AddTellsWhetherTheKeyIsFineByItself) {
  const std::vector<Policy> policies = {
      With([](PolicyRule* rule) { rule->one_per_client = true; })};
  PolicyChecker checker(policies, kNow);
  EXPECT_TRUE(checker.Add(Aged("ulid", 91)));
  PolicyKey key = Key("kt-2");
  key.places = {At("a", "cursor")};
  EXPECT_FALSE(checker.Add(key));
  key.places = {At("b", "zed")};
  EXPECT_FALSE(checker.Add(key));  // a second entry of the same key
  key.verdict = VerdictState::kInactive;
  EXPECT_FALSE(checker.Add(key));
  EXPECT_EQ(checker.Finish().size(), 3u);
  key.verdict = VerdictState::kActive;
  key.places = {At("a", "cursor"), At("b", "zed")};
  EXPECT_TRUE(PolicyChecker(policies, kNow).Add(key));
}

}  // namespace
}  // namespace keytidy::policy
