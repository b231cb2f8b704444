// SPDX-License-Identifier: Apache-2.0
#include "clients/pointer.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstddef>

namespace keytidy::clients {
namespace {

using config::Node;
using Each = std::function<void(const Target&)>;

std::string Joined(const std::string& path, std::string_view name) {
  return path.empty() ? std::string(name) : path + "." + std::string(name);
}

template <class Do>
void ForEachChild(const Target& at, const Do& go) {
  for (const config::Member& member : at.node->members) {
    go(Target{&member.value, &member, Joined(at.path, member.key), at.node});
  }
  for (std::size_t i = 0; i < at.node->items.size(); ++i) {
    go(Target{&at.node->items[i], at.member,
              Joined(at.path, fmt::format("{}", i)), at.node});
  }
}

void EveryText(const Target& at, const Each& each) {
  if (at.node->kind == Node::Kind::kString) return each(at);
  ForEachChild(at, [&](const Target& child) { EveryText(child, each); });
}

// `rest` begins with a slash, or is empty.
void Walk(const Target& at, std::string_view rest, const Each& each) {
  if (rest.empty() || rest == "/") return each(at);
  rest.remove_prefix(1);
  const std::size_t slash = std::min(rest.find('/'), rest.size());
  const std::string_view name = rest.substr(0, slash);
  rest.remove_prefix(slash);
  if (name == "**") return EveryText(at, each);
  if (name == "#") {
    for (const config::Member& member : at.node->members) {
      each(Target{nullptr, &member, Joined(at.path, member.key), at.node});
    }
    return;
  }
  if (name == "*") {
    ForEachChild(at, [&](const Target& child) { Walk(child, rest, each); });
    return;
  }
  for (const config::Member& member : at.node->members) {
    if (member.key != name) continue;
    Walk(Target{&member.value, &member, Joined(at.path, name), at.node}, rest,
         each);
  }
}

}  // namespace

void ForEachAt(const Node& root, std::string_view pointer, const Each& each) {
  Walk(Target{&root, nullptr, {}, nullptr}, pointer, each);
}

const std::string* TextOf(const Node& table, std::string_view key) {
  const Node* node = table.Find(key);
  return node != nullptr && node->kind == Node::Kind::kString ? &node->string
                                                              : nullptr;
}

std::string ScalarText(const Node& node) {
  switch (node.kind) {
    case Node::Kind::kString:
      return node.string;
    case Node::Kind::kBool:
      return node.boolean ? "true" : "false";
    case Node::Kind::kInteger:
      return fmt::format("{}", node.integer);
    case Node::Kind::kFloat:
      return fmt::format("{}", node.number);
    case Node::Kind::kNull:
    case Node::Kind::kArray:
    case Node::Kind::kTable:
      break;
  }
  return {};
}

}  // namespace keytidy::clients
