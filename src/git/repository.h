// SPDX-License-Identifier: Apache-2.0
//
// Finding a repository and the places of its parts, as git does it. Reads
// files; never runs anything the configuration names.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "pack/object_id.h"

namespace keytidy::git {

// The variables by which git tells a hook (or a person tells git) where things
// are. Unset is nullopt; so is set but empty.
struct Environment {
  std::optional<std::string> git_dir;           // GIT_DIR
  std::optional<std::string> work_tree;         // GIT_WORK_TREE
  std::optional<std::string> common_dir;        // GIT_COMMON_DIR
  std::optional<std::string> object_directory;  // GIT_OBJECT_DIRECTORY
  std::optional<std::string> alternates;  // GIT_ALTERNATE_OBJECT_DIRECTORIES
  std::optional<std::string> index_file;  // GIT_INDEX_FILE
  std::optional<std::string> ceilings;    // GIT_CEILING_DIRECTORIES

  static Environment OfProcess();
};

// Paths are absolute and, of a repository that was searched for, without
// symbolic links. Only what a variable names may be relative to the working
// directory, as it was given (not the worktree). No "/" at the end.
struct Repository {
  std::string git_dir;     // of this worktree: HEAD, index, MERGE_HEAD
  std::string common_dir;  // shared by all worktrees: refs, objects, config
  std::string work_tree;   // "" where there is none (bare)
  std::string object_dir;
  // Further object folders named by the environment; what info/alternates of
  // an object folder names is for pack/ to follow.
  std::vector<std::string> alternates;
  std::string index_path;
  pack::HashKind hash = pack::HashKind::kSha1;
  // extensions.partialClone or a remote.<name>.promisor is set.
  bool partial_clone = false;
  bool reftable = false;  // refs are not in files; refs.h cannot read them
};

// The repository that `path` is in: `path` itself where it is a bare
// repository or a .git folder or file, otherwise the nearest folder upwards
// that has a .git, not beyond a ceiling and not beyond the file system.
// With `environment.git_dir` that one, as git has it; give a default
// Environment where the user named a path.
// kNotFound: there is none. kPermission: it belongs to another user and no
// safe.directory of the user's or the system's configuration names it; the
// message has the command that would allow it. kUnsupported: a
// repositoryformatversion or an extension that is not known. kDamaged: its HEAD
// or configuration cannot be read, or a .git file names no git dir. Messages
// name the path.
Result<Repository> Discover(const std::string& path,
                            const Environment& environment);

// The repositories of submodules: those kept in `modules/` of the git dir of
// any worktree, at any depth, and those that stand in this worktree at a
// gitlink of the index, and theirs. Symbolic links are not followed to them.
// `display` is the submodule's path in the outer worktree as far as that
// is known, else its name. One entry for each different git dir; sorted by
// display. What cannot be opened has an error in place of a repository.
struct Submodule {
  std::string display;
  Result<Repository> repository;
};
std::vector<Submodule> Submodules(const Repository& repository);

// git configuration as git sees it for this repository: system, user, local and
// worktree files with their includes, by way of libgit2, which is loaded when
// it is first needed; and GIT_CONFIG_COUNT and GIT_CONFIG_PARAMETERS, which go
// before them.
// "~" is expanded; a relative path stays. nullopt where it is not set.
// kUnsupported: libgit2 is not installed. kDamaged, kInvalid: a file or a
// variable is malformed.
Result<std::optional<std::string>> ConfigPath(const Repository& repository,
                                              const std::string& name);

}  // namespace keytidy::git
