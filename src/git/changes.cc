// SPDX-License-Identifier: Apache-2.0
#include "git/changes.h"

#include <algorithm>
#include <map>
#include <memory>
#include <utility>

namespace keytidy::git {
namespace {

constexpr int kMostFolders = 2000;
// Entries of all trees together; many times what any project has.
constexpr std::uint64_t kMostEntries = 2000000;

struct Side {
  std::uint32_t mode = 0;
  pack::ObjectId id;
};
using Listing = std::map<std::string, Side, std::less<>>;

std::string Join(const std::string& folder, std::string_view name) {
  return folder.empty() ? std::string(name) : folder + "/" + std::string(name);
}

class Comparison {
 public:
  Comparison(pack::ObjectReader& reader, pack::HashKind kind)
      : reader_(reader), kind_(kind) {}

  ChangeSet Take() {
    std::sort(out_.changes.begin(), out_.changes.end(),
              [](const Change& a, const Change& b) { return a.path < b.path; });
    return std::move(out_);
  }

  void Trees(const std::string& folder, const pack::ObjectId& tree,
             const std::vector<pack::ObjectId>& parents, int depth) {
    if (std::find(parents.begin(), parents.end(), tree) != parents.end()) {
      return;
    }
    Listing now;
    if (!Read(folder, tree, depth, &now)) return;
    std::vector<Listing> before = ReadAll(folder, parents, depth);
    for (const auto& [name, side] : now) {
      Entry(Join(folder, name), name, side, before, depth);
    }
    if (!before.empty()) {
      for (const auto& [name, side] : before.front()) {
        const auto it = now.find(name);
        // A folder in the place of a file, or the other way round, too.
        if (it == now.end() || IsTree(it->second.mode) != IsTree(side.mode)) {
          Delete(Join(folder, name), side, depth);
        }
      }
    }
  }

  // Entries [first, end) of the index stand in `folder`.
  void Index(const IndexFile& index, const std::string& folder,
             std::size_t first, std::size_t end,
             const std::vector<pack::ObjectId>& parents, int depth) {
    const auto cached =
        std::lower_bound(trees_.begin(), trees_.end(), folder,
                         [](const CachedTree* tree, const std::string& path) {
                           return tree->path < path;
                         });
    if (cached != trees_.end() && (*cached)->path == folder &&
        std::find(parents.begin(), parents.end(), (*cached)->id) !=
            parents.end()) {
      return;
    }
    std::vector<Listing> before = ReadAll(folder, parents, depth);
    std::map<std::string, bool> is_folder;  // by name
    const std::size_t skip = folder.empty() ? 0 : folder.size() + 1;
    for (std::size_t i = first; i < end;) {
      const IndexEntry& entry = index.entries[i];
      const std::string_view rest = std::string_view(entry.path).substr(skip);
      const std::size_t slash = rest.find('/');
      if (slash == std::string_view::npos) {
        const std::string name(rest);
        is_folder[name] = IsTree(entry.mode);
        IndexFileEntry(entry, name, before, depth);
        ++i;
        continue;
      }
      const std::string name(rest.substr(0, slash));
      is_folder[name] = true;
      // Where the folder's entries end: "name/" and all that begins so.
      const std::string head = Join(folder, name) + "/";
      std::size_t low = i;
      std::size_t high = end;
      while (low < high) {
        const std::size_t middle = low + (high - low) / 2;
        if (index.entries[middle].path.compare(0, head.size(), head) <= 0) {
          low = middle + 1;
        } else {
          high = middle;
        }
      }
      std::vector<pack::ObjectId> below;
      for (const Listing& listing : before) {
        const auto it = listing.find(name);
        if (it != listing.end() && IsTree(it->second.mode)) {
          below.push_back(it->second.id);
        }
      }
      if (depth < kMostFolders) {
        Index(index, Join(folder, name), i, low, below, depth + 1);
      } else {
        TooDeep(head);
      }
      i = low;
    }
    if (before.empty()) return;
    for (const auto& [name, side] : before.front()) {
      const auto it = is_folder.find(name);
      if (it == is_folder.end() || it->second != IsTree(side.mode)) {
        Delete(Join(folder, name), side, depth);
      }
    }
  }

  void TakeCached(const IndexFile& index) {
    for (const CachedTree& tree : index.trees) trees_.push_back(&tree);
    std::sort(trees_.begin(), trees_.end(),
              [](const CachedTree* a, const CachedTree* b) {
                return a->path < b->path;
              });
  }

 private:
  void TooDeep(const std::string& path) {
    out_.skipped.push_back(
        {path, fmt::format("folders nest more than {} deep", kMostFolders),
         std::nullopt, true});
  }

  bool Read(const std::string& folder, const pack::ObjectId& tree, int depth,
            Listing* out) {
    const std::string shown = folder.empty() ? "." : folder;
    if (depth >= kMostFolders) {
      TooDeep(shown);
      return false;
    }
    if (entries_ > kMostEntries) {
      if (!std::exchange(cut_, true)) {
        out_.skipped.push_back(
            {shown,
             fmt::format("its trees have more than {} entries; what follows "
                         "was not compared",
                         kMostEntries),
             std::nullopt, true});
      }
      return false;
    }
    auto object = reader_.Read(tree);
    if (!object && IsEmptyTree(tree)) return true;
    if (!object || (*object)->type != pack::ObjectType::kTree) {
      out_.skipped.push_back(
          {shown,
           fmt::format("tree {}: {}", tree.Hex(),
                       object ? "is no tree" : object.error().message),
           std::nullopt, true});
      return false;
    }
    TreeReader entries((*object)->content, kind_);
    TreeEntry entry;
    while (entries.Next(&entry)) {
      ++entries_;
      (*out)[std::string(entry.name)] = {entry.mode,
                                         pack::ObjectId(entry.id, kind_)};
    }
    if (entries.damaged()) {
      out_.skipped.push_back(
          {shown, fmt::format("tree {}: an entry cannot be read", tree.Hex()),
           std::nullopt, true});
    }
    return true;
  }

  // Trees of parents that cannot be read are as good as empty: what is in them
  // counts as new, which errs on the side of looking.
  std::vector<Listing> ReadAll(const std::string& folder,
                               const std::vector<pack::ObjectId>& trees,
                               int depth) {
    std::vector<Listing> out;
    for (const pack::ObjectId& tree : trees) {
      Listing listing;
      if (Read(folder, tree, depth, &listing))
        out.push_back(std::move(listing));
    }
    return out;
  }

  void Entry(const std::string& path, const std::string& name, const Side& side,
             const std::vector<Listing>& before, int depth) {
    if (IsGitlink(side.mode)) return;
    if (IsTree(side.mode)) {
      std::vector<pack::ObjectId> below;
      for (const Listing& listing : before) {
        const auto it = listing.find(name);
        if (it != listing.end() && IsTree(it->second.mode)) {
          below.push_back(it->second.id);
        }
      }
      return Trees(path, side.id, below, depth + 1);
    }
    Change change;
    change.path = path;
    change.blob = side.id;
    for (const Listing& listing : before) {
      const auto it = listing.find(name);
      if (it == listing.end() || IsTree(it->second.mode) ||
          IsGitlink(it->second.mode)) {
        continue;
      }
      if (it->second.id == side.id) return;
      if (std::find(change.before.begin(), change.before.end(),
                    it->second.id) == change.before.end()) {
        change.before.push_back(it->second.id);
      }
    }
    out_.changes.push_back(std::move(change));
  }

  void IndexFileEntry(const IndexEntry& entry, const std::string& name,
                      const std::vector<Listing>& before, int depth) {
    if (entry.stage > 0) {
      if (out_.skipped.empty() || out_.skipped.back().path != entry.path) {
        out_.skipped.push_back(
            {entry.path, "in conflict: nothing of it can be committed yet",
             std::nullopt, false});
      }
      return;
    }
    if (entry.intent_to_add) {
      out_.skipped.push_back({entry.path,
                              "added with -N: nothing of it is staged",
                              std::nullopt, false});
      return;
    }
    Entry(entry.path, name, {entry.mode, entry.id}, before, depth);
  }

  void Delete(const std::string& path, const Side& side, int depth) {
    if (IsGitlink(side.mode)) return;
    if (!IsTree(side.mode)) {
      out_.deletions.push_back({path, side.id});
      return;
    }
    Listing listing;
    if (!Read(path, side.id, depth + 1, &listing)) return;
    for (const auto& [name, below] : listing) {
      Delete(Join(path, name), below, depth + 1);
    }
  }

  pack::ObjectReader& reader_;
  pack::HashKind kind_;
  std::vector<const CachedTree*> trees_;
  std::uint64_t entries_ = 0;
  bool cut_ = false;
  ChangeSet out_;
};

}  // namespace

ChangeSet CompareTrees(const pack::ObjectId& tree,
                       const std::vector<pack::ObjectId>& parents,
                       pack::ObjectReader& reader, pack::HashKind kind) {
  Comparison comparison(reader, kind);
  comparison.Trees("", tree, parents, 0);
  return comparison.Take();
}

ChangeSet CompareIndex(const IndexFile& index,
                       const std::vector<pack::ObjectId>& parents,
                       pack::ObjectReader& reader, pack::HashKind kind) {
  Comparison comparison(reader, kind);
  comparison.TakeCached(index);
  comparison.Index(index, "", 0, index.entries.size(), parents, 0);
  return comparison.Take();
}

}  // namespace keytidy::git
