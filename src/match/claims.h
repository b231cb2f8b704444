// SPDX-License-Identifier: Apache-2.0
//
// What a key says of itself.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "core/secret.h"

namespace keytidy::match {

// Seconds since 1970.
struct Claims {
  std::optional<std::int64_t> issued;
  std::optional<std::int64_t> expires;
};

// The claims of a JSON Web Token (RFC 7519: iat or nbf, and exp). nullopt: it
// is none, or says nothing of the kind that can be read.
std::optional<Claims> ClaimsOf(const Secret& secret);

// A digest for telling within one run whether two values are the same; `salt`
// is of that run alone.
std::string RunDigest(const Secret& secret, std::string_view salt);

// What `digest` makes of the key.
std::string DigestWith(
    const Secret& secret,
    const std::function<std::string(std::string_view)>& digest);

}  // namespace keytidy::match
