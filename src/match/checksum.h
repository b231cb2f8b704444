// SPDX-License-Identifier: Apache-2.0
//
// The checks that a key carries in itself, from the providers' documents:
// docs/rules.md lists the kinds. Pure functions.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "core/rule.h"

namespace keytidy::match {

// Whether `digits` is the checksum of `body`. `whole` is the whole match (for
// the kinds that cover it). kNone holds always.
bool ChecksumHolds(ChecksumKind kind, std::string_view whole,
                   std::string_view body, std::string_view digits);

// The digits that hold for `body`, `width` characters wide; nothing for kinds
// that have none. For building examples.
std::optional<std::string> ChecksumDigits(ChecksumKind kind,
                                          std::string_view body,
                                          std::size_t width);

// A bech32 string (BIP-173, original constant) over `data`, whose characters
// are of the bech32 alphabet, upper case.
std::string Bech32Encode(std::string_view prefix, std::string_view data);

// Decodes base64url without padding; nothing when it is not that.
std::optional<std::string> DecodeBase64Url(std::string_view text);

}  // namespace keytidy::match
