// SPDX-License-Identifier: Apache-2.0
//
// The one place that knows libgit2. It is loaded when a function here is first
// called, never before, and reads configuration and looks up names: it opens
// no connection and runs nothing. Safe from any thread; one call at a time goes
// on.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/result.h"

namespace keytidy::git::libgit2 {

// Every value of `name` in the system's and the user's configuration, with
// what those include, in git's order. A value without "=" is an empty one.
// Files: GIT_CONFIG_SYSTEM, GIT_CONFIG_NOSYSTEM and GIT_CONFIG_GLOBAL, else the
// places git-config(1) names.
// kUnsupported: libgit2 is not installed. kDamaged: a file is malformed.
Result<std::vector<std::string>> UserValues(const std::string& name);

// The value that counts, out of the same files and a repository's own.
struct OwnFiles {
  std::string git_dir;   // for the conditions of includes
  std::string config;    // common_dir/config
  std::string worktree;  // git_dir/config.worktree, or empty
};
Result<std::optional<std::string>> Value(const OwnFiles& own,
                                         const std::string& name);

// What a revision stands for, as 40 hexadecimal digits. SHA-1 repositories
// only. kNotFound, kInvalid: libgit2's own words.
Result<std::string> RevParse(const std::string& git_dir,
                             const std::string& expression);

}  // namespace keytidy::git::libgit2
