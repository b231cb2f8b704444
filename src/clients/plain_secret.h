// SPDX-License-Identifier: Apache-2.0
//
// Whether a setting is a secret though no rule knows its kind: by what it is
// called and what it looks like.
#pragma once

#include <cstddef>
#include <string_view>

namespace keytidy::clients {

// Shorter ones are no passwords.
inline constexpr std::size_t kLeastPassword = 4;

// "EXA_API_KEY", "Authorization", "x-api-key", "clientSecret", "password"; not
// "MAX_TOKENS", "KEY_FILE", "AUTH_TYPE".
bool NamesSecret(std::string_view name);

// A person wrote it for the reader to replace: "YOUR_API_KEY", "<token>",
// "xxxx", "changeme", "...".
bool IsFiller(std::string_view value);

// `value` without "Bearer " and the like, quotes and white space around it.
std::string_view Bare(std::string_view value);

// What `value`, as the setting `name` has it, holds in clear: Bare of it, or of
// the fallback of a reference in it, up to eight deep. Nothing where it is
// filler, a path, an address, a word or a number, or `name` does not say that
// it is a secret; for the name of a password a word or a number is one too, but
// for those that settings use ("true", "none" …). A view into `value`.
std::string_view PlainSecret(std::string_view name, std::string_view value);

// Whether it is long and random enough that nobody typed it: for what stands
// in an address without a name.
bool LooksRandom(std::string_view value);

}  // namespace keytidy::clients
