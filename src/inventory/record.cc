// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "base/digest.h"
#include "base/text.h"
#include "inventory/inventory.h"
#include "inventory/key_row.h"
#include "inventory/stored_text.h"

namespace keytidy::inventory {
namespace {

constexpr std::string_view kWriteRun =
    "INSERT INTO runs (id, machine, scope, at, complete, keys, places) "
    "VALUES ($1, $2, $3, $4, $5, $6, $7)";

constexpr std::string_view kWritePlace =
    "INSERT INTO places (fingerprint, place, origin, machine, path, client, "
    "server, slot, line, kinds, first_seen, last_seen, run) "
    "VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13) "
    "ON CONFLICT (fingerprint, place, origin) DO UPDATE SET "
    "line = excluded.line, kinds = excluded.kinds, run = excluded.run, "
    "first_seen = CASE WHEN excluded.first_seen < places.first_seen "
    "THEN excluded.first_seen ELSE places.first_seen END, "
    "last_seen = CASE WHEN excluded.last_seen > places.last_seen "
    "THEN excluded.last_seen ELSE places.last_seen END, "
    "gone_at = CASE WHEN places.gone_at > excluded.last_seen "
    "THEN places.gone_at ELSE NULL END";

constexpr std::string_view kMarkGone =
    "UPDATE places SET gone_at = $1 WHERE origin = $2 AND run <> $3 "
    "AND gone_at IS NULL AND last_seen <= $4";

constexpr std::string_view kWriteEvidence =
    "INSERT INTO evidence (fingerprint, source, earliest, latest) "
    "VALUES ($1, $2, $3, $4) ON CONFLICT (fingerprint, source) DO UPDATE SET "
    "earliest = CASE WHEN excluded.earliest < evidence.earliest "
    "THEN excluded.earliest ELSE evidence.earliest END, "
    "latest = CASE WHEN excluded.latest > evidence.latest "
    "THEN excluded.latest ELSE evidence.latest END";

constexpr std::string_view kWriteHint =
    "INSERT INTO hints (fingerprint, hint) VALUES ($1, $2) "
    "ON CONFLICT (fingerprint, hint) DO NOTHING";

// Of texts one after another, none of which can be taken for two.
template <class... Texts>
std::string DigestOf(const Texts&... texts) {
  std::string all;
  ((all += std::to_string(texts.size()) + ":" + texts), ...);
  return ToHex(Sha256(all)).substr(0, 32);
}

std::string OneLine(std::string_view text) {
  return ForTerminal(text.substr(0, 40));
}

Status WritePlace(Database& database, const Run& run, const SeenPlace& place,
                  std::string_view fingerprint, std::string_view origin,
                  std::string_view run_id) {
  const std::string digest =
      DigestOf(run.machine, place.path, place.client, place.server, place.slot);
  Values values;
  values.Text(fingerprint).Text(digest).Text(origin).Text(run.machine);
  values.Text(place.path).Text(place.client).Text(place.server);
  values.Text(place.slot).Number(static_cast<std::int64_t>(place.line));
  values.Lines(place.kinds).Number(run.at).Number(run.at).Text(run_id);
  return database.Execute(kWritePlace, values);
}

Status WriteKey(Database& database, const Run& run, const SeenKey& seen,
                std::string_view origin, std::string_view run_id) {
  auto known = FindKeyRow(database, seen.fingerprint);
  if (!known) return Fail(known.error());
  KeyRow row = *known ? std::move(**known) : KeyRow();
  Merge(seen, run.at, &row);
  if (auto done = WriteKeyRow(database, row); !done) return done;
  for (const SeenPlace& place : seen.places) {
    auto done =
        WritePlace(database, run, place, seen.fingerprint, origin, run_id);
    if (!done) return done;
  }
  for (const AgeEvidence& one : seen.evidence) {
    Values values;
    values.Text(seen.fingerprint).Text(one.source);
    values.Number(one.at).Number(one.at);
    if (auto done = database.Execute(kWriteEvidence, values); !done) {
      return done;
    }
  }
  for (const std::string& hint : seen.hints) {
    Values values;
    values.Text(seen.fingerprint).Text(hint);
    if (auto done = database.Execute(kWriteHint, values); !done) return done;
  }
  return {};
}

}  // namespace

Status Inventory::Record(const Run& run, std::span<const SeenKey> keys) {
  std::size_t places = 0;
  std::vector<const SeenKey*> sorted;
  sorted.reserve(keys.size());
  for (const SeenKey& key : keys) {
    sorted.push_back(&key);
    places += key.places.size();
    // Nothing else may become the name of a key: it would stay in clear.
    if (!IsFingerprint(key.fingerprint) ||
        !std::all_of(key.hints.begin(), key.hints.end(), IsFingerprint)) {
      return Fail(ErrorCode::kInternal,
                  "a key of rule {} has no fingerprint, or a bad hint",
                  OneLine(key.rule));
    }
  }
  // Neighbours in the tables are written, and later read, one after another.
  std::stable_sort(sorted.begin(), sorted.end(),
                   [](const SeenKey* a, const SeenKey* b) {
                     return a->fingerprint < b->fingerprint;
                   });
  auto transaction = BeginWrite();
  if (!transaction) return Fail(transaction.error());
  const std::string random = RandomBytes(16);
  const std::string run_id = ToHex(Sha256(random)).substr(0, 32);
  const std::string origin = DigestOf(run.machine, run.scope);
  Values values;
  values.Text(run_id).Text(run.machine).Text(run.scope).Number(run.at);
  values.Number(run.complete ? 1 : 0);
  values.Number(static_cast<std::int64_t>(keys.size()));
  values.Number(static_cast<std::int64_t>(places));
  if (auto done = database_->Execute(kWriteRun, values); !done) return done;
  for (const SeenKey* key : sorted) {
    if (auto done = WriteKey(*database_, run, *key, origin, run_id); !done) {
      return done;
    }
  }
  if (run.complete) {
    Values gone;
    gone.Number(run.at).Text(origin).Text(run_id).Number(run.at);
    if (auto done = database_->Execute(kMarkGone, gone); !done) return done;
  }
  return transaction->Commit();
}

}  // namespace keytidy::inventory
