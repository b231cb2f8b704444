// SPDX-License-Identifier: Apache-2.0
#include "git/revisions.h"

#include <algorithm>
#include <limits>
#include <memory>
#include <queue>
#include <unordered_map>
#include <utility>

#include "git/libgit2.h"
#include "git/ref_files.h"
#include "git/ref_name.h"

namespace keytidy::git {
namespace {

constexpr std::size_t kMostKept = 200000;
constexpr int kMostTags = 100;

// A line's words, separated by single spaces.
std::vector<std::string_view> Words(std::string_view line) {
  std::vector<std::string_view> out;
  while (!line.empty()) {
    const std::size_t end = std::min(line.find(' '), line.size());
    if (end > 0) out.push_back(line.substr(0, end));
    line.remove_prefix(std::min(end + 1, line.size()));
  }
  return out;
}

// What Resolve does not read: @{upstream}, @{yesterday}, :/words, v1.2-5-gabcd.
Result<pack::ObjectId> AskLibgit2(const Repository& repository,
                                  std::string_view name, const Error& first) {
  if (repository.hash != pack::HashKind::kSha1 || repository.reftable) {
    return Fail(first);
  }
  auto hex = libgit2::RevParse(repository.git_dir, std::string(name));
  // Its own answer says less of a plain name that is not there.
  if (!hex) return Fail(first);
  const auto id = pack::ObjectId::FromHex(*hex);
  if (!id) return Fail(first);
  return *id;
}

}  // namespace

struct CommitReader::Cache {
  std::unordered_map<pack::ObjectId, Commit, pack::ObjectIdHash> commits;
};

CommitReader::CommitReader(const pack::ObjectStore& store,
                           pack::ObjectReader* reader)
    : store_(store), reader_(*reader), cache_(std::make_unique<Cache>()) {}
CommitReader::~CommitReader() = default;

Result<Commit> CommitReader::Read(const pack::ObjectId& id) {
  const auto known = cache_->commits.find(id);
  if (known != cache_->commits.end()) return known->second;
  auto object = reader_.Read(id);
  if (!object) return Fail(object.error());
  if ((*object)->type != pack::ObjectType::kCommit) {
    return Fail(ErrorCode::kInvalid, "{} is no commit", id.Hex());
  }
  auto commit = ParseCommit((*object)->content);
  if (!commit) return commit;
  if (cache_->commits.size() < kMostKept) cache_->commits.emplace(id, *commit);
  return commit;
}

Result<pack::ObjectId> CommitReader::Peel(const pack::ObjectId& id) {
  pack::ObjectId at = id;
  for (int i = 0; i < kMostTags; ++i) {
    auto object = reader_.Read(at);
    if (!object) {
      return Fail(object.error().code, "{}: {}", at.Hex(),
                  object.error().message);
    }
    if ((*object)->type == pack::ObjectType::kCommit) return at;
    if ((*object)->type != pack::ObjectType::kTag) {
      return Fail(ErrorCode::kInvalid, "{} is a {}, no commit", at.Hex(),
                  pack::Name((*object)->type));
    }
    auto target = ParseTagTarget((*object)->content);
    if (!target) return target;
    at = *target;
  }
  return Fail(ErrorCode::kDamaged, "{}: tags name each other without end",
              id.Hex());
}

Result<std::vector<pack::ObjectId>> CommitReader::ParentsOf(
    const pack::ObjectId& commit) {
  auto read = Read(commit);
  if (!read) return Fail(read.error());
  return read->parents;
}

std::vector<pack::ObjectId> CommitReader::WithPrefix(std::string_view hex) {
  return store_.WithPrefix(hex);
}

Result<RevisionSet> ParseRange(const Repository& repository, const Refs& refs,
                               std::string_view text, CommitReader& commits) {
  RevisionSet out;
  const auto commit_of = [&](std::string_view name) -> Result<pack::ObjectId> {
    if (name.empty()) name = "HEAD";
    auto id = Resolve(repository, refs, name, commits);
    if (!id) id = AskLibgit2(repository, name, id.error());
    if (!id) return id;
    auto peeled = commits.Peel(*id);
    if (!peeled) {
      return Fail(peeled.error().code, "{}: {}", name, peeled.error().message);
    }
    return peeled;
  };
  const std::size_t dots = text.find("..");
  if (dots == std::string_view::npos) {
    auto id = commit_of(text);
    if (!id) return Fail(id.error());
    out.from = {*id};
    out.alone = true;
    return out;
  }
  out.between = text.substr(dots, 3) == "...";
  auto left = commit_of(text.substr(0, dots));
  if (!left) return Fail(left.error());
  auto right = commit_of(text.substr(dots + (out.between ? 3 : 2)));
  if (!right) return Fail(right.error());
  if (out.between) {
    out.from = {*left, *right};
  } else {
    out.from = {*right};
    out.without = {*left};
  }
  return out;
}

Result<RevisionSet> ParseHookLines(const Repository& repository,
                                   const Refs& refs, std::string_view text,
                                   std::string_view remote,
                                   CommitReader& commits) {
  RevisionSet out;
  std::size_t number = 0;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    const std::string_view line = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    ++number;
    const auto words = Words(line);
    if (words.empty()) continue;
    std::string_view now;
    std::string_view old;
    if (words.size() == 3) {
      old = words[0];
      now = words[1];
    } else if (words.size() == 4) {
      now = words[1];
      old = words[3];
    } else if (words.size() == 1) {
      auto range = ParseRange(repository, refs, words[0], commits);
      if (!range) {
        return Fail(range.error().code, "line {}: {}", number,
                    range.error().message);
      }
      if (range->between || range->alone) {
        return Fail(ErrorCode::kInvalid,
                    "line {}: only ranges of the form A..B are read here",
                    number);
      }
      out.from.push_back(range->from.front());
      out.without.push_back(range->without.front());
      continue;
    } else {
      return Fail(ErrorCode::kInvalid,
                  "line {}: not what git gives a hook: \"old new ref\" or "
                  "\"ref new ref old\"",
                  number);
    }
    const auto new_id = pack::ObjectId::FromHex(now);
    const auto old_id = pack::ObjectId::FromHex(old);
    if (!new_id || !old_id) {
      return Fail(ErrorCode::kInvalid, "line {}: an object id cannot be read",
                  number);
    }
    if (new_id->IsZero()) continue;  // a reference is deleted
    auto commit = commits.Peel(*new_id);
    if (!commit && commit.error().code == ErrorCode::kInvalid) {
      out.others.push_back({std::string(words[2]), *new_id});
      continue;
    }
    if (!commit) {
      return Fail(commit.error().code, "line {}: {}", number,
                  commit.error().message);
    }
    out.from.push_back(*commit);
    if (old_id->IsZero()) continue;
    // The other side may have what was never fetched here.
    if (auto known = commits.Peel(*old_id)) out.without.push_back(*known);
  }
  const std::string prefix = "refs/remotes/" + std::string(remote) + "/";
  for (const Ref& ref : refs.refs) {
    const bool counts = remote.empty() ? ref.name.starts_with("refs/")
                                       : ref.name.starts_with(prefix);
    if (!counts) continue;
    if (auto commit = commits.Peel(ref.id)) out.without.push_back(*commit);
  }
  return out;
}

namespace {

// The walk back from the newest commits, as git does it: by date, until all
// that is left is known to be old.
class Walk {
 public:
  Walk(CommitReader& commits, const Refs& refs, std::vector<Skip>* skipped)
      : commits_(commits), refs_(refs), skipped_(*skipped) {}

  // Two sides, 1 and 2; what is on both, or marked kOld, is left out.
  static constexpr unsigned kOld = 4;

  void Add(const pack::ObjectId& id, unsigned mark) { Push(id, mark); }

  std::vector<pack::ObjectId> Run(bool between) {
    std::int64_t oldest = std::numeric_limits<std::int64_t>::max();
    while (!queue_.empty()) {
      const Item item = queue_.top();
      // What is older than all that was found cannot lead to any of it.
      if (wanted_in_queue_ == 0 && item.time < oldest) break;
      queue_.pop();
      Node& node = nodes_[item.id];
      node.queued = false;
      if (!IsOld(node.mark, between)) {
        --wanted_in_queue_;
        oldest = std::min(oldest, item.time);
      }
      if (!node.read) continue;
      const unsigned mark = IsOld(node.mark, between) ? kOld : node.mark;
      for (const pack::ObjectId& parent : node.parents) Push(parent, mark);
    }
    std::vector<std::pair<std::int64_t, pack::ObjectId>> list;
    for (const auto& [id, node] : nodes_) {
      if (node.read && !IsOld(node.mark, between)) {
        list.emplace_back(node.time, id);
      }
    }
    std::sort(list.begin(), list.end(), [](const auto& a, const auto& b) {
      return a.first != b.first ? a.first > b.first : a.second < b.second;
    });
    std::vector<pack::ObjectId> out;
    for (const auto& [time, id] : list) out.push_back(id);
    return out;
  }

  void set_between(bool between) { between_ = between; }
  std::int64_t TimeOf(const pack::ObjectId& id) { return nodes_[id].time; }

 private:
  struct Item {
    std::int64_t time = 0;
    pack::ObjectId id;
    bool operator<(const Item& other) const {
      return time != other.time ? time < other.time : id < other.id;
    }
  };
  struct Node {
    unsigned mark = 0;
    bool known = false;
    bool read = false;
    bool queued = false;
    std::int64_t time = 0;
    std::vector<pack::ObjectId> parents;
  };

  static bool IsOld(unsigned mark, bool between) {
    return (mark & kOld) != 0 || (between && (mark & 3) == 3);
  }

  void Push(const pack::ObjectId& id, unsigned mark) {
    Node& node = nodes_[id];
    if (!node.known) {
      node.known = true;
      auto commit = commits_.Read(id);
      if (commit) {
        node.read = true;
        node.time = commit->time;
        // A shallow clone has no parents of these.
        if (!std::binary_search(refs_.shallow.begin(), refs_.shallow.end(),
                                id)) {
          node.parents = commit->parents;
        }
      } else if ((mark & kOld) == 0) {
        skipped_.push_back(
            {"commit:" + id.Hex(), commit.error().message, std::nullopt, true});
      }
    }
    const unsigned merged = node.mark | mark;
    if (merged == node.mark) return;
    const bool was_wanted = node.queued && !IsOld(node.mark, between_);
    node.mark = merged;
    const bool wanted = !IsOld(merged, between_);
    if (was_wanted) --wanted_in_queue_;
    if (wanted) ++wanted_in_queue_;
    if (!node.queued) {
      node.queued = true;
      queue_.push({node.time, id});
    }
  }

  CommitReader& commits_;
  const Refs& refs_;
  std::vector<Skip>& skipped_;
  bool between_ = false;
  std::priority_queue<Item> queue_;
  std::unordered_map<pack::ObjectId, Node, pack::ObjectIdHash> nodes_;
  std::size_t wanted_in_queue_ = 0;
};

}  // namespace

std::vector<pack::ObjectId> List(const RevisionSet& set,
                                 std::optional<std::int64_t> since,
                                 const Refs& refs, CommitReader& commits,
                                 std::vector<Skip>* skipped) {
  Walk walk(commits, refs, skipped);
  std::vector<pack::ObjectId> out;
  if (set.alone) {
    out = set.from;
  } else {
    walk.set_between(set.between);
    for (const pack::ObjectId& id : set.without) walk.Add(id, Walk::kOld);
    unsigned side = 1;
    for (const pack::ObjectId& id : set.from) {
      walk.Add(id, side);
      if (set.between) side = 2;
    }
    out = walk.Run(set.between);
  }
  if (since) {
    out.erase(std::remove_if(out.begin(), out.end(),
                             [&](const pack::ObjectId& id) {
                               auto commit = commits.Read(id);
                               return commit && commit->time < *since;
                             }),
              out.end());
  }
  return out;
}

Result<std::vector<pack::ObjectId>> HeadCommits(const Repository& repository) {
  std::vector<pack::ObjectId> out;
  std::string name = "HEAD";
  for (int step = 0; step < 6 && !name.empty(); ++step) {
    const std::string& folder =
        IsPerWorktree(name) ? repository.git_dir : repository.common_dir;
    auto ref = ReadLooseRef(folder + "/" + name, repository.hash);
    if (ref) {
      if (ref->target.empty()) out.push_back(ref->id);
      name = ref->target;
      continue;
    }
    if (ref.error().code != ErrorCode::kNotFound || name == "HEAD") {
      return Fail(ref.error());
    }
    std::vector<Skip> skipped;
    const std::vector<Ref> packed = ReadPackedRefs(
        repository.common_dir + "/packed-refs", repository.hash, &skipped);
    const auto it = std::lower_bound(
        packed.begin(), packed.end(), name,
        [](const Ref& one, const std::string& key) { return one.name < key; });
    // A branch without commits yet has no reference.
    if (it != packed.end() && it->name == name) out.push_back(it->id);
    break;
  }
  // Ids of the commits that are being merged.
  auto ok =
      ReadIdLines(repository.git_dir + "/MERGE_HEAD", repository.hash, &out);
  if (!ok && ok.error().code != ErrorCode::kNotFound) return Fail(ok.error());
  return out;
}

}  // namespace keytidy::git
