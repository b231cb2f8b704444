// SPDX-License-Identifier: Apache-2.0
#include "audit/server_facts.h"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <vector>

#include "unit/clients/scene.h"

namespace keytidy::audit {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

// A client that replaces "${env:X}".
Client Cursor() {
  Client out;
  out.id = "cursor";
  out.kind = ClientKind::kAi;
  out.expands = {"${env:X}"};
  return out;
}

ServerFacts Facts(const Client& client, const std::string& fields) {
  ClientFile file;
  file.servers = {"/mcpServers"};
  const config::Document document =
      clients::Json("{\"mcpServers\": {\"s\": {\n" + fields + "\n}}}");
  const clients::Contents contents =
      clients::ReadContents(client, file, document);
  if (contents.servers.size() != 1) {
    ADD_FAILURE() << fields;
    return {};
  }
  Knowledge knowledge;
  knowledge.development = {"dev"};
  knowledge.production = {"prod"};
  return FactsOf(knowledge, client, contents.servers[0]);
}
ServerFacts Facts(const std::string& fields) { return Facts(Cursor(), fields); }

// "name host line", with what is special about it.
std::vector<std::string> Destinations(const ServerFacts& facts) {
  std::vector<std::string> out;
  for (const Destination& one : facts.destinations) {
    out.push_back(fmt::format("{} {} {}{}{}", one.name, one.host, one.line,
                              one.plain ? " plain" : "",
                              one.loopback ? " loopback" : ""));
  }
  return out;
}

// "slot form line".
std::vector<std::string> Sent(const ServerFacts& facts) {
  std::vector<std::string> out;
  for (const UnusedReference& one : facts.sent_as_they_are) {
    out.push_back(
        fmt::format("{} {} {}", one.slot, clients::Name(one.form), one.line));
  }
  return out;
}

TEST(FactsOf, WhatTheEntrySays) {
  const ServerFacts facts = Facts(R"("command": "npx",
    "args": ["-y", "@kryton/mcp@1.2.3"])");
  EXPECT_EQ(facts.name, "s");
  EXPECT_EQ(facts.line, 1U);
  EXPECT_EQ(facts.command_line, 2U);
  EXPECT_EQ(facts.launch.runner, "npx");
  EXPECT_EQ(facts.launch.package, "@kryton/mcp");
  EXPECT_EQ(facts.launch.version, "1.2.3");
  EXPECT_EQ(facts.exposure, std::nullopt);
  EXPECT_EQ(facts.tools, std::nullopt);
  EXPECT_EQ(facts.kept_alive_line, std::nullopt);
  EXPECT_THAT(facts.approved, IsEmpty());
  EXPECT_EQ(facts.stage, Stage::kUnknown);
}

TEST(FactsOf, ApprovedAndOfferedTools) {
  Client client = Cursor();
  client.approve = {"autoApprove"};
  client.tools = {"tools"};
  const ServerFacts facts = Facts(client, R"("command": "x",
    "autoApprove": ["read", "write"],
    "tools": ["read"])");
  EXPECT_THAT(facts.approved, ElementsAre("read", "write"));
  EXPECT_EQ(facts.approved_line, 3U);
  EXPECT_EQ(facts.tools, std::vector<std::string>{"read"});
}

TEST(FactsOf, TheAddressComesFirst) {
  EXPECT_THAT(
      Destinations(Facts(R"("env": {
      "KRYTON_URL": "https://API.Kryton.example:8443/v1"},
    "headers": {"X-Server": "ws://nimbus.example"},
    "url": "https://mcp.example/mcp")")),
      ElementsAre("url mcp.example 5", "KRYTON_URL api.kryton.example 3",
                  "X-Server nimbus.example 4 plain"));
}

TEST(FactsOf, EncryptedOrNot) {
  const auto of = [](const std::string& address) {
    return Destinations(Facts("\"url\": \"" + address + "\""));
  };
  EXPECT_THAT(of("http://a.example"), ElementsAre("url a.example 2 plain"));
  EXPECT_THAT(of("HTTP://a.example"), ElementsAre("url a.example 2 plain"));
  EXPECT_THAT(of("wss://a.example"), ElementsAre("url a.example 2"));
  EXPECT_THAT(of("http://localhost:3000/sse"),
              ElementsAre("url localhost 2 loopback"));
  EXPECT_THAT(of("http://127.0.0.1"), ElementsAre("url 127.0.0.1 2 loopback"));
  EXPECT_THAT(of("http://[::1]:80"), ElementsAre("url [::1] 2 loopback"));
  EXPECT_THAT(of("http://127.0.0.1.a.example"),
              ElementsAre("url 127.0.0.1.a.example 2 plain"));
}

TEST(FactsOf, NoDestinations) {
  for (const char* address :
       {"postgres://db.example/x", "https://${env:HOST}/mcp",
        "https://%HOST%/mcp", "file:///home/ana/x", "mcp.example"}) {
    EXPECT_THAT(Destinations(Facts("\"command\": \"x\", \"env\": {\"A\": \"" +
                                   std::string(address) + "\"}")),
                IsEmpty())
        << address;
  }
}

TEST(FactsOf, ReferencesThatItsClientDoesNotReplace) {
  const ServerFacts facts = Facts(R"("command": "x",
    "env": {"A": "${A1}", "B": "${env:B1}",
      "C": "$C1", "D": "{env:D1}"},
    "args": ["--key=${E1}"])");
  EXPECT_THAT(Sent(facts), ElementsAre("env.A ${X} 3", "env.C $X 4",
                                       "env.D {env:X} 4", "args[0] ${X} 5"));
  EXPECT_THAT(facts.variables, ElementsAre("A1", "B1", "C1", "D1", "E1"));
}

TEST(FactsOf, WhoKnowsADefaultKnowsThePlainForm) {
  Client client = Cursor();
  client.expands = {"${X:-d}"};
  EXPECT_THAT(Sent(Facts(client, R"("command": "x",
    "env": {"A": "${A}", "B": "${B:-b}"})")),
              IsEmpty());
  client.expands = {"${X}"};
  EXPECT_THAT(Sent(Facts(client, R"("command": "x",
    "env": {"A": "${A}", "B": "${B:-b}"})")),
              ElementsAre("env.B ${X:-d} 3"));
}

TEST(FactsOf, VariablesThatEditorsSetThemselves) {
  EXPECT_THAT(Sent(Facts(R"("command": "${workspaceFolder}/x")")), IsEmpty());
}

TEST(FactsOf, OtherProgramsReplaceWhatTheyLike) {
  for (const ClientKind kind : {ClientKind::kTool, ClientKind::kShell,
                                ClientKind::kService, ClientKind::kProject}) {
    Client client = Cursor();
    client.kind = kind;
    EXPECT_THAT(Sent(Facts(client, R"("command": "x",
      "env": {"A": "${A}"})")),
                IsEmpty());
  }
}

TEST(FactsOf, AShellReplacesItsOwn) {
  EXPECT_THAT(Sent(Facts(R"json("command": "sh",
    "args": ["-c", "exec x --key=$KEY --b=${B} --c=$(cat c)"],
    "env": {"A": "$A"})json")),
              ElementsAre("env.A $X 4"));
  EXPECT_THAT(Sent(Facts(R"("command": "sh", "args": ["-c", "x {env:A}"])")),
              ElementsAre("args[1] {env:X} 2"));
}

TEST(FactsOf, McpRemoteReplacesThoseInBraces) {
  EXPECT_THAT(Sent(Facts(R"("command": "npx",
    "args": ["mcp-remote@0.1.0", "https://a.example",
      "--header", "Authorization: ${AUTH}", "--header", "X: $KEY"],
    "env": {"B": "${B}"})")),
              ElementsAre("args[5] $X 4", "env.B ${X} 5"));
}

TEST(FactsOf, APasswordManagerReplacesItsOwn) {
  EXPECT_THAT(Sent(Facts(R"("command": "x", "env": {"A": "op://v/i/f"})")),
              ElementsAre("env.A op://X 2"));
  EXPECT_THAT(Sent(Facts(R"("command": "op",
    "args": ["run", "--", "x"], "env": {"A": "op://v/i/f"})")),
              IsEmpty());
}

TEST(FactsOf, NamesOfVariables) {
  const ServerFacts facts = Facts(R"("url": "https://a.example",
    "bearer_token_env_var": "KRYTON_TOKEN")");
  EXPECT_THAT(facts.variables, ElementsAre("KRYTON_TOKEN"));
  EXPECT_THAT(Sent(facts), IsEmpty());
}

TEST(FactsOf, AnAddressThatIsNotRead) {
  Client client = Cursor();
  client.ignored = {"serverUrl"};
  const ServerFacts facts = Facts(client, R"("type": "http",
    "serverUrl": "https://a.example")");
  ASSERT_EQ(facts.dead.size(), 1U);
  EXPECT_EQ(facts.dead[0].text, "serverUrl");
  EXPECT_EQ(facts.dead[0].place.line, 3U);
  // There is another that is.
  EXPECT_THAT(Facts(client, R"("url": "https://b.example",
    "serverUrl": "https://a.example")")
                  .dead,
              IsEmpty());
}

TEST(FactsOf, Bridges) {
  const ServerFacts facts = Facts(R"("command": "npx",
    "args": ["-y", "supergateway", "--port", "8000", "--stdio", "x"])");
  ASSERT_TRUE(facts.exposure);
  EXPECT_EQ(facts.exposure->program, "supergateway");
  EXPECT_EQ(facts.exposure->port, 8000);
}

TEST(FactsOf, Stages) {
  EXPECT_EQ(Facts(R"("command": "x", "env": {"NODE_ENV": "dev"})").stage,
            Stage::kDevelopment);
  EXPECT_EQ(Facts(R"("command": "x", "env": {"NODE_ENV": "prod"})").stage,
            Stage::kProduction);
}

}  // namespace
}  // namespace keytidy::audit
