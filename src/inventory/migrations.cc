// SPDX-License-Identifier: Apache-2.0
#include "inventory/migrations.h"

#include "inventory/schema_text.h"

namespace keytidy::inventory {
namespace {

constexpr std::string_view kProduct = "keytidy inventory";

// 0 for a database without tables.
Result<std::int64_t> VersionOf(Database& database) {
  auto there = database.HasTable("schema_version");
  if (!there) return Fail(there.error());
  if (!*there) return 0;
  const Value product = kProduct;
  auto rows = database.Query(
      "SELECT version FROM schema_version WHERE product = $1 "
      "ORDER BY version DESC LIMIT 1",
      {&product, 1});
  if (!rows) return Fail(rows.error());
  const auto row = (*rows)->Next();
  if (!row) return Fail(row.error());
  const std::int64_t version = *row ? (*rows)->Number(0) : 0;
  if ((*rows)->bad() || version < 1) {
    return Fail(DamagedError(database, "its schema has no version"));
  }
  return version;
}

Status CheckNotNewer(const Database& database, std::int64_t version,
                     std::size_t known) {
  if (version <= static_cast<std::int64_t>(known)) return {};
  return Fail(ErrorCode::kUnsupported,
              "{}: was written by a newer keytidy (schema {}, this one knows "
              "{}); it is left as it is",
              database.name(), version, known);
}

}  // namespace

std::span<const std::string_view> Migrations() { return kSchemaTexts; }

Status Migrate(Database& database, std::span<const std::string_view> scripts) {
  const auto before = VersionOf(database);
  if (!before) return Fail(before.error());
  if (auto fine = CheckNotNewer(database, *before, scripts.size()); !fine) {
    return fine;
  }
  if (*before == static_cast<std::int64_t>(scripts.size())) return {};
  if (auto whole = database.Check(); !whole) return whole;
  auto transaction = Transaction::Begin(database, Database::Access::kWrite);
  if (!transaction) return Fail(transaction.error());
  // Somebody else may have been here since.
  const auto version = VersionOf(database);
  if (!version) return Fail(version.error());
  if (auto fine = CheckNotNewer(database, *version, scripts.size()); !fine) {
    return fine;
  }
  for (auto next = static_cast<std::size_t>(*version); next < scripts.size();
       ++next) {
    if (auto done = database.Script(scripts[next]); !done) return done;
    const Value values[] = {kProduct, static_cast<std::int64_t>(next) + 1};
    if (auto done = database.Execute(
            "INSERT INTO schema_version (product, version) VALUES ($1, $2)",
            values);
        !done) {
      return done;
    }
  }
  return transaction->Commit();
}

}  // namespace keytidy::inventory
