// SPDX-License-Identifier: Apache-2.0
//
// Two steps lead from blobs to commits. Climb goes up: from the blobs to every
// tree they are in, from those to every tree these are in, along the edges that
// were kept and down the delta trees they hold for; the result is, for each
// tree of interest, which of its entries lead to a blob that is asked about.
// ReadHistory then compares each commit's trees with its parents', looking at
// those entries alone, as a diff would.
#include "git/history_graph.h"

#include <algorithm>
#include <map>
#include <numeric>
#include <tuple>
#include <unordered_map>
#include <utility>

namespace keytidy::git {
namespace {

constexpr Number kNone = pack::ObjectTable::kNone;
constexpr std::uint32_t kNoCommit = ~std::uint32_t{0};
// What a repository made to exhaust us may ask for.
constexpr int kMostFolders = 2000;              // one in the other
constexpr std::uint64_t kMostSteps = 20000000;  // of all comparisons
constexpr std::size_t kMostPlaces = 1000;       // of one blob

}  // namespace

std::string_view Name(Reach reach) {
  switch (reach) {
    case Reach::kReachable:
      return "reachable";
    case Reach::kStash:
      return "stash";
    case Reach::kReflog:
      return "reflog";
    case Reach::kUnreachable:
      break;
  }
  return "unreachable";
}

// The best that is known of one path of one blob.
struct HistoryGraph::Place {
  std::uint32_t commit = kNoCommit;
  Reach reach = Reach::kUnreachable;
};

struct HistoryGraph::Search {
  // By tree: the entries that lead to a blob that is asked about; sorted by
  // name. In `at` a tree's place in the lists, or kNone: most have none.
  std::vector<std::uint32_t> at;
  std::vector<Number> trees;
  std::vector<std::vector<Edge>> lists;
  const std::vector<Edge>* KidsOf(Number tree) const {
    return tree == kNone || at[tree] == kNone ? nullptr : &lists[at[tree]];
  }
  std::unordered_map<Number, std::size_t> asked;  // blob to its place in out
  std::map<std::pair<std::size_t, std::string>, Place> places;
  std::vector<std::int64_t> first;
  std::vector<std::int64_t> last;
  std::vector<std::size_t> count;  // of places
  std::vector<bool> more;          // than are kept
  std::uint64_t steps = 0;
};

HistoryGraph::HistoryGraph(const pack::ObjectTable& table,
                           std::vector<const pack::DeltaForest*> forests,
                           std::vector<GraphPart> parts, const NameTable& names,
                           const Refs& refs)
    : table_(table), forests_(std::move(forests)), names_(names) {
  TakeParts(std::move(parts));
  MarkReach(refs);
}

void HistoryGraph::TakeParts(std::vector<GraphPart> parts) {
  std::vector<std::pair<CommitInfo, const GraphPart*>> commits;
  for (GraphPart& part : parts) {
    const std::size_t shift = edges_.size();
    for (GraphPart::Tree tree : part.trees) {
      tree.first += shift;
      trees_.push_back(tree);
    }
    edges_.insert(edges_.end(), part.edges.begin(), part.edges.end());
    part.edges = {};
    part.trees = {};
    for (const GraphPart::CommitNode& node : part.commits) {
      CommitInfo info;
      info.number = node.number;
      info.tree = node.tree;
      info.time = node.time;
      info.first_parent = node.first_parent;
      info.parents = node.parents;
      commits.emplace_back(info, &part);
    }
    tags_.insert(tags_.end(), part.tags.begin(), part.tags.end());
    whole_.insert(whole_.end(), part.whole.begin(), part.whole.end());
  }
  std::sort(trees_.begin(), trees_.end(),
            [](const GraphPart::Tree& a, const GraphPart::Tree& b) {
              return a.tree < b.tree;
            });
  std::sort(commits.begin(), commits.end(), [](const auto& a, const auto& b) {
    return a.first.number < b.first.number;
  });
  std::sort(tags_.begin(), tags_.end(),
            [](const GraphPart::Tag& a, const GraphPart::Tag& b) {
              return a.tag < b.tag;
            });
  std::sort(whole_.begin(), whole_.end());
  commit_at_.assign(table_.count(), kNoCommit);
  for (const auto& [info, part] : commits) {
    commit_at_[info.number] = static_cast<std::uint32_t>(commits_.size());
    commits_.push_back(info);
  }
  for (std::size_t i = 0; i < commits_.size(); ++i) {
    const GraphPart& part = *commits[i].second;
    const std::size_t first = commits_[i].first_parent;
    commits_[i].first_parent = parents_.size();
    for (std::uint32_t p = 0; p < commits_[i].parents; ++p) {
      const std::uint32_t parent = CommitAt(part.parents[first + p]);
      parents_.push_back(parent);
      if (parent != kNoCommit) commits_[parent].has_child = true;
    }
  }
}

std::uint32_t HistoryGraph::CommitAt(Number number) const {
  return number == kNone ? kNoCommit : commit_at_[number];
}

// What a tag leads to. Tags cannot name each other in a ring, but a damaged
// table may say so.
Number HistoryGraph::Peeled(Number number) const {
  for (int steps = 0; steps < 100; ++steps) {
    const auto it = std::lower_bound(
        tags_.begin(), tags_.end(), number,
        [](const GraphPart::Tag& tag, Number n) { return tag.tag < n; });
    if (it == tags_.end() || it->tag != number) break;
    number = it->target;
  }
  return number;
}

void HistoryGraph::MarkReach(const Refs& refs) {
  std::vector<Number> reachable;
  std::vector<Number> stash;
  std::vector<Number> reflog;
  const auto add = [&](const pack::ObjectId& id, std::vector<Number>* to) {
    const Number number = table_.Find(id);
    if (number != kNone) to->push_back(Peeled(number));
  };
  for (const Ref& ref : refs.refs) {
    add(ref.id, ref.name == "refs/stash" ? &stash : &reachable);
    const Number number = table_.Find(ref.id);
    if (number == kNone) continue;
    const Number target = Peeled(number);
    if (CommitAt(target) == kNoCommit) {
      ref_targets_.emplace_back(target, ref.name);
    }
  }
  for (const pack::ObjectId& id : refs.stash) add(id, &stash);
  for (const pack::ObjectId& id : refs.reflog) add(id, &reflog);
  Mark(reachable, Reach::kReachable);
  Mark(stash, Reach::kStash);
  Mark(reflog, Reach::kReflog);
}

void HistoryGraph::Mark(const std::vector<Number>& from, Reach reach) {
  std::vector<std::uint32_t> list;
  const auto visit = [&](std::uint32_t commit) {
    if (commit == kNoCommit || commits_[commit].reach <= reach) return;
    commits_[commit].reach = reach;
    list.push_back(commit);
  };
  for (const Number number : from) visit(CommitAt(number));
  while (!list.empty()) {
    const CommitInfo& commit = commits_[list.back()];
    list.pop_back();
    for (std::uint32_t i = 0; i < commit.parents; ++i) {
      visit(parents_[commit.first_parent + i]);
    }
  }
}

void HistoryGraph::Climb(Search* search) {
  // Who adds a child, by child: a counting sort, as there are many edges and
  // few of them are looked at.
  struct Adder {
    Number tree = 0;
    std::uint32_t name = 0;
  };
  std::vector<std::uint32_t> begins(table_.count() + 1, 0);
  const auto for_each_added = [&](const auto& take) {
    for (const GraphPart::Tree& tree : trees_) {
      for (std::uint32_t i = 0; i < tree.adds; ++i) {
        take(tree.tree, edges_[tree.first + i]);
      }
    }
  };
  for_each_added([&](Number, const Edge& edge) { ++begins[edge.child + 1]; });
  std::partial_sum(begins.begin(), begins.end(), begins.begin());
  std::vector<Adder> adders(begins.back());
  std::vector<std::uint32_t> next_of(begins.begin(), begins.end() - 1);
  for_each_added([&](Number tree, const Edge& edge) {
    adders[next_of[edge.child]++] = {tree, edge.name};
  });
  if (node_of_index_.empty()) {
    node_of_index_.resize(forests_.size());
    for (std::size_t i = 0; i < forests_.size(); ++i) {
      node_of_index_[i].assign(table_.PackAt(i).count(),
                               pack::DeltaForest::kNone);
      for (std::uint32_t node = 0; node < forests_[i]->size(); ++node) {
        const std::uint32_t index = forests_[i]->IndexOf(node);
        if (index != pack::DeltaForest::kNone) node_of_index_[i][index] = node;
      }
    }
  }
  std::vector<std::uint32_t> changes(table_.count(), kNone);
  for (std::uint32_t i = 0; i < trees_.size(); ++i) changes[trees_[i].tree] = i;
  const auto removes = [&](Number number, const Edge& edge) {
    if (changes[number] == kNone) return false;
    const GraphPart::Tree& tree = trees_[changes[number]];
    const Edge* first = edges_.data() + tree.first + tree.adds;
    return std::find(first, first + tree.removes, edge) != first + tree.removes;
  };
  search->at.assign(table_.count(), kNone);

  std::vector<Number> queue;
  for (const auto& [blob, place] : search->asked) queue.push_back(blob);
  std::sort(queue.begin(), queue.end());
  // Of the trees one delta tree holds for, in one pack.
  std::vector<std::uint32_t> down;
  for (std::size_t done = 0; done < queue.size(); ++done) {
    const Number child = queue[done];
    const auto adder_begin = adders.begin() + begins[child];
    const auto adder_end = adders.begin() + begins[child + 1];
    std::sort(adder_begin, adder_end, [](const Adder& a, const Adder& b) {
      return std::tie(a.tree, a.name) < std::tie(b.tree, b.name);
    });
    for (auto adder = adder_begin; adder != adder_end; ++adder) {
      const Edge edge{adder->name, child};
      const auto note = [&](Number tree) {
        if (search->at[tree] == kNone) {
          search->at[tree] = static_cast<std::uint32_t>(search->lists.size());
          search->trees.push_back(tree);
          search->lists.emplace_back();
          queue.push_back(tree);
        }
        search->lists[search->at[tree]].push_back(edge);
      };
      note(adder->tree);
      const auto pack = table_.PackOf(adder->tree);
      if (!pack ||
          std::binary_search(whole_.begin(), whole_.end(), adder->tree)) {
        continue;
      }
      const pack::DeltaForest& forest = *forests_[*pack];
      down = {node_of_index_[*pack][adder->tree - table_.FirstOf(*pack)]};
      while (!down.empty()) {
        const std::uint32_t node = down.back();
        down.pop_back();
        if (node == pack::DeltaForest::kNone) continue;
        for (const std::uint32_t next : forest.ChildrenOf(node)) {
          const std::uint32_t index = forest.IndexOf(next);
          // An entry that no table names hides what hangs on it; it only
          // occurs where an index is missing, which is reported.
          if (index == pack::DeltaForest::kNone) continue;
          const Number number = table_.NumberOf(*pack, index);
          if (removes(number, edge) ||
              (!whole_.empty() &&
               std::binary_search(whole_.begin(), whole_.end(), number))) {
            continue;
          }
          note(number);
          down.push_back(next);
        }
      }
    }
  }
  for (std::vector<Edge>& kids : search->lists) {
    std::sort(kids.begin(), kids.end(), [&](const Edge& a, const Edge& b) {
      return a.name != b.name ? names_[a.name] < names_[b.name]
                              : a.child < b.child;
    });
    kids.erase(std::unique(kids.begin(), kids.end()), kids.end());
  }
}

void HistoryGraph::Note(Search* search, Number blob,
                        const std::vector<std::uint32_t>& names,
                        std::uint32_t commit, Reach reach) {
  const auto asked = search->asked.find(blob);
  if (asked == search->asked.end()) return;
  std::string path;
  for (const std::uint32_t name : names) {
    if (!path.empty()) path += '/';
    path += names_[name];
  }
  const std::pair<std::size_t, std::string> key(asked->second, std::move(path));
  if (search->count[asked->second] >= kMostPlaces &&
      search->places.count(key) == 0) {
    search->more[asked->second] = true;
    return;
  }
  const auto [it, fresh] = search->places.try_emplace(key);
  if (fresh) ++search->count[asked->second];
  Place& place = it->second;
  const auto rank = [&](std::uint32_t c, Reach r) {
    // Any commit is better than none.
    return std::make_tuple(
        c == kNoCommit, r, c == kNoCommit ? 0 : commits_[c].time,
        c == kNoCommit ? pack::ObjectId() : table_.IdOf(commits_[c].number));
  };
  if (fresh || rank(commit, reach) < rank(place.commit, place.reach)) {
    place = {commit, reach};
  }
}

// Every path of `tree` that leads to a blob which none of `others` has at the
// same path. `added`: they are noted as brought by `commit`; otherwise `commit`
// is the last that had them.
void HistoryGraph::Subtract(Search* search, Number tree,
                            std::vector<Number> others,
                            const std::vector<std::uint32_t>& above, int depth,
                            std::uint32_t commit, bool added) {
  if (std::find(others.begin(), others.end(), tree) != others.end()) return;
  const std::vector<Edge>* kids = search->KidsOf(tree);
  if (kids == nullptr) return;
  if (depth == kMostFolders || search->steps > kMostSteps) {
    cut_ = true;
    return;
  }
  std::vector<std::uint32_t> names = above;
  names.push_back(0);
  std::vector<const std::vector<Edge>*> lists;
  for (const Number other : others) {
    const std::vector<Edge>* list = search->KidsOf(other);
    if (list != nullptr) lists.push_back(list);
  }
  const auto in_list = [&](const std::vector<Edge>& list, std::uint32_t name) {
    return std::equal_range(list.begin(), list.end(), Edge{name, 0},
                            [&](const Edge& a, const Edge& b) {
                              return a.name != b.name &&
                                     names_[a.name] < names_[b.name];
                            });
  };
  for (const Edge& edge : *kids) {
    ++search->steps;
    bool known = false;
    std::vector<Number> below;
    for (const auto* list : lists) {
      const auto [first, end] = in_list(*list, edge.name);
      for (auto it = first; it != end; ++it) {
        known = known || it->child == edge.child;
        below.push_back(it->child);
      }
    }
    if (known) continue;
    names.back() = edge.name;
    const auto asked = search->asked.find(edge.child);
    if (asked == search->asked.end()) {
      Subtract(search, edge.child, std::move(below), names, depth + 1, commit,
               added);
      continue;
    }
    const std::int64_t time = commit == kNoCommit ? 0 : commits_[commit].time;
    std::int64_t& first = search->first[asked->second];
    std::int64_t& last = search->last[asked->second];
    if (added && time > 0 && (first == 0 || time < first)) first = time;
    last = std::max(last, time);
    if (added) {
      Note(search, edge.child, names, commit,
           commit == kNoCommit ? Reach::kUnreachable : commits_[commit].reach);
    }
  }
}

void HistoryGraph::ReadHistory(Search* search) {
  for (std::uint32_t c = 0; c < commits_.size(); ++c) {
    const CommitInfo& commit = commits_[c];
    const std::vector<Edge>* kids = search->KidsOf(commit.tree);
    std::vector<Number> others;
    bool brings = kids != nullptr;
    for (std::uint32_t i = 0; i < commit.parents; ++i) {
      const std::uint32_t parent = parents_[commit.first_parent + i];
      if (parent == kNoCommit) continue;
      const Number tree = commits_[parent].tree;
      const std::vector<Edge>* before = search->KidsOf(tree);
      if (before == nullptr) continue;
      // Most commits change nothing of what is asked about.
      if (before == kids || (kids != nullptr && *before == *kids)) {
        brings = false;
        continue;
      }
      others.push_back(tree);
      // What the parent had and this one has not, it had last.
      Subtract(search, tree, {commit.tree}, {}, 0, parent, false);
    }
    if (brings) {
      Subtract(search, commit.tree, std::move(others), {}, 0, c, true);
    }
    if (!commit.has_child) Subtract(search, commit.tree, {}, {}, 0, c, false);
  }
}

std::vector<Origins> HistoryGraph::Find(const std::vector<Number>& blobs) {
  Search search;
  for (std::size_t i = 0; i < blobs.size(); ++i) {
    search.asked.emplace(blobs[i], i);
  }
  search.first.assign(blobs.size(), 0);
  search.last.assign(blobs.size(), 0);
  search.count.assign(blobs.size(), 0);
  search.more.assign(blobs.size(), false);
  Climb(&search);
  ReadHistory(&search);

  // Trees that belong to no commit: named by a reference, or left behind.
  std::vector<bool> is_below(table_.count(), false);
  for (const std::vector<Edge>& kids : search.lists) {
    for (const Edge& edge : kids) is_below[edge.child] = true;
  }
  for (const CommitInfo& commit : commits_) {
    if (commit.tree != kNone) is_below[commit.tree] = true;
  }
  std::vector<Number> strays;
  for (const Number tree : search.trees) {
    if (!is_below[tree] && table_.IsFirst(tree)) strays.push_back(tree);
  }
  for (const auto& [target, name] : ref_targets_) {
    if (search.KidsOf(target) != nullptr) strays.push_back(target);
  }
  std::sort(strays.begin(), strays.end());
  strays.erase(std::unique(strays.begin(), strays.end()), strays.end());
  for (const Number tree : strays) {
    Subtract(&search, tree, {}, {}, 0, kNoCommit, true);
  }

  std::vector<Origins> out(blobs.size());
  for (const auto& [key, place] : search.places) {
    Origin origin;
    origin.path = key.second;
    origin.reach = place.reach;
    if (place.commit != kNoCommit) {
      origin.commit = table_.IdOf(commits_[place.commit].number);
      origin.time = commits_[place.commit].time;
    }
    out[key.first].places.push_back(std::move(origin));
  }
  for (const auto& [target, name] : ref_targets_) {
    const auto asked = search.asked.find(target);
    if (asked == search.asked.end()) continue;
    Origin origin;
    origin.path = name;
    origin.reach = Reach::kReachable;
    out[asked->second].places.push_back(std::move(origin));
  }
  for (std::size_t i = 0; i < out.size(); ++i) {
    out[i].first_seen = search.first[i];
    out[i].last_seen = search.last[i];
    out[i].more = search.more[i];
    std::sort(out[i].places.begin(), out[i].places.end(),
              [](const Origin& a, const Origin& b) { return a.path < b.path; });
  }
  return out;
}

}  // namespace keytidy::git
