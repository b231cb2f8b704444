// SPDX-License-Identifier: Apache-2.0
#include "inventory/key_row.h"

#include <algorithm>
#include <array>
#include <utility>

#include "inventory/stored_text.h"

namespace keytidy::inventory {
namespace {

#define KEYTIDY_COLUMNS                                                  \
  "fingerprint, id, rule, provider, title, redacted, seen_environment, " \
  "seen_tier, set_name, set_owner, set_environment, set_tier, labels, "  \
  "first_seen, last_seen, verdict, verdict_evidence, checked_at, "       \
  "fact_key_id, fact_name, fact_owner, fact_account, fact_scopes, "      \
  "fact_created, fact_expires, fact_last_used"

constexpr std::string_view kSelectAll =
    "SELECT " KEYTIDY_COLUMNS " FROM keys ORDER BY fingerprint";
constexpr std::string_view kSelectOne =
    "SELECT " KEYTIDY_COLUMNS " FROM keys WHERE fingerprint = $1";
constexpr std::string_view kWrite =
    "INSERT INTO keys (" KEYTIDY_COLUMNS
    ") VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, "
    "$15, $16, $17, $18, $19, $20, $21, $22, $23, $24, $25, $26) "
    "ON CONFLICT (fingerprint) DO UPDATE SET id = excluded.id, "
    "rule = excluded.rule, provider = excluded.provider, "
    "title = excluded.title, redacted = excluded.redacted, "
    "seen_environment = excluded.seen_environment, "
    "seen_tier = excluded.seen_tier, set_name = excluded.set_name, "
    "set_owner = excluded.set_owner, "
    "set_environment = excluded.set_environment, "
    "set_tier = excluded.set_tier, labels = excluded.labels, "
    "first_seen = excluded.first_seen, last_seen = excluded.last_seen, "
    "verdict = excluded.verdict, "
    "verdict_evidence = excluded.verdict_evidence, "
    "checked_at = excluded.checked_at, fact_key_id = excluded.fact_key_id, "
    "fact_name = excluded.fact_name, fact_owner = excluded.fact_owner, "
    "fact_account = excluded.fact_account, "
    "fact_scopes = excluded.fact_scopes, "
    "fact_created = excluded.fact_created, "
    "fact_expires = excluded.fact_expires, "
    "fact_last_used = excluded.fact_last_used";

constexpr std::array kStates = {VerdictState::kNotTried, VerdictState::kActive,
                                VerdictState::kInactive,
                                VerdictState::kUnknown};

bool IsProof(VerdictState state) {
  return state == VerdictState::kActive || state == VerdictState::kInactive;
}

// What is newer and not empty wins.
template <class T>
void Take(const T& from, bool newer, T* to) {
  if (from != T() && (newer || *to == T())) *to = from;
}

void TakeFacts(const KeyFacts& from, bool newer, KeyFacts* to) {
  Take(from.key_id, newer, &to->key_id);
  Take(from.name, newer, &to->name);
  Take(from.owner, newer, &to->owner);
  Take(from.account, newer, &to->account);
  Take(from.scopes, newer, &to->scopes);
  Take(from.created, newer, &to->created);
  Take(from.expires, newer, &to->expires);
  Take(from.last_used, newer, &to->last_used);
}

// Only an answer that proves something takes the place of one that did.
void MergeVerdict(const Verdict& seen, std::int64_t at, Verdict* known) {
  const std::int64_t when = seen.checked_at.value_or(at);
  const bool newer = !known->checked_at || when >= *known->checked_at;
  TakeFacts(seen.facts, newer, &known->facts);
  if (seen.state == VerdictState::kNotTried) return;
  const bool proved = IsProof(seen.state);
  const bool had = IsProof(known->state);
  if (proved == had ? !newer : had) return;
  known->state = seen.state;
  known->evidence = seen.evidence;
  known->checked_at = when;
}

}  // namespace

Result<std::unique_ptr<Rows>> QueryKeyRows(Database& database,
                                           std::string_view fingerprint) {
  if (fingerprint.empty()) return database.Query(kSelectAll, {});
  const Value value = fingerprint;
  return database.Query(kSelectOne, {&value, 1});
}

Result<KeyRow> ReadKeyRow(const Database& database, Rows& rows) {
  KeyRow row;
  InventoryKey& key = row.key;
  key.fingerprint = rows.Text(0);
  key.id = rows.Text(1);
  key.rule = rows.Text(2);
  key.provider = rows.Text(3);
  key.title = rows.Text(4);
  key.redacted = rows.Text(5);
  row.seen_environment = rows.Text(6);
  row.seen_tier = rows.Text(7);
  key.name = rows.Text(8);
  key.owner = rows.Text(9);
  key.environment = rows.Text(10);
  key.tier = rows.Text(11);
  key.labels = SplitLines(rows.Text(12));
  key.first_seen = rows.Number(13);
  key.last_seen = rows.Number(14);
  const std::string_view state = rows.Text(15);
  const auto known =
      std::find_if(kStates.begin(), kStates.end(),
                   [&](VerdictState one) { return Name(one) == state; });
  key.verdict.evidence = rows.Text(16);
  key.verdict.checked_at = rows.MaybeNumber(17);
  KeyFacts& facts = key.verdict.facts;
  facts.key_id = rows.Text(18);
  facts.name = rows.Text(19);
  facts.owner = rows.Text(20);
  facts.account = rows.Text(21);
  facts.scopes = SplitLines(rows.Text(22));
  facts.created = rows.MaybeNumber(23);
  facts.expires = rows.MaybeNumber(24);
  facts.last_used = rows.MaybeNumber(25);
  if (rows.bad() || known == kStates.end()) {
    return Fail(DamagedError(database, "the record of a key makes no sense"));
  }
  key.verdict.state = *known;
  return row;
}

Result<std::optional<KeyRow>> FindKeyRow(Database& database,
                                         std::string_view fingerprint) {
  auto rows = QueryKeyRows(database, fingerprint);
  if (!rows) return Fail(rows.error());
  const auto more = (*rows)->Next();
  if (!more) return Fail(more.error());
  if (!*more) return std::nullopt;
  auto row = ReadKeyRow(database, **rows);
  if (!row) return Fail(row.error());
  return std::move(*row);
}

Status WriteKeyRow(Database& database, const KeyRow& row) {
  const InventoryKey& key = row.key;
  const KeyFacts& facts = key.verdict.facts;
  Values values;
  values.Text(key.fingerprint).Text(key.id).Text(key.rule);
  values.Text(key.provider).Text(key.title).Text(key.redacted);
  values.Text(row.seen_environment).Text(row.seen_tier);
  values.Text(key.name).Text(key.owner).Text(key.environment).Text(key.tier);
  values.Lines(key.labels).Number(key.first_seen).Number(key.last_seen);
  values.Text(Name(key.verdict.state)).Text(key.verdict.evidence);
  values.MaybeNumber(key.verdict.checked_at);
  values.Text(facts.key_id).Text(facts.name).Text(facts.owner);
  values.Text(facts.account).Lines(facts.scopes).MaybeNumber(facts.created);
  values.MaybeNumber(facts.expires).MaybeNumber(facts.last_used);
  return database.Execute(kWrite, values);
}

void Merge(const SeenKey& seen, std::int64_t at, KeyRow* row) {
  InventoryKey& key = row->key;
  const bool first = key.fingerprint.empty();
  const bool newer = first || at >= key.last_seen;
  key.fingerprint = seen.fingerprint;
  key.first_seen = first ? at : std::min(key.first_seen, at);
  key.last_seen = first ? at : std::max(key.last_seen, at);
  Take(seen.id, newer, &key.id);
  Take(seen.rule, newer, &key.rule);
  Take(seen.provider, newer, &key.provider);
  Take(seen.title, newer, &key.title);
  Take(seen.redacted, newer, &key.redacted);
  Take(seen.environment, newer, &row->seen_environment);
  Take(seen.tier, newer, &row->seen_tier);
  MergeVerdict(seen.verdict, at, &key.verdict);
}

void MergeFacts(const KeyFacts& facts, std::int64_t at, KeyRow* row) {
  Verdict& known = row->key.verdict;
  TakeFacts(facts, at >= known.checked_at.value_or(at), &known.facts);
}

InventoryKey Shown(KeyRow row) {
  InventoryKey key = std::move(row.key);
  const KeyFacts& facts = key.verdict.facts;
  if (key.name.empty()) key.name = facts.name;
  if (key.owner.empty()) key.owner = facts.owner;
  if (key.environment.empty()) key.environment = row.seen_environment;
  if (key.tier.empty()) key.tier = row.seen_tier;
  return key;
}

}  // namespace keytidy::inventory
