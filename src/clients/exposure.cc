// SPDX-License-Identifier: Apache-2.0
#include "clients/exposure.h"

#include <algorithm>
#include <cstddef>
#include <span>
#include <string_view>

#include "base/text.h"
#include "clients/address.h"
#include "clients/flags.h"

namespace keytidy::clients {
namespace {

using Words = std::span<const std::string>;

// What stands behind the program, up to `--`: the rest is another program's.
struct Call {
  std::string_view program;
  Words words;

  bool Has(std::string_view word) const {
    return std::find(words.begin(), words.end(), word) != words.end();
  }
  bool HasFlag(FlagNames flags) const {
    return FlagValue(words, flags).has_value();
  }
  std::optional<std::string_view> Value(FlagNames flags) const {
    return FlagValue(words, flags);
  }
};

std::uint16_t PortOf(const Call& call, FlagNames flags) {
  return PortIn(call.Value(flags).value_or(""));
}

// A port among words whose flags are not all known: best one that cannot be the
// value of a flag, else any.
std::uint16_t PortAmong(Words words) {
  for (const bool behind_flags : {false, true}) {
    for (std::size_t i = 0; i < words.size(); ++i) {
      if (words[i].starts_with('-')) continue;
      const bool behind = i > 0 && words[i - 1].starts_with('-') &&
                          words[i - 1].find('=') == std::string::npos;
      if (behind && !behind_flags) continue;
      if (const std::uint16_t port = PortIn(words[i]); port != 0) return port;
    }
  }
  return 0;
}

// The words behind `verb`; nullopt where it is not there.
std::optional<Words> Behind(const Call& call, FlagNames verbs) {
  const auto at = std::find_if(
      call.words.begin(), call.words.end(),
      [&](const std::string& word) { return IsOneOf(word, verbs); });
  if (at == call.words.end()) return std::nullopt;
  return call.words.subspan(static_cast<std::size_t>(at - call.words.begin()) +
                            1);
}

bool IsEveryInterface(std::string_view host) {
  return IsOneOf(host, {"0.0.0.0", "::", "[::]", "*"});
}

Exposure Make(Exposure::Kind kind, const Call& call) {
  Exposure out;
  out.kind = kind;
  out.program = call.program;
  return out;
}

Exposure Bridge(const Call& call, FlagNames host, FlagNames port) {
  Exposure out = Make(Exposure::Kind::kBridge, call);
  out.everywhere = IsEveryInterface(call.Value(host).value_or(""));
  out.port = PortOf(call, port);
  return out;
}

// A program behind it is offered at every interface: it has no option for the
// address, and none for who may call (supergateway's source).
std::optional<Exposure> Supergateway(const Call& call) {
  if (!call.HasFlag({"--stdio"})) return std::nullopt;
  Exposure out = Bridge(call, {}, {"--port"});
  out.everywhere = true;
  if (out.port == 0) out.port = 8000;
  const auto cors = call.Value({"--cors"});
  out.any_origin = cors && (cors->empty() || *cors == "*");
  return out;
}

// Whether the first plain word is an address, so that mcp-proxy is a client
// (sparfenyuk/mcp-proxy, __main__.py).
bool IsClient(Words words) {
  for (std::size_t i = 0; i < words.size(); ++i) {
    const std::string& word = words[i];
    if (!word.starts_with('-')) {
      return word.starts_with("http://") || word.starts_with("https://");
    }
    if (IsOneOf(word, {"-H", "--headers", "-e", "--env", "--named-server"})) {
      i += 2;
    } else if (IsOneOf(word,
                       {"--port", "--host", "--sse-port", "--sse-host", "--cwd",
                        "--transport", "--log-level", "--server",
                        "--named-server-config", "--api-key", "--apiKey"})) {
      ++i;
    } else if (word == "--allow-origin") {
      while (i + 1 < words.size() && !words[i + 1].starts_with('-')) ++i;
    }
  }
  return false;
}

std::optional<Exposure> McpProxy(const Call& call) {
  if (IsClient(call.words)) return std::nullopt;
  Exposure out =
      Bridge(call, {"--host", "--sse-host"}, {"--port", "--sse-port"});
  if (out.port == 0) out.port = 8000;
  out.guarded = call.HasFlag({"--api-key", "--apiKey"});
  out.any_origin = call.Value({"--allow-origin"}) == "*";
  return out;
}

// Without options it listens everywhere and answers any page (open-webui/mcpo,
// __init__.py).
Exposure Mcpo(const Call& call) {
  Exposure out = Bridge(call, {"--host", "-h"}, {"--port", "-p"});
  if (!call.HasFlag({"--host", "-h"})) out.everywhere = true;
  if (out.port == 0) out.port = 8000;
  out.guarded = call.HasFlag({"--api-key", "-k"});
  out.any_origin = call.Value({"--cors-allow-origins"}).value_or("*") == "*";
  return out;
}

// By itself it speaks to the program that started it.
std::optional<Exposure> Fastmcp(const Call& call) {
  const auto transport = call.Value({"--transport", "-t"});
  const bool network = transport ? *transport != "stdio"
                                 : call.HasFlag({"--host", "--port", "-p"});
  if (!call.Has("run") || !network) return std::nullopt;
  Exposure out = Bridge(call, {"--host"}, {"--port", "-p"});
  if (out.port == 0) out.port = 8000;
  return out;
}

std::optional<Exposure> DockerGateway(const Call& call) {
  const auto gateway = Behind(call, {"gateway"});
  if (!call.Has("mcp") || !gateway) return std::nullopt;
  const auto transport = call.Value({"--transport"});
  const bool network =
      transport ? *transport != "stdio" : call.HasFlag({"--port"});
  if (!network) return std::nullopt;
  Exposure out = Bridge(call, {}, {"--port"});
  out.program = "docker mcp gateway";
  out.everywhere = call.Has("--allow-unauthenticated");
  return out;
}

Exposure Inspector(const Call& call) {
  Exposure out = Make(Exposure::Kind::kBridge, call);
  out.port = 6277;
  return out;
}

// What `start` names has its own guard, in ngrok's file.
std::optional<Exposure> Ngrok(const Call& call) {
  const auto behind = Behind(call, {"http", "tcp", "tls"});
  const bool start = call.Has("start");
  if (!behind && !start) return std::nullopt;
  Exposure out = Make(Exposure::Kind::kTunnel, call);
  out.guarded =
      start || call.HasFlag({"--basic-auth", "--oauth", "--oidc", "--auth",
                             "--traffic-policy-file", "--traffic-policy-url",
                             "--mutual-tls-cas", "--webhook-verification",
                             "--cidr-allow", "--ip-restriction"});
  if (behind) out.port = PortAmong(*behind);
  return out;
}

// `tunnel run` has its rules, and who may call, elsewhere.
std::optional<Exposure> Cloudflared(const Call& call) {
  const auto url = call.Value({"--url"});
  if (!call.Has("tunnel") || !url) return std::nullopt;
  Exposure out = Make(Exposure::Kind::kTunnel, call);
  out.port = PortIn(*url);
  out.quick = true;
  return out;
}

std::optional<Exposure> Localtunnel(const Call& call) {
  if (!call.HasFlag({"--port", "-p"})) return std::nullopt;
  Exposure out = Make(Exposure::Kind::kTunnel, call);
  out.port = PortOf(call, {"--port", "-p"});
  return out;
}

std::optional<Exposure> Tailscale(const Call& call) {
  const auto behind = Behind(call, {"funnel"});
  if (!behind) return std::nullopt;
  Exposure out = Make(Exposure::Kind::kTunnel, call);
  out.port = PortAmong(*behind);
  return out;
}

std::optional<Exposure> Ssh(const Call& call) {
  const auto remote = call.Value({"-R"});
  if (!remote) return std::nullopt;
  Exposure out = Make(Exposure::Kind::kTunnel, call);
  out.port = PortIn(*remote);
  return out;
}

struct Program {
  std::string_view name;
  std::optional<Exposure> (*read)(const Call& call);
};
constexpr Program kPrograms[] = {
    {"supergateway", Supergateway},
    {"mcp-proxy", McpProxy},
    {"mcpo", [](const Call& call) { return std::optional(Mcpo(call)); }},
    {"fastmcp", Fastmcp},
    {"inspector",
     [](const Call& call) { return std::optional(Inspector(call)); }},
    {"ngrok", Ngrok},
    {"cloudflared", Cloudflared},
    {"localtunnel", Localtunnel},
    {"lt", Localtunnel},
    {"tailscale", Tailscale},
    {"ssh", Ssh},
    {"docker", DockerGateway},
};

// "supergateway@3.4.0" and "mcp-proxy==0.8.2" without the version.
std::string NameIn(std::string_view word) {
  const std::string name = ProgramName(word);
  return name.substr(0, name.find_first_of("@=", 1));
}

}  // namespace

std::optional<Exposure> ReadExposure(const std::vector<std::string>& words) {
  const Words all(words);
  for (std::size_t i = 0; i < all.size(); ++i) {
    const std::string name = NameIn(all[i]);
    for (const Program& program : kPrograms) {
      if (program.name != name) continue;
      Words own = all.subspan(i + 1);
      const auto dashes = std::find(own.begin(), own.end(), "--");
      own = own.first(static_cast<std::size_t>(dashes - own.begin()));
      return program.read({program.name, own});
    }
  }
  return std::nullopt;
}

}  // namespace keytidy::clients
