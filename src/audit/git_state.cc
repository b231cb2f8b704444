// SPDX-License-Identifier: Apache-2.0
#include "audit/git_state.h"

#include <algorithm>
#include <utility>

#include "base/file.h"
#include "base/text.h"
#include "git/index_file.h"
#include "git/repository.h"
#include "source/ignore.h"

namespace keytidy::audit {
namespace {

constexpr std::size_t kMostIgnores = 1 << 20;

}  // namespace

struct GitStates::Repository {
  git::Repository repository;
  git::IndexFile index;
  source::IgnoreStack::Files top;  // weaker than any .gitignore
};

GitStates::GitStates(const Machine& machine) : machine_(machine) {}
GitStates::~GitStates() = default;

GitStates::Repository* GitStates::RepositoryOf(const std::string& folder) {
  const auto [it, fresh] = by_folder_.try_emplace(folder);
  if (!fresh) return it->second.get();
  auto found = git::Discover(folder, {});
  if (!found) {
    if (found.error().code != ErrorCode::kNotFound) {
      skipped_.push_back(
          {folder,
           "whether git tracks it is not known: " + found.error().message,
           std::nullopt, false});
    }
    return nullptr;
  }
  if (found->work_tree.empty()) return nullptr;
  // Not beyond the copy of a home folder.
  if (!machine_.own &&
      !(found->work_tree + "/").starts_with(machine_.real_home + "/")) {
    return nullptr;
  }
  auto& shared = by_tree_[found->work_tree];
  if (shared == nullptr) {
    auto made = std::make_shared<Repository>();
    if (auto index = git::ReadIndex(found->index_path, found->hash)) {
      made->index = *std::move(index);
    } else {
      skipped_.push_back(
          {folder,
           "whether git tracks it is not known: " + index.error().message,
           std::nullopt, false});
      return nullptr;
    }
    std::vector<std::string> files;
    if (machine_.own) {
      auto own = git::ConfigPath(*found, "core.excludesfile");
      if (own && *own) files.push_back(**own);
    }
    if (files.empty()) {
      files.push_back(Expand(machine_, "{config}/git/ignore").front().path);
    }
    files.push_back(found->common_dir + "/info/exclude");
    for (const std::string& file : files) {
      if (auto text = ReadSmallFile(file, kMostIgnores)) {
        made->top.push_back(source::IgnoreFile::Parse(*text, file));
      }
    }
    made->repository = *std::move(found);
    shared = std::move(made);
  }
  it->second = shared;
  return shared.get();
}

bool GitStates::IsIgnored(Repository& repository, const std::string& below) {
  std::string folder = repository.repository.work_tree;
  const auto add = [&](source::IgnoreStack::Files files) {
    // git follows no link here.
    if (auto text = ReadSmallFile(folder + "/.gitignore", kMostIgnores,
                                  Links::kRefuse)) {
      files.push_back(source::IgnoreFile::Parse(*text, ".gitignore"));
    }
    return files;
  };
  source::IgnoreStack stack(add(repository.top));
  for (std::size_t from = 0;;) {
    const std::size_t slash = below.find('/', from);
    const bool is_folder = slash != std::string::npos;
    const std::string name = below.substr(from, slash - from);
    if (stack.Match(name, is_folder).ignored) return true;
    if (!is_folder) return false;
    folder += "/" + name;
    stack = stack.Enter(name, add({}));
    from = slash + 1;
  }
}

GitState GitStates::Of(const std::string& path) {
  const std::string real = RealPath(path).value_or(path);
  Repository* repository = RepositoryOf(DirectoryOf(real));
  if (repository == nullptr) return GitState::kOutside;
  const std::string& work_tree = repository->repository.work_tree;
  const std::string tree = RealPath(work_tree).value_or(work_tree) + "/";
  if (!real.starts_with(tree)) return GitState::kOutside;
  const std::string below = real.substr(tree.size());
  // Of the repository itself, which git never adds.
  if (FindIgnoringCase("/" + below, "/.git/") != std::string_view::npos) {
    return GitState::kOutside;
  }
  const auto& entries = repository->index.entries;
  const auto it = std::lower_bound(
      entries.begin(), entries.end(), below,
      [](const git::IndexEntry& entry, const std::string& name) {
        return entry.path < name;
      });
  if (it != entries.end() && it->path == below) return GitState::kTracked;
  return IsIgnored(*repository, below) ? GitState::kIgnored
                                       : GitState::kUntracked;
}

}  // namespace keytidy::audit
