// SPDX-License-Identifier: Apache-2.0
#include "inventory/inventory.h"

#include <sys/stat.h>

#include <algorithm>
#include <cstdlib>
#include <utility>

#include "base/text.h"
#include "core/severity.h"
#include "inventory/find_key.h"
#include "inventory/key_row.h"
#include "inventory/migrations.h"
#include "inventory/postgres_database.h"
#include "inventory/read_keys.h"
#include "inventory/settle_key.h"
#include "inventory/sqlite_database.h"
#include "inventory/stored_text.h"

namespace keytidy::inventory {
namespace {

bool Fits(const std::string& wanted, const std::string& is) {
  return wanted.empty() || wanted == is;
}

bool Fits(const Filter& filter, const InventoryKey& key) {
  if (!Fits(filter.provider, key.provider) || !Fits(filter.rule, key.rule) ||
      !Fits(filter.owner, key.owner) || !Fits(filter.tier, key.tier) ||
      !Fits(filter.environment, key.environment)) {
    return false;
  }
  if (!filter.label.empty() && std::find(key.labels.begin(), key.labels.end(),
                                         filter.label) == key.labels.end()) {
    return false;
  }
  if (filter.machine.empty() && filter.client.empty() && !filter.only_present) {
    return true;
  }
  return std::any_of(key.places.begin(), key.places.end(),
                     [&](const InventoryPlace& place) {
                       return Fits(filter.machine, place.machine) &&
                              Fits(filter.client, place.client) &&
                              !(filter.only_present && place.gone_at);
                     });
}

}  // namespace

std::string Inventory::DefaultPath() {
  const char* data = std::getenv("XDG_DATA_HOME");
  if (data != nullptr && *data == '/') {
    return std::string(data) + "/keytidy/inventory.db";
  }
  const char* home = std::getenv("HOME");
  if (home == nullptr || *home != '/') return {};
  return std::string(home) + "/.local/share/keytidy/inventory.db";
}

Result<std::unique_ptr<Inventory>> Inventory::Open(const std::string& path,
                                                   const std::string& key_path,
                                                   IfMissing if_missing) {
  const bool server = IsPostgresAddress(path);
  if (!server && if_missing == IfMissing::kFail) {
    struct stat info;
    if (lstat(path.c_str(), &info) != 0) return Fail(MissingError(path));
  }
  auto database = server ? OpenPostgres(path, if_missing) : OpenSqlite(path);
  if (!database) return Fail(database.error());
  std::string key = key_path;
  if (!server && key.empty()) {
    key = FingerprintKey::PathBeside((*database)->name());
  }
  return Over(std::move(*database), key);
}

Result<std::unique_ptr<Inventory>> Inventory::Over(
    std::unique_ptr<Database> database, const std::string& key_path) {
  if (auto done = Migrate(*database, Migrations()); !done) {
    return Fail(done.error());
  }
  auto key = SettleKey(*database, key_path);
  if (!key) return Fail(key.error());
  return std::unique_ptr<Inventory>(
      new Inventory(std::move(database), std::move(*key)));
}

Result<Transaction> Inventory::BeginWrite() {
  if (auto whole = database_->Check(); !whole) return Fail(whole.error());
  return Transaction::Begin(*database_, Database::Access::kWrite);
}

Result<std::vector<InventoryKey>> Inventory::List(const Filter& filter) {
  std::vector<InventoryKey> out;
  auto done =
      ForEach(filter, [&](InventoryKey key) { out.push_back(std::move(key)); });
  if (!done) return Fail(done.error());
  return out;
}

Status Inventory::ForEach(const Filter& filter,
                          const std::function<void(InventoryKey)>& use) {
  auto transaction = Transaction::Begin(*database_, Database::Access::kRead);
  if (!transaction) return Fail(transaction.error());
  auto done = ReadKeys(*database_, "", [&](InventoryKey key) {
    if (Fits(filter, key)) use(std::move(key));
  });
  return done ? transaction->Commit() : done;
}

Result<InventoryKey> Inventory::Find(std::string_view which) {
  auto transaction = Transaction::Begin(*database_, Database::Access::kRead);
  if (!transaction) return Fail(transaction.error());
  const auto fingerprint = ResolveKey(*database_, which);
  if (!fingerprint) return Fail(fingerprint.error());
  std::optional<InventoryKey> found;
  auto done = ReadKeys(*database_, *fingerprint,
                       [&](InventoryKey key) { found = std::move(key); });
  if (!done) return Fail(done.error());
  if (!found) {
    return Fail(DamagedError(*database_, "an index does not fit its table"));
  }
  if (done = transaction->Commit(); !done) return Fail(done.error());
  return std::move(*found);
}

Status Inventory::Set(std::string_view which, const KeyChange& change) {
  if (change.tier && !change.tier->empty() && !ParseTier(*change.tier)) {
    const auto near =
        Nearest(*change.tier, {"none", "low", "standard", "high", "ci"});
    return Fail(ErrorCode::kInvalid, "{}: no tier has this name{}",
                ForTerminal(change.tier->substr(0, 40)),
                near.empty() ? "; none, low, standard, high and ci are"
                             : fmt::format("; did you mean {}?", near));
  }
  auto transaction = BeginWrite();
  if (!transaction) return Fail(transaction.error());
  const auto fingerprint = ResolveKey(*database_, which);
  if (!fingerprint) return Fail(fingerprint.error());
  auto row = FindKeyRow(*database_, *fingerprint);
  if (!row) return Fail(row.error());
  if (!*row) {
    return Fail(DamagedError(*database_, "an index does not fit its table"));
  }
  InventoryKey& key = (*row)->key;
  if (change.name) key.name = *change.name;
  if (change.owner) key.owner = *change.owner;
  if (change.environment) key.environment = *change.environment;
  if (change.tier) key.tier = *change.tier;
  if (change.labels) {
    key.labels = *change.labels;
    std::sort(key.labels.begin(), key.labels.end());
    key.labels.erase(std::unique(key.labels.begin(), key.labels.end()),
                     key.labels.end());
  }
  if (auto done = WriteKeyRow(*database_, **row); !done) return done;
  return transaction->Commit();
}

Status Inventory::Forget(std::string_view which) {
  auto transaction = BeginWrite();
  if (!transaction) return Fail(transaction.error());
  const auto fingerprint = ResolveKey(*database_, which);
  if (!fingerprint) return Fail(fingerprint.error());
  const Value values[] = {std::string_view(*fingerprint)};
  for (const std::string_view sql :
       {"DELETE FROM keys WHERE fingerprint = $1",
        "DELETE FROM places WHERE fingerprint = $1",
        "DELETE FROM hints WHERE fingerprint = $1",
        "DELETE FROM evidence WHERE fingerprint = $1",
        "DELETE FROM rotations WHERE fingerprint = $1"}) {
    if (auto done = database_->Execute(sql, values); !done) return done;
  }
  return transaction->Commit();
}

Status Inventory::AddRotation(const KeyRotation& rotation) {
  bool known = false;
  for (const std::string* side : {&rotation.from, &rotation.to}) {
    if (!side->empty() && !IsFingerprint(*side)) {
      return Fail(ErrorCode::kInternal, "a rotation needs fingerprints");
    }
  }
  auto transaction = BeginWrite();
  if (!transaction) return Fail(transaction.error());
  for (const std::string* side : {&rotation.from, &rotation.to}) {
    if (side->empty()) continue;
    const auto row = FindKeyRow(*database_, *side);
    if (!row) return Fail(row.error());
    known = known || *row;
    Values values;
    values.Text(*side).Number(rotation.at).Text(rotation.from);
    values.Text(rotation.to).Text(rotation.note);
    auto done = database_->Execute(
        "INSERT INTO rotations (fingerprint, at, from_key, to_key, note) "
        "VALUES ($1, $2, $3, $4, $5) "
        "ON CONFLICT (fingerprint, at, from_key, to_key) "
        "DO UPDATE SET note = excluded.note",
        values);
    if (!done) return done;
  }
  if (!known) {
    return Fail(ErrorCode::kNotFound, "{}: no key of this rotation is known",
                database_->name());
  }
  return transaction->Commit();
}

Result<std::vector<RunRecord>> Inventory::Runs() {
  auto rows = database_->Query(
      "SELECT machine, scope, at, complete, keys, places FROM runs "
      "ORDER BY at, machine, scope, id",
      {});
  if (!rows) return Fail(rows.error());
  std::vector<RunRecord> out;
  while (true) {
    const auto more = (*rows)->Next();
    if (!more) return Fail(more.error());
    if (!*more) return out;
    RunRecord run;
    run.machine = (*rows)->Text(0);
    run.scope = (*rows)->Text(1);
    run.at = (*rows)->Number(2);
    run.complete = (*rows)->Number(3) != 0;
    run.keys = static_cast<std::uint64_t>((*rows)->Number(4));
    run.places = static_cast<std::uint64_t>((*rows)->Number(5));
    if ((*rows)->bad()) {
      return Fail(DamagedError(*database_,
                               "the record of a run makes no "
                               "sense"));
    }
    out.push_back(std::move(run));
  }
}

}  // namespace keytidy::inventory
