// SPDX-License-Identifier: Apache-2.0
//
// A delta makes an object from another one: copy these ranges, insert these
// bytes. Format: gitformat-pack(5), "Deltified representation".
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace keytidy::pack {

// result[to, to + size) == base[from, from + size).
struct Copy {
  std::size_t to = 0;
  std::size_t from = 0;
  std::size_t size = 0;
};

struct DeltaSizes {
  std::uint64_t base = 0;
  std::uint64_t result = 0;
  std::size_t instructions = 0;  // where they begin
};
Result<DeltaSizes> ReadDeltaSizes(std::string_view delta);

// Shorter copies are not told of: they would help nobody, and a delta made of
// them would take many times its result in memory.
inline constexpr std::size_t kLeastCopy = 32;

// Writes the result, exactly sizes.result bytes, to `out`, and what was copied
// to `copies` (cleared first; ascending, runs that belong together joined, then
// those from kLeastCopy on), where that is not null. kDamaged when any
// instruction reaches outside the base or the result, or the result is not
// filled.
Status ApplyDelta(std::string_view delta, const DeltaSizes& sizes,
                  std::string_view base, char* out, std::vector<Copy>* copies);

}  // namespace keytidy::pack
