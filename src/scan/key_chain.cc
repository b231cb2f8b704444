// SPDX-License-Identifier: Apache-2.0
#include "scan/key_chain.h"

#include <algorithm>

#include "base/text.h"

namespace keytidy::scan {
namespace {

constexpr std::uint64_t kBeside = 4096;
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

void AddOnce(std::string_view one, std::vector<std::string>* out) {
  if (std::find(out->begin(), out->end(), one) == out->end()) {
    out->emplace_back(one);
  }
}

}  // namespace

std::vector<std::string> BasesBeside(std::string_view text, Span span,
                                     const std::vector<std::string>& names) {
  std::vector<std::string> out;
  const std::uint64_t from = span.start > kBeside ? span.start - kBeside : 0;
  const std::uint64_t to =
      std::min<std::uint64_t>(text.size(), span.end + kBeside);
  text = text.substr(static_cast<std::size_t>(from),
                     static_cast<std::size_t>(to - from));
  for (const std::string& name : names) {
    for (std::size_t at = text.find(name); at != std::string_view::npos;
         at = text.find(name, at + 1)) {
      if (at > 0 && IsNameByte(text[at - 1])) continue;
      const std::string_view address = AddressAt(text.substr(at + name.size()));
      if (!address.empty()) AddOnce(address, &out);
    }
  }
  return out;
}

void KeyChain::LookFor(std::string_view provider,
                       std::vector<std::string> names) {
  names_.insert_or_assign(std::string(provider), std::move(names));
}

void KeyChain::Add(const Rule& rule, const std::string& id,
                   std::string_view text, Span span) {
  std::vector<std::string> bases;
  if (const auto it = names_.find(rule.provider); it != names_.end()) {
    bases = BasesBeside(text, span, it->second);
  }
  const Secret secret(text.substr(static_cast<std::size_t>(span.start),
                                  static_cast<std::size_t>(span.size())));
  Add(rule, id, secret, bases);
}

void KeyChain::Add(const Rule& rule, const std::string& id,
                   const Secret& secret,
                   const std::vector<std::string>& bases) {
  const std::lock_guard lock(mutex_);
  const auto [it, fresh] = keys_.try_emplace(
      {std::string(rule.id), id}, KnownKey{Secret(std::string_view()), {}});
  if (fresh) it->second.secret = secret.Copy();
  for (const std::string& base : bases) AddOnce(base, &it->second.bases);
  std::sort(it->second.bases.begin(), it->second.bases.end());
}

const KnownKey* KeyChain::Find(std::string_view rule,
                               std::string_view id) const {
  const auto it = keys_.find({std::string(rule), std::string(id)});
  return it == keys_.end() ? nullptr : &it->second;
}

}  // namespace keytidy::scan
