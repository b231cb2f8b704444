// SPDX-License-Identifier: Apache-2.0
#include "git/repository.h"

#include <sys/stat.h>

#include <cerrno>

#include "base/file.h"
#include "git/config_file.h"
#include "git/environment.h"
#include "git/git_folder.h"
#include "git/libgit2.h"
#include "git/paths.h"
#include "git/repository_format.h"

namespace keytidy::git {
namespace {

Result<Repository> OpenNamed(const Environment& environment) {
  const std::string given = WithoutEndSlashes(*environment.git_dir);
  auto named = ReadGitFile(given, environment);
  if (!named) return Fail(named.error());
  Found found;
  found.git_dir = named->value_or(given);
  found.by_environment = true;
  switch (KindOfFolder(found.git_dir, environment)) {
    case FolderKind::kGitDir:
      return Open(found, environment);
    case FolderKind::kDamaged:
      return Fail(ErrorCode::kDamaged, "{}: HEAD is missing or malformed",
                  found.git_dir);
    case FolderKind::kOther:
      break;
  }
  return Fail(ErrorCode::kNotFound, "{}: not a git repository (GIT_DIR)",
              given);
}

}  // namespace

Result<Repository> Discover(const std::string& path,
                            const Environment& environment) {
  if (environment.git_dir) return OpenNamed(environment);
  struct stat st;
  if (stat(path.c_str(), &st) != 0) return Fail(SystemError(path, errno));
  // The ".git" that a person names is opened by way of its folder; so is a
  // file of a worktree.
  const std::string given = WithoutEndSlashes(path);
  const bool above = !S_ISDIR(st.st_mode) || LastName(given) == ".git";
  const auto start = RealPath(above ? ParentOf(given) : given);
  if (!start || stat(start->c_str(), &st) != 0) {
    return Fail(SystemError(path, errno));
  }
  std::string folder = *start;
  const dev_t device = st.st_dev;
  const int ceiling =
      environment.ceilings ? LongestCeiling(folder, *environment.ceilings) : -1;
  std::string damaged;
  for (;;) {
    auto found = LookAt(folder, environment, &damaged);
    if (!found) return Fail(found.error());
    if (*found) return Open(**found, environment);
    if (folder == "/") break;
    const std::size_t slash = folder.rfind('/');
    if (static_cast<int>(slash) <= ceiling) break;
    folder = slash == 0 ? "/" : folder.substr(0, slash);
    if (stat(folder.c_str(), &st) != 0) {
      return Fail(SystemError(folder, errno));
    }
    if (st.st_dev != device) break;
  }
  if (!damaged.empty()) {
    return Fail(ErrorCode::kDamaged, "{}: HEAD is missing or malformed",
                damaged);
  }
  return Fail(ErrorCode::kNotFound,
              "{}: neither it nor a folder above it is a git repository", path);
}

Result<std::optional<std::string>> ConfigPath(const Repository& repository,
                                              const std::string& name) {
  std::optional<std::string> value;
  auto command = CommandScopeConfig();
  if (!command) return Fail(command.error());
  const std::string key = CanonicalKey(name);
  for (const ConfigEntry& entry : *command) {
    if (entry.key == key) value = entry.value.value_or("");
  }
  if (!value) {
    const std::string config = Join(repository.common_dir, "config");
    auto format =
        ReadRepositoryFormat(repository.git_dir, repository.common_dir, true);
    if (!format) return Fail(format.error());
    auto asked = libgit2::Value(
        {repository.git_dir, config,
         format->worktree_config ? Join(repository.git_dir, "config.worktree")
                                 : ""},
        name);
    if (!asked) return Fail(asked.error());
    value = std::move(*asked);
  }
  if (!value) return value;
  auto path = ExpandHome(*value);
  if (!path) {
    return Fail(ErrorCode::kInvalid, "{}: no home folder for \"{}\"", name,
                *value);
  }
  return std::optional<std::string>(std::move(*path));
}

}  // namespace keytidy::git
