// SPDX-License-Identifier: Apache-2.0
#include "clients/path_at.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdint>
#include <iterator>

namespace keytidy::clients {
namespace {

using config::Node;

constexpr std::size_t kRoot = ~std::size_t{0};

}  // namespace

PathIndex::PathIndex(const Node& root) {
  Add(root, kRoot);
  std::stable_sort(scalars_.begin(), scalars_.end(),
                   [](const Scalar& a, const Scalar& b) {
                     return a.span.start < b.span.start;
                   });
}

void PathIndex::Add(const Node& node, std::size_t step) {
  for (const config::Member& member : node.members) {
    steps_.push_back({step, &member.key, 0});
    Add(member.value, steps_.size() - 1);
  }
  for (std::size_t i = 0; i < node.items.size(); ++i) {
    steps_.push_back({step, nullptr, i});
    Add(node.items[i], steps_.size() - 1);
  }
  const bool scalar =
      node.kind != Node::Kind::kTable && node.kind != Node::Kind::kArray;
  if (scalar && node.end > node.start) {
    scalars_.push_back({{node.start, node.end}, step});
  }
}

std::string PathIndex::PathAt(Span span) const {
  // Scalars do not overlap, so that only those that begin at one place can
  // hold the span; what an alias repeats is called by its first name.
  const auto behind =
      std::upper_bound(scalars_.begin(), scalars_.end(), span.start,
                       [](std::uint64_t start, const Scalar& one) {
                         return start < one.span.start;
                       });
  if (behind == scalars_.begin()) return {};
  const std::uint64_t start = std::prev(behind)->span.start;
  auto first = std::lower_bound(
      scalars_.begin(), behind, start,
      [](const Scalar& one, std::uint64_t at) { return one.span.start < at; });
  first = std::find_if(first, behind, [span](const Scalar& one) {
    return span.end <= one.span.end;
  });
  return first == behind ? std::string() : PathOf(first->step);
}

std::string PathIndex::PathOf(std::size_t step) const {
  std::string out;
  for (; step != kRoot; step = steps_[step].above) {
    const Step& one = steps_[step];
    const bool dot = !out.empty() && out.front() != '[';
    out = fmt::format(
        "{}{}{}",
        one.name != nullptr ? *one.name : fmt::format("[{}]", one.item),
        dot ? "." : "", out);
  }
  return out;
}

}  // namespace keytidy::clients
