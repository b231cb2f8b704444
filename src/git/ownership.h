// SPDX-License-Identifier: Apache-2.0
//
// Whether a repository may be trusted: git's rule of safe.directory.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace keytidy::git {

// What must belong to the effective user (for root: to root, or to the user
// that called sudo). An empty path is left out.
struct OwnedParts {
  std::string git_dir;
  std::string git_file;   // the .git file that led there
  std::string work_tree;  // the folder with .git; names the repository
};

// kPermission: a part belongs to another user, or cannot be looked at, and
// neither the system's, nor the user's, nor the command's configuration allows
// the repository. libgit2 is asked only when it comes to that.
Status CheckOwnership(const OwnedParts& parts);

// Whether the values of safe.directory, in this order, allow `path`, which is
// absolute and without symbolic links: "*", the path itself, "folder/*", and
// the empty value, which takes back all before it.
bool IsSafeDirectory(std::string_view path,
                     const std::vector<std::string>& values);

}  // namespace keytidy::git
