// SPDX-License-Identifier: Apache-2.0
//
// Which key of an inventory a provider's row speaks of. Surest first: the key
// itself, the provider's id of it, what the provider shows of it. Nothing is
// guessed: where several keys fit, or several rows one key, that is said.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "import/provider_row.h"

namespace keytidy::imports {

// A key of the inventory.
struct IndexedKey {
  std::string fingerprint;
  std::string id;
  std::string name;   // as people or the provider call it; may be empty
  std::string title;  // of its kind
  std::string provider;
  // How many bytes all keys of its kind begin with.
  std::uint32_t known_prefix = 0;
  friend bool operator==(const IndexedKey&, const IndexedKey&) = default;
};

// What the inventory knows. Fingerprints are those of a provider's keys.
struct KeyIndex {
  using Fingerprints = Result<std::vector<std::string>>;
  // `side` is kFirst or kLast.
  std::function<Fingerprints(std::string_view provider, Side side,
                             std::string_view text)>
      with_hint;
  std::function<Fingerprints(std::string_view provider,
                             std::string_view key_id)>
      with_key_id;
  // Nothing where there is no such key.
  std::function<Result<std::optional<IndexedKey>>(std::string_view fingerprint)>
      find;
  // IndexedKey::known_prefix of all kinds of the provider.
  std::function<std::vector<std::uint32_t>(std::string_view provider)>
      known_prefixes;
};

struct RowMatch {
  enum class Kind : std::uint8_t { kMatched, kUnmatched, kAmbiguous };
  Kind kind = Kind::kUnmatched;
  std::vector<IndexedKey> keys;  // one; for kAmbiguous all that it may be
  std::string why;  // it is not matched, where there is more to say
};

// Of each row, in order.
Result<std::vector<RowMatch>> MatchRows(const std::vector<ProviderRow>& rows,
                                        const KeyIndex& index);

}  // namespace keytidy::imports
