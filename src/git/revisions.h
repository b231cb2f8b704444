// SPDX-License-Identifier: Apache-2.0
//
// Sets of commits: what the next one is made on, what a range names, and what a
// push brings.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "git/refs.h"
#include "git/repository.h"
#include "git/tree.h"
#include "pack/object_store.h"

namespace keytidy::git {

// Reads the commit graph from the objects themselves. One thread's.
class CommitReader final : public ObjectGraph {
 public:
  CommitReader(const pack::ObjectStore& store, pack::ObjectReader* reader);
  ~CommitReader() override;

  Result<pack::ObjectId> Peel(const pack::ObjectId& id) override;
  Result<std::vector<pack::ObjectId>> ParentsOf(
      const pack::ObjectId& commit) override;
  std::vector<pack::ObjectId> WithPrefix(std::string_view hex) override;

  Result<Commit> Read(const pack::ObjectId& id);

 private:
  struct Cache;
  const pack::ObjectStore& store_;
  pack::ObjectReader& reader_;
  std::unique_ptr<Cache> cache_;
};

// The parents of the next commit: HEAD, unless it has no commit yet, and what
// is being merged. Reads a file or two, not all references. kDamaged, and the
// errors of opening.
Result<std::vector<pack::ObjectId>> HeadCommits(const Repository& repository);

struct RevisionSet {
  // All that can be reached from `from` and not from `without`; with `between`
  // what can be reached from exactly one of the two `from`; with `alone` the
  // commits of `from` themselves.
  std::vector<pack::ObjectId> from;
  std::vector<pack::ObjectId> without;
  bool between = false;
  bool alone = false;
  // Pushed references to something else than a commit, a blob or a tree.
  std::vector<Ref> others;
};

// "A..B", "A...B", "..B", "A..", or one revision, which stands for itself
// alone. Where a name is more than refs.h's Resolve knows, libgit2 is asked.
// kInvalid, kNotFound: with the part that is wrong.
Result<RevisionSet> ParseRange(const Repository& repository, const Refs& refs,
                               std::string_view text, CommitReader& commits);

// The lines that git gives a hook on its standard input: "old new ref"
// (pre-receive) or "ref new remote-ref old" (pre-push); or one range a line.
// What any reference that is here already holds is not new: for a push all that
// `remote` is known to have, else every reference. kInvalid: line and reason.
Result<RevisionSet> ParseHookLines(const Repository& repository,
                                   const Refs& refs, std::string_view text,
                                   std::string_view remote,
                                   CommitReader& commits);

// The commits of a set, newest first by committer date, each once. Those older
// than `since` are left out. What cannot be read is in `skipped`. Where clocks
// were wrong a commit too many may be in it, never one too few.
std::vector<pack::ObjectId> List(const RevisionSet& set,
                                 std::optional<std::int64_t> since,
                                 const Refs& refs, CommitReader& commits,
                                 std::vector<Skip>* skipped);

// "2026-03-01", "2026-03-01T10:00:00Z", "3 days ago", "12h", "2w": seconds
// since 1970. kInvalid.
Result<std::int64_t> ParseSince(std::string_view text, std::int64_t now);

}  // namespace keytidy::git
