// SPDX-License-Identifier: Apache-2.0
//
// One entry of a pack: a header, perhaps the name of a base, and zlib data.
// Format: gitformat-pack(5).
#pragma once

#include <cstdint>
#include <string_view>

#include "base/result.h"
#include "pack/object.h"

namespace keytidy::pack {

struct Entry {
  enum class Base : std::uint8_t { kNone, kOffset, kId };
  ObjectType type = ObjectType::kNone;  // kNone for a delta
  Base base = Base::kNone;
  std::uint64_t size = 0;         // of what the data inflates to
  std::uint64_t base_offset = 0;  // in the pack, before this entry
  ObjectId base_id;
  std::size_t data = 0;  // where the data begins, from the entry's start
};

// `bytes` begin with the entry, which is at `offset` in its pack. kDamaged.
Result<Entry> ParseEntry(std::string_view bytes, std::uint64_t offset,
                         HashKind kind);

}  // namespace keytidy::pack
