// SPDX-License-Identifier: Apache-2.0
//
// What follows the entries of an index, as far as it bears on what the next
// commit holds.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "git/ewah.h"
#include "git/index_file.h"
#include "pack/object_id.h"

namespace keytidy::git {

// "link": how the index differs from its shared part.
struct SplitLink {
  pack::ObjectId
      shared;  // the checksum of the shared part; zero: there is none
  // Positions in the shared part. One that is in both is deleted.
  EwahBitmap deleted;
  EwahBitmap replaced;
};

// The contents of one extension.
struct ExtensionData {
  std::string_view bytes;
  std::size_t offset = 0;  // in the file, for messages
};

// Those that are there.
struct Extensions {
  std::optional<ExtensionData> tree;
  std::optional<SplitLink> link;
  bool sparse = false;
};

// Goes through all extensions from `offset` to the end of `bytes`, which is
// where the checksum begins. Errors as those of ParseIndex. The result has
// views of `bytes`.
Result<Extensions> ParseExtensions(std::string_view bytes, std::size_t offset,
                                   pack::HashKind kind);

// The trees of "TREE" (see IndexFile::trees) that hold for `entries`, which are
// in order. kDamaged also where a tree counts other entries than there are.
Result<std::vector<CachedTree>> ParseCachedTrees(
    const ExtensionData& tree, pack::HashKind kind,
    const std::vector<IndexEntry>& entries);

}  // namespace keytidy::git
