// SPDX-License-Identifier: Apache-2.0
#include <sys/stat.h>

#include <algorithm>
#include <filesystem>
#include <set>
#include <system_error>
#include <utility>

#include "git/git_folder.h"
#include "git/index_file.h"
#include "git/paths.h"
#include "git/repository.h"

namespace keytidy::git {
namespace {

constexpr std::uint32_t kGitlink = 0160000;
// Names of submodules have few slashes; deeper folders are no `modules/`.
constexpr std::size_t kDeepestName = 64;

bool IsFolderItself(const std::string& path) {
  struct stat st;
  return lstat(path.c_str(), &st) == 0 && S_ISDIR(st.st_mode);
}

// The names of the folders in `path`, without symbolic links, sorted.
std::vector<std::string> FoldersIn(const std::string& path) {
  std::vector<std::string> out;
  std::error_code error;
  std::filesystem::directory_iterator it(path, error);
  for (; !error && it != std::filesystem::directory_iterator();
       it.increment(error)) {
    const std::string name = it->path().filename().string();
    if (IsFolderItself(Join(path, name))) out.push_back(name);
  }
  std::sort(out.begin(), out.end());
  return out;
}

// Whether each component of `path` below `top` is a folder and no link: git
// refuses to go through links of the worktree.
bool HasNoLinks(const std::string& top, const std::string& path) {
  for (std::size_t slash = 0; slash != std::string::npos;) {
    slash = path.find('/', slash + 1);
    if (!IsFolderItself(Join(top, path.substr(0, slash)))) return false;
  }
  return true;
}

class Finder {
 public:
  explicit Finder(const Repository& outer) : outer_(outer) {
    seen_.insert(RealPathOrText(outer.git_dir));
    seen_.insert(RealPathOrText(outer.common_dir));
    work_tree_ = outer.work_tree.empty() ? "" : RealPathOrText(outer.work_tree);
  }

  std::vector<Submodule> Run() {
    AddModulesOf(outer_, "");
    AddGitlinksOf(outer_, "");
    // What is found has submodules of its own.
    for (std::size_t i = 0; i < out_.size(); ++i) {
      if (!out_[i].repository) continue;
      const Repository inner = *out_[i].repository;
      const std::string prefix = out_[i].display + "/";
      AddModulesOf(inner, prefix);
      AddGitlinksOf(inner, prefix);
    }
    std::sort(out_.begin(), out_.end(),
              [](const Submodule& a, const Submodule& b) {
                return a.display < b.display;
              });
    return std::move(out_);
  }

 private:
  // Absorbed ones stand in the git dir of the worktree they were added in.
  void AddModulesOf(const Repository& repository, const std::string& prefix) {
    AddModules(Join(repository.git_dir, "modules"), prefix);
    AddModules(Join(repository.common_dir, "modules"), prefix);
    const std::string worktrees = Join(repository.common_dir, "worktrees");
    for (const std::string& name : FoldersIn(worktrees)) {
      AddModules(Join(Join(worktrees, name), "modules"), prefix);
    }
  }

  void AddModules(const std::string& modules, const std::string& prefix) {
    if (!IsFolderItself(modules)) return;
    struct Level {
      std::string name;  // "" or "a/b/"
      std::size_t depth;
    };
    std::vector<Level> open = {{"", 0}};
    while (!open.empty()) {
      const Level level = std::move(open.back());
      open.pop_back();
      for (const std::string& name : FoldersIn(Join(modules, level.name))) {
        const std::string below = level.name + name;
        const std::string path = Join(modules, below);
        const FolderKind kind = KindOfFolder(path, Environment());
        if (kind == FolderKind::kGitDir) {
          Add({path, "", ""}, prefix + below);
        } else if (kind == FolderKind::kDamaged) {
          if (!seen_.insert(RealPathOrText(path)).second) continue;
          out_.push_back(
              {prefix + below, Fail(ErrorCode::kDamaged,
                                    "{}: HEAD is missing or malformed", path)});
          // Those in it may be whole.
          open.push_back({below + "/modules/", level.depth + 2});
        } else if (level.depth < kDeepestName) {
          open.push_back({below + "/", level.depth + 1});
        }
      }
    }
  }

  void AddGitlinksOf(const Repository& repository, const std::string& prefix) {
    if (repository.work_tree.empty()) return;
    const auto index = ReadIndex(repository.index_path, repository.hash);
    if (!index) {
      out_.push_back({prefix + "(index)", Fail(index.error())});
      return;
    }
    std::string last;
    for (const IndexEntry& entry : index->entries) {
      if (entry.mode != kGitlink || entry.path == last) continue;
      last = entry.path;
      if (!HasNoLinks(repository.work_tree, entry.path)) continue;
      const std::string path = Join(repository.work_tree, entry.path);
      const std::string dot_git = Join(path, ".git");
      if (!StandsAt(dot_git)) continue;
      const std::string display = prefix + entry.path;
      std::string damaged;
      auto found = LookAt(path, Environment(), &damaged);
      if (!found) {
        out_.push_back({display, Fail(found.error())});
      } else if (*found && !(*found)->work_tree.empty()) {
        Add(**found, display);
      } else {
        out_.push_back({display, Fail(ErrorCode::kDamaged,
                                      "{}: not a git folder", dot_git)});
      }
    }
  }

  void Add(const Found& found, const std::string& name) {
    if (!seen_.insert(RealPathOrText(found.git_dir)).second) return;
    Submodule out{name, Open(found, Environment())};
    if (out.repository && !work_tree_.empty() &&
        out.repository->work_tree.starts_with(work_tree_ + "/")) {
      out.display = out.repository->work_tree.substr(work_tree_.size() + 1);
    }
    out_.push_back(std::move(out));
  }

  const Repository& outer_;
  std::string work_tree_;
  std::set<std::string> seen_;  // git dirs, without symbolic links
  std::vector<Submodule> out_;
};

}  // namespace

std::vector<Submodule> Submodules(const Repository& repository) {
  return Finder(repository).Run();
}

}  // namespace keytidy::git
