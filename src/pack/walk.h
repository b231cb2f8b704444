// SPDX-License-Identifier: Apache-2.0
//
// Goes through the delta trees of a pack and makes every object once: the
// root is inflated, each child is made from its parent in memory. The visitor
// learns which stretches of an object are copies of its parent, so that it can
// look at the rest only.
//
// A tree is walked depth first with the heaviest child last, when its parent
// is no longer needed: no more than log2(nodes) objects are held at a time.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <stop_token>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "pack/delta.h"
#include "pack/delta_forest.h"
#include "pack/inflate.h"
#include "pack/memory_budget.h"

namespace keytidy::pack {

// Blobs from this size on that nothing is made from come in pieces.
inline constexpr std::uint64_t kStreamFrom = std::uint64_t{32} << 20;

struct WalkedObject {
  static constexpr std::uint32_t kNoSlot = ~std::uint32_t{0};
  std::uint32_t node = 0;
  // False: walked only because others are made from it.
  bool wanted = true;
  std::string_view content;
  // A small number that is this object's until its last child is done; the
  // visitor may keep what it knows of it there.
  std::uint32_t slot = 0;
  std::uint32_t parent_slot = kNoSlot;  // kNoSlot for a root
  std::span<const Copy> copies;         // from the parent; ascending
};

// One worker's.
class WalkVisitor {
 public:
  virtual ~WalkVisitor() = default;
  virtual void OnObject(const WalkedObject& object) = 0;
  // A large one; always wanted. An error of `content` is the visitor's to
  // report.
  virtual void OnLarge(std::uint32_t node, std::uint64_t size,
                       InflateStream& content) = 0;
  // A wanted object that could not be made.
  virtual void OnFailure(std::uint32_t node, const Error& error) = 0;
};

// What to walk of a forest. Immutable; any thread.
class WalkPlan {
 public:
  // Objects of `type` for which `wanted` says so. The forest must outlive it.
  WalkPlan(const DeltaForest& forest, ObjectType type,
           const std::function<bool(std::uint32_t node)>& wanted);

  // Each is a list of nodes to walk down from, all by one worker; they may be
  // taken in any order and at the same time. The largest come first.
  using Task = std::span<const std::uint32_t>;
  std::size_t task_count() const { return task_begin_.size() - 1; }
  Task TaskAt(std::size_t i) const {
    return {starts_.data() + task_begin_[i],
            starts_.data() + task_begin_[i + 1]};
  }
  const DeltaForest& forest() const { return *forest_; }
  bool IsWanted(std::uint32_t node) const { return wanted_[node]; }
  // Whether the walk goes down to it from its parent.
  bool IsEntered(std::uint32_t node) const { return entered_[node]; }
  // How much of the pack's bytes the part is that begins with `start`.
  double ShareOf(std::uint32_t start) const;
  std::uint64_t wanted_count() const { return wanted_count_; }

 private:
  const DeltaForest* forest_;
  std::vector<bool> wanted_;
  std::vector<bool> entered_;
  std::vector<std::uint32_t> starts_;
  std::vector<std::size_t> task_begin_;
  std::vector<std::pair<std::uint32_t, double>> shares_;  // sorted by start
  std::uint64_t wanted_count_ = 0;
};

// One worker's; used for many tasks and plans.
class Walker {
 public:
  explicit Walker(MemoryBudget* budget);
  ~Walker();

  void Run(const WalkPlan& plan, WalkPlan::Task task, WalkVisitor* visitor,
           const std::stop_token& stop);

 private:
  class Run_;
  struct Tools;
  std::unique_ptr<Tools> tools_;
};

}  // namespace keytidy::pack
