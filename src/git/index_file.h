// SPDX-License-Identifier: Apache-2.0
//
// git's index: what the next commit holds. Read from its file, versions 2 to 4,
// with split and sparse indexes. Format: gitformat-index(5) of git 2.39.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "pack/object_id.h"

namespace keytidy::git {

struct IndexEntry {
  std::string path;  // any bytes but NUL, "/" between folders, no "/" at an end
  // As in a tree: 0100644 or 0100755 (by the owner's right to run it), 0120000,
  // 0160000; 040000 for a folder of a sparse index, where `id` is its tree.
  std::uint32_t mode = 0;
  pack::ObjectId id;
  // 0, or 1 to 3 for the sides of a conflict (base, ours, theirs).
  unsigned stage = 0;
  // `git add -N`: nothing of it goes into the next commit.
  bool intent_to_add = false;
};

// A folder whose tree object is known and has not changed since: all entries
// below it, and only those, make up that tree; none of them is in conflict or
// only intended to be added. A folder that is itself an entry (of a sparse
// index) is not listed, nor is one whose path is longer than 4095 bytes.
struct CachedTree {
  std::string path;  // "" for the root; no "/" at the end
  pack::ObjectId id;
  // The entries below it: [first, first + count) of IndexFile::entries.
  std::size_t first = 0;
  std::size_t count = 0;
};

struct IndexFile {
  std::vector<IndexEntry> entries;  // sorted by (path, stage), bytes
  std::vector<CachedTree> trees;    // valid ones only, a folder before those in
                                    // it; from the TREE extension
  // "sharedindex.<hex>" beside the index, for a split index; ReadIndex has
  // merged it already.
  std::optional<std::string> shared;
};

// Parses the bytes of one file. Never reads beyond them, never crashes, never
// takes memory out of proportion to them. A split index comes without the
// entries of its shared part, those that replace such, and the trees.
// kDamaged: cut short, a count or length that cannot be, entries out of order,
// a path that git would refuse (empty, absolute, "." or "..", ".git" as a
// component in any case), a checksum that does not hold (all zeros: none was
// written, see index.skipHash). kUnsupported: a version, a flag or a required
// extension that is not known, or an index both split and sparse. kLimit: paths
// that together are 64 times as long as the file, as version 4 could have them.
// The message says what is wrong and at which offset, and names no file.
Result<IndexFile> ParseIndex(std::string_view bytes, pack::HashKind kind);

// Reads and parses the index at `path`, and merges its shared part, which
// stands in the same folder. No file: an empty index; no shared part where one
// belongs: kDamaged. Messages begin with the path of the file that is wrong.
// kLimit: larger than 2 GiB.
Result<IndexFile> ReadIndex(const std::string& path, pack::HashKind kind);

}  // namespace keytidy::git
