// SPDX-License-Identifier: Apache-2.0
#include "cli/hook_folder.h"

#include <sys/stat.h>

#include <algorithm>
#include <filesystem>
#include <iterator>
#include <system_error>

#include "base/text.h"

namespace keytidy::cli {
namespace {

namespace fs = std::filesystem;

// `path` is canonical.
bool IsWithin(const fs::path& path, const std::string& folder) {
  if (folder.empty()) return false;
  std::error_code error;
  const fs::path top = fs::weakly_canonical(folder, error);
  if (error) return false;
  return std::mismatch(top.begin(), top.end(), path.begin(), path.end())
             .first == top.end();
}

// The top of the main worktree, with which a linked one shares its hooks.
std::string MainWorktree(const git::Repository& repository) {
  std::error_code error;
  const fs::path common = fs::weakly_canonical(repository.common_dir, error);
  return !error && common.filename() == ".git" ? common.parent_path().string()
                                               : "";
}

// The folders that tools write anew: husky's .husky/_, and what a package
// brought along.
bool IsGenerated(const fs::path& path) {
  for (auto it = path.begin(); it != path.end(); ++it) {
    if (*it == "node_modules") return true;
    const auto next = std::next(it);
    if (*it == ".husky" && next != path.end() && *next == "_") return true;
  }
  return false;
}

std::string WhyShared(const git::Repository& repository,
                      const std::string& folder) {
  std::error_code error;
  if (IsGenerated(fs::weakly_canonical(folder, error))) {
    return "another tool writes that folder anew";
  }
  if (!IsInside(repository, folder)) {
    return "that is outside this repository, and others may use it too";
  }
  return "";
}

}  // namespace

bool IsInside(const git::Repository& repository, const std::string& path) {
  std::error_code error;
  const fs::path canonical = fs::weakly_canonical(path, error);
  if (error) return false;
  return IsWithin(canonical, repository.common_dir) ||
         IsWithin(canonical, repository.git_dir) ||
         IsWithin(canonical, repository.work_tree) ||
         IsWithin(canonical, MainWorktree(repository));
}

bool IsInWorktree(const git::Repository& repository, const std::string& path) {
  std::error_code error;
  const fs::path canonical = fs::weakly_canonical(path, error);
  return !error && IsWithin(canonical, repository.work_tree) &&
         !IsWithin(canonical, repository.common_dir) &&
         !IsWithin(canonical, repository.git_dir);
}

bool HookFolder::Moved() const {
  if (setting.empty()) return false;
  std::error_code error;
  const fs::path here = fs::weakly_canonical(path, error);
  return here != fs::weakly_canonical(usual, error);
}

Result<HookFolder> LocateHooks(const git::Repository& repository,
                               std::string_view name) {
  HookFolder folder;
  folder.usual = repository.common_dir + "/hooks";
  folder.path = folder.usual;
  const auto setting = git::ConfigPath(repository, "core.hooksPath");
  if (!setting) return Fail(setting.error());
  if (*setting) {
    folder.setting = **setting;
    if (folder.setting.empty()) {
      return Fail(ErrorCode::kInvalid,
                  "core.hooksPath is set to nothing, so git finds no hook; "
                  "`git config --unset core.hooksPath` clears it");
    }
    // Git runs pre-receive in the git dir and the others at the top of the
    // worktree, if there is one.
    const std::string& base =
        repository.work_tree.empty() || name == "pre-receive"
            ? repository.git_dir
            : repository.work_tree;
    folder.path = (fs::path(base) / folder.setting).string();
    while (folder.path.size() > 1 && folder.path.back() == '/') {
      folder.path.pop_back();
    }
  }
  struct stat st;
  if (stat(folder.path.c_str(), &st) == 0 && !S_ISDIR(st.st_mode)) {
    return Fail(ErrorCode::kInvalid,
                "{}: git looks for hooks there{}, but it is no directory, so "
                "none is run",
                ForTerminal(folder.path),
                folder.setting.empty() ? "" : " (core.hooksPath)");
  }
  folder.shared = WhyShared(repository, folder.path);
  const fs::path path = folder.path;
  folder.by_hand =
      path.filename() == "_" ? path.parent_path().string() : folder.path;
  return folder;
}

}  // namespace keytidy::cli
