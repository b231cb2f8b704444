// SPDX-License-Identifier: Apache-2.0
#include "git/git_folder.h"

#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <system_error>

#include "base/file.h"
#include "git/environment.h"
#include "git/ownership.h"
#include "git/paths.h"
#include "git/repository_format.h"

namespace keytidy::git {
namespace {

// git's limit for .git files; "commondir" is no longer than they are.
constexpr std::size_t kLargestPathFile = std::size_t{1} << 20;
constexpr std::string_view kGitDirPrefix = "gitdir: ";

std::string_view WithoutLineEnd(std::string_view text) {
  while (!text.empty() && (text.back() == '\n' || text.back() == '\r')) {
    text.remove_suffix(1);
  }
  return text;
}

// "ref: refs/…", or an id of either kind; git does not look further.
bool IsHead(const std::string& path) {
  std::error_code error;
  const auto target = std::filesystem::read_symlink(path, error);
  if (!error) return target.string().starts_with("refs/");
  auto text = ReadSmallFile(path, kLargestPathFile, Links::kRefuse);
  if (!text) return false;
  std::string_view rest = *text;
  if (rest.starts_with("ref:")) {
    rest.remove_prefix(4);
    while (!rest.empty() && IsSpace(rest[0])) rest.remove_prefix(1);
    return rest.starts_with("refs/");
  }
  return pack::ObjectId::FromHex(rest.substr(0, 40)).has_value();
}

bool CanEnter(const std::string& path) {
  return access(path.c_str(), X_OK) == 0;
}

bool IsWithin(const std::string& path, const std::string& folder) {
  return path == folder || path.starts_with(folder == "/" ? "/" : folder + "/");
}

// The worktree by git's order: GIT_WORK_TREE, core.bare, core.worktree, where
// it was found.
std::string WorkTreeOf(const Found& found, const RepositoryFormat& format,
                       const Environment& environment) {
  if (environment.work_tree) return RealPathOrText(*environment.work_tree);
  if (format.bare.value_or(false)) return "";
  if (format.work_tree) {
    return RealPathOrText(
        Join(RealPathOrText(found.git_dir), *format.work_tree));
  }
  return found.by_environment ? RealPathOrText(".") : found.work_tree;
}

// A relative GIT_INDEX_FILE is below the top of the worktree one is in.
std::string IndexPathOf(const Repository& repository,
                        const Environment& environment) {
  if (!environment.index_file) return Join(repository.git_dir, "index");
  const std::string& given = *environment.index_file;
  const auto here = RealPath(".");
  if (given[0] == '/' || !here || repository.work_tree.empty() ||
      *here == repository.work_tree || !IsWithin(*here, repository.work_tree)) {
    return given;
  }
  return Join(repository.work_tree, given);
}

}  // namespace

Result<CommonDir> CommonDirOf(const std::string& git_dir,
                              const Environment& environment) {
  if (environment.common_dir) {
    return CommonDir{WithoutEndSlashes(*environment.common_dir), true};
  }
  const std::string path = Join(git_dir, "commondir");
  if (!StandsAt(path)) return CommonDir{git_dir, false};
  auto text = ReadSmallFile(path, kLargestPathFile);
  if (!text) return Fail(ErrorCode::kDamaged, "{}", text.error().message);
  const std::string_view name = WithoutLineEnd(*text);
  if (name.empty() || name.find('\0') != std::string_view::npos) {
    return Fail(ErrorCode::kDamaged, "{}: names no folder", path);
  }
  return CommonDir{RealPathOrText(Join(git_dir, name)), true};
}

FolderKind KindOfFolder(const std::string& path,
                        const Environment& environment) {
  const std::string head = Join(path, "HEAD");
  const auto common = CommonDirOf(path, environment);
  if (!common) {
    return StandsAt(head) ? FolderKind::kDamaged : FolderKind::kOther;
  }
  const std::string objects =
      environment.object_directory.value_or(Join(common->path, "objects"));
  if (!CanEnter(objects) || !CanEnter(Join(common->path, "refs"))) {
    return FolderKind::kOther;
  }
  if (IsHead(head)) return FolderKind::kGitDir;
  return StandsAt(head) || StandsAt(Join(common->path, "config"))
             ? FolderKind::kDamaged
             : FolderKind::kOther;
}

Result<std::optional<std::string>> ReadGitFile(const std::string& path,
                                               const Environment& environment) {
  if (!IsRegularFile(path)) return std::optional<std::string>();
  auto text = ReadSmallFile(path, kLargestPathFile);
  if (!text) return Fail(ErrorCode::kDamaged, "{}", text.error().message);
  if (!text->starts_with(kGitDirPrefix)) {
    return Fail(ErrorCode::kDamaged, "{}: does not begin with \"gitdir: \"",
                path);
  }
  const std::string_view name =
      WithoutLineEnd(std::string_view(*text).substr(kGitDirPrefix.size()));
  if (name.empty() || name.find('\0') != std::string_view::npos) {
    return Fail(ErrorCode::kDamaged, "{}: names no folder", path);
  }
  const std::string target = Join(ParentOf(path), name);
  if (KindOfFolder(target, environment) != FolderKind::kGitDir) {
    return Fail(ErrorCode::kDamaged, "{}: names \"{}\", which is no git folder",
                path, name);
  }
  return std::optional<std::string>(RealPathOrText(target));
}

Result<Repository> Open(const Found& found, const Environment& environment) {
  if (!found.by_environment) {
    auto own = CheckOwnership({found.git_dir, found.git_file, found.work_tree});
    if (!own) return Fail(own.error());
  }
  Repository out;
  out.git_dir =
      found.by_environment ? found.git_dir : RealPathOrText(found.git_dir);
  auto common = CommonDirOf(out.git_dir, environment);
  if (!common) return Fail(common.error());
  auto format = ReadRepositoryFormat(out.git_dir, common->path, common->linked);
  if (!format) return Fail(format.error());
  out.common_dir = std::move(common->path);
  out.work_tree = WorkTreeOf(found, *format, environment);
  out.object_dir = WithoutEndSlashes(
      environment.object_directory.value_or(Join(out.common_dir, "objects")));
  if (environment.alternates) {
    out.alternates = SplitAlternates(*environment.alternates);
  }
  out.index_path = IndexPathOf(out, environment);
  out.hash = format->hash;
  out.partial_clone = format->partial_clone;
  out.reftable = format->reftable;
  return out;
}

Result<std::optional<Found>> LookAt(const std::string& path,
                                    const Environment& environment,
                                    std::string* damaged) {
  const std::string dot_git = Join(path, ".git");
  auto named = ReadGitFile(dot_git, environment);
  if (!named) return Fail(named.error());
  if (*named) return std::optional(Found{**named, dot_git, path});
  const auto note = [&](const std::string& folder) {
    if (damaged->empty()) *damaged = folder;
  };
  switch (KindOfFolder(dot_git, environment)) {
    case FolderKind::kGitDir:
      return std::optional(Found{dot_git, "", path});
    case FolderKind::kDamaged:
      note(dot_git);
      break;
    case FolderKind::kOther:
      break;
  }
  switch (KindOfFolder(path, environment)) {
    case FolderKind::kGitDir: {
      Found found{path, "", ""};
      if (LastName(path) == ".git") found.work_tree = ParentOf(path);
      return std::optional(std::move(found));
    }
    case FolderKind::kDamaged:
      note(path);
      break;
    case FolderKind::kOther:
      break;
  }
  return std::optional<Found>();
}

}  // namespace keytidy::git
