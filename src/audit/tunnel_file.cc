// SPDX-License-Identifier: Apache-2.0
#include "audit/tunnel_file.h"

#include <string>
#include <string_view>

#include "clients/address.h"
#include "clients/pointer.h"

namespace keytidy::audit {
namespace {

using clients::Exposure;
using config::Member;
using config::Node;

void Add(std::string_view program, std::string_view to, bool guarded,
         const Node& node, FileFacts* facts) {
  Exposure out;
  out.kind = Exposure::Kind::kTunnel;
  out.program = program;
  out.port = clients::PortIn(to);
  out.guarded = guarded;
  facts->tunnels.push_back(std::move(out));
  facts->tunnel_lines.push_back(node.place.line);
}

bool HasAny(const Node& node, std::initializer_list<std::string_view> names) {
  for (const std::string_view name : names) {
    if (node.Find(name) != nullptr) return true;
  }
  return false;
}

// Whether a traffic policy has an action that asks who is there.
bool Guards(const Node* policy) {
  if (policy == nullptr) return false;
  bool found = false;
  clients::ForEachAt(*policy, "/**", [&](const clients::Target& target) {
    const std::string text = clients::ScalarText(*target.node);
    for (const std::string_view action :
         {"basic-auth", "oauth", "oidc", "openid-connect", "jwt-validation",
          "restrict-ips", "verify-webhook", "terminate-tls", "deny"}) {
      if (text.find(action) != std::string::npos) found = true;
    }
  });
  return found;
}

void ReadNgrok(const Node& root, FileFacts* facts) {
  if (const Node* tunnels = root.Find("tunnels")) {
    for (const Member& member : tunnels->members) {
      const Node* to = member.value.Find("addr");
      if (to == nullptr) continue;
      Add("ngrok", clients::ScalarText(*to),
          HasAny(member.value,
                 {"basic_auth", "oauth", "oidc", "auth", "mutual_tls_cas",
                  "ip_restriction", "verify_webhook"}) ||
              Guards(member.value.Find("traffic_policy")),
          *to, facts);
    }
  }
  if (const Node* endpoints = root.Find("endpoints")) {
    for (const Node& endpoint : endpoints->items) {
      const Node* upstream = endpoint.Find("upstream");
      const Node* to = upstream != nullptr ? upstream->Find("url") : nullptr;
      if (to == nullptr) continue;
      Add("ngrok", clients::ScalarText(*to),
          Guards(endpoint.Find("traffic_policy")), *to, facts);
    }
  }
}

void ReadCloudflared(const Node& root, FileFacts* facts) {
  const Node* ingress = root.Find("ingress");
  if (ingress == nullptr) {
    // A quick tunnel: one address, and a name that anybody may call.
    if (const Node* url = root.Find("url")) {
      Add("cloudflared", clients::ScalarText(*url), false, *url, facts);
    }
    return;
  }
  for (const Node& rule : ingress->items) {
    const Node* to = rule.Find("service");
    if (to == nullptr || rule.Find("hostname") == nullptr) continue;
    // "http_status:404", "hello_world": cloudflared's own answers.
    if (clients::ScalarText(*to).find("://") == std::string::npos) continue;
    const Node* origin = rule.Find("originRequest");
    const Node* access = origin != nullptr ? origin->Find("access") : nullptr;
    const Node* required =
        access != nullptr ? access->Find("required") : nullptr;
    Add("cloudflared", clients::ScalarText(*to),
        required != nullptr && required->boolean, *to, facts);
  }
}

}  // namespace

void ReadTunnelFile(const Client& client, const Node& root, FileFacts* facts) {
  if (client.id == "ngrok") ReadNgrok(root, facts);
  if (client.id == "cloudflared") ReadCloudflared(root, facts);
}

}  // namespace keytidy::audit
