// SPDX-License-Identifier: Apache-2.0
//
// Characters by their numbers, for readers of formats that have escapes.
#pragma once

#include <cstdint>
#include <string>

namespace keytidy::config {

// Half of a surrogate pair and what is no character becomes U+FFFD.
void AppendCharacter(std::uint32_t point, std::string* out);

}  // namespace keytidy::config
