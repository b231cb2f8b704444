// SPDX-License-Identifier: Apache-2.0
//
// A set of bytes, written as the class of a regular expression.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.h"

namespace keytidy {

class CharClass {
 public:
  constexpr CharClass() = default;
  constexpr explicit CharClass(std::array<std::uint64_t, 4> bits)
      : bits_(bits) {}

  // `[0-9A-Za-z_-]`: ranges, single bytes, and a backslash before `\`, `]`,
  // `[`, `^` or `-`; `[^...]` for the complement; the empty text for the empty
  // set. Bytes only, no named classes.
  static Result<CharClass> Parse(std::string_view text);

  constexpr bool Has(char c) const {
    const auto byte = static_cast<unsigned char>(c);
    return ((bits_[byte >> 6] >> (byte & 63)) & 1) != 0;
  }
  constexpr void Add(unsigned char byte) {
    bits_[byte >> 6] |= std::uint64_t{1} << (byte & 63);
  }
  constexpr const std::array<std::uint64_t, 4>& bits() const { return bits_; }
  // Its bytes, ascending.
  std::string Members() const;

 private:
  std::array<std::uint64_t, 4> bits_ = {};
};

}  // namespace keytidy
