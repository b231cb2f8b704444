// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "pack/walk.h"

namespace keytidy::pack {
namespace {

// A tree is cut into parts that several workers can take when it has more than
// one in so many of all wanted objects, and no fewer than kLeastPart. A part
// begins with making its ancestors again. The numbers do not depend on how many
// workers there are, so that what is made from what does not either.
constexpr std::uint64_t kParts = 64;
constexpr std::uint64_t kLeastPart = 512;
// Small trees are handed out together.
constexpr std::uint64_t kLeastTask = 128;

}  // namespace

WalkPlan::WalkPlan(const DeltaForest& forest, ObjectType type,
                   const std::function<bool(std::uint32_t node)>& wanted)
    : forest_(&forest),
      wanted_(forest.size(), false),
      entered_(forest.size(), false) {
  for (const std::uint32_t node : forest.order()) {
    if (forest.TypeOf(node) == type && wanted(node)) {
      wanted_[node] = true;
      ++wanted_count_;
    }
  }
  const std::uint64_t part = std::max(kLeastPart, wanted_count_ / kParts);
  struct Start {
    std::uint32_t node = 0;
    std::uint64_t weight = 0;
  };
  std::vector<Start> starts;
  std::vector<std::uint32_t> weight(forest.size(), 0);
  std::vector<float> bytes(forest.size(), 0);
  const auto whole = static_cast<double>(forest.pack().bytes().size());
  const auto order = forest.order();
  for (auto it = order.rbegin(); it != order.rend(); ++it) {
    const std::uint32_t node = *it;
    if (wanted_[node]) ++weight[node];
    if (weight[node] == 0) continue;
    bytes[node] +=
        static_cast<float>(forest.EndOf(node) - forest.OffsetOf(node));
    const std::uint32_t parent = forest.ParentOf(node);
    if (parent == DeltaForest::kNone || weight[node] > part) {
      starts.push_back({node, weight[node]});
      shares_.emplace_back(node, static_cast<double>(bytes[node]) / whole);
    } else {
      entered_[node] = true;
      weight[parent] += weight[node];
      bytes[parent] += bytes[node];
    }
  }
  std::sort(shares_.begin(), shares_.end());
  // The large ones first, so that no worker is left alone with one at the end;
  // the others as they stand in the pack.
  std::sort(starts.begin(), starts.end(), [&](const Start& a, const Start& b) {
    const std::uint64_t a_large = a.weight >= part / 2 ? a.weight : 0;
    const std::uint64_t b_large = b.weight >= part / 2 ? b.weight : 0;
    return a_large != b_large ? a_large > b_large : a.node < b.node;
  });
  starts_.reserve(starts.size());
  task_begin_.push_back(0);
  std::uint64_t gathered = 0;
  for (const Start& start : starts) {
    starts_.push_back(start.node);
    gathered += start.weight;
    if (gathered >= kLeastTask) {
      task_begin_.push_back(starts_.size());
      gathered = 0;
    }
  }
  if (task_begin_.back() != starts_.size()) {
    task_begin_.push_back(starts_.size());
  }
}

double WalkPlan::ShareOf(std::uint32_t start) const {
  const auto it = std::lower_bound(
      shares_.begin(), shares_.end(), start,
      [](const auto& share, std::uint32_t node) { return share.first < node; });
  return it != shares_.end() && it->first == start ? it->second : 0;
}

}  // namespace keytidy::pack
