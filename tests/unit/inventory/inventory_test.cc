// SPDX-License-Identifier: Apache-2.0
#include "inventory/inventory.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <algorithm>

#include "unit/inventory/scene.h"

namespace keytidy::inventory {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

mode_t ModeOf(const std::string& path) {
  struct stat info;
  return lstat(path.c_str(), &info) == 0 ? info.st_mode & 07777 : 0;
}

SeenKey FullKey() {
  SeenKey key = KeyOf(1);
  key.environment = "production";
  key.places[0].client = "claude-desktop";
  key.places[0].server = "notes";
  key.places[0].line = 7;
  key.places[0].kinds = {"argv", "tracked"};
  key.evidence = {{"git-first-commit", kNow - 40 * kDay},
                  {"provider-created", kNow - 50 * kDay}};
  key.verdict.state = VerdictState::kActive;
  key.verdict.evidence = "notes.example.com answered 200: it is alive";
  key.verdict.checked_at = kNow - 5;
  key.verdict.facts.key_id = "7";
  key.verdict.facts.name = "ci \xC3\xA4";
  key.verdict.facts.owner = "ada";
  key.verdict.facts.account = "acme";
  key.verdict.facts.scopes = {"read", "write"};
  key.verdict.facts.created = kNow - 50 * kDay;
  key.verdict.facts.expires = kNow + kDay;
  key.verdict.facts.last_used = 0;
  return key;
}

void ExpectFull(const InventoryKey& key) {
  const SeenKey seen = FullKey();
  EXPECT_EQ(key.fingerprint, seen.fingerprint);
  EXPECT_EQ(key.id, seen.id);
  EXPECT_EQ(key.rule, seen.rule);
  EXPECT_EQ(key.provider, seen.provider);
  EXPECT_EQ(key.title, seen.title);
  EXPECT_EQ(key.redacted, seen.redacted);
  EXPECT_EQ(key.tier, "high");
  EXPECT_EQ(key.environment, "production");
  EXPECT_EQ(key.name, "ci \xC3\xA4");
  EXPECT_EQ(key.owner, "ada");
  EXPECT_EQ(key.first_seen, kNow);
  EXPECT_EQ(key.last_seen, kNow);
  EXPECT_EQ(key.verdict.state, VerdictState::kActive);
  EXPECT_EQ(key.verdict.evidence, seen.verdict.evidence);
  EXPECT_EQ(key.verdict.checked_at, kNow - 5);
  EXPECT_EQ(key.verdict.facts, seen.verdict.facts);
  EXPECT_THAT(key.evidence,
              ElementsAre(AgeEvidence{"provider-created", kNow - 50 * kDay},
                          AgeEvidence{"git-first-commit", kNow - 40 * kDay}));
  ASSERT_THAT(key.places, SizeIs(1));
  SeenPlace place = seen.places[0];
  place.machine = "laptop";
  EXPECT_EQ(static_cast<const SeenPlace&>(key.places[0]), place);
  EXPECT_EQ(key.places[0].first_seen, kNow);
  EXPECT_EQ(key.places[0].last_seen, kNow);
  EXPECT_EQ(key.places[0].gone_at, std::nullopt);
}

TEST(Inventory, GivesBackWhatWasRecorded) {
  const TempDir dir;
  const auto inventory = Opened(dir / "inventory.db");
  Recorded(*inventory, RunAt(kNow), {FullKey()});
  const auto keys = Listed(*inventory);
  ASSERT_THAT(keys, SizeIs(1));
  ExpectFull(keys[0]);
  ExpectFull(Found(*inventory, keys[0].id));
}

TEST(Inventory, ASecondOpenSeesTheSame) {
  const TempDir dir;
  const std::string path = dir / "a/b/inventory.db";
  std::string fingerprint;
  {
    const auto inventory = Opened(path);
    Recorded(*inventory, RunAt(kNow), {FullKey()});
    fingerprint = inventory->fingerprints().Fingerprint("one key");
  }
  const auto inventory = Opened(path);
  ExpectFull(Found(*inventory, FullKey().fingerprint));
  EXPECT_EQ(inventory->fingerprints().Fingerprint("one key"), fingerprint);
  const auto runs = inventory->Runs();
  ASSERT_TRUE(runs);
  ASSERT_THAT(*runs, SizeIs(1));
  EXPECT_EQ(static_cast<const inventory::Run&>((*runs)[0]), RunAt(kNow));
  EXPECT_EQ((*runs)[0].keys, 1u);
  EXPECT_EQ((*runs)[0].places, 1u);
}

TEST(Inventory, FilesAreTheUsersAlone) {
  const TempDir dir;
  const auto inventory = Opened(dir / "a/b/inventory.db");
  Recorded(*inventory, RunAt(kNow), {FullKey()});
  EXPECT_THAT(dir.Names("a/b"),
              ElementsAre("inventory.db", "inventory.db-shm",
                          "inventory.db-wal", "inventory.key"));
  for (const std::string& name : dir.Names("a/b")) {
    EXPECT_EQ(ModeOf(dir / "a/b/" + name), 0600u) << name;
  }
  EXPECT_EQ(ModeOf(dir / "a"), 0700u);
  EXPECT_EQ(ModeOf(dir / "a/b"), 0700u);
}

TEST(Inventory, TakesOnlyFingerprints) {
  const TempDir dir;
  const auto inventory = Opened(dir / "inventory.db");
  std::vector<SeenKey> keys = {KeyOf(1), KeyOf(2)};
  keys[1].fingerprint = "kryton_something";
  const auto done = inventory->Record(RunAt(kNow), keys);
  ASSERT_FALSE(done);
  EXPECT_EQ(done.error().code, ErrorCode::kInternal);
  EXPECT_THAT(done.error().message,
              ::testing::Not(HasSubstr("kryton_something")));
  EXPECT_THAT(Listed(*inventory), IsEmpty());
}

TEST(Inventory, KeepsNamesThatAreNoText) {
  const TempDir dir;
  const auto inventory = Opened(dir / "inventory.db");
  SeenKey key = KeyOf(1);
  key.places = {PlaceAt("/a/\xFF"), PlaceAt("/a/\xFE"),
                PlaceAt(std::string("/a/\0b", 5)), PlaceAt("/a'; DROP TABLE")};
  Recorded(*inventory, RunAt(kNow), {key});
  std::vector<std::string> paths;
  for (const auto& place : Found(*inventory, key.id).places) {
    paths.push_back(place.path);
  }
  EXPECT_THAT(paths, ElementsAre("/a'; DROP TABLE", "/a/\\x00b", "/a/\\xFE",
                                 "/a/\\xFF"));
}

TEST(Inventory, FindsByBeginnings) {
  const TempDir dir;
  const auto inventory = Opened(dir / "inventory.db");
  std::vector<SeenKey> keys = {KeyOf(1), KeyOf(2), KeyOf(3)};
  keys[0].id = "kt-aaaa000000000000";
  keys[1].id = "kt-aaab000000000000";
  keys[2].id = "kt-b000000000000000";
  keys[0].fingerprint = "0123" + std::string(28, 'a');
  keys[1].fingerprint = "0124" + std::string(28, 'a');
  keys[2].fingerprint = "ffff" + std::string(28, 'a');
  Recorded(*inventory, RunAt(kNow), keys);
  EXPECT_EQ(Found(*inventory, "kt-aaaa").id, keys[0].id);
  EXPECT_EQ(Found(*inventory, "kt-aaab000000000000").id, keys[1].id);
  EXPECT_EQ(Found(*inventory, "0123").id, keys[0].id);
  EXPECT_EQ(Found(*inventory, "f").id, keys[2].id);
  EXPECT_EQ(Found(*inventory, keys[1].fingerprint).id, keys[1].id);

  const auto several = inventory->Find("kt-aaa");
  ASSERT_FALSE(several);
  EXPECT_EQ(several.error().code, ErrorCode::kInvalid);
  EXPECT_EQ(several.error().message,
            fmt::format("kt-aaa may be any of 2: {} (kryton-api-key "
                        "kryton_****, fingerprint {}), {} (kryton-api-key "
                        "kryton_****, fingerprint {})",
                        keys[0].id, keys[0].fingerprint, keys[1].id,
                        keys[1].fingerprint));

  for (const char* none :
       {"", "kt-c", "0123b", "KT-AAAA", "%", "k", "kt-aaag", "0123' OR 1=1"}) {
    const auto found = inventory->Find(none);
    ASSERT_FALSE(found) << none;
    EXPECT_EQ(found.error().code, ErrorCode::kNotFound) << none;
  }
}

TEST(Inventory, AnExactIdIsNoBeginning) {
  const TempDir dir;
  const auto inventory = Opened(dir / "inventory.db");
  std::vector<SeenKey> keys = {KeyOf(1), KeyOf(2)};
  keys[0].id = "kt-aaaa";
  keys[1].id = "kt-aaaab";
  Recorded(*inventory, RunAt(kNow), keys);
  EXPECT_EQ(Found(*inventory, "kt-aaaa").fingerprint, keys[0].fingerprint);
}

TEST(Inventory, NamesFiveOfManyCandidates) {
  const TempDir dir;
  const auto inventory = Opened(dir / "inventory.db");
  std::vector<SeenKey> keys = KeysOf(1, 8);
  for (SeenKey& key : keys) key.id = "kt-c" + key.id.substr(4);
  Recorded(*inventory, RunAt(kNow), keys);
  const auto several = inventory->Find("kt-c");
  ASSERT_FALSE(several);
  EXPECT_THAT(several.error().message, HasSubstr("any of 7: "));
  EXPECT_THAT(several.error().message, HasSubstr(" and 2 more"));
}

TEST(Inventory, WhatAPersonSetOutlivesARun) {
  const TempDir dir;
  const auto inventory = Opened(dir / "inventory.db");
  Recorded(*inventory, RunAt(kNow), {FullKey()});
  KeyChange change;
  change.name = "notes-laptop-sync";
  change.owner = "grace";
  change.environment = "staging";
  change.tier = "low";
  change.labels = {"team-b", "team-a", "team-b"};
  ASSERT_TRUE(inventory->Set(FullKey().id, change));
  Recorded(*inventory, RunAt(kNow + 1), {FullKey()});
  InventoryKey key = Found(*inventory, FullKey().id);
  EXPECT_EQ(key.name, "notes-laptop-sync");
  EXPECT_EQ(key.owner, "grace");
  EXPECT_EQ(key.environment, "staging");
  EXPECT_EQ(key.tier, "low");
  EXPECT_THAT(key.labels, ElementsAre("team-a", "team-b"));
  EXPECT_EQ(key.verdict.facts.owner, "ada");

  change = KeyChange();
  change.owner = "";
  change.tier = "";
  ASSERT_TRUE(inventory->Set(FullKey().id, change));
  key = Found(*inventory, FullKey().id);
  EXPECT_EQ(key.owner, "ada");
  EXPECT_EQ(key.tier, "high");
  EXPECT_EQ(key.name, "notes-laptop-sync");
}

TEST(Inventory, RefusesATierThatIsNone) {
  const TempDir dir;
  const auto inventory = Opened(dir / "inventory.db");
  Recorded(*inventory, RunAt(kNow), {FullKey()});
  KeyChange change;
  change.name = "other";
  change.tier = "hihg";
  const auto done = inventory->Set(FullKey().id, change);
  ASSERT_FALSE(done);
  EXPECT_EQ(done.error().code, ErrorCode::kInvalid);
  EXPECT_EQ(done.error().message,
            "hihg: no tier has this name; did you mean high?");
  EXPECT_EQ(Found(*inventory, FullKey().id).name, "ci \xC3\xA4");
}

TEST(Inventory, ForgetsAllOfAKeyAndNoOther) {
  const TempDir dir;
  const auto inventory = Opened(dir / "inventory.db");
  SeenKey other = KeyOf(2);
  other.evidence = {{"ulid", kNow}};
  Recorded(*inventory, RunAt(kNow), {FullKey(), other});
  ASSERT_TRUE(inventory->AddRotation(
      {kNow, FullKey().fingerprint, other.fingerprint, "done"}));
  ASSERT_TRUE(inventory->Forget(FullKey().id));
  EXPECT_EQ(inventory->Forget(FullKey().id).error().code, ErrorCode::kNotFound);
  const auto keys = Listed(*inventory);
  ASSERT_THAT(keys, SizeIs(1));
  EXPECT_EQ(keys[0].fingerprint, other.fingerprint);
  EXPECT_THAT(keys[0].places, SizeIs(1));
  EXPECT_THAT(keys[0].evidence, SizeIs(1));
  EXPECT_THAT(keys[0].rotations, SizeIs(1));
  // Nothing of the old record comes back with the key.
  Recorded(*inventory, RunAt(kNow + 9), {KeyOf(1)});
  const InventoryKey again = Found(*inventory, FullKey().id);
  EXPECT_EQ(again.first_seen, kNow + 9);
  EXPECT_THAT(again.evidence, IsEmpty());
  EXPECT_THAT(again.rotations, IsEmpty());
  EXPECT_EQ(again.verdict.state, VerdictState::kNotTried);
}

TEST(Inventory, RotationsBelongToBothKeys) {
  const TempDir dir;
  const auto inventory = Opened(dir / "inventory.db");
  Recorded(*inventory, RunAt(kNow), KeysOf(1, 4));
  const KeyRotation first = {kNow, FingerprintOf(1), FingerprintOf(2), "why"};
  const KeyRotation second = {kNow + 1, FingerprintOf(2), "", "revoked"};
  ASSERT_TRUE(inventory->AddRotation(second));
  ASSERT_TRUE(inventory->AddRotation(first));
  ASSERT_TRUE(inventory->AddRotation(first));
  EXPECT_THAT(Found(*inventory, IdOf(1)).rotations, ElementsAre(first));
  EXPECT_THAT(Found(*inventory, IdOf(2)).rotations, ElementsAre(first, second));
  EXPECT_THAT(Found(*inventory, IdOf(3)).rotations, IsEmpty());
  EXPECT_EQ(
      inventory->AddRotation({kNow, FingerprintOf(8), "", ""}).error().code,
      ErrorCode::kNotFound);
  EXPECT_EQ(inventory->AddRotation({kNow, "kt-1", "", ""}).error().code,
            ErrorCode::kInternal);
  // A refused rotation leaves nothing for the key when it comes.
  Recorded(*inventory, RunAt(kNow), {KeyOf(8)});
  EXPECT_THAT(Found(*inventory, IdOf(8)).rotations, IsEmpty());
}

TEST(Inventory, FiltersAndSorts) {
  const TempDir dir;
  const auto inventory = Opened(dir / "inventory.db");
  std::vector<SeenKey> keys = KeysOf(1, 6);
  keys[0].provider = "karzoun";
  keys[1].environment = "ci";
  keys[2].rule = "other-rule";
  keys[3].places[0].client = "zed";
  keys[4].tier = "low";
  Recorded(*inventory, RunAt(kNow), keys);
  KeyChange change;
  change.owner = "grace";
  change.labels = {"x", "y"};
  ASSERT_TRUE(inventory->Set(IdOf(2), change));
  Recorded(*inventory, RunAt(kNow + 1, "audit", "server"), {keys[4]});
  const auto one = [&](auto field, const char* text) {
    Filter filter;
    filter.*field = text;
    const auto found = Listed(*inventory, filter);
    return found.size() == 1 ? found[0].id
                             : fmt::format("{} keys", found.size());
  };
  EXPECT_EQ(one(&Filter::provider, "karzoun"), IdOf(1));
  EXPECT_EQ(one(&Filter::environment, "ci"), IdOf(2));
  EXPECT_EQ(one(&Filter::owner, "grace"), IdOf(2));
  EXPECT_EQ(one(&Filter::label, "y"), IdOf(2));
  EXPECT_EQ(one(&Filter::rule, "other-rule"), IdOf(3));
  EXPECT_EQ(one(&Filter::client, "zed"), IdOf(4));
  EXPECT_EQ(one(&Filter::tier, "low"), IdOf(5));
  EXPECT_EQ(one(&Filter::machine, "server"), IdOf(5));
  EXPECT_EQ(one(&Filter::machine, "nowhere"), "0 keys");
  const auto all = Listed(*inventory);
  ASSERT_THAT(all, SizeIs(5));
  EXPECT_TRUE(
      std::is_sorted(all.begin(), all.end(), [](const auto& a, const auto& b) {
        return a.fingerprint < b.fingerprint;
      }));
}

TEST(Inventory, AHundredThousandKeys) {
  const TempDir dir;
  const auto inventory = Opened(dir / "inventory.db");
  const auto keys = KeysOf(0, 100'000);
  Recorded(*inventory, RunAt(kNow), keys);
  Recorded(*inventory, RunAt(kNow + 1), keys);
  std::size_t count = 0;
  ASSERT_TRUE(inventory->ForEach({}, [&](const InventoryKey& key) {
    count += key.places.size() == 1 && key.last_seen == kNow + 1 ? 1 : 0;
  }));
  EXPECT_EQ(count, 100'000u);
  EXPECT_EQ(Found(*inventory, IdOf(77'777)).fingerprint, FingerprintOf(77'777));
}

}  // namespace
}  // namespace keytidy::inventory
