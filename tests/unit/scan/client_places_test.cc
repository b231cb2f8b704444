// SPDX-License-Identifier: Apache-2.0
#include "scan/client_places.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <optional>
#include <string>
#include <string_view>

namespace keytidy::scan {
namespace {

std::string Shown(const std::optional<ClientPlace>& place) {
  if (!place) return "none";
  return fmt::format("{}|{}|{}", place->name, place->server, place->slot);
}

std::string Text(std::string_view id, std::string_view kind,
                 std::string_view file) {
  return fmt::format(
      "id = \"{}\"\ntitle = \"T\"\nkind = \"{}\"\nbasis = \"V\"\n"
      "sources = [\"x\"]\n[[file]]\n{}\n",
      id, kind, file);
}

class ClientPlacesTest : public ::testing::Test {
 protected:
  ClientPlacesTest() : book_({}) {
    Add("cursor", "ai",
        "paths = [\"~/.cursor/mcp.json\"]\nformat = \"json\"\n"
        "servers = [\"/mcpServers\"]\nsecrets = [\"/keys/*\"]");
    Add("codex", "ai",
        "paths = [\"~/.codex/config.toml\"]\nformat = \"toml\"\n"
        "servers = [\"/mcp_servers\"]");
    Add("dotenv", "project",
        "paths = [\".env\"]\nscope = \"project\"\nformat = \"dotenv\"");
    Add("mcp-project", "project",
        "paths = [\".mcp.json\"]\nscope = \"project\"\nformat = \"json\"\n"
        "servers = [\"/mcpServers\"]");
  }

  void Add(std::string_view id, std::string_view kind, std::string_view file) {
    const Status ok =
        book_.AddUserFile(fmt::format("{}.toml", id), Text(id, kind, file));
    EXPECT_TRUE(ok) << ok.error().message;
  }

  // "client|server|slot" of the first `what`.
  std::string Find(std::string_view path, std::string_view text,
                   std::string_view what) {
    ClientPlaces places(&book_, path, text, false);
    return Shown(places.Find(SpanOf(text, what)));
  }
  // And of a text whose path is not known.
  std::string FindUnnamed(std::string_view text, std::string_view what) {
    ClientPlaces places(&book_, "", text, true);
    return Shown(places.Find(SpanOf(text, what)));
  }

  static Span SpanOf(std::string_view text, std::string_view what) {
    const std::size_t at = text.find(what);
    EXPECT_NE(at, std::string_view::npos) << what;
    return {at, at + what.size()};
  }

  clients::ClientBook book_;
};

constexpr std::string_view kServers = R"({"mcpServers": {
  "one": {"command": "x", "env": {"A_TOKEN": "k-1111111111"}},
  "two": {"url": "https://a.example",
          "headers": {"Authorization": "Bearer k-2222222222"}}},
  "keys": {"kryton": "k-3333333333"},
  "other": {"list": [{"token": "k-4444444444"}]}})";

TEST_F(ClientPlacesTest, JsonOfCursor) {
  const std::string_view path = "home/ana/.cursor/mcp.json";
  EXPECT_EQ(Find(path, kServers, "k-1111111111"), "cursor|one|env.A_TOKEN");
  EXPECT_EQ(Find(path, kServers, "k-2222222222"),
            "cursor|two|headers.Authorization");
  EXPECT_EQ(Find(path, kServers, "k-3333333333"), "cursor||keys.kryton");
}

TEST_F(ClientPlacesTest, AValueThatNoPointerNames) {
  EXPECT_EQ(Find(".cursor/mcp.json", kServers, "k-4444444444"),
            "cursor||other.list[0].token");
}

TEST_F(ClientPlacesTest, SeveralOfOneText) {
  ClientPlaces places(&book_, ".cursor/mcp.json", kServers, false);
  EXPECT_EQ(Shown(places.Find(SpanOf(kServers, "k-2222222222"))),
            "cursor|two|headers.Authorization");
  EXPECT_EQ(Shown(places.Find(SpanOf(kServers, "k-1111111111"))),
            "cursor|one|env.A_TOKEN");
}

TEST_F(ClientPlacesTest, TomlOfCodex) {
  const std::string_view text =
      "model = \"x\"\n[mcp_servers.kryton]\ncommand = \"npx\"\n"
      "args = [\"--key\", \"k-1111111111\"]\n"
      "[mcp_servers.kryton.env]\nTOKEN = \"k-2222222222\"\n";
  EXPECT_EQ(Find(".codex/config.toml", text, "k-1111111111"),
            "codex|kryton|args[1]");
  EXPECT_EQ(Find(".codex/config.toml", text, "k-2222222222"),
            "codex|kryton|env.TOKEN");
}

TEST_F(ClientPlacesTest, SettingsThatBelongToNoProgram) {
  EXPECT_EQ(Find("work/.env", "TOKEN=k-1111111111\n", "k-1111111111"), "none");
  EXPECT_EQ(Find("work/.mcp.json", kServers, "k-1111111111"),
            "mcp-project|one|env.A_TOKEN");
}

TEST_F(ClientPlacesTest, NoClient) {
  EXPECT_EQ(Find("work/mcp.json", kServers, "k-1111111111"), "none");
  EXPECT_EQ(Find("", kServers, "k-1111111111"), "none");
  EXPECT_EQ(Find("x.cursor/mcp.json", kServers, "k-1111111111"), "none");
  ClientPlaces places(nullptr, ".cursor/mcp.json", kServers, false);
  EXPECT_EQ(Shown(places.Find({0, 1})), "none");
}

// Whose it is can be told all the same.
TEST_F(ClientPlacesTest, BrokenJson) {
  EXPECT_EQ(Find(".cursor/mcp.json", R"({"mcpServers": "k-1111111111)",
                 "k-1111111111"),
            "cursor||");
  EXPECT_EQ(Find(".cursor/mcp.json", "k-1111111111", "k-1111111111"),
            "cursor||");
}

TEST_F(ClientPlacesTest, AnUnnamedText) {
  EXPECT_EQ(FindUnnamed(kServers, "k-1111111111"), "|one|env.A_TOKEN");
  EXPECT_EQ(FindUnnamed(R"({"servers": {"s": {"command": "x",
                            "env": {"A": "k-1111111111"}}}})",
                        "k-1111111111"),
            "|s|env.A");
  EXPECT_EQ(FindUnnamed(" \n{\"s\": {\"command\": \"x\", \"env\": {\"A\": "
                        "\"k-1111111111\"}}}",
                        "k-1111111111"),
            "|s|env.A");
  EXPECT_EQ(FindUnnamed("[mcp_servers.s]\ncommand = \"x\"\n"
                        "env = {A = \"k-1111111111\"}\n",
                        "k-1111111111"),
            "|s|env.A");
  EXPECT_EQ(FindUnnamed("A = \"k-1111111111\"\n", "k-1111111111"), "none");
  EXPECT_EQ(FindUnnamed("{\"broken", "broken"), "||");
}

TEST_F(ClientPlacesTest, AnUnnamedTextLaterNamed) {
  ClientPlaces places(&book_, "", kServers, true);
  auto place = places.Find(SpanOf(kServers, "k-1111111111"));
  NameClient(&book_, "old/.cursor/mcp.json", &place);
  EXPECT_EQ(Shown(place), "cursor|one|env.A_TOKEN");
  // A blob may have several names.
  NameClient(&book_, ".mcp.json", &place);
  EXPECT_EQ(Shown(place), "mcp-project|one|env.A_TOKEN");
  NameClient(&book_, "package.json", &place);
  EXPECT_EQ(Shown(place), "none");
}

TEST_F(ClientPlacesTest, ANameForWhatWasNotRead) {
  std::optional<ClientPlace> place;
  NameClient(&book_, ".cursor/mcp.json", &place);
  EXPECT_EQ(Shown(place), "cursor||");
  NameClient(&book_, "work/.env", &place);
  EXPECT_EQ(Shown(place), "none");
  place = ClientPlace{"", "s", "env.A"};
  NameClient(nullptr, ".cursor/mcp.json", &place);
  EXPECT_EQ(Shown(place), "none");
}

}  // namespace
}  // namespace keytidy::scan
