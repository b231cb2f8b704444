// SPDX-License-Identifier: Apache-2.0
#include "import/hint_match.h"

#include <algorithm>
#include <cstddef>
#include <map>
#include <set>
#include <utility>

namespace keytidy::imports {
namespace {

constexpr std::size_t kShort = 4;
constexpr std::size_t kLong = 8;

// What a hint says of a key.
enum class Fit { kWrong, kSilent, kProof };

// Keys of which digests of one end are known, by the digests' lengths.
using ByLength = std::map<std::size_t, std::set<std::string>>;

struct Asked {
  RowHint hint;
  ByLength first;
  ByLength last;
};

// The longest digest of the key's beginning that a text of `size` covers; 0:
// none does.
std::size_t FirstLength(const IndexedKey& key, std::size_t size) {
  std::size_t out = 0;
  for (const std::size_t length :
       {kLong, key.known_prefix + kShort, key.known_prefix + kLong}) {
    if (length <= size && length > key.known_prefix)
      out = std::max(out, length);
  }
  return out;
}

std::size_t LastLength(std::size_t size) {
  return size >= kLong ? kLong : size >= kShort ? kShort : 0;
}

bool Has(const ByLength& known, std::size_t length, const std::string& key) {
  const auto found = known.find(length);
  return found != known.end() && found->second.count(key) > 0;
}

Fit FitFirst(const Asked& asked, const IndexedKey& key) {
  const std::size_t length = FirstLength(key, asked.hint.text.size());
  if (length == 0) return Fit::kSilent;
  if (!Has(asked.first, length, key.fingerprint)) return Fit::kWrong;
  return length >= key.known_prefix + kShort ? Fit::kProof : Fit::kSilent;
}

Fit FitLast(const Asked& asked, const IndexedKey& key) {
  const std::size_t length = LastLength(asked.hint.text.size());
  if (length == 0) return Fit::kSilent;
  return Has(asked.last, length, key.fingerprint) ? Fit::kProof : Fit::kWrong;
}

Fit FitOf(const Asked& asked, const IndexedKey& key) {
  if (asked.hint.side == Side::kFirst) return FitFirst(asked, key);
  if (asked.hint.side == Side::kLast) return FitLast(asked, key);
  const Fit first = FitFirst(asked, key);
  const Fit last = FitLast(asked, key);
  if (first == Fit::kProof || last == Fit::kProof) return Fit::kProof;
  return Fit::kWrong;
}

Status Ask(std::string_view provider, Side side, std::size_t length,
           const RowHint& hint, const KeyIndex& index, ByLength* out) {
  const std::string_view text = hint.text;
  auto found =
      index.with_hint(provider, side,
                      side == Side::kFirst ? text.substr(0, length)
                                           : text.substr(text.size() - length));
  if (!found) return Fail(found.error());
  (*out)[length].insert(found->begin(), found->end());
  return {};
}

Result<Asked> AskFor(std::string_view provider, const RowHint& hint,
                     const std::set<std::size_t>& lengths,
                     const KeyIndex& index) {
  Asked out{hint, {}, {}};
  if (hint.side != Side::kLast) {
    for (const std::size_t length : lengths) {
      if (length > hint.text.size()) break;
      if (auto ok =
              Ask(provider, Side::kFirst, length, hint, index, &out.first);
          !ok) {
        return Fail(ok.error());
      }
    }
  }
  const std::size_t length = LastLength(hint.text.size());
  if (hint.side != Side::kFirst && length > 0) {
    if (auto ok = Ask(provider, Side::kLast, length, hint, index, &out.last);
        !ok) {
      return Fail(ok.error());
    }
  }
  return out;
}

}  // namespace

bool TellsApart(const std::vector<RowHint>& hints) {
  return std::any_of(hints.begin(), hints.end(), [](const RowHint& hint) {
    return hint.text.size() >= kShort;
  });
}

Result<std::vector<IndexedKey>> KeysFitting(std::string_view provider,
                                            const std::vector<RowHint>& hints,
                                            const KeyIndex& index) {
  std::set<std::size_t> lengths = {kLong};
  for (const std::uint32_t prefix : index.known_prefixes(provider)) {
    lengths.insert({prefix + kShort, prefix + kLong});
  }
  std::vector<Asked> asked;
  std::set<std::string> candidates;
  for (const RowHint& hint : hints) {
    auto one = AskFor(provider, hint, lengths, index);
    if (!one) return Fail(one.error());
    for (const ByLength* known : {&one->first, &one->last}) {
      for (const auto& [length, keys] : *known) {
        candidates.insert(keys.begin(), keys.end());
      }
    }
    asked.push_back(*std::move(one));
  }
  std::vector<IndexedKey> out;
  for (const std::string& fingerprint : candidates) {
    auto key = index.find(fingerprint);
    if (!key) return Fail(key.error());
    if (!*key) continue;
    bool proof = false;
    bool wrong = false;
    for (const Asked& one : asked) {
      const Fit fit = FitOf(one, **key);
      proof = proof || fit == Fit::kProof;
      wrong = wrong || fit == Fit::kWrong;
    }
    if (proof && !wrong) out.push_back(**std::move(key));
  }
  return out;
}

}  // namespace keytidy::imports
