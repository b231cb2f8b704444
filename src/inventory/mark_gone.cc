// SPDX-License-Identifier: Apache-2.0
#include "inventory/find_key.h"
#include "inventory/inventory.h"
#include "inventory/stored_text.h"

namespace keytidy::inventory {
namespace {

constexpr std::string_view kMarkGone =
    "UPDATE places SET gone_at = $1 WHERE fingerprint = $2 AND machine = $3 "
    "AND path = $4 AND client = $5 AND server = $6 AND slot = $7 "
    "AND gone_at IS NULL";

}  // namespace

Status Inventory::MarkGone(std::string_view which,
                           std::span<const SeenPlace> places, std::int64_t at) {
  auto transaction = BeginWrite();
  if (!transaction) return Fail(transaction.error());
  const auto fingerprint = ResolveKey(*database_, which);
  if (!fingerprint) return Fail(fingerprint.error());
  for (const SeenPlace& place : places) {
    Values values;
    values.Number(at).Text(*fingerprint).Text(place.machine).Text(place.path);
    values.Text(place.client).Text(place.server).Text(place.slot);
    if (auto done = database_->Execute(kMarkGone, values); !done) return done;
  }
  return transaction->Commit();
}

}  // namespace keytidy::inventory
