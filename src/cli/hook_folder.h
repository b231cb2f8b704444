// SPDX-License-Identifier: Apache-2.0
//
// Where git looks for a repository's hooks, and who else has a say there.
#pragma once

#include <string>
#include <string_view>

#include "base/result.h"
#include "git/repository.h"

namespace keytidy::cli {

struct HookFolder {
  std::string path;     // may not be there yet
  std::string usual;    // hooks/ of the common dir
  std::string setting;  // core.hooksPath where it is set, else empty
  // Why the folder is not this repository's alone; empty where it is.
  std::string shared;
  // The folder in which a person adds to a hook by hand.
  std::string by_hand;

  // core.hooksPath makes git look elsewhere than in `usual`.
  bool Moved() const;
};

// The folder for the hook `name` ("pre-commit").
// kInvalid: core.hooksPath names nothing that can hold a hook. Further what
// git::ConfigPath fails with.
Result<HookFolder> LocateHooks(const git::Repository& repository,
                               std::string_view name);

// Whether `path`, with its symbolic links followed, lies in the repository's
// worktree, the main worktree, or a git dir.
bool IsInside(const git::Repository& repository, const std::string& path);

// Whether it lies in the worktree, but in no git dir: where files are tracked.
bool IsInWorktree(const git::Repository& repository, const std::string& path);

}  // namespace keytidy::cli
