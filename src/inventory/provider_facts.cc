// SPDX-License-Identifier: Apache-2.0
#include <string>
#include <utility>
#include <vector>

#include "inventory/inventory.h"
#include "inventory/key_row.h"
#include "inventory/stored_text.h"

namespace keytidy::inventory {
namespace {

Result<std::vector<std::string>> FingerprintsOf(Database& database,
                                                std::string_view sql,
                                                std::string_view provider,
                                                std::string_view text) {
  std::vector<std::string> out;
  if (text.empty()) return out;
  Values values;
  values.Text(provider).Text(text);
  auto rows = database.Query(sql, values);
  if (!rows) return Fail(rows.error());
  while (true) {
    const auto more = (*rows)->Next();
    if (!more) return Fail(more.error());
    if (!*more) return out;
    out.emplace_back((*rows)->Text(0));
    if ((*rows)->bad()) {
      return Fail(DamagedError(database, "the record of a key makes no sense"));
    }
  }
}

}  // namespace

Result<std::vector<std::string>> Inventory::WithHint(std::string_view provider,
                                                     std::string_view hint) {
  return FingerprintsOf(*database_,
                        "SELECT keys.fingerprint FROM hints "
                        "JOIN keys ON keys.fingerprint = hints.fingerprint "
                        "WHERE keys.provider = $1 AND hints.hint = $2 "
                        "ORDER BY keys.fingerprint",
                        provider, hint);
}

Result<std::vector<std::string>> Inventory::WithKeyId(std::string_view provider,
                                                      std::string_view key_id) {
  return FingerprintsOf(*database_,
                        "SELECT fingerprint FROM keys "
                        "WHERE provider = $1 AND fact_key_id = $2 "
                        "ORDER BY fingerprint",
                        provider, key_id);
}

Status Inventory::AddFacts(std::string_view fingerprint, const KeyFacts& facts,
                           std::int64_t at) {
  // An empty one would stand for all keys.
  if (!IsFingerprint(fingerprint)) {
    return Fail(ErrorCode::kInternal, "facts need a fingerprint");
  }
  auto transaction = BeginWrite();
  if (!transaction) return Fail(transaction.error());
  auto row = FindKeyRow(*database_, fingerprint);
  if (!row) return Fail(row.error());
  if (!*row) {
    return Fail(ErrorCode::kNotFound, "{}: no key of this fingerprint is known",
                fingerprint);
  }
  MergeFacts(facts, at, &**row);
  if (auto done = WriteKeyRow(*database_, **row); !done) return done;
  return transaction->Commit();
}

}  // namespace keytidy::inventory
