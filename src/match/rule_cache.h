// SPDX-License-Identifier: Apache-2.0
//
// The compiled form of a user's rules, kept between runs so that they are
// checked and compiled once. A cache is only ever a saving: whatever is odd
// about it (owner, mode, version, checksum, size) makes it absent.
//
// The file: kMagic; SHA-256 of everything after it, 32 bytes; the key, 64
// bytes; for every rule of the set in order, then for every shape of it, the
// measures as little-endian 32-bit numbers; the serialised database.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "rules/rule_set.h"

namespace keytidy::match {

inline constexpr std::string_view kCacheMagic = "keytidy rules 1\n";

// Where caches are kept: $XDG_CACHE_HOME/keytidy or ~/.cache/keytidy; empty
// when there is no home.
std::string CacheDirectory();

// Reads the measures into `set` and returns the database's bytes; nothing when
// there is no cache for exactly this key that may be trusted.
std::optional<std::string> LoadCache(const std::string& directory,
                                     std::string_view key, rules::RuleSet* set);

// Keeps them; the directory is made if needed, mode 0700. Failing is not an
// error worth a message: the next run compiles again.
void StoreCache(const std::string& directory, std::string_view key,
                const rules::RuleSet& set, std::string_view database);

}  // namespace keytidy::match
