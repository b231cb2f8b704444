// SPDX-License-Identifier: Apache-2.0
#include "inventory/read_keys.h"

#include <algorithm>
#include <memory>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "inventory/key_row.h"
#include "inventory/stored_text.h"

namespace keytidy::inventory {
namespace {

constexpr std::string_view kPlaces =
    "SELECT fingerprint, machine, path, client, server, slot, line, kinds, "
    "first_seen, last_seen, gone_at FROM places";
constexpr std::string_view kEvidence =
    "SELECT fingerprint, source, earliest, latest FROM evidence";
constexpr std::string_view kRotations =
    "SELECT fingerprint, at, from_key, to_key, note FROM rotations";

// The rows of a table beside the one of keys, walked along with it.
class SideTable {
 public:
  static Result<SideTable> Open(Database& database, std::string_view select,
                                std::string_view fingerprint) {
    std::string sql(select);
    Result<std::unique_ptr<Rows>> rows;
    if (fingerprint.empty()) {
      rows = database.Query(sql + " ORDER BY fingerprint", {});
    } else {
      const Value value = fingerprint;
      rows = database.Query(sql + " WHERE fingerprint = $1", {&value, 1});
    }
    if (!rows) return Fail(rows.error());
    SideTable out(database, std::move(*rows));
    if (auto moved = out.Move(); !moved) return Fail(moved.error());
    return out;
  }

  // Calls use(rows) for each row of a key.
  template <class Use>
  Status Take(std::string_view fingerprint, const Use& use) {
    while (there_ && fingerprint.compare(at_) >= 0) {
      if (at_ == fingerprint) {
        use(*rows_);
        if (rows_->bad()) return Fail(Damaged());
      }
      if (auto moved = Move(); !moved) return moved;
    }
    return {};
  }

 private:
  SideTable(const Database& database, std::unique_ptr<Rows> rows)
      : database_(&database), rows_(std::move(rows)) {}

  Error Damaged() const {
    return DamagedError(*database_, "what belongs to a key makes no sense");
  }

  Status Move() {
    const auto more = rows_->Next();
    if (!more) return Fail(more.error());
    there_ = *more;
    if (!there_) return {};
    at_ = rows_->Text(0);
    if (rows_->bad()) return Fail(Damaged());
    return {};
  }

  const Database* database_;
  std::unique_ptr<Rows> rows_;
  bool there_ = false;
  std::string at_;
};

InventoryPlace ReadPlace(Rows& rows) {
  InventoryPlace out;
  out.machine = rows.Text(1);
  out.path = rows.Text(2);
  out.client = rows.Text(3);
  out.server = rows.Text(4);
  out.slot = rows.Text(5);
  out.line = static_cast<std::uint64_t>(rows.Number(6));
  out.kinds = SplitLines(rows.Text(7));
  out.first_seen = rows.Number(8);
  out.last_seen = rows.Number(9);
  out.gone_at = rows.MaybeNumber(10);
  return out;
}

auto Identity(const InventoryPlace& place) {
  return std::tie(place.machine, place.path, place.client, place.server,
                  place.slot);
}

// Several scopes may have seen one place. It is gone when one of them missed
// it after the last that saw it.
void Join(InventoryPlace&& other, InventoryPlace* place) {
  const std::int64_t first = std::min(place->first_seen, other.first_seen);
  const std::int64_t last = std::max(place->last_seen, other.last_seen);
  const auto gone = std::max(place->gone_at, other.gone_at);
  const bool both_gone = place->gone_at && other.gone_at;
  if (other.last_seen > place->last_seen) *place = std::move(other);
  place->first_seen = first;
  place->last_seen = last;
  place->gone_at = gone && (both_gone || *gone > last) ? gone : std::nullopt;
}

void JoinPlaces(std::vector<InventoryPlace>* places) {
  std::sort(places->begin(), places->end(),
            [](const InventoryPlace& a, const InventoryPlace& b) {
              return std::tie(a.machine, a.path, a.client, a.server, a.slot,
                              a.last_seen, a.line) <
                     std::tie(b.machine, b.path, b.client, b.server, b.slot,
                              b.last_seen, b.line);
            });
  std::size_t kept = 0;
  for (std::size_t i = 1; i < places->size(); ++i) {
    InventoryPlace& next = (*places)[i];
    if (Identity(next) == Identity((*places)[kept])) {
      Join(std::move(next), &(*places)[kept]);
    } else if (++kept != i) {
      (*places)[kept] = std::move(next);
    }
  }
  if (!places->empty()) places->resize(kept + 1);
}

void ReadEvidence(Rows& rows, std::vector<AgeEvidence>* out) {
  const std::string source(rows.Text(1));
  const std::int64_t earliest = rows.Number(2);
  const std::int64_t latest = rows.Number(3);
  out->push_back({source, earliest});
  if (latest != earliest) out->push_back({source, latest});
}

KeyRotation ReadRotation(Rows& rows) {
  KeyRotation out;
  out.at = rows.Number(1);
  out.from = rows.Text(2);
  out.to = rows.Text(3);
  out.note = rows.Text(4);
  return out;
}

}  // namespace

Status ReadKeys(Database& database, std::string_view fingerprint,
                const std::function<void(InventoryKey)>& use) {
  auto rows = QueryKeyRows(database, fingerprint);
  if (!rows) return Fail(rows.error());
  auto places = SideTable::Open(database, kPlaces, fingerprint);
  if (!places) return Fail(places.error());
  auto evidence = SideTable::Open(database, kEvidence, fingerprint);
  if (!evidence) return Fail(evidence.error());
  auto rotations = SideTable::Open(database, kRotations, fingerprint);
  if (!rotations) return Fail(rotations.error());
  while (true) {
    const auto more = (*rows)->Next();
    if (!more) return Fail(more.error());
    if (!*more) return {};
    auto row = ReadKeyRow(database, **rows);
    if (!row) return Fail(row.error());
    InventoryKey key = Shown(std::move(*row));
    Status taken = places->Take(key.fingerprint, [&](Rows& one) {
      key.places.push_back(ReadPlace(one));
    });
    if (taken) {
      taken = evidence->Take(key.fingerprint, [&](Rows& one) {
        ReadEvidence(one, &key.evidence);
      });
    }
    if (taken) {
      taken = rotations->Take(key.fingerprint, [&](Rows& one) {
        key.rotations.push_back(ReadRotation(one));
      });
    }
    if (!taken) return taken;
    JoinPlaces(&key.places);
    std::sort(key.evidence.begin(), key.evidence.end(),
              [](const AgeEvidence& a, const AgeEvidence& b) {
                return std::tie(a.at, a.source) < std::tie(b.at, b.source);
              });
    std::sort(key.rotations.begin(), key.rotations.end(),
              [](const KeyRotation& a, const KeyRotation& b) {
                return std::tie(a.at, a.from, a.to) <
                       std::tie(b.at, b.from, b.to);
              });
    use(std::move(key));
  }
}

}  // namespace keytidy::inventory
