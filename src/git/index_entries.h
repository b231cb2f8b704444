// SPDX-License-Identifier: Apache-2.0
//
// The entries of an index as they stand in one file.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "git/index_file.h"
#include "pack/object_id.h"

namespace keytidy::git {

struct EntryTable {
  // First those without a path, which replace entries of a shared part, then
  // the others in order.
  std::vector<IndexEntry> entries;
  std::size_t nameless = 0;
  bool sparse = false;  // some are folders, which the extension "sdir" allows
  std::size_t end = 0;  // the offset of what follows them
};

// The entries after the header of `bytes`, which end where the checksum begins.
// Errors as those of ParseIndex.
Result<EntryTable> ParseEntries(std::string_view bytes, std::uint32_t version,
                                std::uint32_t count, pack::HashKind kind);

// By path and stage.
bool Precedes(const IndexEntry& a, const IndexEntry& b);

// Whether both can stand in one index, `b` right after `a`: in order, and no
// conflict beside an entry that has none.
bool MayFollow(const IndexEntry& a, const IndexEntry& b);

}  // namespace keytidy::git
