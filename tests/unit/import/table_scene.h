// SPDX-License-Identifier: Apache-2.0
//
// Tables for tests: what counts as a key, and rows as text.
#pragma once

#include <string>
#include <string_view>

#include "base/time.h"
#include "import/table_file.h"

namespace keytidy::imports {

// A key is "key!" and at least ten letters; its fingerprint is its length.
inline std::size_t KeyAt(std::string_view text) {
  for (std::size_t at = text.find("key!"); at != text.npos;
       at = text.find("key!", at + 1)) {
    std::size_t end = at + 4;
    while (end < text.size() && text[end] >= 'a' && text[end] <= 'z') ++end;
    if (end - at >= 14) return at;
  }
  return text.npos;
}

inline TableOptions OptionsFor(std::string provider) {
  TableOptions out;
  out.provider = std::move(provider);
  out.provider_named = [](std::string_view name) {
    const std::string folded = Folded(name);
    return folded == "konstantly" || folded == "corcava" ? folded
                                                         : std::string();
  };
  out.keys.is_key = [](std::string_view text) {
    return KeyAt(text) == 0 &&
           text.find_first_not_of("abcdefghijklmnopqrstuvwxyz", 4) == text.npos;
  };
  out.keys.holds_key = [](std::string_view text) {
    return KeyAt(text) != text.npos;
  };
  out.keys.fingerprint = [](std::string_view key) {
    return "fp" + std::to_string(key.size());
  };
  return out;
}

// "2 konstantly last=ab12 id=7 name=…", what is set, in this order.
inline std::string TextOf(const ProviderRow& row) {
  std::string out = std::to_string(row.number) + " " + row.provider;
  if (row.foreign) out += " foreign";
  for (const RowHint& hint : row.hints) {
    out += hint.side == Side::kFirst  ? " first="
           : hint.side == Side::kLast ? " last="
                                      : " either=";
    out += hint.text;
  }
  for (const std::string& one : row.fingerprints) out += " key=" + one;
  const auto add = [&](std::string_view name, const std::string& text) {
    if (!text.empty()) out += " " + std::string(name) + "=" + text;
  };
  const auto time = [&](std::string_view name, const auto& at) {
    if (at) add(name, IsoTime(*at));
  };
  add("id", row.facts.key_id);
  add("name", row.facts.name);
  add("owner", row.facts.owner);
  add("account", row.facts.account);
  for (const std::string& scope : row.facts.scopes) add("scope", scope);
  time("created", row.facts.created);
  time("expires", row.facts.expires);
  time("used", row.facts.last_used);
  if (row.never_expires) out += " never";
  if (row.state == RowState::kInUse) out += " active";
  if (row.state == RowState::kOutOfUse) out += " inactive";
  return out;
}

}  // namespace keytidy::imports
