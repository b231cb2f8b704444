// SPDX-License-Identifier: Apache-2.0
//
// Keys over time: what runs saw, what people said about it. Holds fingerprints
// and never a key.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "core/inventory.h"
#include "inventory/database.h"
#include "inventory/fingerprint.h"

namespace keytidy::inventory {

// A run that saw keys. Places count as gone when a later complete run of the
// same machine and scope sees them no more, so a scope names all that decides
// where a run looks ("audit", "scan /home/ada/notes").
struct Run {
  std::string machine;
  std::string scope;
  std::int64_t at = 0;
  // A run that could not read everything says of no place that it is gone.
  bool complete = true;
  friend bool operator==(const Run&, const Run&) = default;
};

struct RunRecord : Run {
  std::uint64_t keys = 0;
  std::uint64_t places = 0;
};

// What is not empty must be so.
struct Filter {
  std::string provider;
  std::string rule;
  std::string owner;
  std::string environment;
  std::string tier;
  std::string label;
  std::string machine;        // of one of its places
  std::string client;         // of one of its places
  bool only_present = false;  // it stands somewhere still
};

// What is set replaces; an empty text takes back what was set.
struct KeyChange {
  std::optional<std::string> name;
  std::optional<std::string> owner;
  std::optional<std::string> environment;
  std::optional<std::string> tier;
  std::optional<std::vector<std::string>> labels;
};

// One thread's at a time, and not to be carried over a fork. Many processes
// may have the same one open.
class Inventory {
 public:
  // A file of SQLite, or a PostgreSQL server by its address. The key of the
  // fingerprints is in the file `key_path`; where that is empty it is beside
  // the file of SQLite (fingerprint.h), or on the server. What is missing is
  // made, unless `if_missing` says otherwise; errors as OpenSqlite,
  // OpenPostgres, Migrate and SettleKey say.
  static Result<std::unique_ptr<Inventory>> Open(
      const std::string& path, const std::string& key_path = {},
      IfMissing if_missing = IfMissing::kMake);
  // The same over a database that is open already; without a `key_path` it
  // keeps the key itself.
  static Result<std::unique_ptr<Inventory>> Over(
      std::unique_ptr<Database> database, const std::string& key_path);

  // $XDG_DATA_HOME/keytidy/inventory.db, or below ~/.local/share; empty where
  // neither is known.
  static std::string DefaultPath();

  const FingerprintKey& fingerprints() const { return fingerprints_; }

  // All of it or nothing. Each place counts as one of the run's machine,
  // whatever it says.
  Status Record(const Run& run, std::span<const SeenKey> keys);

  // In order of fingerprints.
  Result<std::vector<InventoryKey>> List(const Filter& filter = {});
  // The same one by one, for inventories that are large.
  Status ForEach(const Filter& filter,
                 const std::function<void(InventoryKey)>& use);

  // By id, by fingerprint, or by the beginning of either. kNotFound; kInvalid
  // with the candidates where several begin so.
  Result<InventoryKey> Find(std::string_view which);

  // `which` as for Find.
  Status Set(std::string_view which, const KeyChange& change);
  Status Forget(std::string_view which);

  // Places of a key that were looked at and hold it no more; those that are not
  // known change nothing. `which` as for Find.
  Status MarkGone(std::string_view which, std::span<const SeenPlace> places,
                  std::int64_t at);

  // kNotFound where neither of its keys is known.
  Status AddRotation(const KeyRotation& rotation);

  // The fingerprints of a provider's keys, sorted: those that a hint fits, as
  // FingerprintKey::Hint() makes it; those that the provider calls `key_id`.
  Result<std::vector<std::string>> WithHint(std::string_view provider,
                                            std::string_view hint);
  Result<std::vector<std::string>> WithKeyId(std::string_view provider,
                                             std::string_view key_id);

  // What the provider's list says of a key, as of `at`: facts that are set
  // replace what is known, unless an answer came later; the verdict stays.
  // kNotFound.
  Status AddFacts(std::string_view fingerprint, const KeyFacts& facts,
                  std::int64_t at);

  // Sorted by time, machine and scope.
  Result<std::vector<RunRecord>> Runs();

 private:
  Inventory(std::unique_ptr<Database> database, FingerprintKey fingerprints)
      : database_(std::move(database)),
        fingerprints_(std::move(fingerprints)) {}

  // A write transaction, on a database that is whole.
  Result<Transaction> BeginWrite();

  std::unique_ptr<Database> database_;
  FingerprintKey fingerprints_;
};

}  // namespace keytidy::inventory
