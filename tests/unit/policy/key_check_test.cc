// SPDX-License-Identifier: Apache-2.0
#include "policy/key_check.h"

#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <vector>

#include "unit/policy/policy_scene.h"

namespace keytidy::policy {
namespace {

TEST(KeyCheck, AYoungKeyPasses) { EXPECT_EQ(Found({}, Key()), ""); }

TEST(KeyCheck, FailsOnTheLowerBoundWarnsOnTheUpper) {
  EXPECT_EQ(Found({}, Aged("provider-created", 90)), "");
  EXPECT_EQ(Found({}, Aged("provider-created", 91)), "AGE-N medium fail");
  EXPECT_EQ(Found({}, Aged("git-first-commit", 91)), "AGE-N medium fail");
  EXPECT_EQ(Found({}, Aged("account-created", 91)), "AGE-N low warn");
  EXPECT_EQ(Found({}, Aged("account-created", 90)), "");
  EXPECT_EQ(Message({}, Aged("git-first-commit", 95)),
            "The key cursor-laptop-notes (demo…1234) is too old: at least 95 "
            "days, by the first commit that has it; its limit is 90 days.");
  EXPECT_EQ(Message({}, Aged("account-created", 400)),
            "The key cursor-laptop-notes (demo…1234) may be too old: at most "
            "400 days, by the first day of its account; its limit is 90 days.");
}

TEST(KeyCheck, EveryTierHasItsLimits) {
  const struct {
    Tier tier;
    std::int64_t days;
    const char* found;
  } cases[] = {
      {Tier::kHigh, 30, ""},
      {Tier::kHigh, 31, "AGE-N low warn"},
      {Tier::kHigh, 60, "AGE-N low warn"},
      {Tier::kHigh, 61, "AGE-N high fail"},
      {Tier::kCi, 7, ""},
      {Tier::kCi, 8, "AGE-N low warn"},
      {Tier::kCi, 31, "AGE-N high fail"},
      {Tier::kLow, 180, ""},
      {Tier::kLow, 181, "AGE-N medium fail"},
      {Tier::kNone, 5000, ""},
  };
  for (const auto& one : cases) {
    PolicyKey key = Aged("ulid", one.days);
    key.tier = one.tier;
    EXPECT_EQ(Found({}, key), one.found) << Name(one.tier) << one.days;
  }
}

TEST(KeyCheck, UnknownAgeIsSaid) {
  PolicyKey key = Key();
  key.evidence.clear();
  EXPECT_EQ(Found({}, key), "AGE-UNKNOWN info warn");
  // Seen for the first time today proves next to nothing.
  EXPECT_EQ(Found({}, Aged("inventory-first-seen", 0)),
            "AGE-UNKNOWN info warn");
  EXPECT_EQ(Found({}, Aged("file-mtime", 500)), "AGE-UNKNOWN info warn");
  key.tier = Tier::kNone;
  EXPECT_EQ(Found({}, key), "");
}

TEST(KeyCheck, ContradictionIsReadAsOld) {
  PolicyKey key = Aged("git-first-commit", 91);
  key.facts.created = kNow - kDay;
  EXPECT_EQ(Found({}, key), "AGE-N medium fail");
}

TEST(KeyCheck, ExpiryAsAskedFor) {
  const Policy policy =
      With([](PolicyRule* rule) { rule->must_expire = true; });
  PolicyKey key = Key();
  EXPECT_EQ(Found(policy, key), "NO-EXPIRY low warn");
  key.never_expires = true;
  EXPECT_EQ(Found({}, key), "");
  EXPECT_EQ(Found(policy, key), "NO-EXPIRY medium fail");
  key.never_expires = false;
  key.facts.expires = kNow + 14 * kDay + 1;
  EXPECT_EQ(Found(policy, key), "");
  key.facts.expires = kNow + 14 * kDay;
  EXPECT_EQ(Found(policy, key), "EXP-SOON info warn");
  EXPECT_EQ(Message(policy, key),
            "The key cursor-laptop-notes (demo…1234) expires in 14 days.");
  key.facts.expires = kNow;
  EXPECT_EQ(Found(policy, key), "EXPIRED low warn");
  key.facts.expires = 0;  // no date
  EXPECT_EQ(Found({}, key), "");
}

TEST(KeyCheck, LifetimeFromWhatIsKnown) {
  const Policy policy = With([](PolicyRule* rule) {
    rule->tier = Tier::kNone;
    rule->max_lifetime = 100;
  });
  PolicyKey key = Aged("provider-created", 50);
  key.facts.expires = kNow + 50 * kDay;
  EXPECT_EQ(Found(policy, key), "");
  key.facts.expires = kNow + 50 * kDay + 1;
  EXPECT_EQ(Found(policy, key), "POLICY-LIFETIME medium fail");
  // It exists now, so it lasts from now on at least.
  key.evidence.clear();
  EXPECT_EQ(Found(policy, key), "");
  key.facts.expires = kNow + 101 * kDay;
  EXPECT_EQ(Found(policy, key), "POLICY-LIFETIME medium fail");
  // It may have begun with its account.
  key = Aged("account-created", 90);
  key.facts.expires = kNow + 50 * kDay;
  EXPECT_EQ(Found(policy, key), "POLICY-LIFETIME low warn");
  // Older than it may ever get, whenever it ends.
  EXPECT_EQ(Found(policy, Aged("git-first-commit", 101)),
            "POLICY-LIFETIME medium fail");
  key = Key();
  key.never_expires = true;
  EXPECT_EQ(Found(policy, key), "POLICY-LIFETIME medium fail");
}

TEST(KeyCheck, IdleKeys) {
  const Policy policy = With([](PolicyRule* rule) {
    rule->tier = Tier::kNone;
    rule->idle_limit = 45;
  });
  PolicyKey key = Key();
  EXPECT_EQ(Found(policy, key), "");
  key.facts.last_used = kNow - 45 * kDay;
  EXPECT_EQ(Found(policy, key), "");
  key.facts.last_used = kNow - 45 * kDay - 1;
  EXPECT_EQ(Found(policy, key), "UNUSED-N medium fail");
  EXPECT_EQ(Found({}, key), "");
  // A use proves that the key was there.
  key.evidence.clear();
  key.facts.last_used = kNow - 91 * kDay;
  EXPECT_EQ(Found({}, key), "AGE-N medium fail");
}

TEST(KeyCheck, Owners) {
  Policy policy = With([](PolicyRule* rule) { rule->owner_required = true; });
  policy.leavers = {"Ben@Example.com"};
  PolicyKey key = Key();
  EXPECT_EQ(Found(policy, key), "");
  key.owner = "ben@example.COM";
  EXPECT_EQ(Found(policy, key), "OWNER-DEPARTED high fail");
  key.owner.clear();
  EXPECT_EQ(Found(policy, key), "OWNER-MISSING medium fail");
  EXPECT_EQ(Found({}, key), "");
}

TEST(KeyCheck, ForbiddenPlaces) {
  const Policy policy = With([](PolicyRule* rule) {
    rule->forbidden_places = std::vector<std::string>{"argv", "tracked"};
    rule->pinned_packages = true;
  });
  PolicyKey key = Key();
  key.places = {At("a", "cursor", {"argv"}), At("b", "", {"url", "unpinned"}),
                At("c", "", {"tracked", "unknown-host"})};
  const auto found = CheckPolicy(policy, std::vector{key}, kNow);
  ASSERT_EQ(found.size(), 3u);
  EXPECT_EQ(found[0].check, "POLICY-PLACE");
  EXPECT_EQ(found[0].path, "a");
  EXPECT_EQ(found[0].line, 3u);
  ASSERT_TRUE(found[0].client);
  EXPECT_EQ(found[0].client->name, "cursor");
  EXPECT_EQ(
      found[0].message,
      "The key cursor-laptop-notes (demo…1234) stands on a command line.");
  EXPECT_EQ(found[0].references,
            (std::vector<std::string>{"OWASP MCP01", "OWASP NHI2"}));
  EXPECT_EQ(found[0].decision.because, "rule 1 (keytidy.toml:7)");
  EXPECT_EQ(found[1].path, "b");
  EXPECT_NE(found[1].message.find("not pinned"), std::string::npos);
  EXPECT_EQ(found[2].path, "c");
  EXPECT_NE(found[2].message.find("git tracks"), std::string::npos);
  EXPECT_EQ(Found({}, key), "");
  const Policy hosts =
      With([](PolicyRule* rule) { rule->known_hosts_only = true; });
  EXPECT_NE(Message(hosts, key).find("not its provider's"), std::string::npos);
}

TEST(KeyCheck, ARulesSeverityIsOfWhatIsCertain) {
  const Policy policy =
      With([](PolicyRule* rule) { rule->severity = Severity::kCritical; });
  EXPECT_EQ(Found(policy, Aged("ulid", 91)), "AGE-N critical fail");
  EXPECT_EQ(Found(policy, Aged("account-created", 91)), "AGE-N low warn");
  PolicyKey key = Key();
  key.facts.expires = kNow - kDay;
  EXPECT_EQ(Found(policy, key), "EXPIRED low warn");
  const Policy mild =
      With([](PolicyRule* rule) { rule->severity = Severity::kLow; });
  EXPECT_EQ(Found(mild, Aged("ulid", 91)), "AGE-N low warn");
}

TEST(KeyCheck, FixesNameTheKey) {
  const auto found = CheckPolicy({}, std::vector{Aged("ulid", 91)}, kNow);
  ASSERT_EQ(found.size(), 1u);
  EXPECT_EQ(found[0].fix, "Replace it: keytidy rotate plan kt-1");
  EXPECT_EQ(found[0].finding, "kt-1");
  EXPECT_EQ(found[0].decision.because, "90 days, by tier standard");
}

}  // namespace
}  // namespace keytidy::policy
