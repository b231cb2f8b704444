// SPDX-License-Identifier: Apache-2.0
//
// What a server may do, and which of its fields its client does not read.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <vector>

#include "clients/server_reader.h"
#include "scene.h"

namespace keytidy::clients {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::Optional;

Server Read(std::string text, const Client& client = {}) {
  const config::Document document = Json(std::move(text));
  return ReadServer(client, "s", document.root, {2, 3});
}
std::vector<std::string> Ignored(const Server& server) {
  std::vector<std::string> out;
  for (const Value& value : server.values) {
    if (value.ignored) out.push_back(value.slot);
  }
  return out;
}

TEST(ReadServer, ApprovedTools) {
  Client client;
  client.approve = {"autoApprove", "trust"};
  EXPECT_THAT(Read(R"({"autoApprove": ["a", "b"]})", client).approved,
              ElementsAre("a", "b"));
  EXPECT_THAT(Read(R"({"trust": true})", client).approved, ElementsAre("*"));
  EXPECT_THAT(Read(R"({"trust": "approve"})", client).approved,
              ElementsAre("*"));
  EXPECT_THAT(Read(R"({"trust": false})", client).approved, IsEmpty());
  EXPECT_THAT(Read(R"({"trust": "prompt"})", client).approved, IsEmpty());
  EXPECT_THAT(Read(R"({"autoApprove": 1})", client).approved, IsEmpty());
  EXPECT_THAT(Read(R"({"autoApprove": ["a"]})").approved, IsEmpty());
  EXPECT_EQ(Shown(Read(R"({"autoApprove": ["a"]})", client).approved_place),
            "1:17");
}

TEST(ReadServer, OnlyNamesAreTools) {
  Client client;
  client.approve = {"autoApprove"};
  client.tools = {"tools"};
  EXPECT_THAT(Read(R"({"autoApprove": [null, {}, "a"]})", client).approved,
              ElementsAre("a"));
  EXPECT_THAT(Read(R"({"tools": [null, [], "a"]})", client).tools,
              Optional(ElementsAre("a")));
}

TEST(ReadServer, OfferedTools) {
  Client client;
  client.tools = {"tools"};
  EXPECT_THAT(Read(R"({"tools": ["a"]})", client).tools,
              Optional(ElementsAre("a")));
  EXPECT_THAT(Read(R"({"tools": []})", client).tools, Optional(IsEmpty()));
  EXPECT_EQ(Read(R"({"tools": "a"})", client).tools, std::nullopt);
}

TEST(ReadServer, FieldsThatAreNotRead) {
  Client client;
  client.ignored = {"headers", "url"};
  const Server server = Read(
      R"({"headers": {"X": "V"}, "url": "https://a", "serverUrl": "https://b",
          "env": {"A": "b"}})",
      client);
  EXPECT_THAT(Ignored(server), ElementsAre("headers.X", "url"));
}

// The audit says of it that it is dead.
TEST(ReadServer, AddressThatIsNotReadWhereThereIsNoOther) {
  Client client;
  client.ignored = {"url"};
  const Server server = Read(R"({"url": "https://a", "env": {}})", client);
  EXPECT_THAT(Ignored(server), ElementsAre("url"));
}

TEST(ReadServer, IgnoredWithAllThatIsInIt) {
  Client client;
  client.ignored = {"transport"};
  EXPECT_THAT(Ignored(Read(R"({"transport": {"headers": {"X": "V"}},
                              "env": {"A": "b"}})",
                           client)),
              ElementsAre("headers.X"));
}

TEST(ReadServer, OnlyTheFieldsThatAreNamedAreIgnored) {
  Client client;
  client.ignored = {"headers"};
  EXPECT_THAT(Ignored(Read(R"({"command": "a", "args": ["--key", "V"],
                              "headers": {"X": "W"}})",
                           client)),
              ElementsAre("headers.X"));
}

TEST(ReadServer, ArgumentsThatAreNotRead) {
  Client client;
  client.ignored = {"args"};
  EXPECT_THAT(Ignored(Read(R"({"args": ["a"], "env": {"A": "b"}})", client)),
              ElementsAre("args[0]"));
}

}  // namespace
}  // namespace keytidy::clients
