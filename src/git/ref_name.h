// SPDX-License-Identifier: Apache-2.0
//
// Names of references, and whose they are.
#pragma once

#include <string>
#include <string_view>

#include "git/repository.h"

namespace keytidy::git {

// As `git check-ref-format --allow-onelevel`. Such a name leads out of no
// folder: it has no "..", no empty component, none that begins with a dot.
bool IsRefName(std::string_view name);

// A file of the git dir itself that holds a reference: HEAD, ORIG_HEAD and so
// on, AUTO_MERGE.
bool IsRootRefName(std::string_view name);

// Each worktree has its own: refs/bisect/, refs/worktree/, refs/rewritten/ and
// all outside refs/.
bool IsPerWorktree(std::string_view name);

// "" for the main worktree, "<id>" for a linked one.
std::string WorktreeId(const Repository& repository);

// "main-worktree/HEAD" and "worktrees/<id>/HEAD" as this worktree names them
// where they are its own; other names stay.
std::string OwnName(std::string_view worktree_id, std::string_view name);

}  // namespace keytidy::git
