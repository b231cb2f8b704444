// SPDX-License-Identifier: Apache-2.0
//
// What holds of hints and facts in every kind of inventory.
#pragma once

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "unit/inventory/scene.h"

namespace keytidy::inventory {

using Fingerprints = std::vector<std::string>;

inline std::string HintOf(std::uint64_t n) { return FingerprintOf(1000 + n); }

inline void ExpectHintsToWork(Inventory& inventory) {
  SeenKey one = KeyOf(1);
  SeenKey two = KeyOf(2);
  SeenKey other = KeyOf(3);
  other.provider = "kataven";
  one.hints = {HintOf(1), HintOf(2)};
  two.hints = {HintOf(2)};
  other.hints = {HintOf(1)};
  Recorded(inventory, RunAt(kNow), {one, two, other});
  const auto with = [&](std::string_view provider, std::uint64_t n) {
    auto out = inventory.WithHint(provider, HintOf(n));
    EXPECT_TRUE(out) << (out ? "" : out.error().message);
    return out ? *out : Fingerprints();
  };
  Fingerprints both = {FingerprintOf(1), FingerprintOf(2)};
  std::sort(both.begin(), both.end());
  EXPECT_EQ(with("kryton", 1), Fingerprints{FingerprintOf(1)});
  EXPECT_EQ(with("kryton", 2), both);
  EXPECT_EQ(with("kataven", 1), Fingerprints{FingerprintOf(3)});
  EXPECT_EQ(with("kryton", 3), Fingerprints());
  // Seen again, without hints or with one more, none is lost or doubled.
  one.hints = {};
  two.hints = {HintOf(2), HintOf(3)};
  Recorded(inventory, RunAt(kNow + 1), {one, two, other});
  EXPECT_EQ(with("kryton", 2), both);
  EXPECT_EQ(with("kryton", 3), Fingerprints{FingerprintOf(2)});
  ASSERT_TRUE(inventory.Forget(IdOf(2)));
  EXPECT_EQ(with("kryton", 2), Fingerprints{FingerprintOf(1)});
  // Nor do they come back with the key.
  Recorded(inventory, RunAt(kNow + 2), {KeyOf(2)});
  EXPECT_EQ(with("kryton", 3), Fingerprints());
}

inline void ExpectKeyIdsToWork(Inventory& inventory) {
  SeenKey one = KeyOf(1);
  SeenKey other = KeyOf(2);
  one.verdict.facts.key_id = "7";
  other.verdict.facts.key_id = "7";
  other.provider = "kataven";
  Recorded(inventory, RunAt(kNow), {one, other, KeyOf(3)});
  EXPECT_EQ(*inventory.WithKeyId("kryton", "7"),
            Fingerprints{FingerprintOf(1)});
  EXPECT_EQ(*inventory.WithKeyId("kataven", "7"),
            Fingerprints{FingerprintOf(2)});
  EXPECT_EQ(*inventory.WithKeyId("kryton", "8"), Fingerprints());
  // Those without one are not all of the same.
  EXPECT_EQ(*inventory.WithKeyId("kryton", ""), Fingerprints());
  EXPECT_EQ(*inventory.WithKeyId("kryton", std::string_view("7\0", 2)),
            Fingerprints());
}

inline void ExpectFactsToWork(Inventory& inventory) {
  SeenKey key = KeyOf(1);
  key.verdict.state = VerdictState::kActive;
  key.verdict.evidence = "it answered";
  key.verdict.checked_at = kNow;
  key.verdict.facts.owner = "ada";
  key.verdict.facts.name = "old name";
  key.verdict.facts.last_used = kNow - 5;
  Recorded(inventory, RunAt(kNow), {key});
  KeyFacts told;
  told.name = "new name";
  told.key_id = "7";
  told.created = kNow - kDay;
  told.scopes = {"read", "write"};
  ASSERT_TRUE(inventory.AddFacts(FingerprintOf(1), told, kNow + 1));
  InventoryKey known = Found(inventory, IdOf(1));
  EXPECT_EQ(known.name, "new name");
  EXPECT_EQ(known.owner, "ada");
  EXPECT_EQ(known.verdict.facts.created, kNow - kDay);
  EXPECT_EQ(known.verdict.facts.last_used, kNow - 5);
  EXPECT_EQ(known.verdict.facts.scopes, told.scopes);
  EXPECT_EQ(known.verdict.state, VerdictState::kActive);
  EXPECT_EQ(known.verdict.evidence, "it answered");
  EXPECT_EQ(known.verdict.checked_at, kNow);
  EXPECT_EQ(known.last_seen, kNow);
  EXPECT_EQ(*inventory.WithKeyId("kryton", "7"),
            Fingerprints{FingerprintOf(1)});
  // A list of before the last answer adds to it and changes nothing.
  KeyFacts old;
  old.name = "oldest name";
  old.account = "acme";
  ASSERT_TRUE(inventory.AddFacts(FingerprintOf(1), old, kNow - 9));
  known = Found(inventory, IdOf(1));
  EXPECT_EQ(known.name, "new name");
  EXPECT_EQ(known.verdict.facts.account, "acme");
}

}  // namespace keytidy::inventory
