// SPDX-License-Identifier: Apache-2.0
//
// What a repository's own configuration says about its form, before anything
// else of it is read: gitrepository-layout(5), core.repositoryformatversion.
#pragma once

#include <optional>
#include <string>

#include "base/result.h"
#include "pack/object_id.h"

namespace keytidy::git {

struct RepositoryFormat {
  pack::HashKind hash = pack::HashKind::kSha1;
  bool partial_clone = false;
  bool reftable = false;
  bool worktree_config = false;
  // core.bare and core.worktree as far as they hold for this worktree.
  std::optional<bool> bare;
  std::optional<std::string> work_tree;
};

// Reads common_dir/config and, with extensions.worktreeConfig,
// git_dir/config.worktree; no file is an empty one. `linked`: the common dir is
// another than the git dir, so that core.bare and core.worktree of the common
// file are for the main worktree.
// kUnsupported: a version or extension that is not known. kDamaged: a file that
// cannot be read, or a value that git would refuse.
Result<RepositoryFormat> ReadRepositoryFormat(const std::string& git_dir,
                                              const std::string& common_dir,
                                              bool linked);

}  // namespace keytidy::git
