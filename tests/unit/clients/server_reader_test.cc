// SPDX-License-Identifier: Apache-2.0
#include "clients/server_reader.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <vector>

#include "scene.h"

namespace keytidy::clients {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

Server Read(std::string text, const Client& client = {}) {
  const config::Document document = Json(std::move(text));
  return ReadServer(client, "s", document.root, {2, 3});
}
std::vector<std::string> Values(std::string text, const Client& client = {}) {
  return Shown(Read(std::move(text), client).values);
}

TEST(IsServer, CommandOrAddress) {
  for (const char* text :
       {R"({"command": "a"})", R"({"cmd": "a"})", R"({"url": "a"})",
        R"({"serverUrl": "a"})", R"({"httpUrl": "a"})", R"({"uri": "a"})",
        R"({"baseUrl": "a"})"}) {
    EXPECT_TRUE(IsServer(Json(text).root)) << text;
  }
  for (const char* text : {"{}", R"({"env": {}})", R"({"args": ["a"]})",
                           R"([{"url": "a"}])", "null", "1", "\"command\""}) {
    EXPECT_FALSE(IsServer(Json(text).root)) << text;
  }
}

TEST(ReadServer, NameAndPlace) {
  const Server server = Read("{}");
  EXPECT_EQ(server.name, "s");
  EXPECT_EQ(Shown(server.place), "2:3");
  EXPECT_THAT(server.values, IsEmpty());
  EXPECT_EQ(server.tools, std::nullopt);
}

TEST(ReadServer, CommandAndArguments) {
  const Server server =
      Read(R"({"command": "npx", "args": ["-y", "a", "--api-key", "V"]})");
  EXPECT_EQ(server.command, "npx");
  EXPECT_EQ(Shown(server.command_place), "1:13");
  EXPECT_THAT(server.arguments, ElementsAre("-y", "a", "--api-key", "V"));
  EXPECT_THAT(Shown(server.values),
              ElementsAre("command command =npx", "arg args[1] y=a",
                          "arg args[3] api-key=V"));
}

TEST(ReadServer, CommandAsAList) {
  const Server server = Read(R"({"cmd": ["npx", "a", "--key=V"]})");
  EXPECT_EQ(server.command, "npx");
  EXPECT_THAT(server.arguments, ElementsAre("a", "--key=V"));
  EXPECT_THAT(Shown(server.values), Contains("arg cmd[2] key=V"));
}

TEST(ReadServer, CommandLineInOneText) {
  const Server server = Read(R"({"command": "a --api-key 'V W'"})");
  EXPECT_EQ(server.command, "a --api-key 'V W'");
  EXPECT_THAT(server.arguments, IsEmpty());
  EXPECT_THAT(Shown(server.values), Contains("command command api-key=V W"));
}

TEST(ReadServer, EveryNameOfVariables) {
  for (const char* field : {"env", "envs", "environment"}) {
    EXPECT_THAT(Values(std::string("{\"") + field + R"(": {"A": "b"}})"),
                ElementsAre("env env.A A=b"));
  }
}

TEST(ReadServer, VariablesAsAList) {
  EXPECT_THAT(Values(R"({"env": ["A=b", {"name": "C", "value": "d"}, null,
                          {"name": 1}, {"value": "e"}, "F"]})"),
              ElementsAre("env env.A A=b", "env env.C C=d"));
}

TEST(ReadServer, VariablesThatAreNoTexts) {
  EXPECT_THAT(
      Values(R"({"env": {"A": 1, "B": true, "C": null, "D": "",
                          "E": 1.5}})"),
      ElementsAre("env env.A A=1", "env env.B B=true", "env env.E E=1.5"));
  EXPECT_THAT(Values(R"({"env": null})"), IsEmpty());
  EXPECT_THAT(Values(R"({"env": []})"), IsEmpty());
}

// Any other text in a server is looked at.
TEST(ReadServer, TextInPlaceOfATable) {
  EXPECT_EQ(Values(R"({"env": "API_KEY=V"})").size(), 1U);
  EXPECT_EQ(Values(R"({"headers": "X-Api-Key: V"})").size(), 1U);
}

TEST(ReadServer, TablesBelowVariables) {
  EXPECT_EQ(Values(R"({"env": {"A": {"value": "V"}}})").size(), 1U);
  EXPECT_EQ(Values(R"({"headers": {"A": ["V"]}})").size(), 1U);
}

TEST(ReadServer, Headers) {
  EXPECT_THAT(Values(R"({"headers": {"Authorization": "Bearer V"}})"),
              ElementsAre("header headers.Authorization Authorization="
                          "Bearer V"));
  EXPECT_THAT(Values(R"({"http_headers": {"X": "V"}})"),
              ElementsAre("header headers.X X=V"));
  EXPECT_THAT(Values(R"({"requestOptions": {"headers": {"X": "V"}}})"),
              ElementsAre("header headers.X X=V"));
  EXPECT_THAT(Values(R"({"headers": ["X-Key: V"]})"),
              ElementsAre("header headers.X-Key X-Key=V"));
}

TEST(ReadServer, OtherOptionsOfRequests) {
  EXPECT_EQ(Values(R"({"requestOptions": {"clientCertificate":
                        {"passphrase": "V"}}})")
                .size(),
            1U);
}

TEST(ReadServer, Addresses) {
  for (const std::string field :
       {"url", "serverUrl", "httpUrl", "uri", "baseUrl"}) {
    const Server server = Read("{\"" + field + "\": \"https://a/?k=V\"}");
    EXPECT_THAT(Shown(server.values),
                ElementsAre("url " + field + " " + field + "=https://a/?k=V"));
  }
}

TEST(ReadServer, NamesOfVariables) {
  EXPECT_THAT(Values(R"({"bearer_token_env_var": "A"})"),
              ElementsAre("name bearer_token_env_var "
                          "bearer_token_env_var=A"));
  EXPECT_THAT(Values(R"({"env_vars": ["A", "B"]})"),
              ElementsAre("name env_vars[0] env_vars=A",
                          "name env_vars[1] env_vars=B"));
  EXPECT_THAT(Values(R"({"env_http_headers": {"X-Key": "A"}})"),
              ElementsAre("name env_http_headers.X-Key X-Key=A"));
  EXPECT_THAT(Values(R"({"envFile": ".env"})"),
              ElementsAre("name envFile envFile=.env"));
  Client client;
  client.names = {"token_var"};
  EXPECT_THAT(Values(R"({"token_var": "A"})", client),
              ElementsAre("name token_var token_var=A"));
}

TEST(ReadServer, OtherTextsAreSettings) {
  EXPECT_THAT(
      Values(R"({"settings": {"api_key": "V", "n": [{"k": "W"}, 3]},
                          "name": "x", "type": "stdio"})"),
      ElementsAre("setting settings.api_key api_key=V",
                  "setting settings.n[0].k k=W", "setting settings.n[1] n=3"));
}

TEST(ReadServer, TransportAsATable) {
  EXPECT_THAT(Values(R"({"transport": {"type": "sse", "token": "V"}})"),
              Contains("setting transport.token token=V"));
}

// An older spelling of Zed.
TEST(ReadServer, CommandAsATable) {
  EXPECT_THAT(Values(R"({"command": {"path": "npx", "env": {"API_KEY":
                          "V"}}})"),
              Contains(::testing::EndsWith("API_KEY=V")));
}

TEST(ReadServer, AllOfACommandThatIsATable) {
  const Server server = Read(
      R"({"command": {"path": "npx", "args": ["a", "--key", "V"], "n": "W"}})");
  EXPECT_EQ(server.command, "npx");
  EXPECT_THAT(server.arguments, ElementsAre("a", "--key", "V"));
  EXPECT_THAT(Shown(server.values),
              ElementsAre("command command =npx", "arg args[0] =a",
                          "arg args[2] key=V", "setting command.n n=W"));
}

TEST(ReadServer, CommandAsAListAndArguments) {
  const Server server = Read(R"({"args": ["b"], "command": ["npx", "a"]})");
  EXPECT_EQ(server.command, "npx");
  EXPECT_THAT(server.arguments, ElementsAre("a", "b"));
}

TEST(ReadServer, NamesOfTextsBelowVariables) {
  EXPECT_THAT(Values(R"({"env": {"API_KEY": {"value": "V", "note": "n"}}})"),
              ElementsAre("env env.API_KEY.value API_KEY=V",
                          "env env.API_KEY.note note=n"));
}

TEST(ReadServer, ValuesOfOneTextHaveTheirOwn) {
  const config::Document document =
      Json(R"({"command": "x --key V --token W"})");
  const Server server = ReadServer({}, "s", document.root, {});
  EXPECT_THAT(Shown(server.values),
              ElementsAre("command command =x", "command command key=V",
                          "command command token=W"));
  for (const Value& value : server.values) {
    EXPECT_EQ(Written(document, value), "\"x --key V --token W\"");
  }
}

TEST(ReadServer, ArgumentsAsATableAreSettings) {
  EXPECT_THAT(Values(R"({"args": {"key": "V"}})"),
              ElementsAre("setting args.key key=V"));
  EXPECT_THAT(Values(R"({"args": "--key V"})"),
              ElementsAre("setting args args=--key V"));
}

TEST(ReadServer, ArgumentsThatAreNoTexts) {
  const Server server =
      Read(R"({"command": "a", "args": [null, 5, {}, [], "b"]})");
  EXPECT_THAT(server.arguments, ElementsAre("", "5", "", "", "b"));
  EXPECT_THAT(
      Shown(server.values),
      ElementsAre("command command =a", "arg args[1] =5", "arg args[4] =b"));
}

TEST(ReadServer, LabelOfTheRecord) {
  const Server server =
      Read(R"({"env": {"A": "b"}, "keyName": "work laptop"})");
  ASSERT_FALSE(server.values.empty());
  EXPECT_EQ(server.values[0].label, "work laptop");
  EXPECT_EQ(Read(R"({"env": {"A": "b"}, "label": 1})").values[0].label, "");
}

TEST(ReadServer, PlacesAndSpans) {
  const config::Document document = Json("{\n  \"env\": {\"A\": \"b\"}\n}");
  const Server server = ReadServer({}, "s", document.root, {});
  ASSERT_EQ(server.values.size(), 1U);
  EXPECT_EQ(Shown(server.values[0].place), "2:16");
  EXPECT_EQ(Written(document, server.values[0]), "\"b\"");
}

TEST(ReadServer, NoTableIsAnEmptyServer) {
  for (const char* text : {"null", "1", "\"a\"", "[]", "[{\"env\": {}}]"}) {
    const Server server = Read(text);
    EXPECT_THAT(server.values, IsEmpty()) << text;
    EXPECT_EQ(server.command, "") << text;
  }
}

TEST(ReadServer, WrongTypesEverywhere) {
  Client client;
  client.approve = {"approve"};
  client.tools = {"tools"};
  for (const std::string value :
       {"null", "1", "true", "[]", "{}", "[null, {}, []]", "{\"a\": [{}]}"}) {
    const Server server =
        Read("{\"command\": " + value + ", \"cmd\": " + value +
                 ", \"url\": " + value + ", \"args\": " + value +
                 ", \"env\": " + value + ", \"headers\": " + value +
                 ", \"requestOptions\": " + value + ", \"env_vars\": " + value +
                 ", \"approve\": " + value + ", \"tools\": " + value +
                 ", \"disabled\": " + value + ", \"label\": " + value + "}",
             client);
    EXPECT_EQ(server.command, "") << value;
  }
}

TEST(ReadServer, DeepSettingsEnd) {
  const std::string text = "{\"a\": " + std::string(100, '[') + "\"V\"" +
                           std::string(100, ']') + "}";
  EXPECT_LE(Values(text).size(), 1U);
}

}  // namespace
}  // namespace keytidy::clients
