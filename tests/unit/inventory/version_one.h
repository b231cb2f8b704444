// SPDX-License-Identifier: Apache-2.0
//
// What stands in an inventory of schema 1, as SQL, and what must be read of it
// by every later program.
#pragma once

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <string>

#include "unit/inventory/scene.h"

namespace keytidy::inventory {

// Two keys: the first with a place, evidence, a rotation and what a person
// said of it.
inline std::string RowsOfVersionOne() {
  std::string out;
  for (const std::uint64_t n : {std::uint64_t{1}, std::uint64_t{2}}) {
    out += fmt::format(
        "INSERT INTO keys VALUES ('{}', '{}', 'kryton-api-key', 'kryton', "
        "'API key of Kryton', 'kryton_****', 'production', 'high', '', '{}', "
        "'', '', 'red\nblue', {}, {}, 'active', 'it answered', {}, '{}', "
        "'', '', '', 'read', {}, NULL, NULL);",
        FingerprintOf(n), IdOf(n), n == 1 ? "ada" : "", kNow, kNow + 5,
        kNow + 4, n == 1 ? "key-7" : "", kNow - kDay);
  }
  out += fmt::format(
      "INSERT INTO places VALUES ('{}', 'p', 'o', 'laptop', '/home/ada/.env', "
      "'', '', 'KRYTON_TOKEN', 3, 'tracked', {}, {}, NULL, 'r');"
      "INSERT INTO evidence VALUES ('{}', 'git-first-commit', {}, {});"
      "INSERT INTO rotations VALUES ('{}', {}, '{}', '{}', 'by hand');"
      "INSERT INTO runs VALUES ('r', 'laptop', 'audit', {}, 1, 2, 1);",
      FingerprintOf(1), kNow, kNow + 5, FingerprintOf(1), kNow - 9, kNow - 9,
      FingerprintOf(1), kNow, FingerprintOf(2), FingerprintOf(1), kNow + 5);
  return out;
}

inline void ExpectRowsOfVersionOne(Inventory& inventory) {
  EXPECT_EQ(Listed(inventory).size(), 2u);
  const InventoryKey key = Found(inventory, IdOf(1));
  EXPECT_EQ(key.fingerprint, FingerprintOf(1));
  EXPECT_EQ(key.owner, "ada");
  EXPECT_EQ(key.environment, "production");
  EXPECT_EQ(key.tier, "high");
  EXPECT_EQ(key.labels, (std::vector<std::string>{"red", "blue"}));
  EXPECT_EQ(key.first_seen, kNow);
  EXPECT_EQ(key.last_seen, kNow + 5);
  EXPECT_EQ(key.verdict.state, VerdictState::kActive);
  EXPECT_EQ(key.verdict.checked_at, kNow + 4);
  EXPECT_EQ(key.verdict.facts.key_id, "key-7");
  EXPECT_EQ(key.verdict.facts.created, kNow - kDay);
  EXPECT_EQ(key.verdict.facts.expires, std::nullopt);
  ASSERT_EQ(key.places.size(), 1u);
  EXPECT_EQ(key.places[0].path, "/home/ada/.env");
  EXPECT_EQ(key.places[0].kinds, std::vector<std::string>{"tracked"});
  ASSERT_EQ(key.evidence.size(), 1u);
  EXPECT_EQ(key.evidence[0].at, kNow - 9);
  ASSERT_EQ(key.rotations.size(), 1u);
  EXPECT_EQ(key.rotations[0].from, FingerprintOf(2));
  const auto runs = inventory.Runs();
  ASSERT_TRUE(runs);
  EXPECT_EQ(runs->size(), 1u);
  // The tables of later versions work.
  const auto found = inventory.WithKeyId("kryton", "key-7");
  ASSERT_TRUE(found);
  EXPECT_EQ(*found, std::vector<std::string>{FingerprintOf(1)});
  EXPECT_TRUE(inventory.WithHint("kryton", FingerprintOf(9))->empty());
}

}  // namespace keytidy::inventory
