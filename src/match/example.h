// SPDX-License-Identifier: Apache-2.0
//
// Templates such as `TOKEN=kryton_{hex:64}` made into text, so that no value
// that looks live ever stands in a file. docs/rules.md lists the forms.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.h"
#include "core/rule.h"

namespace keytidy::match {

// A small generator of repeatable random numbers (SplitMix64). Not for
// anything that must not be guessed.
class Random {
 public:
  explicit Random(std::uint64_t seed) : state_(seed) {}
  std::uint64_t Next();
  // From 0 to n - 1.
  std::size_t Below(std::size_t n) {
    return static_cast<std::size_t>(Next() % n);
  }
  std::string Pick(std::string_view alphabet, std::size_t length);

 private:
  std::uint64_t state_;
};

// Expands `pattern` for `rule` (needed for `{checksum}` only). The same seed
// gives the same text. kInvalid: what is wrong with the template.
Result<std::string> ExpandExample(std::string_view pattern, const Rule& rule,
                                  std::uint64_t seed);

}  // namespace keytidy::match
