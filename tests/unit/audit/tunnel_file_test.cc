// SPDX-License-Identifier: Apache-2.0
#include "audit/tunnel_file.h"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <vector>

#include "unit/clients/scene.h"

namespace keytidy::audit {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

// "program port line", with "!" where nobody asks who is there.
std::vector<std::string> Tunnels(std::string_view program,
                                 const std::string& text) {
  Client client;
  client.id = program;
  FileFacts facts;
  ReadTunnelFile(client, clients::Parsed(FileFormat::kYaml, text).root, &facts);
  EXPECT_EQ(facts.tunnels.size(), facts.tunnel_lines.size());
  std::vector<std::string> out;
  for (std::size_t i = 0; i < facts.tunnels.size(); ++i) {
    const clients::Exposure& one = facts.tunnels[i];
    EXPECT_EQ(one.kind, clients::Exposure::Kind::kTunnel);
    out.push_back(fmt::format("{}{} {} {}", one.guarded ? "" : "!", one.program,
                              one.port, facts.tunnel_lines[i]));
  }
  return out;
}

TEST(ReadTunnelFile, NgrokVersion2) {
  EXPECT_THAT(Tunnels("ngrok", R"(version: "2"
authtoken: x
tunnels:
  web:
    proto: http
    addr: 8080
  other:
    proto: http
    addr: localhost:3000
    basic_auth:
      - "ana:secret"
  full:
    addr: https://localhost:8443
    oauth:
      provider: google
)"),
              ElementsAre("!ngrok 8080 6", "ngrok 3000 9", "ngrok 8443 13"));
}

TEST(ReadTunnelFile, WhatAsksWhoIsThere) {
  for (const char* field :
       {"basic_auth", "oauth", "oidc", "auth", "mutual_tls_cas",
        "ip_restriction", "verify_webhook"}) {
    EXPECT_THAT(Tunnels("ngrok", fmt::format("tunnels:\n  a:\n    addr: 80\n"
                                             "    {}: x\n",
                                             field)),
                ElementsAre("ngrok 80 3"))
        << field;
  }
  for (const char* field : {"inspect", "domain", "schemes"}) {
    EXPECT_THAT(Tunnels("ngrok", fmt::format("tunnels:\n  a:\n    addr: 80\n"
                                             "    {}: x\n",
                                             field)),
                ElementsAre("!ngrok 80 3"))
        << field;
  }
}

TEST(ReadTunnelFile, NgrokVersion3) {
  const std::string policy = R"(    traffic_policy:
      on_http_request:
        - actions:
            - type: )";
  const std::string endpoint = R"(version: 3
agent:
  authtoken: x
endpoints:
  - name: a
    upstream:
      url: http://localhost:8080
)";
  EXPECT_THAT(Tunnels("ngrok", endpoint), ElementsAre("!ngrok 8080 7"));
  for (const char* action : {"basic-auth", "oauth", "openid-connect",
                             "jwt-validation", "restrict-ips"}) {
    EXPECT_THAT(Tunnels("ngrok", endpoint + policy + action + "\n"),
                ElementsAre("ngrok 8080 7"))
        << action;
  }
  for (const char* action : {"add-headers", "compress-response", "log"}) {
    EXPECT_THAT(Tunnels("ngrok", endpoint + policy + action + "\n"),
                ElementsAre("!ngrok 8080 7"))
        << action;
  }
  EXPECT_THAT(Tunnels("ngrok", "version: 3\ntunnels:\n  a:\n    addr: 80\n" +
                                   policy + "oauth\n"),
              ElementsAre("ngrok 80 4"));
}

TEST(ReadTunnelFile, Ports) {
  const auto port = [](const std::string& addr) {
    return Tunnels("ngrok", "tunnels:\n  a:\n    addr: " + addr + "\n");
  };
  EXPECT_THAT(port("\"8080\""), ElementsAre("!ngrok 8080 3"));
  EXPECT_THAT(port("127.0.0.1:8080"), ElementsAre("!ngrok 8080 3"));
  EXPECT_THAT(port("\"[::1]:8080\""), ElementsAre("!ngrok 8080 3"));
  EXPECT_THAT(port("http://localhost:8080/x"), ElementsAre("!ngrok 8080 3"));
  EXPECT_THAT(port("http://localhost"), ElementsAre("!ngrok 0 3"));
  EXPECT_THAT(port("file:///srv/www"), ElementsAre("!ngrok 0 3"));
  EXPECT_THAT(port("70000"), ElementsAre("!ngrok 0 3"));
}

TEST(ReadTunnelFile, ATunnelToNothing) {
  EXPECT_THAT(Tunnels("ngrok", "tunnels:\n  a:\n    proto: http\n"), IsEmpty());
  EXPECT_THAT(Tunnels("ngrok", "tunnels: text\nendpoints: 1\n"), IsEmpty());
  EXPECT_THAT(Tunnels("ngrok", "endpoints:\n  - name: a\n  - upstream: b\n"),
              IsEmpty());
  EXPECT_THAT(Tunnels("ngrok", ""), IsEmpty());
}

TEST(ReadTunnelFile, Cloudflared) {
  EXPECT_THAT(Tunnels("cloudflared", R"(tunnel: x
credentials-file: /root/x.json
ingress:
  - hostname: a.example
    service: http://localhost:8000
  - hostname: b.example
    service: https://localhost:8443
    originRequest:
      access:
        required: true
        teamName: team
  - hostname: c.example
    service: ssh://localhost:22
    originRequest:
      access:
        required: false
  - service: http_status:404
)"),
              ElementsAre("!cloudflared 8000 5", "cloudflared 8443 7",
                          "!cloudflared 22 13"));
}

// Answers of its own lead to no port.
TEST(ReadTunnelFile, ServicesThatCloudflaredAnswersItself) {
  EXPECT_THAT(Tunnels("cloudflared", R"(ingress:
  - hostname: a.example
    service: http_status:404
  - service: http_status:404
)"),
              IsEmpty());
}

TEST(ReadTunnelFile, AQuickTunnel) {
  EXPECT_THAT(Tunnels("cloudflared", "url: http://localhost:8000\n"),
              ElementsAre("!cloudflared 8000 1"));
  EXPECT_THAT(Tunnels("cloudflared", "tunnel: x\n"), IsEmpty());
}

TEST(ReadTunnelFile, OtherPrograms) {
  EXPECT_THAT(Tunnels("frp", "tunnels:\n  a:\n    addr: 80\nurl: http://a:1\n"),
              IsEmpty());
}

}  // namespace
}  // namespace keytidy::audit
