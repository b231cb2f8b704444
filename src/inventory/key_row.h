// SPDX-License-Identifier: Apache-2.0
//
// One row of the table of keys, and what becomes of it when a run sees the key
// again.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"
#include "core/inventory.h"
#include "inventory/database.h"

namespace keytidy::inventory {

struct KeyRow {
  // name, owner, environment and tier of it are what a person set.
  InventoryKey key;
  std::string seen_environment;
  std::string seen_tier;
};

// The rows of all keys in order of their fingerprints, or of one key where a
// fingerprint is given.
Result<std::unique_ptr<Rows>> QueryKeyRows(Database& database,
                                           std::string_view fingerprint);
// A row of QueryKeyRows.
Result<KeyRow> ReadKeyRow(const Database& database, Rows& rows);
Result<std::optional<KeyRow>> FindKeyRow(Database& database,
                                         std::string_view fingerprint);
Status WriteKeyRow(Database& database, const KeyRow& row);

// What is known after a run at `at` saw the key. Runs may come in any order.
void Merge(const SeenKey& seen, std::int64_t at, KeyRow* row);

// What is known after the provider told of the key at `at`.
void MergeFacts(const KeyFacts& facts, std::int64_t at, KeyRow* row);

// What a person sees of it: without places, evidence and rotations.
InventoryKey Shown(KeyRow row);

}  // namespace keytidy::inventory
