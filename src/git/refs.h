// SPDX-License-Identifier: Apache-2.0
//
// What keeps commits alive: references, the HEADs of all worktrees, and
// reflogs. Formats: gitrepository-layout(5), git-pack-refs(1).
#pragma once

#include <string>
#include <vector>

#include "base/result.h"
#include "core/report.h"
#include "git/repository.h"
#include "pack/object_id.h"

namespace keytidy::git {

struct Ref {
  // "refs/heads/main"; "HEAD", "worktrees/x/HEAD", "main-worktree/HEAD" too.
  // Further ids of FETCH_HEAD and MERGE_HEAD are "FETCH_HEAD:2" and so on.
  std::string name;
  pack::ObjectId id;
};

struct Refs {
  // Every reference that names an object, sorted by name, each name once (a
  // loose one hides a packed one; a symbolic one is resolved, up to five
  // steps). Includes ORIG_HEAD, FETCH_HEAD, MERGE_HEAD, CHERRY_PICK_HEAD,
  // REVERT_HEAD, BISECT_HEAD and the like where they are, and what a rebase
  // under way keeps. One that leads nowhere, as HEAD before the first commit,
  // is left out and no error.
  std::vector<Ref> refs;
  // Every object named by a reflog, old and new side, without the zero id;
  // sorted, each once. That of refs/stash is apart: it holds stash@{1} and on.
  std::vector<pack::ObjectId> reflog;
  std::vector<pack::ObjectId> stash;
  // Where a shallow clone was cut: commits whose parents are not here. Sorted.
  std::vector<pack::ObjectId> shallow;
  // Files that are damaged or cannot be read, path and reason. Linear in the
  // size of the files, also for a million references.
  std::vector<Skip> skipped;
};

Refs ReadRefs(const Repository& repository);

// What a name stands for: a whole id, a reference (HEAD, @, main, v1.0,
// origin/main, refs/…, by git's order of places), each followed by any number
// of ^, ^N, ~N, ^{}, ^{commit}, or name@{N} of its reflog; and an abbreviated
// id of at least four digits. Needs objects for all but plain names, which
// `graph` gives; its errors are passed on. kNotFound: no such name. kInvalid:
// it cannot be read as one, or an abbreviation is ambiguous.
class ObjectGraph {
 public:
  virtual ~ObjectGraph() = default;
  // The commit that a commit or annotated tag leads to.
  virtual Result<pack::ObjectId> Peel(const pack::ObjectId& id) = 0;
  virtual Result<std::vector<pack::ObjectId>> ParentsOf(
      const pack::ObjectId& commit) = 0;
  // Objects whose hexadecimal form begins so; at most two.
  virtual std::vector<pack::ObjectId> WithPrefix(std::string_view hex) = 0;
};
Result<pack::ObjectId> Resolve(const Repository& repository, const Refs& refs,
                               std::string_view expression, ObjectGraph& graph);

}  // namespace keytidy::git
