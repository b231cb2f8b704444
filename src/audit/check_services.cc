// SPDX-License-Identifier: Apache-2.0
//
// Shells that give keys to every program, services that keep them among their
// variables, bridges and tunnels that let others in.
#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "audit/scene.h"

namespace keytidy::audit {
namespace {

using clients::Exposure;
using clients::SlotKind;

// Ports that bridges listen at when nobody says otherwise.
constexpr std::uint16_t kBridgePorts[] = {3000, 3001, 6277, 8000, 8080, 8811};

void CheckShells(const Scene& scene, Problems* out) {
  std::set<std::string> wanted;   // variables that servers want
  std::set<std::string> clients;  // keys that clients have
  for (const FileFacts& file : scene.files) {
    if (!IsClientSettings(file.file)) continue;
    for (const ServerFacts& server : file.servers) {
      wanted.insert(server.variables.begin(), server.variables.end());
    }
    for (const KeyUse& use : file.keys) clients.insert(use.digest);
  }
  for (const FileFacts& file : scene.files) {
    if (file.file.client->kind != ClientKind::kShell ||
        file.file.file->role != FileRole::kEnv) {
      continue;
    }
    for (const KeyUse& use : file.keys) {
      const auto provider = scene.knowledge.providers.find(use.rule->provider);
      const bool mcp =
          provider != scene.knowledge.providers.end() && provider->second.mcp;
      if (!mcp && !wanted.contains(use.name) && !clients.contains(use.digest)) {
        continue;
      }
      out->Add("SHARED-SHELL", use,
               {fmt::format("{} is set for every program that {} starts.",
                            KeyText(use), TitleOf(file.file)),
                "Keep it in a password manager, and give it to the one "
                "program: `envchain NAMESPACE COMMAND`, `op run -- COMMAND`.",
                {},
                0});
    }
  }
}

std::vector<std::uint16_t> PortsOfBridges(const Scene& scene) {
  std::vector<std::uint16_t> out(std::begin(kBridgePorts),
                                 std::end(kBridgePorts));
  for (const FileFacts& file : scene.files) {
    for (const ServerFacts& server : file.servers) {
      if (server.exposure && server.exposure->kind == Exposure::Kind::kBridge &&
          server.exposure->port != 0) {
        out.push_back(server.exposure->port);
      }
    }
  }
  return out;
}

void CheckTunnel(const FileFacts& file, const ServerFacts* server,
                 const Exposure& tunnel, std::uint64_t line,
                 const std::vector<std::uint16_t>& ports, Problems* out) {
  const bool to_bridge =
      std::find(ports.begin(), ports.end(), tunnel.port) != ports.end();
  if (tunnel.guarded || (!tunnel.quick && !to_bridge)) return;
  out->Add("TUNNEL-NOAUTH", file, server,
           {fmt::format("{} opens {} to the outside and asks nobody who they "
                        "are.",
                        tunnel.program,
                        tunnel.port > 0 ? fmt::format("port {}", tunnel.port)
                                        : "a port"),
            tunnel.program == "ngrok"
                ? "Add a traffic policy with an action that asks (oauth, "
                  "basic-auth, jwt-validation)."
                : "Put access control in front of it (Cloudflare Access, an "
                  "OAuth proxy), and stop it after the session.",
            {},
            line});
}

void CheckServer(const Scene& scene, const FileFacts& file, std::size_t index,
                 const std::vector<std::uint16_t>& ports, Problems* out) {
  const ServerFacts& server = file.servers[index];
  const KeyUse* key = FirstKeyOf(file, index);
  const bool unit = file.file.file->role == FileRole::kUnit;
  if (unit) {
    for (const KeyUse& use : file.keys) {
      if (use.server != index || use.kind != SlotKind::kEnv) continue;
      out->Add("SVC-ENV", use,
               {fmt::format("{} is among the variables of the service {}: "
                            "they can be read by more than the service.",
                            KeyText(use), server.name),
                FixFor(scene, use),
                {},
                0});
    }
  }
  if (unit || file.file.file->role == FileRole::kProcess) {
    for (const KeyUse& use : file.keys) {
      if (use.server != index ||
          (use.kind != SlotKind::kArg && use.kind != SlotKind::kCommand)) {
        continue;
      }
      out->Add("MCP-ARG", use,
               {fmt::format("{} is on the command line of {}: every user of "
                            "the machine can list it.",
                            KeyText(use), server.name),
                unit ? FixFor(scene, use)
                     : "Find what starts it, and give it the key in a file of "
                       "its own or in a variable.",
                {},
                0});
    }
  }
  if (!server.exposure) return;
  const Exposure& exposure = *server.exposure;
  const std::uint64_t line = server.command_line;
  if (unit && server.kept_alive_line) {
    out->Add(
        "SVC-KEEPALIVE", file, &server,
        {fmt::format("{} is started again whenever it ends.", exposure.program),
         "Let it run only while it is used: KeepAlive false, Restart=no.",
         {},
         *server.kept_alive_line});
  }
  if (exposure.kind == Exposure::Kind::kTunnel) {
    return CheckTunnel(file, &server, exposure, line, ports, out);
  }
  if (exposure.everywhere && !exposure.guarded &&
      (key != nullptr || server.secret_by_reference)) {
    out->Add(
        "BRIDGE-OPEN", file, &server,
        {fmt::format(
             "{} offers a server with a key at all interfaces{}, "
             "and asks nobody who they are.",
             exposure.program,
             exposure.port > 0 ? fmt::format(", port {}", exposure.port) : ""),
         "Bind it to 127.0.0.1, or keep others out by a firewall; better, "
         "let the client start the server itself.",
         {},
         line});
  }
  if (exposure.any_origin) {
    out->Add("BRIDGE-CORS", file, &server,
             {fmt::format("{} answers web pages of any origin: every page "
                          "that you open may use the server.",
                          exposure.program),
              "Name the origins that may: --cors https://example.org.",
              {},
              line});
  }
}

}  // namespace

void CheckServices(const Scene& scene, Problems* out) {
  CheckShells(scene, out);
  const std::vector<std::uint16_t> ports = PortsOfBridges(scene);
  for (const FileFacts& file : scene.files) {
    if (file.file.file->role == FileRole::kBackup) continue;
    for (std::size_t i = 0; i < file.servers.size(); ++i) {
      CheckServer(scene, file, i, ports, out);
    }
    for (std::size_t i = 0; i < file.tunnels.size(); ++i) {
      CheckTunnel(file, nullptr, file.tunnels[i], file.tunnel_lines[i], ports,
                  out);
    }
  }
}

}  // namespace keytidy::audit
