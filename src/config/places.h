// SPDX-License-Identifier: Apache-2.0
//
// From byte offsets to places, for readers that are given offsets or go back
// and forth.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

#include "config/node.h"

namespace keytidy::config {

// Of the text, which must outlive this and be smaller than 4 GiB. A byte-order
// mark is no column.
class Places {
 public:
  explicit Places(std::string_view text);

  // An offset beyond the text is its end. Takes the same time for each.
  Place At(std::size_t offset) const;

 private:
  std::uint32_t CharactersBefore(std::size_t offset) const;

  std::string_view text_;
  std::vector<std::uint32_t> lines_;   // where each begins
  std::vector<std::uint32_t> counts_;  // characters before each block
};

}  // namespace keytidy::config
