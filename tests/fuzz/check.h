// SPDX-License-Identifier: Apache-2.0
//
// What a fuzz target says when something does not hold.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <string_view>

#include "base/digest.h"

namespace keytidy {

// Ends the process when it does not hold; `input` is printed in hex.
inline void Check(bool holds, std::string_view what, std::string_view input) {
  if (holds) return;
  const std::string hex =
      ToHex(reinterpret_cast<const std::uint8_t*>(input.data()), input.size());
  std::fprintf(stderr, "does not hold: %.*s\ninput: %s\n",
               static_cast<int>(what.size()), what.data(), hex.c_str());
  std::abort();
}

// Whether every number in `text` is below `limit` and all together below four
// times that: what is repeated so often stays small.
inline bool NumbersBelow(std::string_view text, std::size_t limit) {
  std::size_t sum = 0;
  std::size_t number = 0;
  for (const char c : text) {
    if (c < '0' || c > '9') {
      sum += number;
      number = 0;
      continue;
    }
    number = number * 10 + static_cast<std::size_t>(c - '0');
    if (number >= limit) return false;
  }
  return sum + number < 4 * limit;
}

}  // namespace keytidy
