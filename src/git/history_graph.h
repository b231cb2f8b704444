// SPDX-License-Identifier: Apache-2.0
//
// Which commits brought which blobs where. Every tree and commit of the object
// database is read once; what is kept of a tree is how its folders, and the
// blobs that are asked about, differ from those of the tree it is stored as a
// delta against. That is about one edge a tree, so the whole graph of a large
// repository fits in memory, and it can be climbed from a blob to its commits.
#pragma once

#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "base/result.h"
#include "git/refs.h"
#include "git/tree.h"
#include "pack/delta_forest.h"
#include "pack/object_table.h"
#include "pack/walk.h"

namespace keytidy::git {

using Number = pack::ObjectTable::Number;

// Names of tree entries, each once. Shared by all workers.
class NameTable {
 public:
  std::uint32_t Intern(std::string_view name);
  const std::string& operator[](std::uint32_t i) const { return *names_[i]; }

 private:
  std::mutex mutex_;
  std::unordered_map<std::string, std::uint32_t> ids_;
  std::vector<const std::string*> names_;
};

// What one worker gathers.
struct GraphPart {
  struct Edge {
    std::uint32_t name = 0;
    Number child = 0;
    friend bool operator==(const Edge&, const Edge&) = default;
  };
  struct Tree {
    Number tree = 0;
    std::size_t first = 0;  // of its edges: those it adds, then those it lacks
    std::uint32_t adds = 0;
    std::uint32_t removes = 0;
  };
  struct CommitNode {
    Number number = 0;
    Number tree = pack::ObjectTable::kNone;
    std::int64_t time = 0;
    std::size_t first_parent = 0;
    std::uint32_t parents = 0;
  };
  struct Tag {
    Number tag = 0;
    Number target = 0;
  };
  // Named by an object that is here, and not here itself.
  struct Missing {
    pack::ObjectId id;
    pack::ObjectType type = pack::ObjectType::kNone;
    Number by = 0;  // who names it
  };
  struct Damaged {
    Number number = 0;
    Error error;
  };
  std::vector<Tree> trees;
  std::vector<Edge> edges;
  std::vector<CommitNode> commits;
  std::vector<Number> parents;  // kNone for one that is missing
  std::vector<Tag> tags;
  std::vector<Missing> missing;
  std::vector<Damaged> damaged;
  // Trees that were read by themselves, not on the walk: their edges are all
  // that they have.
  std::vector<Number> whole;
};

// Reads trees, commits and tags into a part. One worker's.
class GraphVisitor final : public pack::WalkVisitor {
 public:
  // `asked` says by number which blobs are asked about; all arguments outlive
  // it.
  GraphVisitor(const pack::ObjectTable& table, const std::vector<bool>& asked,
               NameTable* names);
  ~GraphVisitor() override;

  // What is walked next.
  void Begin(std::size_t pack, const pack::DeltaForest& forest,
             pack::ObjectType type);

  void OnObject(const pack::WalkedObject& object) override;
  void OnLarge(std::uint32_t node, std::uint64_t size,
               pack::InflateStream& content) override;
  void OnFailure(std::uint32_t node, const Error& error) override;

  // One that is not walked: loose, or read again.
  void OnWhole(Number number, pack::ObjectType type, std::string_view content);

  GraphPart& part() { return part_; }

 private:
  struct Seen;
  struct Link;
  struct Slot;
  bool ReadEntry(Number number, std::string_view content, std::size_t* at,
                 std::vector<Link>* links);
  void ReadTree(Number number, std::string_view content,
                std::span<const pack::Copy> copies, const Slot* parent,
                Slot* out);
  void TakeOver(const Slot& parent, std::size_t from, std::size_t end,
                std::size_t at, Slot* out);
  struct Middle {
    std::size_t front = 0;
    std::size_t back = 0;
  };
  Middle ResolveNames(std::string_view content, std::vector<Link>* links,
                      const std::vector<Link>* parent);
  void EmitTree(Number number, const std::vector<Link>& links,
                const std::vector<Link>* parent, const Middle& middle);
  void ReadCommit(Number number, std::string_view content);
  void ReadTag(Number number, std::string_view content);
  Seen& Look(const pack::ObjectId& id);

  const pack::ObjectTable& table_;
  const std::vector<bool>& asked_;
  NameTable* names_;
  std::size_t pack_ = 0;
  const pack::DeltaForest* forest_ = nullptr;
  pack::ObjectType type_ = pack::ObjectType::kNone;
  GraphPart part_;
  std::vector<Seen> seen_;
  std::vector<Slot> slots_;
};

// What keeps a commit from being collected, the strongest first.
enum class Reach : std::uint8_t {
  kReachable,  // a branch, a tag, another reference, a HEAD
  kStash,
  kReflog,
  kUnreachable,
};
std::string_view Name(Reach reach);

// One place where a blob was.
struct Origin {
  std::string path;
  // The oldest commit that brought it there, of those that are reachable if
  // there are any, else of those in the stash, and so on. nullopt: no commit
  // did; a reference or a stray tree names it.
  std::optional<pack::ObjectId> commit;
  std::int64_t time = 0;  // the committer's, of that commit
  Reach reach = Reach::kUnreachable;
};

struct Origins {
  std::vector<Origin> places;  // sorted by path; empty: nothing names the blob
  // Of the oldest and the newest commit that has it anywhere, whatever keeps
  // them; 0 where there is none.
  std::int64_t first_seen = 0;
  std::int64_t last_seen = 0;
  bool more = false;  // it stands at more paths than the thousand in places
};

// Made from all parts of a run. One thread's.
class HistoryGraph {
 public:
  // `forests` are those of the table's packs, by number. All outlive it.
  HistoryGraph(const pack::ObjectTable& table,
               std::vector<const pack::DeltaForest*> forests,
               std::vector<GraphPart> parts, const NameTable& names,
               const Refs& refs);

  std::uint64_t commit_count() const { return commits_.size(); }

  // Where the blobs, which must be among those asked about, came from; in the
  // same order. Limits on what hostile trees can ask for (paths without number,
  // folders without end) set cut().
  std::vector<Origins> Find(const std::vector<Number>& blobs);
  bool cut() const { return cut_; }

 private:
  using Edge = GraphPart::Edge;
  struct CommitInfo {
    Number number = 0;
    Number tree = 0;
    std::int64_t time = 0;
    std::size_t first_parent = 0;
    std::uint32_t parents = 0;
    Reach reach = Reach::kUnreachable;
    bool has_child = false;
  };
  struct Place;
  struct Search;

  void TakeParts(std::vector<GraphPart> parts);
  void MarkReach(const Refs& refs);
  void Mark(const std::vector<Number>& from, Reach reach);
  std::uint32_t CommitAt(Number number) const;
  Number Peeled(Number number) const;
  void Climb(Search* search);
  void ReadHistory(Search* search);
  void Subtract(Search* search, Number tree, std::vector<Number> others,
                const std::vector<std::uint32_t>& above, int depth,
                std::uint32_t commit, bool added);
  void Note(Search* search, Number blob,
            const std::vector<std::uint32_t>& names, std::uint32_t commit,
            Reach reach);

  const pack::ObjectTable& table_;
  std::vector<const pack::DeltaForest*> forests_;
  const NameTable& names_;
  std::vector<std::vector<std::uint32_t>> node_of_index_;

  std::vector<GraphPart::Tree> trees_;  // sorted by tree
  std::vector<Edge> edges_;
  std::vector<CommitInfo> commits_;       // sorted by number
  std::vector<std::uint32_t> commit_at_;  // by number
  std::vector<std::uint32_t> parents_;    // indices into commits_, or kNone
  std::vector<GraphPart::Tag> tags_;      // sorted by tag
  std::vector<Number> whole_;             // sorted
  std::vector<std::pair<Number, std::string>> ref_targets_;  // no commits
  bool cut_ = false;
};

}  // namespace keytidy::git
