// SPDX-License-Identifier: Apache-2.0
#include "scan/config_record.h"

#include <gtest/gtest.h>

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "scan/key_chain.h"

namespace keytidy::scan {
namespace {

using Texts = std::vector<std::string>;

constexpr std::string_view kKey = "K-0123456789";
const Texts kNames = {"KRYTON_URL", "KRYTON_SERVER"};

Span SpanOf(std::string_view text, std::string_view what) {
  const std::size_t at = text.find(what);
  EXPECT_NE(at, std::string_view::npos) << what;
  return {at, at + what.size()};
}

std::optional<Texts> Bases(std::string_view text, std::string_view key = kKey) {
  ConfigText config(text);
  return BasesOfRecord(config, SpanOf(text, key), kNames);
}

TEST(BasesOfRecord, TwoServersSideBySide) {
  const std::string_view text = R"({
  "mcpServers": {
    "one": {
      "command": "npx",
      "env": {"KRYTON_URL": "https://one.example", "TOKEN": "K-1111111111"}
    },
    "two": {
      "command": "npx",
      "env": {"TOKEN": "K-2222222222", "KRYTON_URL": "https://two.example"}
    },
    "three": {
      "command": "npx",
      "env": {"TOKEN": "K-3333333333"}
    }
  }
})";
  EXPECT_EQ(Bases(text, "K-1111111111"), Texts{"https://one.example"});
  EXPECT_EQ(Bases(text, "K-2222222222"), Texts{"https://two.example"});
  EXPECT_EQ(Bases(text, "K-3333333333"), Texts());
}

// What stands beside a server's own object is another server's.
TEST(BasesOfRecord, AServerThatNamesNothingItself) {
  const std::string_view text = R"({"mcpServers": {
    "one": {"type": "stdio", "env": {"TOKEN": "K-0123456789"}},
    "two": {"command": "npx", "env": {"KRYTON_URL": "https://two.example"}}
  }})";
  EXPECT_EQ(Bases(text), Texts());
}

TEST(BasesOfRecord, GroupsOfOneFile) {
  const std::string_view text = R"({
    "staging": {"KRYTON_TOKEN": "K-0123456789"},
    "live": {"KRYTON_URL": "https://live.example"}
  })";
  EXPECT_EQ(Bases(text), Texts());
}

TEST(BasesOfRecord, ASettingOfTheServerBesideItsEnvironment) {
  EXPECT_EQ(Bases(R"({"servers": {"a": {"command": "x",
      "KRYTON_SERVER": "https://a.example",
      "env": {"TOKEN": "K-0123456789"}}}})"),
            Texts{"https://a.example"});
}

TEST(BasesOfRecord, AddressOfTheServer) {
  for (const std::string_view field : {"url", "serverUrl", "httpUrl"}) {
    EXPECT_EQ(Bases(R"({"mcpServers": {"notes": {"type": "http", ")" +
                    std::string(field) + R"(": "https://notes.example/mcp",
      "headers": {"Authorization": "Bearer K-0123456789"}},
      "other": {"url": "https://other.example"}}})"),
              Texts{"https://notes.example/mcp"})
        << field;
  }
}

TEST(BasesOfRecord, AVariableCountsMoreThanTheAddress) {
  EXPECT_EQ(Bases(R"({"s": {"url": "https://mcp.example", "env":
      {"KRYTON_URL": "https://kryton.example", "TOKEN": "K-0123456789"}}})"),
            Texts{"https://kryton.example"});
}

TEST(BasesOfRecord, OneOfSeveralAddresses) {
  EXPECT_EQ(Bases(R"({"serverUrl": "https://b.example",
      "url": "https://a.example", "key": "K-0123456789"})"),
            Texts{"https://a.example"});
}

TEST(BasesOfRecord, KeysInArguments) {
  EXPECT_EQ(Bases(R"({"s": {"command": "npx", "args":
      ["-y", "--header", "Authorization: Bearer K-0123456789"],
      "url": "https://a.example"}})"),
            Texts{"https://a.example"});
  EXPECT_EQ(Bases(R"({"s": {"command": "npx", "args": ["K-0123456789"],
      "env": {"KRYTON_URL": "https://a.example"}},
      "t": {"env": {"KRYTON_URL": "https://b.example"}}})"),
            Texts{"https://a.example"});
}

TEST(BasesOfRecord, ANameOrABareText) {
  EXPECT_EQ(Bases(R"({"K-0123456789": 1, "KRYTON_URL": "https://a.example"})"),
            Texts{"https://a.example"});
  EXPECT_EQ(Bases(R"(["K-0123456789", "https://a.example"])"), Texts());
  EXPECT_EQ(Bases(R"([{"KRYTON_URL": "https://a.example"}, "K-0123456789"])"),
            Texts());
}

TEST(BasesOfRecord, RecordsInAList) {
  const std::string_view text = R"([
    {"KRYTON_URL": "https://a.example", "token": "K-1111111111"},
    {"KRYTON_URL": "https://b.example", "token": "K-2222222222"}
  ])";
  EXPECT_EQ(Bases(text, "K-1111111111"), Texts{"https://a.example"});
  EXPECT_EQ(Bases(text, "K-2222222222"), Texts{"https://b.example"});
}

TEST(BasesOfRecord, NotFromFarOutside) {
  EXPECT_EQ(Bases(R"({"KRYTON_URL": "https://a.example",
      "a": {"b": {"c": {"token": "K-0123456789"}}}})"),
            Texts());
  EXPECT_EQ(Bases(R"({"url": "https://a.example",
      "a": {"b": {"c": {"token": "K-0123456789"}}}})"),
            Texts());
}

// The innermost record is the key's, even where it names no address.
TEST(BasesOfRecord, ARecordWithinARecord) {
  EXPECT_EQ(Bases(R"({"url": "https://outer.example", "inner":
      {"command": "x", "env": {"TOKEN": "K-0123456789"}}})"),
            Texts());
}

// A key above a record is not in it.
TEST(BasesOfRecord, ARecordBelowTheKey) {
  EXPECT_EQ(Bases(R"({"TOKEN": "K-0123456789", "servers": {"other":
      {"command": "x", "env": {"KRYTON_URL": "https://other.example"}}}})"),
            Texts());
}

TEST(BasesOfRecord, TwoAddressesOfOneRecord) {
  EXPECT_EQ(Bases(R"({"KRYTON_URL": "https://a.example",
      "KRYTON_SERVER": "https://b.example", "token": "K-0123456789"})"),
            (Texts{"https://a.example", "https://b.example"}));
  EXPECT_EQ(Bases(R"({"KRYTON_URL": "https://a.example",
      "KRYTON_SERVER": "https://a.example", "token": "K-0123456789"})"),
            Texts{"https://a.example"});
}

TEST(BasesOfRecord, OnlyTexts) {
  EXPECT_EQ(Bases(R"({"KRYTON_URL": ["https://a.example"], "url": 7,
      "KRYTON_SERVER": null, "token": "K-0123456789"})"),
            Texts());
}

TEST(BasesOfRecord, OfTheSameNameTheLastCounts) {
  EXPECT_EQ(Bases(R"({"KRYTON_URL": "https://a.example",
      "KRYTON_URL": "https://b.example", "token": "K-0123456789"})"),
            Texts{"https://b.example"});
}

TEST(BasesOfRecord, EscapedNamesAndAddresses) {
  EXPECT_EQ(Bases(R"({"KRYTON\u005fURL": "https:\/\/a.example\/x",
      "token": "K-0123456789"})"),
            Texts{"https://a.example/x"});
}

TEST(BasesOfRecord, CommentsAndCommas) {
  const std::string_view text = R"(// servers
/* "KRYTON_URL": "https://no.example" */
{
  "a": {
    // "KRYTON_URL": "https://old.example",
    "url": "https://a.example",  // "}"
    "token": "K-0123456789", /* } */
  },
}
)";
  EXPECT_EQ(Bases(text), Texts{"https://a.example"});
}

TEST(BasesOfRecord, AByteOrderMark) {
  EXPECT_EQ(Bases("\xEF\xBB\xBF{\"url\": \"https://a.example\", \"k\": "
                  "\"K-0123456789\"}"),
            Texts{"https://a.example"});
}

TEST(BasesOfRecord, AKeyInACommentIsOfTheRecordAroundIt) {
  EXPECT_EQ(Bases(R"({"s": { // K-0123456789
      "url": "https://a.example"}})"),
            Texts{"https://a.example"});
}

TEST(BasesOfRecord, AKeyOutsideOfAnyRecord) {
  EXPECT_EQ(Bases("// K-0123456789\n{\"url\": \"https://a.example\"}"),
            Texts());
  EXPECT_EQ(Bases("{\"url\": \"https://a.example\"} // K-0123456789"), Texts());
}

TEST(BasesOfRecord, AKeyAcrossRecords) {
  const std::string_view text =
      R"([{"url": "https://a.example", "k": "K-1"}, {"l": "K-2"}])";
  EXPECT_EQ(Bases(text, "\"K-1\"}, {\"l\""), Texts());
}

// Read once for all the keys of a text.
TEST(ConfigText, IsReadOnce) {
  ConfigText good("[1]");
  ASSERT_NE(good.Root(), nullptr);
  EXPECT_EQ(good.Root(), good.Root());
  EXPECT_EQ(good.Root()->items.size(), 1u);
  EXPECT_EQ(good.text(), "[1]");
  ConfigText bad("[1");
  EXPECT_EQ(bad.Root(), nullptr);
  EXPECT_EQ(bad.Root(), nullptr);
  EXPECT_EQ(ConfigText("").Root(), nullptr);
}

TEST(BasesOfRecord, NoJson) {
  for (const std::string_view text :
       {"K-0123456789", "TOKEN=K-0123456789\nKRYTON_URL=https://a.example",
        "[section]\nTOKEN=K-0123456789", "{ TOKEN: K-0123456789 }",
        "{\"a\": \"K-0123456789\"", "{\"a\": \"K-0123456789\"} x",
        "// K-0123456789", "\"K-0123456789\"", "---\n{\"a\": K-0123456789}"}) {
    EXPECT_EQ(Bases(text), std::nullopt) << text;
  }
}

Rule KrytonRule() {
  Rule rule;
  rule.id = "kryton-api-key";
  rule.provider = "kryton";
  return rule;
}

Texts Kept(const std::string& text) {
  KeyChain chain;
  chain.LookFor("kryton", kNames);
  ConfigText config(text);
  chain.Add(KrytonRule(), "kt-1", config, SpanOf(text, kKey));
  return chain.Find("kryton-api-key", "kt-1")->bases;
}

// In JSON the record counts, and elsewhere what stands near.
TEST(KeyChain, RecordsInJsonAndVariablesElsewhere) {
  const std::string two =
      R"("a": {"command": "x", "env": {"TOKEN": "K-0123456789"}},
         "b": {"command": "x", "env": {"KRYTON_URL": "https://b.example"}})";
  EXPECT_EQ(Kept("{" + two + "}"), Texts());
  // No JSON, but braces tell records apart all the same.
  EXPECT_EQ(Kept("x = {" + two + "}"), Texts());
  EXPECT_EQ(Kept("[kryton]\nKRYTON_URL=https://a.example\nT=K-0123456789\n"),
            Texts{"https://a.example"});
}

}  // namespace
}  // namespace keytidy::scan
