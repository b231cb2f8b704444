// SPDX-License-Identifier: Apache-2.0
#include "pack/delta_forest.h"

#include <algorithm>
#include <numeric>
#include <set>
#include <utility>

#include "pack/byte_order.h"

namespace keytidy::pack {

DeltaForest::DeltaForest(const PackFile& pack)
    : pack_(&pack), may_add_(pack.index_error().has_value()) {
  AddOffsets();
  ReadHeaders();
  LinkChildren();
  FindOrder();
}

void DeltaForest::AddOffsets() {
  std::vector<std::pair<std::uint64_t, std::uint32_t>> entries(pack_->count());
  for (std::uint32_t i = 0; i < pack_->count(); ++i) {
    entries[i] = {pack_->OffsetAt(i), i};
  }
  std::sort(entries.begin(), entries.end());
  offsets_.reserve(entries.size());
  index_.reserve(entries.size());
  for (const auto& [offset, index] : entries) {
    // Two ids at one place: the same bytes, and one of the ids is wrong.
    if (!offsets_.empty() && offsets_.back() == offset) {
      broken_.push_back(
          {static_cast<std::uint32_t>(offsets_.size()),
           {ErrorCode::kDamaged, "pack index: two objects at one place"}});
    }
    offsets_.push_back(offset);
    index_.push_back(index);
  }
}

// The node that begins at `offset`, looked for backwards from `before`: bases
// are mostly near.
std::uint32_t DeltaForest::NodeAt(std::uint64_t offset,
                                  std::uint32_t before) const {
  std::size_t step = 1;
  std::size_t high = before;
  std::size_t low = before;
  while (low > 0 && offsets_[low] > offset) {
    high = low;
    low -= std::min(low, step);
    step *= 2;
  }
  const auto begin = offsets_.begin() + static_cast<std::ptrdiff_t>(low);
  const auto end = offsets_.begin() + static_cast<std::ptrdiff_t>(high);
  const auto it = std::lower_bound(begin, end, offset);
  if (it == offsets_.end() || *it != offset) return kNone;
  return static_cast<std::uint32_t>(it - offsets_.begin());
}

void DeltaForest::ReadHeaders() {
  parents_.assign(size(), kNone);
  types_.assign(size(), ObjectType::kNone);
  std::vector<std::uint32_t> node_of_index;
  std::vector<Broken> reported = std::exchange(broken_, {});
  std::vector<std::uint64_t> unnamed;
  const auto report = [&](std::uint32_t node, Error error) {
    broken_.push_back({node, std::move(error)});
  };
  std::size_t next = 0;
  constexpr std::uint32_t kAhead = 16;
  const std::string_view bytes = pack_->bytes();
  for (std::uint32_t node = 0; node < size(); ++node) {
    if (next < reported.size() && reported[next].node == node) {
      report(node, std::move(reported[next++].error));
      continue;
    }
    // Each header is in a place of its own: ask for the next ones in time.
    if (node + kAhead < size() && offsets_[node + kAhead] < bytes.size()) {
      __builtin_prefetch(bytes.data() + offsets_[node + kAhead]);
    }
    auto entry = pack_->EntryAt(offsets_[node]);
    if (!entry) {
      report(node, entry.error());
      continue;
    }
    switch (entry->base) {
      case Entry::Base::kNone:
        types_[node] = entry->type;
        break;
      case Entry::Base::kOffset:
        parents_[node] = NodeAt(entry->base_offset, node);
        if (parents_[node] != kNone) break;
        if (may_add_ && entry->base_offset >= 12) {
          unnamed.push_back(entry->base_offset);
        } else {
          report(node, {ErrorCode::kDamaged,
                        "pack entry: no object begins where its base should"});
        }
        break;
      case Entry::Base::kId: {
        const auto index = pack_->Find(entry->base_id);
        if (!index) {
          report(node,
                 {ErrorCode::kNotFound, "its base " + entry->base_id.Hex() +
                                            " is not in the same pack"});
          break;
        }
        if (node_of_index.empty()) {
          node_of_index.assign(pack_->count(), kNone);
          for (std::uint32_t n = 0; n < size(); ++n) {
            if (index_[n] != kNone) node_of_index[index_[n]] = n;
          }
        }
        parents_[node] = node_of_index[*index];
        break;
      }
    }
  }
  if (unnamed.empty() || !std::exchange(may_add_, false)) return;
  AddUnnamed(std::move(unnamed));
  broken_.clear();
  ReadHeaders();
}

// Entries that no table names, and that others are made from: takes them in,
// with those that they are made from in their turn.
void DeltaForest::AddUnnamed(std::vector<std::uint64_t> list) {
  const std::uint32_t stated = Read32(pack_->bytes(), 8);
  std::set<std::uint64_t> added;
  while (!list.empty() && added.size() < stated) {
    const std::uint64_t offset = list.back();
    list.pop_back();
    if (std::binary_search(offsets_.begin(), offsets_.end(), offset) ||
        !added.insert(offset).second) {
      continue;
    }
    auto entry = pack_->EntryAt(offset);
    if (entry && entry->base == Entry::Base::kOffset) {
      list.push_back(entry->base_offset);
    }
  }
  std::vector<std::pair<std::uint64_t, std::uint32_t>> all;
  for (std::uint32_t n = 0; n < size(); ++n) {
    all.emplace_back(offsets_[n], index_[n]);
  }
  for (const std::uint64_t offset : added) all.emplace_back(offset, kNone);
  std::sort(all.begin(), all.end());
  offsets_.clear();
  index_.clear();
  for (const auto& [offset, index] : all) {
    offsets_.push_back(offset);
    index_.push_back(index);
  }
}

void DeltaForest::LinkChildren() {
  child_begin_.assign(size() + std::size_t{1}, 0);
  for (const std::uint32_t parent : parents_) {
    if (parent != kNone) ++child_begin_[parent + 1];
  }
  std::partial_sum(child_begin_.begin(), child_begin_.end(),
                   child_begin_.begin());
  children_.resize(child_begin_.back());
  std::vector<std::uint32_t> next(child_begin_.begin(), child_begin_.end() - 1);
  for (std::uint32_t node = 0; node < size(); ++node) {
    if (parents_[node] != kNone) children_[next[parents_[node]]++] = node;
  }
}

void DeltaForest::FindOrder() {
  order_.reserve(size());
  for (std::uint32_t node = 0; node < size(); ++node) {
    if (types_[node] != ObjectType::kNone) order_.push_back(node);
  }
  for (std::size_t i = 0; i < order_.size(); ++i) {
    for (const std::uint32_t child : ChildrenOf(order_[i])) {
      types_[child] = types_[order_[i]];
      order_.push_back(child);
    }
  }
  std::vector<std::uint32_t> weight(size(), 1);
  for (auto it = order_.rbegin(); it != order_.rend(); ++it) {
    const std::uint32_t parent = parents_[*it];
    if (parent != kNone) weight[parent] += weight[*it];
    const auto first = children_.begin() + child_begin_[*it];
    const auto last = children_.begin() + child_begin_[*it + 1];
    if (last - first < 2) continue;
    const auto heaviest =
        std::max_element(first, last, [&](std::uint32_t a, std::uint32_t b) {
          return weight[a] < weight[b];
        });
    std::rotate(heaviest, heaviest + 1, last);
  }
  if (order_.size() == size()) return;
  // What no root leads to: it hangs on a broken entry or goes round in a ring.
  std::vector<bool> known(size(), false);
  for (const Broken& broken : broken_) known[broken.node] = true;
  for (std::uint32_t node = 0; node < size(); ++node) {
    if (types_[node] != ObjectType::kNone || known[node]) continue;
    broken_.push_back(
        {node,
         {ErrorCode::kDamaged, "the object it is made from cannot be read"}});
  }
  std::sort(broken_.begin(), broken_.end(),
            [](const Broken& a, const Broken& b) { return a.node < b.node; });
}

}  // namespace keytidy::pack
