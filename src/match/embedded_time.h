// SPDX-License-Identifier: Apache-2.0
//
// When a key was made and when it ends, by its own bytes: for forms whose
// documents say where to look. Pure functions over bytes of anybody's; nothing
// here judges whether a time is believable.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "core/finding.h"
#include "core/rule.h"

namespace keytidy::match {

// Seconds since 1970.
struct Claims {
  std::optional<std::int64_t> issued;
  std::optional<std::int64_t> not_before;
  std::optional<std::int64_t> expires;
};

// What `key` says. nullopt: it is not of this form, or says nothing. Of kSas
// see below.
std::optional<Claims> TimeIn(KeyTime time, std::string_view key);

// What the JSON object `text` says by "iat" (or "nbf") and "exp", as RFC 7519
// has them. nullopt: it is no object.
std::optional<Claims> ClaimsInJson(std::string_view text);

// st and se of a shared access signature: of the address or connection string
// that `signature` stands in. nullopt: neither is there.
std::optional<Claims> SasTimes(std::string_view text, Span signature);

}  // namespace keytidy::match
