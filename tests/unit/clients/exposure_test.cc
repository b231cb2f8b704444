// SPDX-License-Identifier: Apache-2.0
#include "clients/exposure.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <vector>

#include "clients/launch.h"

namespace keytidy::clients {
namespace {

// "bridge supergateway 8000 everywhere any_origin guarded", or "none".
std::string Shown(const std::vector<std::string>& words) {
  const auto one = ReadExposure(words);
  if (!one) return "none";
  return fmt::format(
      "{} {} {}{}{}{}",
      one->kind == Exposure::Kind::kBridge ? "bridge" : "tunnel", one->program,
      one->port, one->everywhere ? " everywhere" : "",
      one->any_origin ? " any_origin" : "", one->guarded ? " guarded" : "");
}

std::string Line(std::string_view line) { return Shown(Unwrapped(line, {})); }

TEST(ReadExposure, NothingOfTheKind) {
  EXPECT_EQ(Shown({}), "none");
  EXPECT_EQ(Shown({""}), "none");
  EXPECT_EQ(Shown({"/", "@", "=", "\\"}), "none");
  EXPECT_EQ(Line("npx -y server --port 8000 --host 0.0.0.0"), "none");
}

TEST(ReadExposure, Supergateway) {
  EXPECT_EQ(Line("npx -y supergateway --stdio 'npx -y a'"),
            "bridge supergateway 8000 everywhere");
  EXPECT_EQ(Line("supergateway@3.4.0 --port 9000 --stdio=a --cors"),
            "bridge supergateway 9000 everywhere any_origin");
  EXPECT_EQ(Line("supergateway --stdio a --cors https://example.com"),
            "bridge supergateway 8000 everywhere");
  EXPECT_EQ(Line("supergateway --stdio a --cors '*' --port x"),
            "bridge supergateway 8000 everywhere any_origin");
}

// The other way round: a program that calls a service.
TEST(ReadExposure, SupergatewayAsAClient) {
  EXPECT_EQ(Line("npx -y supergateway --sse https://example.com/sse"), "none");
}

TEST(ReadExposure, McpProxy) {
  EXPECT_EQ(Line("mcp-proxy --port 9000 --host 0.0.0.0 -- uvx a"),
            "bridge mcp-proxy 9000 everywhere");
  EXPECT_EQ(Line("uvx mcp-proxy==0.8.2 --port=1 --allow-origin '*' a"),
            "bridge mcp-proxy 1 any_origin");
}

TEST(ReadExposure, McpProxyAsAClient) {
  EXPECT_EQ(Line("mcp-proxy https://example.com/sse"), "none");
}

TEST(ReadExposure, McpProxyByItsFirstPlainWord) {
  EXPECT_EQ(Line("mcp-proxy --headers Authorization 'Bearer V' --transport "
                 "streamablehttp https://example.com/mcp"),
            "none");
  EXPECT_EQ(Line("mcp-proxy --port 1 uvx a --url https://example.com"),
            "bridge mcp-proxy 1");
  EXPECT_EQ(Line("mcp-proxy --port 1 --allow-origin https://a.example "
                 "https://b.example -- a"),
            "bridge mcp-proxy 1");
}

TEST(ReadExposure, FastmcpWithoutANetworkIsNoBridge) {
  EXPECT_EQ(Line("uv run --with fastmcp fastmcp run server.py"), "none");
}

TEST(ReadExposure, FastmcpSaysHowItIsReached) {
  EXPECT_EQ(Line("fastmcp run a.py --transport stdio --port 80"), "none");
  EXPECT_EQ(Line("fastmcp run a.py --transport sse"), "bridge fastmcp 8000");
  EXPECT_EQ(Line("fastmcp run a.py --port 80"), "bridge fastmcp 80");
  EXPECT_EQ(Line("fastmcp dev a.py --port 80"), "none");
}

TEST(ReadExposure, FastmcpAsAService) {
  EXPECT_EQ(Line("fastmcp run a.py --transport http --host 0.0.0.0 --port 80"),
            "bridge fastmcp 80 everywhere");
}

TEST(ReadExposure, Mcpo) {
  EXPECT_EQ(Line("uvx mcpo --host 0.0.0.0 --port 9000 --api-key V "
                 "--cors-allow-origins https://example.com -- a"),
            "bridge mcpo 9000 everywhere guarded");
  EXPECT_EQ(Line("mcpo --host 127.0.0.1 --cors-allow-origins '*' -- a"),
            "bridge mcpo 8000 any_origin");
}

// Of mcpo's own source: 0.0.0.0 and "*", unless told otherwise.
TEST(ReadExposure, McpoListensEverywhereByItself) {
  EXPECT_EQ(Line("mcpo --port 9000 -- a"),
            "bridge mcpo 9000 everywhere any_origin");
  EXPECT_EQ(Line("mcpo -h 127.0.0.1 -p 9000 -k V -- a"),
            "bridge mcpo 9000 any_origin guarded");
}

// What stands behind `--` is the program behind the bridge.
TEST(ReadExposure, KeyOfTheProgramGuardsNoBridge) {
  EXPECT_EQ(Line("mcp-proxy --port 9000 -- a --api-key V --host 0.0.0.0"),
            "bridge mcp-proxy 9000");
}

TEST(ReadExposure, Inspector) {
  EXPECT_EQ(ReadExposure({"npx", "@modelcontextprotocol/inspector@0.14.0"})
                .value_or(Exposure{})
                .program,
            "inspector");
}

TEST(ReadExposure, GatewayOfDocker) {
  EXPECT_EQ(Line("docker mcp gateway run --port 8811 --transport streaming"),
            "bridge docker mcp gateway 8811");
  EXPECT_EQ(Line("docker mcp gateway run --port 1 --allow-unauthenticated"),
            "bridge docker mcp gateway 1 everywhere");
  EXPECT_EQ(Line("docker run -i mcp/a"), "none");
}

TEST(ReadExposure, GatewayWithoutANetworkIsNoBridge) {
  EXPECT_EQ(Line("docker mcp gateway run"), "none");
  EXPECT_EQ(Line("docker mcp gateway run --transport=stdio"), "none");
}

TEST(ReadExposure, Ngrok) {
  EXPECT_EQ(Line("ngrok http 8000"), "tunnel ngrok 8000");
  EXPECT_EQ(Line("ngrok http https://localhost:8443 --oauth google"),
            "tunnel ngrok 8443 guarded");
  EXPECT_EQ(Line("ngrok tcp localhost:22 --basic-auth=a:b"),
            "tunnel ngrok 22 guarded");
  EXPECT_EQ(Line("ngrok start --all"), "tunnel ngrok 0 guarded");
  EXPECT_EQ(Line("ngrok config check"), "none");
}

TEST(ReadExposure, PortOfNgrokBehindFlags) {
  EXPECT_EQ(Line("ngrok http --url=a.example.com 8000"), "tunnel ngrok 8000");
}

TEST(ReadExposure, ValuesOfFlagsAreNoPorts) {
  EXPECT_EQ(Line("ngrok http --basic-auth user:1234 8000"),
            "tunnel ngrok 8000 guarded");
  EXPECT_EQ(Line("tailscale funnel --https 443 8000"), "tunnel tailscale 8000");
  EXPECT_EQ(Line("tailscale funnel status"), "tunnel tailscale 0");
}

TEST(ReadExposure, Cloudflared) {
  EXPECT_EQ(Line("cloudflared tunnel --url http://localhost:8000"),
            "tunnel cloudflared 8000");
  EXPECT_EQ(Line("C:/bin/cloudflared.exe tunnel --url=http://[::1]:81/a"),
            "tunnel cloudflared 81");
  EXPECT_EQ(Line("cloudflared tunnel --url http://localhost"),
            "tunnel cloudflared 0");
  EXPECT_EQ(Line("cloudflared update"), "none");
  // Who may call is told elsewhere.
  EXPECT_EQ(Line("cloudflared tunnel run --token V"), "none");
}

TEST(ReadExposure, Localtunnel) {
  EXPECT_EQ(Line("npx localtunnel --port 8000"), "tunnel localtunnel 8000");
  EXPECT_EQ(Line("lt -p 8000"), "tunnel lt 8000");
  EXPECT_EQ(Line("lt --help"), "none");
}

TEST(ReadExposure, Tailscale) {
  EXPECT_EQ(Line("tailscale funnel 8000"), "tunnel tailscale 8000");
  EXPECT_EQ(Line("tailscale serve 8000"), "none");
}

TEST(ReadExposure, PortOfTailscaleBehindFlags) {
  EXPECT_EQ(Line("tailscale funnel --bg 8000"), "tunnel tailscale 8000");
}

TEST(ReadExposure, Ssh) {
  EXPECT_EQ(Line("ssh -N -R 80:localhost:8000 example.com"), "tunnel ssh 8000");
  EXPECT_EQ(Line("ssh -L 80:localhost:8000 example.com"), "none");
}

TEST(ReadExposure, PortsThatAreNone) {
  for (const char* port : {"0", "65536", "-1", "8000a", "", "999999999999"}) {
    EXPECT_EQ(Shown({"lt", fmt::format("--port={}", port)}), "tunnel lt 0")
        << port;
  }
  EXPECT_EQ(Shown({"lt", "--port=65535"}), "tunnel lt 65535");
  EXPECT_EQ(Shown({"lt", "--port"}), "tunnel lt 0");
}

TEST(ReadExposure, EveryInterface) {
  for (const char* host : {"0.0.0.0", "::", "[::]", "*"}) {
    EXPECT_EQ(Shown({"mcp-proxy", "--port=1", "--host", host}),
              "bridge mcp-proxy 1 everywhere")
        << host;
  }
  for (const char* host : {"127.0.0.1", "localhost", "::1", ""}) {
    EXPECT_EQ(Shown({"mcp-proxy", "--port=1", "--host", host}),
              "bridge mcp-proxy 1")
        << host;
  }
}

}  // namespace
}  // namespace keytidy::clients
