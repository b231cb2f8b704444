// SPDX-License-Identifier: Apache-2.0
#include "clients/path_at.h"

#include <fmt/format.h>

#include <cstddef>

namespace keytidy::clients {
namespace {

using config::Node;

// Whether it was found; `path` is then the way from `node`.
bool Walk(const Node& node, Span span, std::string* path) {
  for (const config::Member& member : node.members) {
    std::string below;
    if (!Walk(member.value, span, &below)) continue;
    const bool dot = !below.empty() && below.front() != '[';
    *path = member.key + (dot ? "." : "") + below;
    return true;
  }
  for (std::size_t i = 0; i < node.items.size(); ++i) {
    std::string below;
    if (!Walk(node.items[i], span, &below)) continue;
    const bool dot = !below.empty() && below.front() != '[';
    *path = fmt::format("[{}]{}{}", i, dot ? "." : "", below);
    return true;
  }
  return node.kind != Node::Kind::kTable && node.kind != Node::Kind::kArray &&
         node.end > node.start && node.start <= span.start &&
         span.end <= node.end;
}

}  // namespace

std::string PathAt(const Node& root, Span span) {
  std::string path;
  return Walk(root, span, &path) ? path : std::string();
}

}  // namespace keytidy::clients
