// SPDX-License-Identifier: Apache-2.0
//
// Scalars of YAML: what they mean, and where they stand.
#pragma once

#include <cstddef>
#include <string_view>

#include "config/node.h"

namespace keytidy::config {

// A scalar without quotes by the core schema of YAML 1.2: null, bool, integer
// (also 0o17 and 0x1F), float (also .inf and .nan), or else a string. A number
// too large for 64 bits is a float.
void ResolvePlain(std::string_view value, Node* out);

struct Span {
  std::size_t start = 0;
  std::size_t end = 0;
};

// The bytes of the scalar whose node begins at `at`, perhaps with an anchor and
// a tag, and has the given value. Quotes are within; of a block scalar all from
// its `|` or `>` to its last character that is no blank. Empty, at `at`, when
// nothing is written there; empty at a quote that is not closed.
Span ScalarSpan(std::string_view text, std::size_t at, std::string_view value);

}  // namespace keytidy::config
