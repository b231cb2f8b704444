// SPDX-License-Identifier: Apache-2.0
#include "policy/waiver_book.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "policy/explain.h"
#include "unit/policy/policy_scene.h"

namespace keytidy::policy {
namespace {

TEST(WaiverBook, AWaiverExcusesUntilItsDay) {
  Policy policy;
  policy.name = "keytidy.toml";
  policy.waivers = {Waive(kNow + 1)};
  const auto found = CheckPolicy(policy, std::vector{Aged("ulid", 91)}, kNow);
  ASSERT_EQ(found.size(), 1u);
  EXPECT_EQ(found[0].decision.action, Action::kIgnore);
  EXPECT_EQ(found[0].decision.because,
            "keytidy.toml:9: waived by ben until 2026-03-31: the vendor is "
            "slow");
  EXPECT_EQ(Explain(policy, Key()).waivers,
            std::vector<std::string>{
                "keytidy.toml:9: ben until 2026-03-31: the vendor is slow"});
  PolicyKey other = Aged("ulid", 91);
  other.id = "kt-2";
  EXPECT_EQ(Found(policy, other), "AGE-N medium fail");
  EXPECT_TRUE(Explain(policy, other).waivers.empty());
  policy.waivers[0].checks = {"UNUSED-N"};
  EXPECT_EQ(Found(policy, Aged("ulid", 91)), "AGE-N medium fail");
}

TEST(WaiverBook, AWaiverThatEndedFails) {
  Policy policy;
  policy.name = "keytidy.toml";
  policy.waivers = {Waive(kNow)};
  const auto found = CheckPolicy(policy, std::vector{Aged("ulid", 91)}, kNow);
  ASSERT_EQ(found.size(), 2u);
  EXPECT_EQ(found[0].check, "AGE-N");
  EXPECT_EQ(found[0].decision.action, Action::kFail);
  EXPECT_EQ(found[1].check, "WAIVER-EXPIRED");
  EXPECT_EQ(found[1].decision.action, Action::kFail);
  EXPECT_EQ(found[1].finding, "kt-1");
  EXPECT_EQ(found[1].path, "keytidy.toml");
  EXPECT_EQ(found[1].line, 9u);
  EXPECT_EQ(found[1].message,
            "The waiver of ben ended on 2026-03-31 (the vendor is slow).");
  // Also where nothing is left to excuse.
  EXPECT_EQ(Found(policy, std::vector<PolicyKey>{}),
            "WAIVER-EXPIRED medium fail");
}

TEST(WaiverBook, AWaiverOfAPlaceExcusesNoOther) {
  Policy policy = With([](PolicyRule* rule) {
    rule->forbidden_places = std::vector<std::string>{"argv"};
  });
  Waiver waiver = Waive(kNow + 1);
  waiver.fingerprint.clear();
  waiver.fits.place = "tests/**";
  policy.waivers = {waiver};
  PolicyKey key = Aged("ulid", 91);
  key.places = {At("src/a", "", {"argv"}), At("tests/a", "", {"argv"})};
  EXPECT_EQ(Found(policy, key),
            "POLICY-PLACE high fail; POLICY-PLACE high ignore; AGE-N medium "
            "fail");
  key.places.erase(key.places.begin());
  EXPECT_EQ(Found(policy, key),
            "POLICY-PLACE high ignore; AGE-N medium ignore");
  policy.waivers[0].fits = {};
  policy.waivers[0].fits.environment = "dev";
  EXPECT_EQ(Found(policy, key), "POLICY-PLACE high fail; AGE-N medium fail");
  key.environment = "dev";
  EXPECT_EQ(Found(policy, key),
            "POLICY-PLACE high ignore; AGE-N medium ignore");
  key.places[0].environment = "prod";
  EXPECT_EQ(Found(policy, key), "POLICY-PLACE high fail; AGE-N medium fail");
}

}  // namespace
}  // namespace keytidy::policy
