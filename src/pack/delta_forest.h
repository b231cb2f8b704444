// SPDX-License-Identifier: Apache-2.0
//
// Which object of a pack is made from which: trees whose roots are stored whole
// and whose other nodes are deltas against their parents. Built from the
// entries' headers alone; nothing is inflated.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "base/result.h"
#include "pack/pack_file.h"

namespace keytidy::pack {

// Immutable once built; any thread. Nodes are numbered by offset in the pack.
// About 33 bytes a node.
class DeltaForest {
 public:
  static constexpr std::uint32_t kNone = ~std::uint32_t{0};

  struct Broken {
    std::uint32_t node = 0;
    Error error;
  };

  // `pack` must outlive it. Time and memory are linear in the number of
  // entries (up to a logarithm), whatever they say of their bases.
  explicit DeltaForest(const PackFile& pack);

  const PackFile& pack() const { return *pack_; }
  std::uint32_t size() const {
    return static_cast<std::uint32_t>(offsets_.size());
  }
  std::uint64_t OffsetOf(std::uint32_t node) const { return offsets_[node]; }
  // Where the next entry begins.
  std::uint64_t EndOf(std::uint32_t node) const {
    return node + 1 < size() ? offsets_[node + 1] : pack_->end();
  }
  // Its number in the pack's table; kNone for an entry that no table names
  // (only where the pack's own table is missing).
  std::uint32_t IndexOf(std::uint32_t node) const { return index_[node]; }
  // Of the tree it is in; kNone when broken.
  ObjectType TypeOf(std::uint32_t node) const { return types_[node]; }
  std::uint32_t ParentOf(std::uint32_t node) const { return parents_[node]; }
  // The one with the largest subtree last: who goes down to it last needs to
  // keep no more than log2(size()) nodes at a time.
  std::span<const std::uint32_t> ChildrenOf(std::uint32_t node) const {
    return {children_.data() + child_begin_[node],
            children_.data() + child_begin_[node + 1]};
  }
  // Roots, and every node that hangs on one; parents before children.
  std::span<const std::uint32_t> order() const { return order_; }

  // Entries whose header is damaged, whose base is not in the pack, or which
  // are their own base by way of others; and all that hang on them.
  const std::vector<Broken>& broken() const { return broken_; }

 private:
  void AddOffsets();
  void ReadHeaders();
  void AddUnnamed(std::vector<std::uint64_t> list);
  void LinkChildren();
  void FindOrder();
  std::uint32_t NodeAt(std::uint64_t offset, std::uint32_t before) const;

  const PackFile* pack_;
  bool may_add_ = false;  // entries that the table does not name
  std::vector<std::uint64_t> offsets_;
  std::vector<std::uint32_t> index_;
  std::vector<std::uint32_t> parents_;
  std::vector<ObjectType> types_;
  std::vector<std::uint32_t> child_begin_;
  std::vector<std::uint32_t> children_;
  std::vector<std::uint32_t> order_;
  std::vector<Broken> broken_;
};

}  // namespace keytidy::pack
