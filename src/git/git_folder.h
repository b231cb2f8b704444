// SPDX-License-Identifier: Apache-2.0
//
// Telling a git dir from other folders, and making a Repository of one.
#pragma once

#include <optional>
#include <string>

#include "base/result.h"
#include "git/repository.h"

namespace keytidy::git {

enum class FolderKind {
  kOther,
  kDamaged,  // looks like one, but has no HEAD that git would take
  kGitDir,
};
FolderKind KindOfFolder(const std::string& path,
                        const Environment& environment);

struct CommonDir {
  std::string path;
  bool linked = false;  // another than the git dir
};
// By `environment`, else by the file "commondir". kDamaged: it is unreadable.
Result<CommonDir> CommonDirOf(const std::string& git_dir,
                              const Environment& environment);

// The git dir that the .git file at `path` names; without symbolic links.
// nullopt: `path` is no regular file. kDamaged: it names no git dir.
Result<std::optional<std::string>> ReadGitFile(const std::string& path,
                                               const Environment& environment);

// What was found, and how.
struct Found {
  std::string git_dir;
  std::string git_file;   // the .git file that led there, or empty
  std::string work_tree;  // the folder that holds .git, or empty
  // GIT_DIR names it: git trusts it, whoever owns it, and takes the working
  // directory for the worktree.
  bool by_environment = false;
};
Result<Repository> Open(const Found& found, const Environment& environment);

// What stands at `path` itself: a .git in it, or a git dir. nullopt: neither.
// Goes on past what is damaged, which is then said in `*damaged`.
Result<std::optional<Found>> LookAt(const std::string& path,
                                    const Environment& environment,
                                    std::string* damaged);

}  // namespace keytidy::git
