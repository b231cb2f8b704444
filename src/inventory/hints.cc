// SPDX-License-Identifier: Apache-2.0
#include "inventory/hints.h"

#include <algorithm>
#include <cstddef>

#include "base/text.h"

namespace keytidy::inventory {
namespace {

constexpr std::size_t kShortest = 20;
constexpr std::size_t kShortestGeneric = 40;
constexpr std::size_t kShort = 4;
constexpr std::size_t kLong = 8;
constexpr double kHiddenBits = 64;

// What a byte of it is worth at most, going by the bytes that it is made of.
double BitsPerByte(std::string_view text) {
  bool lower = false;
  bool upper = false;
  bool only_hex = true;
  for (const char c : text) {
    lower = lower || IsLower(c);
    upper = upper || IsUpper(c);
    only_hex = only_hex && IsHexDigit(c);
  }
  if (!lower && !upper) return 3.3;
  if (only_hex) return 4;
  return lower && upper ? 5.9 : 5.1;
}

bool Alike(const Rule& a, const Rule& b) {
  return a.known_prefix == b.known_prefix && a.generic == b.generic &&
         a.is_public == b.is_public;
}

}  // namespace

std::vector<std::string> HintsOf(const FingerprintKey& fingerprints,
                                 const Rule& rule, std::string_view key) {
  const std::size_t prefix = rule.known_prefix;
  if (rule.guessable || key.size() < kShortest || key.size() <= prefix ||
      (rule.generic && key.size() < kShortestGeneric)) {
    return {};
  }
  const double bits = BitsPerByte(key.substr(prefix));
  // Whether enough stays hidden when this much of both ends is known.
  const auto may_show = [&](std::size_t first, std::size_t last) {
    if (rule.is_public) return first <= key.size() && last <= key.size();
    // The redacted form shows the beginning as it is.
    const std::size_t shown = std::max(first, prefix + kShort) + last;
    return shown < key.size() &&
           static_cast<double>(key.size() - shown) * bits >= kHiddenBits;
  };
  std::vector<std::string> out;
  const auto add = [&](HintSide side, std::size_t size) {
    const bool first = side == HintSide::kFirst;
    // What all such keys begin with tells none of them.
    if (first && size <= prefix) return;
    out.push_back(fingerprints.Hint(
        side, first ? key.substr(0, size) : key.substr(key.size() - size)));
  };
  if (may_show(prefix + kShort, kShort)) {
    add(HintSide::kLast, kShort);
    add(HintSide::kFirst, prefix + kShort);
  }
  if (may_show(prefix + kLong, kLong)) {
    add(HintSide::kLast, kLong);
    add(HintSide::kFirst, kLong);
    add(HintSide::kFirst, prefix + kLong);
  }
  std::sort(out.begin(), out.end());
  out.erase(std::unique(out.begin(), out.end()), out.end());
  return out;
}

HintBook::HintBook(const FingerprintKey& fingerprints,
                   std::span<const Rule> rules)
    : fingerprints_(&fingerprints) {
  for (const Rule& rule : rules) {
    if (rule.guessable) continue;
    const bool known =
        std::any_of(kinds_.begin(), kinds_.end(),
                    [&](const Rule* kind) { return Alike(*kind, rule); });
    if (!known) kinds_.push_back(&rule);
  }
}

void HintBook::Add(const std::string& fingerprint, std::string_view key) {
  if (key.size() < kShortest) return;
  {
    const std::lock_guard lock(mutex_);
    if (hints_.count(fingerprint) > 0) return;
  }
  std::vector<std::vector<std::string>> all;
  all.reserve(kinds_.size());
  for (const Rule* kind : kinds_) {
    all.push_back(HintsOf(*fingerprints_, *kind, key));
  }
  const std::lock_guard lock(mutex_);
  hints_.emplace(fingerprint, std::move(all));
}

std::vector<std::string> HintBook::Of(const std::string& fingerprint,
                                      const Rule& rule) const {
  if (rule.guessable) return {};
  const auto kind =
      std::find_if(kinds_.begin(), kinds_.end(),
                   [&](const Rule* one) { return Alike(*one, rule); });
  const std::lock_guard lock(mutex_);
  const auto known = hints_.find(fingerprint);
  if (kind == kinds_.end() || known == hints_.end()) return {};
  return known->second[static_cast<std::size_t>(kind - kinds_.begin())];
}

}  // namespace keytidy::inventory
