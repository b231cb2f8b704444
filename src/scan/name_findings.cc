// SPDX-License-Identifier: Apache-2.0
//
// The end of a history scan: findings get the paths and commits of the blobs
// they are in.
#include <algorithm>
#include <utility>

#include "base/time.h"
#include "git/index_file.h"
#include "git/tree.h"
#include "scan/repository_scan.h"
#include "source/directory.h"

namespace keytidy::scan {
namespace {

// Evidence from outside these bounds is no evidence: git is younger, and no
// commit is of tomorrow.
constexpr std::int64_t kFirstGit = 1104537600;  // 2005-01-01

}  // namespace

CommitInfo RepositoryScan::InfoOf(const git::Origin& origin) {
  const auto [known, fresh] = infos_.try_emplace(*origin.commit);
  CommitInfo& info = known->second;
  if (!fresh) return info;
  info.id = origin.commit->Hex();
  info.date = IsoTime(origin.time);
  info.refs = git::Name(origin.reach);
  auto object = reader_->Read(*origin.commit);
  if (!object) return info;
  const git::CommitText text = git::ParseCommitText((*object)->content);
  info.author = text.author.name;
  info.email = text.author.email;
  info.subject = text.subject;
  return info;
}

// For each hit, where the indexes of the worktrees have it.
std::vector<std::vector<std::string>> RepositoryScan::PathsInIndexes() {
  std::vector<std::vector<std::string>> out(hits_.size());
  const git::Repository& repository = source_.repository;
  std::set<std::string> paths = {repository.index_path,
                                 repository.common_dir + "/index"};
  const std::string folder = repository.common_dir + "/worktrees";
  if (const auto entries = source::ListDirectory(folder)) {
    for (const source::Entry& entry : *entries) {
      if (entry.kind == source::EntryKind::kDirectory) {
        paths.insert(folder + "/" + entry.name + "/index");
      }
    }
  }
  for (const std::string& path : paths) {
    auto index = git::ReadIndex(path, repository.hash);
    if (!index) {
      Skip(path, index.error().message, true);
      continue;
    }
    for (const git::IndexEntry& entry : index->entries) {
      if (!entry.intent_to_add && !git::IsGitlink(entry.mode) &&
          table_->Find(entry.id) == pack::ObjectTable::kNone) {
        NoteMissing(entry.id, "the index, as " + entry.path);
      }
      const auto hit = std::lower_bound(
          hits_.begin(), hits_.end(), entry.id,
          [](const HitBlob& a, const pack::ObjectId& id) { return a.id < id; });
      if (hit == hits_.end() || hit->id != entry.id) continue;
      out[static_cast<std::size_t>(hit - hits_.begin())].push_back(entry.path);
    }
  }
  for (auto& list : out) {
    std::sort(list.begin(), list.end());
    list.erase(std::unique(list.begin(), list.end()), list.end());
  }
  return out;
}

void RepositoryScan::NameFindings(git::HistoryGraph* graph) {
  std::sort(hits_.begin(), hits_.end(),
            [](const HitBlob& a, const HitBlob& b) { return a.id < b.id; });
  const auto index_paths = PathsInIndexes();
  if (hits_.empty()) return;
  std::vector<pack::ObjectTable::Number> numbers;
  for (const HitBlob& hit : hits_) numbers.push_back(table_->Find(hit.id));
  const std::vector<git::Origins> origins = graph->Find(numbers);
  if (graph->cut()) {
    Skip(".",
         "its trees name more paths than can be followed; some blobs are "
         "reported without all of theirs",
         true);
  }
  for (std::size_t i = 0; i < hits_.size(); ++i) {
    if (origins[i].more) {
      Skip(PlaceholderPath(hits_[i].id),
           fmt::format("stands at more than {} paths; the others are not named",
                       origins[i].places.size()),
           true);
    }
    Expand(std::move(hits_[i]), origins[i], index_paths[i]);
  }
}

void RepositoryScan::Expand(HitBlob hit, const git::Origins& origins,
                            const std::vector<std::string>& index_paths) {
  std::vector<AgeEvidence> evidence;
  for (const auto& [name, at] : {std::pair<const char*, std::int64_t>{
                                     "git-first-commit", origins.first_seen},
                                 {"git-last-commit", origins.last_seen}}) {
    if (at >= kFirstGit && at <= options_.now) evidence.push_back({name, at});
  }
  const std::string placeholder = PlaceholderPath(hit.id);
  for (const Found& found : hit.found) {
    const auto add = [&](const std::string& path, SourceKind source,
                         std::optional<CommitInfo> commit) {
      Found one = AtPath(found, source_.prefix + path, placeholder,
                         std::move(commit), engine_, options_);
      one.place.source = source;
      one.evidence.insert(one.evidence.end(), evidence.begin(), evidence.end());
      out_.found.push_back(std::move(one));
    };
    for (const git::Origin& origin : origins.places) {
      std::optional<CommitInfo> info;
      if (origin.commit) info = InfoOf(origin);
      add(origin.path, SourceKind::kHistory, std::move(info));
    }
    bool placed = !origins.places.empty();
    for (const std::string& path : index_paths) {
      if (std::any_of(origins.places.begin(), origins.places.end(),
                      [&](const git::Origin& o) { return o.path == path; })) {
        continue;
      }
      placed = true;
      add(path, SourceKind::kIndex, std::nullopt);
    }
    if (!placed) add(placeholder, SourceKind::kHistory, std::nullopt);
  }
}

}  // namespace keytidy::scan
