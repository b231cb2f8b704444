// SPDX-License-Identifier: Apache-2.0
#include "policy/policy_check.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>
#include <functional>
#include <iterator>
#include <random>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/text.h"

namespace keytidy::policy {
namespace {

constexpr std::int64_t kDay = 86400;
constexpr std::int64_t kNow = 1774951200;  // 2026-03-31T10:00:00Z

PolicyKey Key(std::string id = "kt-1") {
  PolicyKey key;
  key.id = std::move(id);
  key.rule = "kryton-api-key";
  key.provider = "kryton";
  key.name = "cursor-laptop-notes";
  key.owner = "ana";
  key.redacted = "demo…1234";
  key.evidence = {{"provider-created", kNow - kDay}};
  return key;
}

PolicyKey Aged(std::string source, std::int64_t days) {
  PolicyKey key = Key();
  key.evidence = {{std::move(source), kNow - days * kDay}};
  return key;
}

PolicyPlace At(std::string path, std::string client = "",
               std::vector<std::string> kinds = {}) {
  PolicyPlace place;
  place.path = std::move(path);
  place.line = 3;
  place.client = std::move(client);
  place.kinds = std::move(kinds);
  return place;
}

// A policy of one rule that fits every key.
Policy With(const std::function<void(PolicyRule*)>& change) {
  Policy policy;
  policy.name = "keytidy.toml";
  PolicyRule rule;
  rule.line = 7;
  change(&rule);
  policy.rules.push_back(rule);
  return policy;
}

// "AGE-N medium fail" of each, separated by "; ".
std::string Found(const Policy& policy, const std::vector<PolicyKey>& keys) {
  std::string out;
  for (const Violation& one : CheckPolicy(policy, keys, kNow)) {
    if (!out.empty()) out += "; ";
    out += one.check + " " + std::string(Name(one.severity)) + " " +
           std::string(Name(one.decision.action));
  }
  return out;
}

std::string Found(const Policy& policy, const PolicyKey& key) {
  return Found(policy, std::vector<PolicyKey>{key});
}

// The message of the only violation.
std::string Message(const Policy& policy, const PolicyKey& key) {
  const auto all = CheckPolicy(policy, std::vector<PolicyKey>{key}, kNow);
  return all.size() == 1 ? all[0].message
                         : std::to_string(all.size()) + " violations";
}

Waiver Waive(std::int64_t ends) {
  Waiver waiver;
  waiver.fingerprint = "kt-1";
  waiver.owner = "ben";
  waiver.reason = "the vendor is slow";
  waiver.until = "2026-03-31";
  waiver.ends = ends;
  waiver.line = 9;
  return waiver;
}

TEST(PolicyCheck, AYoungKeyPasses) { EXPECT_EQ(Found({}, Key()), ""); }

TEST(PolicyCheck, FailsOnTheLowerBoundWarnsOnTheUpper) {
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

TEST(PolicyCheck, EveryTierHasItsLimits) {
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

TEST(PolicyCheck, UnknownAgeIsSaid) {
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

TEST(PolicyCheck, ContradictionIsReadAsOld) {
  PolicyKey key = Aged("git-first-commit", 91);
  key.facts.created = kNow - kDay;
  EXPECT_EQ(Found({}, key), "AGE-N medium fail");
}

TEST(PolicyCheck, TheLastRuleThatFitsWinsFieldByField) {
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

TEST(PolicyCheck, AllSelectorsMustFit) {
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
TEST(PolicyCheck, PlacesFitAsGlobsDo) {
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

TEST(PolicyCheck, ARuleChangesTheTier) {
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

TEST(PolicyCheck, ExpiryAsAskedFor) {
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

TEST(PolicyCheck, LifetimeFromWhatIsKnown) {
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

TEST(PolicyCheck, IdleKeys) {
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

TEST(PolicyCheck, Owners) {
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

TEST(PolicyCheck, NamesThatSayNothing) {
  PolicyKey key = Key();
  for (const char* name :
       {"key1", "Test", "new key", "my-api-token-2", "API_KEY", "default"}) {
    key.name = name;
    EXPECT_EQ(Found({}, key), "NAME-POOR low warn") << name;
  }
  for (const char* name :
       {"cursor", "keyboard", "testing", "kéy", "2026", ""}) {
    key.name = name;
    EXPECT_EQ(Found({}, key), "") << name;
  }
}

TEST(PolicyCheck, NamesAsAskedFor) {
  Policy policy = With(
      [](PolicyRule* rule) { rule->name_pattern = std::string(kNameForm); });
  PolicyKey key = Key();
  for (const char* name : {"cursor-laptop-notes", "claude-mac-mini-read"}) {
    key.name = name;
    EXPECT_EQ(Found(policy, key), "") << name;
  }
  for (const char* name :
       {"cursor", "cursor-laptop", "cursor--notes", "-cursor-laptop",
        "cursor-laptop-", "my-api-key", "key1"}) {
    key.name = name;
    EXPECT_EQ(Found(policy, key), "NAME-POOR medium fail") << name;
  }
  policy.allowed_labels = {"key?"};
  EXPECT_EQ(Found(policy, key), "");
  key.name.clear();
  EXPECT_EQ(Found(policy, key), "NAME-POOR low warn");
  policy.rules[0].name_pattern = "team-*";
  key.name = "team-a";
  EXPECT_EQ(Found(policy, key), "");
  key.name = "a-team";
  EXPECT_EQ(Found(policy, key), "NAME-POOR medium fail");
}

TEST(PolicyCheck, OneKeyForEachClientAndEnvironment) {
  const Policy policy = With([](PolicyRule* rule) {
    rule->one_per_client = true;
    rule->one_per_environment = true;
  });
  PolicyKey key = Key();
  key.environment = "dev";
  key.places = {At("b", "zed"), At("a", "cursor"), At("c", "cursor")};
  EXPECT_EQ(Found({}, key), "");
  EXPECT_EQ(Found(policy, key), "KEY-REUSE-CLIENT high fail");
  EXPECT_EQ(Message(policy, key),
            "The key cursor-laptop-notes (demo…1234) is shared by 2 programs: "
            "cursor, zed.");
  key.places.pop_back();
  key.places.front() = At("d", "cursor");
  EXPECT_EQ(Found(policy, key), "");
  key.places[0].environment = "prod";
  EXPECT_EQ(Found(policy, key), "KEY-REUSE-ENV critical fail");
}

TEST(PolicyCheck, EntriesWithOneIdAreOneKey) {
  const Policy policy =
      With([](PolicyRule* rule) { rule->one_per_client = true; });
  PolicyKey one = Key();
  one.places = {At("a", "cursor")};
  PolicyKey two = Key();
  two.places = {At("a", "zed")};
  // Once for each client at a place, and once where the place is the same.
  EXPECT_EQ(Found(policy, std::vector{one, two}),
            "KEY-REUSE-CLIENT high fail; "
            "KEY-REUSE-CLIENT high fail");
  two.places = {At("a", "cursor"), At("b", "zed")};
  EXPECT_EQ(Found(policy, std::vector{one, two}), "KEY-REUSE-CLIENT high fail");
  one.id = two.id = "";
  two.places = {At("b", "zed")};
  EXPECT_EQ(Found(policy, std::vector{one, two}), "");
}

TEST(PolicyCheck, ForbiddenPlaces) {
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

TEST(PolicyCheck, ARulesSeverityIsOfWhatIsCertain) {
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

TEST(PolicyCheck, DeadKeysAreNotJudged) {
  PolicyKey key = Aged("ulid", 500);
  key.verdict = VerdictState::kInactive;
  EXPECT_EQ(Found({}, key), "");
  key.verdict = VerdictState::kActive;
  EXPECT_EQ(Found({}, key), "AGE-N medium fail");
}

TEST(PolicyCheck, AWaiverExcusesUntilItsDay) {
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

TEST(PolicyCheck, AWaiverThatEndedFails) {
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

TEST(PolicyCheck, AWaiverOfAPlaceExcusesNoOther) {
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

TEST(PolicyCheck, FixesNameTheKey) {
  const auto found = CheckPolicy({}, std::vector{Aged("ulid", 91)}, kNow);
  ASSERT_EQ(found.size(), 1u);
  EXPECT_EQ(found[0].fix, "Replace it: keytidy rotate plan kt-1");
  EXPECT_EQ(found[0].finding, "kt-1");
  EXPECT_EQ(found[0].decision.because, "90 days, by tier standard");
}

TEST(PolicyCheck, TheDocumentationListsEveryCheck) {
  std::ifstream file(KEYTIDY_SOURCE_DIR "/docs/policy.md");
  const std::string page((std::istreambuf_iterator<char>(file)),
                         std::istreambuf_iterator<char>());
  std::string last;
  for (const PolicyCheckInfo& check : PolicyChecks()) {
    EXPECT_LT(last, check.id);
    last = check.id;
    const std::string row = "| `" + std::string(check.id) + "` | " +
                            std::string(Name(check.broken)) + " | ";
    EXPECT_NE(page.find(row), std::string::npos) << row;
  }
}

// Random policies and keys, of few values so that much fits.
class Dice {
 public:
  explicit Dice(std::uint32_t seed) : random_(seed) {}

  std::uint32_t Below(std::size_t n) {
    return static_cast<std::uint32_t>(random_() % n);
  }
  bool Maybe(std::uint32_t one_in) { return Below(one_in) == 0; }
  std::string Pick(const std::vector<std::string>& from) {
    return from[Below(from.size())];
  }
  std::int64_t Days() { return 1 + static_cast<std::int64_t>(Below(300)); }

  PolicyKey MakeKey() {
    PolicyKey key;
    key.id = "kt-" + std::to_string(Below(200));
    key.rule = Pick({"kryton-api-key", "stripe-live"});
    key.provider = Pick({"kryton", "stripe"});
    key.tier = static_cast<Tier>(Below(5));
    key.name = Pick({"", "key1", "cursor-laptop-notes", "team-a"});
    key.owner = Pick({"", "ana", "ben"});
    key.environment = Pick({"", "dev", "prod"});
    key.redacted = "demo";
    for (std::uint32_t i = Below(4); i > 0; --i) {
      PolicyPlace place =
          At(Pick({"src/a", "tests/a", "b"}), Pick({"", "cursor", "zed"}));
      place.environment = Pick({"", "dev", "prod"});
      for (const char* kind :
           {"argv", "url", "tracked", "unknown-host", "unpinned"}) {
        if (Maybe(4)) place.kinds.push_back(kind);
      }
      key.places.push_back(place);
    }
    for (std::uint32_t i = Below(4); i > 0; --i) {
      key.evidence.push_back({Pick({"git-first-commit", "provider-created",
                                    "account-created", "file-mtime"}),
                              kNow - Days() * kDay});
    }
    if (Maybe(2)) key.facts.expires = kNow + (Days() - 60) * kDay;
    if (Maybe(2)) key.facts.last_used = kNow - Days() * kDay;
    if (Maybe(3)) key.facts.created = kNow - Days() * kDay;
    key.never_expires = Maybe(4);
    if (Maybe(8)) key.verdict = VerdictState::kInactive;
    return key;
  }

  Selectors MakeSelectors() {
    Selectors out;
    if (Maybe(4)) out.provider = Pick({"kryton", "stripe"});
    if (Maybe(4)) out.rule = Pick({"kryton-*", "*"});
    if (Maybe(4)) out.environment = Pick({"dev", "prod"});
    if (Maybe(4)) out.name = Pick({"cursor-*", "key?"});
    if (Maybe(4)) out.place = Pick({"src/**", "**/a", "b"});
    return out;
  }

  Policy MakePolicy() {
    Policy policy;
    for (TierLimits* tier : {&policy.tiers.low, &policy.tiers.standard,
                             &policy.tiers.high, &policy.tiers.ci}) {
      tier->fail_days = Days();
      tier->warn_days = 1 + Below(static_cast<std::size_t>(tier->fail_days));
    }
    for (std::uint32_t i = Below(5); i > 0; --i) {
      PolicyRule rule;
      rule.fits = MakeSelectors();
      if (Maybe(4)) rule.tier = static_cast<Tier>(Below(5));
      for (auto field : Limits()) {
        if (Maybe(4)) rule.*field = Days();
      }
      for (auto field : Demands()) {
        if (Maybe(4)) rule.*field = Maybe(2);
      }
      if (Maybe(4)) rule.name_pattern = Pick({"team-*", "cursor-*"});
      if (Maybe(4)) {
        rule.forbidden_places =
            std::vector<std::string>{Pick({"argv", "url", "tracked"})};
      }
      if (Maybe(8)) rule.severity = static_cast<Severity>(Below(5));
      policy.rules.push_back(rule);
    }
    for (std::uint32_t i = Below(3); i > 0; --i) {
      Waiver waiver = Waive(kNow + (Maybe(3) ? 0 : kDay));
      waiver.fingerprint = Maybe(2) ? "kt-" + std::to_string(Below(200)) : "";
      waiver.fits = MakeSelectors();
      if (Maybe(2)) waiver.checks = {"AGE-N", "POLICY-PLACE"};
      policy.waivers.push_back(waiver);
    }
    if (Maybe(2)) policy.allowed_labels = {"key*"};
    return policy;
  }

  static std::vector<std::optional<std::int64_t> PolicyRule::*> Limits() {
    return {&PolicyRule::max_age, &PolicyRule::warn_age,
            &PolicyRule::max_lifetime, &PolicyRule::idle_limit};
  }
  static std::vector<std::optional<bool> PolicyRule::*> Demands() {
    return {&PolicyRule::must_expire,      &PolicyRule::owner_required,
            &PolicyRule::one_per_client,   &PolicyRule::one_per_environment,
            &PolicyRule::known_hosts_only, &PolicyRule::pinned_packages};
  }

  // One limit lower, or one requirement more.
  void Tighten(Policy* policy) {
    PolicyRule* rule = policy->rules.empty()
                           ? nullptr
                           : &policy->rules[Below(policy->rules.size())];
    PolicyRule more;  // fits behind all others
    more.fits = MakeSelectors();
    switch (Below(9)) {
      case 0: {
        TierLimits* tiers[] = {&policy->tiers.low, &policy->tiers.standard,
                               &policy->tiers.high, &policy->tiers.ci};
        Lower(&tiers[Below(4)]->fail_days);
        return;
      }
      case 1: {
        const auto field = Limits()[Below(4)];
        if (rule != nullptr && rule->*field) Lower(&*(rule->*field));
        return;
      }
      case 2: {
        const auto field = Demands()[Below(6)];
        if (rule != nullptr && rule->*field) rule->*field = true;
        return;
      }
      case 3:
        more.*(Limits()[Below(4)]) = 1;
        break;
      case 4:
        more.*(Demands()[Below(6)]) = true;
        break;
      case 5:
        more.forbidden_places =
            std::vector<std::string>{"argv", "url", "tracked"};
        break;
      case 6:
        policy->leavers.push_back(Pick({"ana", "ben"}));
        return;
      case 7:
        policy->allowed_labels.clear();
        return;
      default:
        if (!policy->waivers.empty()) policy->waivers.pop_back();
        return;
    }
    policy->rules.push_back(more);
  }

  void Shuffle(std::vector<PolicyKey>* keys) {
    std::shuffle(keys->begin(), keys->end(), random_);
  }

 private:
  void Lower(std::int64_t* days) {
    *days = 1 + Below(static_cast<std::size_t>(*days));
  }

  std::mt19937 random_;
};

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
TEST(PolicyCheck, AStricterPolicyPassesNothingThatALooserFailed) {
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

std::string Everything(const Policy& policy,
                       const std::vector<PolicyKey>& keys) {
  std::string out;
  for (const Violation& one : CheckPolicy(policy, keys, kNow)) {
    out += std::string(Name(one.severity)) + "|" + one.path + "|" +
           std::to_string(one.line) + "|" + one.check + "|" + one.finding +
           "|" + one.message + "|" + std::string(Name(one.decision.action)) +
           "|" + one.decision.because + "|" +
           (one.client ? one.client->name : "") + "\n";
  }
  return out;
}

TEST(PolicyCheck, TheOrderOfTheKeysDoesNotMatter) {
  Dice dice(7);
  for (int round = 0; round < 100; ++round) {
    std::vector<PolicyKey> keys;
    for (int i = 0; i < 40; ++i) keys.push_back(dice.MakeKey());
    const Policy policy = dice.MakePolicy();
    const std::string first = Everything(policy, keys);
    dice.Shuffle(&keys);
    ASSERT_EQ(Everything(policy, keys), first) << "round " << round;
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
