// SPDX-License-Identifier: Apache-2.0
#include "import/match_rows.h"

#include <algorithm>
#include <map>
#include <utility>

#include "import/hint_match.h"

namespace keytidy::imports {
namespace {

using Kind = RowMatch::Kind;

// A match, and whether it rests on more than a hint.
struct Found {
  RowMatch match;
  bool sure = false;
};

class Matcher {
 public:
  explicit Matcher(const KeyIndex& index) : index_(index) {}

  Result<Found> Match(const ProviderRow& row) {
    Found out;
    if (row.foreign) {
      out.match.why = "it is of another provider";
      return out;
    }
    for (const std::string& fingerprint : row.fingerprints) {
      auto key = Get(row, fingerprint);
      if (!key) return Fail(key.error());
      if (*key) return Sure({**std::move(key)});
    }
    if (!row.facts.key_id.empty()) {
      auto fingerprints = index_.with_key_id(row.provider, row.facts.key_id);
      if (!fingerprints) return Fail(fingerprints.error());
      std::vector<IndexedKey> keys;
      for (const std::string& fingerprint : *fingerprints) {
        auto key = Get(row, fingerprint);
        if (!key) return Fail(key.error());
        if (*key) keys.push_back(**std::move(key));
      }
      if (!keys.empty()) return Sure(std::move(keys));
    }
    // A key that was there whole would have been found.
    if (!row.fingerprints.empty()) return out;
    if (row.hints.empty()) {
      out.match.why = row.facts.key_id.empty()
                          ? "the row shows nothing of its key"
                          : "the row shows nothing of its key but an id, which "
                            "verifying a key would tell";
      return out;
    }
    if (!TellsApart(row.hints)) {
      out.match.why = "the row shows too little of its key";
      return out;
    }
    auto keys = KeysFitting(row.provider, row.hints, index_);
    if (!keys) return Fail(keys.error());
    out.match.keys = *std::move(keys);
    SetKind(&out.match);
    return out;
  }

 private:
  static void SetKind(RowMatch* match) {
    match->kind = match->keys.empty()       ? Kind::kUnmatched
                  : match->keys.size() == 1 ? Kind::kMatched
                                            : Kind::kAmbiguous;
  }

  static Found Sure(std::vector<IndexedKey> keys) {
    Found out;
    out.sure = true;
    out.match.keys = std::move(keys);
    SetKind(&out.match);
    return out;
  }

  // Nothing for a key of another provider.
  Result<std::optional<IndexedKey>> Get(const ProviderRow& row,
                                        const std::string& fingerprint) {
    auto key = index_.find(fingerprint);
    if (key && *key && (*key)->provider != row.provider) {
      return std::optional<IndexedKey>();
    }
    return key;
  }

  const KeyIndex& index_;
};

bool SaysTheSame(const ProviderRow& a, const ProviderRow& b) {
  return a.facts == b.facts && a.state == b.state &&
         a.never_expires == b.never_expires;
}

// Several rows cannot all be of one key, unless they say the same. One that is
// sure takes it from those that only look like it.
void SettleClaims(const std::vector<ProviderRow>& rows,
                  std::vector<Found>* found) {
  std::map<std::string_view, std::vector<std::size_t>> claims;
  for (std::size_t i = 0; i < found->size(); ++i) {
    const RowMatch& match = (*found)[i].match;
    if (match.kind == Kind::kMatched) {
      claims[match.keys.front().fingerprint].push_back(i);
    }
  }
  for (const auto& claim : claims) {
    const std::vector<std::size_t>& claiming = claim.second;
    const bool alike =
        std::all_of(claiming.begin(), claiming.end(), [&](std::size_t i) {
          return SaysTheSame(rows[i], rows[claiming.front()]);
        });
    if (alike) continue;
    const auto sure =
        std::count_if(claiming.begin(), claiming.end(),
                      [&](std::size_t i) { return (*found)[i].sure; });
    for (const std::size_t i : claiming) {
      Found& one = (*found)[i];
      if (sure == 1 && one.sure) continue;
      if (sure == 1) {
        one.match.kind = Kind::kUnmatched;
        one.match.why = "another row is of the key that it looks like";
      } else {
        one.match.kind = Kind::kAmbiguous;
        one.match.why = "several rows fit the key";
      }
    }
  }
  for (Found& one : *found) {
    if (one.match.kind == Kind::kUnmatched) one.match.keys.clear();
  }
}

}  // namespace

Result<std::vector<RowMatch>> MatchRows(const std::vector<ProviderRow>& rows,
                                        const KeyIndex& index) {
  Matcher matcher(index);
  std::vector<Found> found;
  found.reserve(rows.size());
  for (const ProviderRow& row : rows) {
    auto one = matcher.Match(row);
    if (!one) return Fail(one.error());
    found.push_back(*std::move(one));
  }
  SettleClaims(rows, &found);
  std::vector<RowMatch> out;
  out.reserve(found.size());
  for (Found& one : found) out.push_back(std::move(one.match));
  return out;
}

}  // namespace keytidy::imports
