// SPDX-License-Identifier: Apache-2.0
//
// What a fuzz target says when something does not hold.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <string_view>

#include "base/digest.h"
#include "base/text.h"

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

// Whether a message can be shown: UTF-8, in lines, with nothing that steers a
// terminal.
inline bool IsShowable(std::string_view message) {
  while (!message.empty()) {
    const std::string_view line = message.substr(0, message.find('\n'));
    if (ForTerminal(line, true) != line) return false;
    message.remove_prefix(std::min(message.size(), line.size() + 1));
  }
  return true;
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
