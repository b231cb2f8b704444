// SPDX-License-Identifier: Apache-2.0
#include "audit/plain_key.h"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/client.h"
#include "unit/clients/scene.h"

namespace keytidy::audit {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

using clients::MadeKey;

// A file of a client, read.
struct File {
  config::Document document;
  clients::Contents contents;

  File(FileFormat format, std::string text,
       std::vector<std::string> secrets = {}) {
    Client client;
    ClientFile file;
    file.format = format;
    file.servers = {"/mcpServers"};
    file.secrets = std::move(secrets);
    document = clients::Parsed(format, std::move(text));
    contents = clients::ReadContents(client, file, document);
  }

  std::vector<PlainSecretAt> Find() const {
    return FindPlainSecrets(contents, document.text);
  }

  // "slot: what the span covers", in the order of the answer.
  std::vector<std::string> Written() const {
    std::vector<std::string> out;
    for (const PlainSecretAt& one : Find()) {
      out.push_back(fmt::format("{}: {}", one.slot.value->slot,
                                std::string_view(document.text)
                                    .substr(one.span.start, one.span.size())));
    }
    return out;
  }
};

std::string Server(const std::string& fields) {
  return R"({"mcpServers": {"s": {"command": "x", )" + fields + "}}}";
}

TEST(FindPlainSecrets, EnvironmentAndHeaders) {
  const std::string one = MadeKey(24, 1);
  const std::string two = MadeKey(24, 2);
  const File file(
      FileFormat::kJson,
      Server(fmt::format(R"("headers": {{"Authorization": "Bearer {}"}},
        "env": {{"KRYTON_API_KEY": "{}", "KRYTON_NAME": "{}"}})",
                         one, two, MadeKey(24, 3))));
  EXPECT_THAT(file.Written(), ElementsAre("headers.Authorization: " + one,
                                          "env.KRYTON_API_KEY: " + two));
  const auto found = file.Find();
  EXPECT_EQ(found[0].text, one);
  EXPECT_EQ(found[0].slot.server, &file.contents.servers[0]);
  EXPECT_FALSE(found[0].in_address);
}

TEST(FindPlainSecrets, WhatIsNoSecret) {
  for (const std::string& value :
       {std::string("${KRYTON_TOKEN}"), std::string("YOUR_API_KEY"),
        std::string("xxxxxxxxxxxxxxxx"), std::string("/home/ana/key.pem"),
        std::string("https://kryton.example/token"), std::string("bearer"),
        std::string("true"), std::string()}) {
    const File file(FileFormat::kJson,
                    Server(R"("env": {"KRYTON_TOKEN": ")" + value + "\"}"));
    EXPECT_THAT(file.Written(), IsEmpty()) << value;
  }
}

TEST(FindPlainSecrets, TheFallbackOfAReference) {
  const std::string key = MadeKey(24);
  const File file(FileFormat::kJson,
                  Server(R"("env": {"TOKEN": "${TOKEN:-)" + key + "}\"}"));
  EXPECT_THAT(file.Written(), ElementsAre("env.TOKEN: " + key));
}

TEST(FindPlainSecrets, NamesOfVariablesAreNoSecrets) {
  const File file(FileFormat::kJson,
                  Server(R"("bearer_token_env_var": ")" + MadeKey(24) + "\""));
  EXPECT_THAT(file.Written(), IsEmpty());
}

TEST(FindPlainSecrets, Addresses) {
  const std::string part = MadeKey(32, 1);
  const std::string word = MadeKey(12, 2);
  const std::string token = MadeKey(24, 3);
  const File file(
      FileFormat::kJson,
      Server(fmt::format(
          R"("url": "https://ana:{}@kryton.example/{}/mcp?page=1&token={}")",
          word, part, token)));
  EXPECT_THAT(file.Written(),
              ElementsAre("url: " + word, "url: " + part, "url: " + token));
  for (const PlainSecretAt& one : file.Find()) EXPECT_TRUE(one.in_address);
}

// The user is often called the same.
TEST(FindPlainSecrets, WhereItStandsInAnAddress) {
  const File file(
      FileFormat::kJson,
      Server(R"("url": "postgres://postgres:postgres@db.example/x")"));
  const auto found = file.Find();
  ASSERT_EQ(found.size(), 1U);
  EXPECT_EQ(found[0].span.start, file.document.text.find(":postgres@") + 1);
}

TEST(FindPlainSecrets, TheSameValueInTwoPlaces) {
  const std::string key = MadeKey(24);
  const File file(
      FileFormat::kJson,
      Server(fmt::format(R"("env": {{"A_TOKEN": "{0}", "B_TOKEN": "{0}"}})",
                         key)));
  EXPECT_THAT(file.Written(),
              ElementsAre("env.A_TOKEN: " + key, "env.B_TOKEN: " + key));
}

TEST(FindPlainSecrets, EachOnce) {
  const std::string key = MadeKey(24);
  // By its server and by a pointer.
  const File file(FileFormat::kJson,
                  Server(R"("env": {"TOKEN": ")" + key + "\"}"),
                  {"/mcpServers/s/env/*"});
  EXPECT_EQ(file.Find().size(), 1U);
}

TEST(FindPlainSecrets, AValueWrittenWithEscapes) {
  const std::string key = MadeKey(24);
  const File file(FileFormat::kJson, Server(R"("env": {"TOKEN": "\u006b)" +
                                            key.substr(1) + "\"}"));
  ASSERT_THAT(file.Find(), ::testing::SizeIs(1));
  EXPECT_EQ(file.Find()[0].text, key);
  EXPECT_THAT(file.Written(),
              ElementsAre("env.TOKEN: \"\\u006b" + key.substr(1) + "\""));
}

TEST(FindPlainSecrets, SettingsThatAPointerNames) {
  const std::string one = MadeKey(24, 1);
  const std::string two = MadeKey(24, 2);
  const File toml(
      FileFormat::kToml,
      fmt::format("[a]\napi_key = \"{}\"\nother = \"{}\"\n", one, two),
      {"/a/api_key"});
  EXPECT_THAT(toml.Written(), ElementsAre("a.api_key: " + one));
  EXPECT_EQ(toml.Find()[0].slot.server, nullptr);
  const File yaml(FileFormat::kYaml,
                  fmt::format("a:\n  api_key: {}\n  token: '{}'\n", one, two),
                  {"/a/*"});
  EXPECT_THAT(yaml.Written(),
              ElementsAre("a.api_key: " + one, "a.token: " + two));
}

TEST(FindPlainSecrets, WhereSpansDoNotCount) {
  const std::string key = MadeKey(24);
  const File file(FileFormat::kJson,
                  Server(R"("env": {"TOKEN": ")" + key + "\"}"));
  const auto found = FindPlainSecrets(file.contents, "");
  ASSERT_EQ(found.size(), 1U);
  EXPECT_EQ(found[0].text, key);
  EXPECT_EQ(found[0].span, Span());
}

TEST(PlainRule, IsOneRule) {
  EXPECT_EQ(PlainRule().id, "client-secret");
  EXPECT_EQ(&PlainRule(), &PlainRule());
}

// "line:column-line:column", and the columns in characters.
std::string Range(std::string_view text, std::string_view what) {
  const std::size_t at = text.find(what);
  const TextRange range = LineCursor(text).Range({at, at + what.size()});
  return fmt::format("{}:{}-{}:{} {}-{}", range.line, range.column,
                     range.end_line, range.end_column, range.character_column,
                     range.end_character_column);
}

TEST(LineCursor, LinesAndColumns) {
  EXPECT_EQ(Range("key", "key"), "1:1-1:4 1-4");
  EXPECT_EQ(Range("a\nb key\n", "key"), "2:3-2:6 3-6");
  EXPECT_EQ(Range("\n\nkey", "key"), "3:1-3:4 1-4");
  EXPECT_EQ(Range("a key\nb key2\n", "key\nb key2"), "1:3-2:7 3-7");
}

TEST(LineCursor, LinesThatEndInCrLf) {
  EXPECT_EQ(Range("a\r\nb key\r\nc\r\n", "key"), "2:3-2:6 3-6");
  EXPECT_EQ(Range("a\r\nb\r\nkey", "key"), "3:1-3:4 1-4");
}

TEST(LineCursor, CharactersOfSeveralBytes) {
  EXPECT_EQ(Range("\xC3\xBC\xE2\x82\xAC key", "key"), "1:7-1:10 4-7");
  EXPECT_EQ(Range("\xF0\x9F\x94\x91\nk\xC3\xBCy x", "k\xC3\xBCy"),
            "2:1-2:5 1-4");
}

TEST(LineCursor, TheWholeAndNothing) {
  const TextRange none = LineCursor("").Range({});
  EXPECT_EQ(none.line, 1U);
  EXPECT_EQ(none.column, 1U);
  EXPECT_EQ(none.end_line, 1U);
  EXPECT_EQ(none.end_column, 1U);
  EXPECT_EQ(Range("a\n", "a\n"), "1:1-2:1 1-1");
}

TEST(Comparable, WithoutWhatSurroundsIt) {
  const std::string key = MadeKey(24);
  for (const std::string& written :
       {key, "Bearer " + key, "bearer " + key, "\"" + key + "\"",
        " '" + key + "'\n", "token " + key, "Basic " + key}) {
    EXPECT_EQ(Comparable(written), key) << written;
  }
  EXPECT_EQ(Comparable(""), "");
}

TEST(Comparable, TheEncodingOfAddresses) {
  EXPECT_EQ(Comparable("a%2Fb%3d"), "a/b=");
  EXPECT_EQ(Comparable("%41%zz%4"), "A%zz%4");
  EXPECT_EQ(Comparable("a%"), "a%");
  EXPECT_EQ(Comparable("%2541"), "%41");
  EXPECT_EQ(Comparable("a+b"), "a+b");
}

}  // namespace
}  // namespace keytidy::audit
