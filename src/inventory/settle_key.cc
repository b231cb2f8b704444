// SPDX-License-Identifier: Apache-2.0
#include "inventory/settle_key.h"

#include <optional>
#include <string_view>
#include <utility>

#include "core/secret.h"

namespace keytidy::inventory {
namespace {

// Made on the first use, not with the other tables: an inventory without it
// keeps no key.
constexpr std::string_view kKeyTable = "inventory_key";
constexpr std::string_view kMakeKeyTable =
    "CREATE TABLE inventory_key (name TEXT NOT NULL PRIMARY KEY, "
    "value TEXT NOT NULL);";

// What the database says of its key.
struct Settled {
  std::string check_value;            // empty in a new one
  std::optional<FingerprintKey> key;  // where it keeps it itself
};

// The one text that a query gives; empty where there is no row.
Result<std::string> TextOf(Database& database, std::string_view sql) {
  auto rows = database.Query(sql, {});
  if (!rows) return Fail(rows.error());
  const auto row = (*rows)->Next();
  if (!row) return Fail(row.error());
  if (!*row) return std::string();
  std::string out((*rows)->Text(0));
  if ((*rows)->bad() || out.empty()) {
    return Fail(DamagedError(database, "it does not say which key it is of"));
  }
  return out;
}

Result<Settled> Read(Database& database) {
  Settled out;
  auto value = TextOf(
      database, "SELECT value FROM settings WHERE name = 'fingerprint_key'");
  if (!value) return Fail(value.error());
  out.check_value = std::move(*value);
  const auto kept = database.HasTable(kKeyTable);
  if (!kept) return Fail(kept.error());
  if (!*kept) return out;
  auto digits = TextOf(
      database, "SELECT value FROM inventory_key WHERE name = 'fingerprint'");
  if (!digits) return Fail(digits.error());
  auto key = FingerprintKey::FromHex(*digits);
  Wipe(&*digits);
  if (!key || key->CheckValue() != out.check_value) {
    return Fail(DamagedError(
        database, "the key it keeps is not the one it was made with"));
  }
  out.key = std::move(*key);
  return out;
}

Status Write(Database& database, const FingerprintKey& key, bool kept) {
  const std::string check_value = key.CheckValue();
  const Value check[] = {std::string_view(check_value)};
  auto done = database.Execute(
      "INSERT INTO settings (name, value) VALUES ('fingerprint_key', $1)",
      check);
  if (!done || !kept) return done;
  if (done = database.Script(kMakeKeyTable); !done) return done;
  std::string digits = key.Hex();
  const Value value[] = {std::string_view(digits)};
  done = database.Execute(
      "INSERT INTO inventory_key (name, value) VALUES ('fingerprint', $1)",
      value);
  Wipe(&digits);
  return done;
}

// The key of a new inventory, or what somebody else has settled since.
Result<Settled> Settle(Database& database, const std::string& path) {
  if (auto whole = database.Check(); !whole) return Fail(whole.error());
  auto transaction = Transaction::Begin(database, Database::Access::kWrite);
  if (!transaction) return Fail(transaction.error());
  auto settled = Read(database);
  if (!settled || !settled->check_value.empty()) return settled;
  auto key =
      path.empty() ? FingerprintKey::Make() : FingerprintKey::ReadOrMake(path);
  if (!key) return Fail(key.error());
  if (auto done = Write(database, *key, path.empty()); !done) {
    return Fail(done.error());
  }
  if (auto done = transaction->Commit(); !done) return Fail(done.error());
  settled->check_value = key->CheckValue();
  if (path.empty()) settled->key = std::move(*key);
  return settled;
}

Result<Settled> ReadAtOneMoment(Database& database) {
  auto transaction = Transaction::Begin(database, Database::Access::kRead);
  if (!transaction) return Fail(transaction.error());
  auto out = Read(database);
  if (!out) return out;
  if (auto done = transaction->Commit(); !done) return Fail(done.error());
  return out;
}

}  // namespace

Result<FingerprintKey> SettleKey(Database& database, const std::string& path) {
  auto settled = ReadAtOneMoment(database);
  if (settled && settled->check_value.empty()) {
    settled = Settle(database, path);
  }
  if (!settled) return Fail(settled.error());
  if (settled->key) {
    if (path.empty()) return std::move(*settled->key);
    return Fail(ErrorCode::kInvalid,
                "{}: keeps its key itself; leave out --inventory-key",
                database.name());
  }
  if (path.empty()) {
    return Fail(ErrorCode::kInvalid,
                "{}: its key is kept in a file, not on the server; name the "
                "file with --inventory-key FILE",
                database.name());
  }
  auto key = FingerprintKey::Read(path);
  if (!key && key.error().code == ErrorCode::kNotFound) {
    return Fail(ErrorCode::kDamaged,
                "{}: is missing, and without it the keys of {} cannot be told "
                "apart: put it back, or move the inventory away to start a new "
                "one",
                path, database.name());
  }
  if (key && key->CheckValue() != settled->check_value) {
    return Fail(ErrorCode::kDamaged,
                "{}: is not the key that {} was made with: put that one back, "
                "or move the inventory away to start a new one",
                path, database.name());
  }
  return key;
}

}  // namespace keytidy::inventory
