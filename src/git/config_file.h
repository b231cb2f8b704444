// SPDX-License-Identifier: Apache-2.0
//
// One file of git configuration, without what it includes. Syntax:
// git-config(1), as git 2.39 reads it.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace keytidy::git {

struct ConfigEntry {
  // "core.bare", "remote.Origin.url": the section and the last part in lower
  // case, the subsection as it is written. A name before any section stands
  // alone, as git has it.
  std::string key;
  std::optional<std::string> value;  // nullopt: written without "="
  std::size_t line = 0;              // from 1; the last one, if continued
};

class ConfigFile {
 public:
  // kDamaged: "line 3: why". Accepts what git accepts: a byte order mark, CRLF,
  // quotes, escapes, lines continued by a backslash, [section.sub] of old.
  static Result<ConfigFile> Parse(std::string_view text);
  // kDamaged: "path:3: why". kNotFound and so on as the system says.
  static Result<ConfigFile> Read(const std::string& path);

  const std::vector<ConfigEntry>& entries() const { return entries_; }
  // The one that counts: the last. nullptr: not set. `key` as in ConfigEntry.
  const ConfigEntry* Last(std::string_view key) const;

 private:
  std::vector<ConfigEntry> entries_;
};

// The section and the last part in lower case.
std::string CanonicalKey(std::string_view key);

// true, yes, on, a number but 0, or no "=" at all; false, no, off, 0, empty.
// nullopt: neither.
std::optional<bool> ConfigBool(const std::optional<std::string>& value);
// Decimal, 0x… or 0…, with k, m, g after it. nullopt: no number, or out of
// range.
std::optional<std::int64_t> ConfigInt(const std::optional<std::string>& value);

// What the environment sets for one command: GIT_CONFIG_COUNT with its keys and
// values, then GIT_CONFIG_PARAMETERS (`git -c`). kInvalid: it is malformed.
Result<std::vector<ConfigEntry>> CommandScopeConfig();

}  // namespace keytidy::git
