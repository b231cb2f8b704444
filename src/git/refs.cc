// SPDX-License-Identifier: Apache-2.0
#include "git/refs.h"

#include <algorithm>
#include <filesystem>
#include <iterator>
#include <optional>
#include <string_view>
#include <system_error>
#include <tuple>
#include <utility>

#include "git/paths.h"
#include "git/ref_files.h"
#include "git/ref_name.h"
#include "git/reflog.h"

namespace keytidy::git {
namespace {

constexpr int kMostSteps = 5;
// Files of operations that are under way, beside the root references.
constexpr std::string_view kUnderWay[] = {
    "rebase-apply/autostash", "rebase-apply/onto", "rebase-apply/orig-head",
    "rebase-merge/autostash", "rebase-merge/onto", "rebase-merge/orig-head",
    "sequencer/head",
};

bool NameLess(const Ref& a, const Ref& b) { return a.name < b.name; }

void SortUnique(std::vector<pack::ObjectId>* ids) {
  std::sort(ids->begin(), ids->end());
  ids->erase(std::unique(ids->begin(), ids->end()), ids->end());
}

class Reader {
 public:
  explicit Reader(const Repository& repository)
      : repository_(repository),
        kind_(repository.hash),
        common_(repository.common_dir),
        id_(WorktreeId(repository)) {}

  Refs Run() {
    for (const Place& place : Places()) ReadPlace(place);
    if (repository_.reftable) {
      out_.skipped.push_back(
          {Join(common_, "reftable"),
           "references are kept in a form that is not read (reftable)",
           std::nullopt, true});
    } else {
      ReadShared();
    }
    ReadShallow();
    Merge();
    SortUnique(&out_.reflog);
    SortUnique(&out_.stash);
    std::sort(out_.skipped.begin(), out_.skipped.end(),
              [](const Skip& a, const Skip& b) {
                return std::tie(a.path, a.reason) < std::tie(b.path, b.reason);
              });
    return std::move(out_);
  }

 private:
  // A worktree's own git dir, and what its references are called here.
  struct Place {
    std::string folder;
    std::string prefix;
  };

  struct Symbolic {
    std::string name;
    std::string target;
    std::string path;
  };

  std::vector<Place> Places() {
    std::vector<Place> out = {{repository_.git_dir, ""}};
    if (!id_.empty()) out.push_back({common_, "main-worktree/"});
    const std::string worktrees = Join(common_, "worktrees");
    std::error_code error;
    std::filesystem::directory_iterator it(worktrees, error);
    for (; !error && it != std::filesystem::directory_iterator();
         it.increment(error)) {
      const std::string id = it->path().filename().string();
      const std::string prefix = "worktrees/" + id + "/";
      const std::string folder = Join(worktrees, id);
      if (id != id_ && IsFolder(folder)) out.push_back({folder, prefix});
    }
    if (error && error != std::errc::no_such_file_or_directory) {
      AddSkip(worktrees, {ErrorCode::kIo, error.message()}, &out_.skipped);
    }
    return out;
  }

  void ReadPlace(const Place& place) {
    std::error_code error;
    std::filesystem::directory_iterator it(place.folder, error);
    for (; !error && it != std::filesystem::directory_iterator();
         it.increment(error)) {
      const std::string name = it->path().filename().string();
      // The HEAD of a reftable says nothing.
      if (name == "HEAD" && repository_.reftable) continue;
      if (IsRootRefName(name)) ReadRoot(place, name);
    }
    if (error) {
      AddSkip(place.folder, {ErrorCode::kIo, error.message()}, &out_.skipped);
    }
    for (const std::string_view name : kUnderWay) {
      if (StandsAt(Join(place.folder, name))) {
        ReadLoose(place.prefix + std::string(name), Join(place.folder, name));
      }
    }
    if (repository_.reftable) return;
    const bool is_common = place.prefix == "main-worktree/" ||
                           (place.prefix.empty() && id_.empty());
    if (is_common) return;  // ReadShared goes through all of it
    WalkRefs(place.folder, place.prefix, false);
    WalkLogs(place.folder);
  }

  void ReadRoot(const Place& place, const std::string& name) {
    const std::string path = Join(place.folder, name);
    if (name != "FETCH_HEAD" && name != "MERGE_HEAD") {
      ReadLoose(place.prefix + name, path);
      return;
    }
    std::vector<pack::ObjectId> ids;
    const Status read = ReadIdLines(path, kind_, &ids);
    if (!read) AddSkip(path, read.error(), &out_.skipped);
    for (std::size_t i = 0; i < ids.size(); ++i) {
      const std::string number = i == 0 ? "" : fmt::format(":{}", i + 1);
      loose_.push_back({place.prefix + name + number, ids[i]});
    }
  }

  void ReadShared() {
    WalkRefs(common_, id_.empty() ? "" : "main-worktree/", true);
    WalkLogs(common_);
    packed_ =
        ReadPackedRefs(Join(common_, "packed-refs"), kind_, &out_.skipped);
  }

  // What is not of one worktree has no prefix, and stands in the common dir.
  void WalkRefs(const std::string& folder, const std::string& prefix,
                bool common) {
    WalkFiles(Join(folder, "refs"), &out_.skipped,
              [&](const std::string& below, const std::string& path) {
                const std::string name = "refs/" + below;
                if (!IsRefName(name)) {
                  out_.skipped.push_back(
                      {path, "not a name of a reference", std::nullopt, true});
                } else if (IsPerWorktree(name)) {
                  ReadLoose(prefix + name, path);
                } else if (common) {
                  ReadLoose(name, path);
                }
              });
  }

  void ReadLoose(std::string name, const std::string& path) {
    auto raw = ReadLooseRef(path, kind_);
    if (!raw) {
      AddSkip(path, raw.error(), &out_.skipped);
    } else if (raw->target.empty()) {
      loose_.push_back({std::move(name), raw->id});
    } else {
      symbolic_.push_back({std::move(name), std::move(raw->target), path});
    }
  }

  void WalkLogs(const std::string& folder) {
    WalkFiles(Join(folder, "logs"), &out_.skipped,
              [&](const std::string& name, const std::string& path) {
                std::vector<pack::ObjectId>& out =
                    name == "refs/stash" ? out_.stash : out_.reflog;
                const auto add = [&](const pack::ObjectId& id) {
                  if (!id.IsZero() && (out.empty() || out.back() != id)) {
                    out.push_back(id);
                  }
                };
                const Status read =
                    ReadReflog(path, kind_, [&](const auto& entry) {
                      add(entry.before);
                      add(entry.after);
                    });
                if (!read) AddSkip(path, read.error(), &out_.skipped);
              });
  }

  void ReadShallow() {
    const std::string path = Join(common_, "shallow");
    if (!StandsAt(path)) return;
    const Status read = ReadIdLines(path, kind_, &out_.shallow);
    if (!read) AddSkip(path, read.error(), &out_.skipped);
    SortUnique(&out_.shallow);
  }

  // Loose ones before packed ones of the same name, then the symbolic ones.
  void Merge() {
    std::sort(
        symbolic_.begin(), symbolic_.end(),
        [](const Symbolic& a, const Symbolic& b) { return a.name < b.name; });
    std::sort(loose_.begin(), loose_.end(), NameLess);
    std::vector<Ref> direct;
    direct.reserve(loose_.size() + packed_.size());
    std::merge(
        std::move_iterator(loose_.begin()), std::move_iterator(loose_.end()),
        std::move_iterator(packed_.begin()), std::move_iterator(packed_.end()),
        std::back_inserter(direct), NameLess);
    direct.erase(std::unique(direct.begin(), direct.end(),
                             [](const Ref& a, const Ref& b) {
                               return a.name == b.name;
                             }),
                 direct.end());
    if (!symbolic_.empty()) {
      std::erase_if(direct, [&](const Ref& ref) {
        return FindSymbolic(ref.name) != nullptr;
      });
    }
    std::vector<Ref> followed;
    for (const Symbolic& symbolic : symbolic_)
      Follow(symbolic, direct, &followed);
    out_.refs.reserve(direct.size() + followed.size());
    std::merge(std::move_iterator(direct.begin()),
               std::move_iterator(direct.end()),
               std::move_iterator(followed.begin()),
               std::move_iterator(followed.end()),
               std::back_inserter(out_.refs), NameLess);
  }

  const Symbolic* FindSymbolic(const std::string& name) const {
    const auto it = std::lower_bound(
        symbolic_.begin(), symbolic_.end(), name,
        [](const Symbolic& a, const std::string& b) { return a.name < b; });
    return it == symbolic_.end() || it->name != name ? nullptr : &*it;
  }

  // What a target is called here: HEAD, in another worktree, is its HEAD.
  std::string TargetOf(const Symbolic& from) const {
    std::string_view prefix;
    if (from.name.starts_with("main-worktree/")) prefix = "main-worktree/";
    if (from.name.starts_with("worktrees/")) {
      prefix =
          std::string_view(from.name).substr(0, from.name.find('/', 10) + 1);
    }
    const std::string own = OwnName(id_, from.target);
    const bool qualified = own != from.target ||
                           own.starts_with("main-worktree/") ||
                           own.starts_with("worktrees/");
    if (qualified || !IsPerWorktree(own)) return own;
    return std::string(prefix) + own;
  }

  // One that leads nowhere, as HEAD before the first commit, names nothing.
  void Follow(const Symbolic& symbolic, const std::vector<Ref>& direct,
              std::vector<Ref>* out) {
    const Symbolic* at = &symbolic;
    for (int step = 0; step < kMostSteps; ++step) {
      Ref target{TargetOf(*at), {}};
      at = FindSymbolic(target.name);
      if (at != nullptr) continue;
      const auto it =
          std::lower_bound(direct.begin(), direct.end(), target, NameLess);
      if (it != direct.end() && it->name == target.name) {
        out->push_back({symbolic.name, it->id});
      }
      return;
    }
    out_.skipped.push_back({symbolic.path,
                            "a symbolic reference of too many steps",
                            std::nullopt, true});
  }

  const Repository& repository_;
  const pack::HashKind kind_;
  const std::string common_;
  const std::string id_;  // of this worktree
  std::vector<Ref> loose_;
  std::vector<Ref> packed_;
  std::vector<Symbolic> symbolic_;
  Refs out_;
};

}  // namespace

Refs ReadRefs(const Repository& repository) { return Reader(repository).Run(); }

}  // namespace keytidy::git
