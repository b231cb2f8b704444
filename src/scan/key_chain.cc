// SPDX-License-Identifier: Apache-2.0
#include "scan/key_chain.h"

#include <algorithm>

#include "base/text.h"
#include "scan/config_record.h"

namespace keytidy::scan {
namespace {

constexpr std::uint64_t kBeside = 4096;
constexpr std::size_t kNear = 1024;
// Quotes, blanks, a colon or an equals sign stand between a name and its value.
constexpr std::size_t kMostBetween = 16;

bool IsNameByte(char c) { return IsAlnum(c) || c == '_'; }

std::string_view AddressAt(std::string_view text) {
  std::size_t start = 0;
  while (start < std::min(text.size(), kMostBetween) &&
         std::string_view(" \t\"'`:=").find(text[start]) !=
             std::string_view::npos) {
    ++start;
  }
  if (start == 0) return {};
  text.remove_prefix(start);
  if (!text.starts_with("https://") && !text.starts_with("http://")) return {};
  return text.substr(0, text.find_first_of(" \t\r\n\"'`<>\\,;)}]"));
}

// Not within the key itself.
bool HasWordNear(std::string_view text, Span span,
                 const std::vector<std::string>& words) {
  const auto start = static_cast<std::size_t>(span.start);
  const auto end = static_cast<std::size_t>(span.end);
  const std::size_t from = start > kNear ? start - kNear : 0;
  const std::string_view before = text.substr(from, start - from);
  const std::string_view behind = text.substr(end, kNear);
  return std::any_of(words.begin(), words.end(), [&](const std::string& word) {
    return FindIgnoringCase(before, word) != std::string_view::npos ||
           FindIgnoringCase(behind, word) != std::string_view::npos;
  });
}

bool HasBraceBetween(std::string_view text, Span span, std::size_t at) {
  const auto start = static_cast<std::size_t>(span.start);
  const auto end = static_cast<std::size_t>(span.end);
  const std::string_view between =
      at < start ? text.substr(at, start - at)
                 : text.substr(end, std::max(at, end) - end);
  return between.find_first_of("{}") != std::string_view::npos;
}

void AddOnce(std::string_view one, std::vector<std::string>* out) {
  if (std::find(out->begin(), out->end(), one) == out->end()) {
    out->emplace_back(one);
  }
}

}  // namespace

std::vector<std::string> BasesBeside(std::string_view text, Span span,
                                     const std::vector<std::string>& names) {
  std::vector<std::string> out;
  bool certain = false;
  const auto from =
      static_cast<std::size_t>(span.start > kBeside ? span.start - kBeside : 0);
  const std::size_t to =
      std::min(text.size(), static_cast<std::size_t>(span.end + kBeside));
  for (const std::string& name : names) {
    // Only names that begin in reach; what they are part of, and the whole of
    // the address, is read from the whole text.
    const std::string_view in_reach =
        text.substr(0, std::min(text.size(), to + name.size()));
    for (std::size_t at = in_reach.find(name, from); at < to;
         at = in_reach.find(name, at + 1)) {
      if (at > 0 && IsNameByte(text[at - 1])) continue;
      const std::string_view address = AddressAt(text.substr(at + name.size()));
      if (address.empty()) continue;
      AddOnce(address, &out);
      certain = certain || !HasBraceBetween(text, span, at);
    }
  }
  // Behind a brace begins another record, of a file that is read in pieces.
  if (!certain) out.clear();
  return out;
}

void KeyChain::LookFor(std::string_view provider,
                       std::vector<std::string> names) {
  names_.insert_or_assign(std::string(provider), std::move(names));
}

void KeyChain::LookNear(std::string_view rule, std::vector<std::string> words) {
  words_.insert_or_assign(std::string(rule), std::move(words));
}

void KeyChain::Add(const Rule& rule, const std::string& id, ConfigText& config,
                   Span span) {
  const std::string_view text = config.text();
  std::vector<std::string> bases;
  if (const auto it = names_.find(rule.provider); it != names_.end()) {
    auto of_record = BasesOfRecord(config, span, it->second);
    bases =
        of_record ? *std::move(of_record) : BasesBeside(text, span, it->second);
  }
  const Secret secret(text.substr(static_cast<std::size_t>(span.start),
                                  static_cast<std::size_t>(span.size())));
  bool settled = false;
  if (const auto it = words_.find(rule.id); it != words_.end()) {
    settled = HasWordNear(text, span, it->second);
  }
  Add(rule, id, secret, bases, settled);
}

void KeyChain::Add(const Rule& rule, const std::string& id,
                   const Secret& secret, const std::vector<std::string>& bases,
                   bool settled) {
  const std::lock_guard lock(mutex_);
  const auto [it, fresh] =
      keys_.try_emplace({std::string(rule.id), id},
                        KnownKey{Secret(std::string_view()), {}, false});
  if (fresh) it->second.secret = secret.Copy();
  it->second.settled = it->second.settled || settled;
  for (const std::string& base : bases) AddOnce(base, &it->second.bases);
  std::sort(it->second.bases.begin(), it->second.bases.end());
}

const KnownKey* KeyChain::Find(std::string_view rule,
                               std::string_view id) const {
  const auto it = keys_.find({std::string(rule), std::string(id)});
  return it == keys_.end() ? nullptr : &it->second;
}

}  // namespace keytidy::scan
