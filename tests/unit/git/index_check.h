// SPDX-License-Identifier: Apache-2.0
//
// What holds for every index that was read, whatever its bytes.
#pragma once

#include <cstddef>
#include <string>

#include "git/index_file.h"

namespace keytidy::git {

// "" where all of it holds.
inline std::string WhatIsWrong(const IndexFile& index) {
  const auto& entries = index.entries;
  for (std::size_t i = 0; i < entries.size(); ++i) {
    const IndexEntry& entry = entries[i];
    if (entry.path.empty()) return "an empty path";
    if (entry.path.front() == '/' || entry.path.back() == '/') return "a slash";
    if (entry.path.find('\0') != std::string::npos) return "a zero in a path";
    if (entry.stage > 3) return "the stage";
    if (entry.mode != 0100644 && entry.mode != 0100755 &&
        entry.mode != 0120000 && entry.mode != 0160000 &&
        entry.mode != 0040000) {
      return "the mode";
    }
    if (i == 0) continue;
    const int order = entries[i - 1].path.compare(entry.path);
    if (order > 0 || (order == 0 && entries[i - 1].stage >= entry.stage)) {
      return "the order";
    }
  }
  for (const CachedTree& tree : index.trees) {
    if (tree.first > entries.size() ||
        tree.count > entries.size() - tree.first) {
      return "a tree of entries that are not there";
    }
    const std::string prefix = tree.path.empty() ? "" : tree.path + "/";
    const std::size_t end = tree.first + tree.count;
    for (std::size_t i = tree.first; i < end; ++i) {
      if (!entries[i].path.starts_with(prefix)) return "not below the tree";
      if (entries[i].intent_to_add || entries[i].stage != 0) {
        return "an entry that goes into no tree";
      }
    }
    if ((tree.first > 0 && entries[tree.first - 1].path.starts_with(prefix)) ||
        (end < entries.size() && entries[end].path.starts_with(prefix))) {
      return "a tree without all of its entries";
    }
  }
  return "";
}

}  // namespace keytidy::git
