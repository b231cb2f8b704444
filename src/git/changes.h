// SPDX-License-Identifier: Apache-2.0
//
// What the next commit, or a commit that was made, holds at places where no
// parent of it held the same.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/result.h"
#include "core/report.h"
#include "git/index_file.h"
#include "git/tree.h"
#include "pack/object_store.h"

namespace keytidy::git {

struct Change {
  std::string path;
  pack::ObjectId blob;
  // What the parents have at this path: each different blob once.
  std::vector<pack::ObjectId> before;
};

struct Deletion {
  std::string path;
  pack::ObjectId blob;
};

struct ChangeSet {
  std::vector<Change> changes;  // sorted by path
  std::vector<Deletion>
      deletions;  // what the first parent has and this has not
  // What could not be compared, or is left out by a rule.
  std::vector<Skip> skipped;
};

// Compares trees, reading only those that differ from every parent's.
// `parents` may be empty: then everything is new. Folders nest at most 2,000
// deep. `reader` is used from the calling thread.
ChangeSet CompareTrees(const pack::ObjectId& tree,
                       const std::vector<pack::ObjectId>& parents,
                       pack::ObjectReader& reader, pack::HashKind kind);

// The same for the index, whose cached trees spare the reading of folders that
// did not change. Entries of a conflict and `git add -N` are in skipped:
// nothing of them goes into a commit.
ChangeSet CompareIndex(const IndexFile& index,
                       const std::vector<pack::ObjectId>& parents,
                       pack::ObjectReader& reader, pack::HashKind kind);

}  // namespace keytidy::git
