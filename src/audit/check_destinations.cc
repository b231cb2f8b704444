// SPDX-License-Identifier: Apache-2.0
//
// Where keys are sent: to their provider, encrypted, and not by way of a name
// that others may have tomorrow.
#include <fmt/format.h>

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

#include "audit/plain_key.h"
#include "audit/scene.h"
#include "base/text.h"

namespace keytidy::audit {
namespace {

using clients::SlotKind;

// The last two names of a host.
std::string_view Registered(std::string_view host) {
  const std::size_t dot = host.rfind('.');
  if (dot == std::string_view::npos || dot == 0) return host;
  const std::size_t before = host.rfind('.', dot - 1);
  return before == std::string_view::npos ? host : host.substr(before + 1);
}

bool IsTunnel(const Knowledge& knowledge, std::string_view host) {
  return std::any_of(
      knowledge.tunnels.begin(), knowledge.tunnels.end(),
      [&](const std::string& glob) { return GlobMatch(glob, host); });
}

// Whose host it is, of the providers that are known; "" for nobody's.
std::string_view OwnerOf(const Knowledge& knowledge, std::string_view host) {
  for (const auto& [id, facts] : knowledge.providers) {
    for (const std::string& domain : facts.domains) {
      if (IsBelow(host, domain)) return id;
    }
  }
  return {};
}

// Whether the key in `use` goes to that destination.
bool GoesTo(const KeyUse& use, const ServerFacts& server,
            const Destination& one) {
  switch (use.kind) {
    case SlotKind::kHeader:
    case SlotKind::kUrl:
      return &one == &server.destinations.front();
    case SlotKind::kArg:
    case SlotKind::kCommand:
      return true;
    case SlotKind::kEnv: {
      // KRYTON_API_KEY goes to KRYTON_URL.
      const auto own = WordsOf(use.name);
      const auto its = WordsOf(one.name);
      return !own.empty() && !its.empty() && own.front() == its.front();
    }
    default:
      return false;
  }
}

void CheckHost(const Scene& scene, const KeyUse& use, const Destination& one,
               Problems* out) {
  if (IsOneOf(use.rule->id, scene.knowledge.unsent)) return;
  const auto known = scene.knowledge.providers.find(use.rule->provider);
  if (known == scene.knowledge.providers.end() || one.loopback) return;
  const ProviderFacts& facts = known->second;
  std::string_view near;
  for (const std::string& domain : facts.domains) {
    if (IsBelow(one.host, domain)) return;
    const std::size_t distance =
        EditDistance(Registered(one.host), Registered(domain), 2);
    if (distance == 1 || distance == 2) near = domain;
  }
  const std::string_view owner = OwnerOf(scene.knowledge, one.host);
  const bool other = !owner.empty() && owner != use.rule->provider;
  if (facts.self_hosted && near.empty() && !other) return;
  std::string message =
      fmt::format("{} is sent to {}, which is not {}'s", KeyText(use), one.host,
                  use.rule->provider_name);
  if (!near.empty()) message += fmt::format(": it looks like {}", near);
  out->Add("KEY-HOST-MISMATCH", use,
           {message + ".",
            fmt::format("Stop the server and check the address. If {} has had "
                        "the key, have it replaced: {}",
                        one.host, use.rule->advice),
            {},
            one.line});
}

void CheckServer(const Scene& scene, const FileFacts& file,
                 const ServerFacts& server,
                 const std::vector<const KeyUse*>& keys, Problems* out) {
  for (const Destination& one : server.destinations) {
    const KeyUse* sent = nullptr;
    for (const KeyUse* use : keys) {
      if (!GoesTo(*use, server, one)) continue;
      if (sent == nullptr) sent = use;
      CheckHost(scene, *use, one, out);
    }
    if (one.plain && sent != nullptr) {
      out->Add("URL-PLAIN-HTTP", *sent,
               {fmt::format("{} is sent to {} without encryption.",
                            KeyText(*sent), one.host),
                "Use https, or keep the server on this machine.",
                {},
                one.line});
    } else if (one.plain && server.secret_by_reference) {
      out->Add("URL-PLAIN-HTTP", file, &server,
               {fmt::format("The server {} is sent its key at {} without "
                            "encryption.",
                            server.name, one.host),
                "Use https, or keep the server on this machine.",
                {},
                one.line});
    }
    if (IsTunnel(scene.knowledge, one.host)) {
      out->Add("URL-PRIVATE", file, &server,
               {fmt::format("The server {} is reached at {}, the name of a "
                            "tunnel: when that ends, another may get it.",
                            server.name, one.host),
                "Give the server a name of your own with access control in "
                "front of it, or remove the entry when the tunnel is closed.",
                {},
                one.line});
    }
  }
}

}  // namespace

void CheckDestinations(const Scene& scene, Problems* out) {
  for (const FileFacts& file : scene.files) {
    if (file.file.file->role == FileRole::kBackup) continue;
    for (std::size_t i = 0; i < file.servers.size(); ++i) {
      std::vector<const KeyUse*> keys;
      for (const KeyUse& use : file.keys) {
        if (use.server == i) keys.push_back(&use);
      }
      CheckServer(scene, file, file.servers[i], keys, out);
    }
  }
}

}  // namespace keytidy::audit
