// SPDX-License-Identifier: Apache-2.0
#include "policy/place_kinds.h"

#include <algorithm>
#include <iterator>

namespace keytidy::policy {
namespace {

// What a violation of a check is about.
enum class Reach { kFile, kServer, kSlot };

struct Kind {
  std::string_view check;
  std::string_view kind;
  Reach reach;
};

constexpr Kind kKinds[] = {
    {"FILE-GIT-TRACKED", "tracked", Reach::kFile},
    {"KEY-HOST-MISMATCH", "unknown-host", Reach::kSlot},
    {"MCP-ARG", "argv", Reach::kSlot},
    {"MCP-URLQ", "url", Reach::kSlot},
    {"PKG-UNPINNED", "unpinned", Reach::kServer},
};

}  // namespace

PlaceKinds::PlaceKinds(std::span<const Violation> violations) {
  for (const Violation& one : violations) {
    const auto* kind = std::find_if(
        std::begin(kKinds), std::end(kKinds),
        [&](const Kind& known) { return known.check == one.check; });
    if (kind == std::end(kKinds)) continue;
    if (kind->reach == Reach::kServer) {
      if (!one.client) continue;
      by_server_[{one.path, one.client->name, one.client->server}].push_back(
          kind->kind);
    } else if (!one.finding.empty()) {
      const bool one_slot = kind->reach == Reach::kSlot && one.client;
      by_key_[{one.path, one.finding}].push_back(
          {kind->kind, one_slot ? &*one.client : nullptr});
    }
  }
}

std::vector<std::string> PlaceKinds::Of(
    std::string_view finding, std::string_view path,
    const std::optional<ClientPlace>& client) const {
  std::vector<std::string> out;
  if (const auto it = by_key_.find({path, finding}); it != by_key_.end()) {
    for (const Known& one : it->second) {
      if (one.client == nullptr || client == *one.client) {
        out.emplace_back(one.kind);
      }
    }
  }
  if (client) {
    const auto it = by_server_.find({path, client->name, client->server});
    if (it != by_server_.end()) {
      out.insert(out.end(), it->second.begin(), it->second.end());
    }
  }
  std::sort(out.begin(), out.end());
  out.erase(std::unique(out.begin(), out.end()), out.end());
  return out;
}

}  // namespace keytidy::policy
