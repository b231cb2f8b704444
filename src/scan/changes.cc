// SPDX-License-Identifier: Apache-2.0
#include "scan/changes.h"

#include <algorithm>
#include <map>
#include <memory>
#include <set>
#include <utility>

#include "base/time.h"
#include "git/tree.h"
#include "pack/loose.h"
#include "scan/loose_reader.h"
#include "scan/make_report.h"
#include "scan/object_scanner.h"
#include "scan/old_lines.h"

namespace keytidy::scan {
namespace {

// A commit that deletes and adds thousands of files is not searched for every
// pair of them.
constexpr std::size_t kMostRenames = 200;
constexpr int kMostTags = 100;             // one naming the other
constexpr std::size_t kMostPlaces = 1000;  // of one blob

// What a blob holds, with keys that tell old places from new ones.
struct Scanned {
  std::vector<Found> found;
  std::vector<std::string> keys;
};

class ChangeScan {
 public:
  ChangeScan(const match::Engine& engine, const ChangeSource& source,
             SourceKind kind, bool all_lines, const Options& options,
             ObjectScanner* scanner)
      : engine_(engine),
        source_(source),
        kind_(kind),
        all_lines_(all_lines),
        options_(options),
        scanner_(*scanner) {
    scanner_.Begin(source.root, nullptr);
  }

  void Add(const git::ChangeSet& set, const std::optional<CommitInfo>& commit,
           std::int64_t time, const std::stop_token& stop) {
    for (const Skip& skip : set.skipped) {
      out_.coverage.skipped.push_back(skip);
    }
    PairRenames(set);
    for (const git::Change& change : set.changes) {
      if (stop.stop_requested()) return;
      Look(change, set, commit, time);
    }
  }

  Collected Take() { return std::move(out_); }
  Collected& out() { return out_; }

 private:
  // nullptr where it cannot be read; that is reported once.
  const Scanned* ScanBlob(const pack::ObjectId& id, const std::string& path,
                          bool report) {
    const auto [it, fresh] = known_.try_emplace(id);
    if (!fresh) return it->second.get();
    auto object = source_.reader->Read(id);
    if (!object && object.error().code == ErrorCode::kLimit &&
        ScanLarge(id, path, &it->second)) {
      return it->second.get();
    }
    if (!object || (*object)->type != pack::ObjectType::kBlob) {
      if (report) {
        const bool promised = !object &&
                              object.error().code == ErrorCode::kNotFound &&
                              (source_.repository->partial_clone ||
                               source_.store->has_promisor());
        out_.coverage.skipped.push_back(
            {path,
             fmt::format("blob {}: {}", id.Hex(),
                         promised ? "left with the server by a partial clone"
                         : object ? "is no blob"
                                  : object.error().message.c_str()),
             std::nullopt, true});
      } else {
        known_.erase(it);
      }
      return nullptr;
    }
    auto scanned = std::make_unique<Scanned>();
    scanner_.OnWhole(id, (*object)->content);
    for (auto& failure : scanner_.TakeFailures()) {
      out_.coverage.skipped.push_back(
          {path, failure.error.message, std::nullopt, true});
    }
    for (HitBlob& hit : scanner_.TakeHits()) {
      scanned->found = std::move(hit.found);
    }
    std::sort(scanned->found.begin(), scanned->found.end(),
              [](const Found& a, const Found& b) {
                return std::tie(a.place.path, a.place.span, a.rule) <
                       std::tie(b.place.path, b.place.span, b.rule);
              });
    scanned->keys =
        PlaceKeys((*object)->content, scanned->found, PlaceholderPath(id));
    it->second = std::move(scanned);
    return it->second.get();
  }

  // What `git add` makes of a very large file is a loose object, which can be
  // read in pieces. All of its keys count as new.
  bool ScanLarge(const pack::ObjectId& id, const std::string& path,
                 std::unique_ptr<Scanned>* out) {
    for (std::uint32_t d = 0; d < source_.store->directories().size(); ++d) {
      auto object = pack::LooseObject::Open(source_.store->PathOf({id, d}));
      if (!object || object->head().type != pack::ObjectType::kBlob) continue;
      LooseReader reader(*object, id);
      *out = std::make_unique<Scanned>();
      scanner_.OnStream(id, object->head().size, reader);
      for (HitBlob& hit : scanner_.TakeHits()) {
        (*out)->found = std::move(hit.found);
      }
      for (std::size_t i = 0; i < (*out)->found.size(); ++i) {
        (*out)->keys.push_back(fmt::format("{} {}", path, i));
      }
      return true;
    }
    return false;
  }

  void Look(const git::Change& change, const git::ChangeSet& set,
            const std::optional<CommitInfo>& commit, std::int64_t time) {
    const Scanned* scanned = ScanBlob(change.blob, change.path, true);
    if (scanned == nullptr || scanned->found.empty()) return;
    std::vector<bool> is_new(scanned->found.size(), true);
    if (!all_lines_) {
      is_new = NewPlaces(scanned->keys, CountsBefore(change, set));
    }
    if (std::none_of(is_new.begin(), is_new.end(), [](bool b) { return b; })) {
      return;
    }
    // Whether one of the others is allowed is not known, so the run is not
    // complete without them.
    const std::size_t places = ++places_[change.blob];
    if (places > kMostPlaces) {
      if (places == kMostPlaces + 1) {
        out_.coverage.skipped.push_back(
            {PlaceholderPath(change.blob),
             fmt::format("stands at more than {} paths; the others are not "
                         "named",
                         kMostPlaces),
             std::nullopt, true});
      }
      return;
    }
    for (std::size_t i = 0; i < is_new.size(); ++i) {
      if (is_new[i]) Report(scanned->found[i], change, commit, time);
    }
  }

  // What the replaced blobs held; of several parents the most counts.
  KeyCounts CountsBefore(const git::Change& change, const git::ChangeSet& set) {
    KeyCounts out;
    std::vector<pack::ObjectId> before = change.before;
    if (before.empty()) {
      if (const auto renamed = RenamedFrom(change, set)) {
        before.push_back(*renamed);
      }
    }
    for (const pack::ObjectId& id : before) {
      const Scanned* scanned = ScanBlob(id, change.path, false);
      if (scanned == nullptr) continue;
      KeyCounts counts;
      for (const std::string& key : scanned->keys) ++counts[key];
      for (const auto& [key, count] : counts) {
        out[key] = std::max(out[key], count);
      }
    }
    return out;
  }

  // Files that moved as they were. A deleted file explains one new one.
  void PairRenames(const git::ChangeSet& set) {
    renamed_.clear();
    used_.assign(set.deletions.size(), false);
    std::multimap<pack::ObjectId, std::size_t> gone;
    for (std::size_t i = 0; i < set.deletions.size(); ++i) {
      gone.emplace(set.deletions[i].blob, i);
    }
    for (const git::Change& change : set.changes) {
      if (!change.before.empty()) continue;
      const auto it = gone.find(change.blob);
      if (it == gone.end()) continue;
      used_[it->second] = true;
      renamed_[change.path] = it->first;
      gone.erase(it);
    }
  }

  std::optional<pack::ObjectId> RenamedFrom(const git::Change& change,
                                            const git::ChangeSet& set) {
    const auto known = renamed_.find(change.path);
    if (known != renamed_.end()) return known->second;
    if (set.deletions.size() > kMostRenames) return std::nullopt;
    auto now = source_.reader->Read(change.blob);
    if (!now) return std::nullopt;
    for (std::size_t i = 0; i < set.deletions.size(); ++i) {
      if (used_[i]) continue;
      auto before = source_.reader->Read(set.deletions[i].blob);
      if (before && LooksRenamed((*before)->content, (*now)->content)) {
        used_[i] = true;
        return set.deletions[i].blob;
      }
    }
    return std::nullopt;
  }

  void Report(const Found& found, const git::Change& change,
              const std::optional<CommitInfo>& commit, std::int64_t time) {
    Found one = AtPath(found, change.path, PlaceholderPath(change.blob), commit,
                       engine_, options_);
    one.place.source = kind_;
    if (time > 0 && time <= options_.now) {
      one.evidence.push_back({"git-first-commit", time});
    }
    out_.found.push_back(std::move(one));
  }

  const match::Engine& engine_;
  const ChangeSource& source_;
  const SourceKind kind_;
  const bool all_lines_;
  const Options& options_;
  ObjectScanner& scanner_;
  std::map<pack::ObjectId, std::unique_ptr<Scanned>> known_;
  std::map<pack::ObjectId, std::size_t> places_;
  // Of the change set at hand.
  std::map<std::string, pack::ObjectId> renamed_;
  std::vector<bool> used_;
  Collected out_;
};

Result<Report> Finish(const match::Engine& engine,
                      const std::vector<Root>& roots, const Options& options,
                      const ChangeSource& source, ChangeScan* scan,
                      ObjectScanner* scanner) {
  Collected read = std::move(scanner->collected());
  Collected changes = scan->Take();
  ReportLeftOut({scanner}, "", &changes.coverage.skipped);
  const auto& unread = source.store->skipped();
  changes.coverage.skipped.insert(changes.coverage.skipped.end(),
                                  unread.begin(), unread.end());
  std::vector<Collected> parts;
  parts.push_back(std::move(read));
  parts.push_back(std::move(changes));
  auto report = MakeReport(engine, roots, options, std::move(parts));
  // That nothing was changed is an answer.
  if (report) report->empty_roots.clear();
  return report;
}

}  // namespace

Result<Report> RunStaged(const match::Engine& engine,
                         const std::vector<Root>& roots,
                         const ChangeSource& source,
                         const std::vector<pack::ObjectId>& parents,
                         bool all_lines, const Options& options,
                         Progress* progress, const std::stop_token& stop) {
  auto scanner = ObjectScanner::Make(engine, options, roots, progress, stop);
  if (!scanner) return Fail(scanner.error());
  ChangeScan scan(engine, source, SourceKind::kIndex, all_lines, options,
                  scanner->get());
  const git::Repository& repository = *source.repository;
  auto index = git::ReadIndex(repository.index_path, repository.hash);
  if (!index) {
    scan.out().coverage.skipped.push_back(
        {repository.index_path, index.error().message, std::nullopt, true});
  } else {
    std::vector<pack::ObjectId> trees;
    for (const pack::ObjectId& parent : parents) {
      auto object = source.reader->Read(parent);
      auto commit = object ? git::ParseCommit((*object)->content)
                           : Result<git::Commit>(Fail(object.error()));
      if (commit) {
        trees.push_back(commit->tree);
      } else {
        scan.out().coverage.skipped.push_back({"commit:" + parent.Hex(),
                                               commit.error().message,
                                               std::nullopt, true});
      }
    }
    const git::ChangeSet set =
        git::CompareIndex(*index, trees, *source.reader, repository.hash);
    scan.Add(set, std::nullopt, 0, stop);
    if (set.changes.empty()) {
      scan.out().notes.push_back("nothing is staged that HEAD does not have");
    }
  }
  if (stop.stop_requested()) return Fail(ErrorCode::kCancelled, "interrupted");
  return Finish(engine, roots, options, source, &scan, scanner->get());
}

Result<Report> RunCommits(const match::Engine& engine,
                          const std::vector<Root>& roots,
                          const ChangeSource& source, CommitList list,
                          bool all_lines, const Options& options,
                          Progress* progress, const std::stop_token& stop) {
  auto scanner = ObjectScanner::Make(engine, options, roots, progress, stop);
  if (!scanner) return Fail(scanner.error());
  ChangeScan scan(engine, source, SourceKind::kHistory, all_lines, options,
                  scanner->get());
  for (Skip& skip : list.skipped) {
    scan.out().coverage.skipped.push_back(std::move(skip));
  }
  // Oldest first: of several commits that bring a blob to a path the oldest
  // is named.
  for (auto id = list.commits.rbegin(); id != list.commits.rend(); ++id) {
    if (stop.stop_requested()) {
      return Fail(ErrorCode::kCancelled, "interrupted");
    }
    const auto skip = [&](const Error& error) {
      scan.out().coverage.skipped.push_back(
          {"commit:" + id->Hex(), error.message, std::nullopt, true});
    };
    auto object = source.reader->Read(*id);
    if (!object) {
      skip(object.error());
      continue;
    }
    auto commit = git::ParseCommit((*object)->content);
    if (!commit) {
      skip(commit.error());
      continue;
    }
    ++scan.out().coverage.commits;
    std::vector<pack::ObjectId> trees;
    for (const pack::ObjectId& parent : commit->parents) {
      auto other = source.reader->Read(parent);
      // Where a shallow clone was cut, all is new.
      if (!other) continue;
      if (auto parsed = git::ParseCommit((*other)->content)) {
        trees.push_back(parsed->tree);
      }
    }
    const git::CommitText text = git::ParseCommitText((*object)->content);
    CommitInfo info;
    info.id = id->Hex();
    info.author = text.author.name;
    info.email = text.author.email;
    info.date = IsoTime(commit->time);
    info.subject = text.subject;
    info.refs = "reachable";
    scan.Add(git::CompareTrees(commit->tree, trees, *source.reader,
                               source.repository->hash),
             info, commit->time, stop);
  }
  for (const git::Ref& other : list.others) {
    pack::ObjectId id = other.id;
    auto object = source.reader->Read(id);
    for (int i = 0;
         i < kMostTags && object && (*object)->type == pack::ObjectType::kTag;
         ++i) {
      auto target = git::ParseTagTarget((*object)->content);
      if (!target) break;
      id = *target;
      object = source.reader->Read(id);
    }
    git::ChangeSet set;
    if (object && (*object)->type == pack::ObjectType::kTree) {
      set = git::CompareTrees(id, {}, *source.reader, source.repository->hash);
    } else {
      set.changes.push_back({other.name, id, {}});
    }
    scan.Add(set, std::nullopt, 0, stop);
  }
  return Finish(engine, roots, options, source, &scan, scanner->get());
}

}  // namespace keytidy::scan
