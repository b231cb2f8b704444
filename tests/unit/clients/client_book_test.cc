// SPDX-License-Identifier: Apache-2.0
#include "clients/client_book.h"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

namespace keytidy::clients {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

// A client with one file for each of the paths.
std::string Text(std::string_view id, const std::vector<std::string>& paths,
                 std::string_view title = "T") {
  std::string out = fmt::format(
      "id = \"{}\"\ntitle = \"{}\"\nkind = \"ai\"\nbasis = \"V\"\n"
      "sources = [\"x\"]\n",
      id, title);
  for (const std::string& path : paths) {
    out += fmt::format(
        "[[file]]\npaths = [\"{}\"]\nformat = \"json\"\n"
        "title = \"{}\"\n",
        path, path);
  }
  return out;
}

class ClientBookTest : public ::testing::Test {
 protected:
  ClientBookTest() {
    for (std::size_t i = 0; i < kIds.size(); ++i) {
      paths_[i].assign(kPaths[i].begin(), kPaths[i].end());
      texts_[i] = Text(kIds[i], {kPaths[i].begin(), kPaths[i].end()});
      embedded_[i] = {kIds[i], texts_[i], paths_[i]};
    }
  }

  // "id path", or "none".
  static std::string Found(ClientBook& book, std::string_view path) {
    const auto known = book.Find(path);
    return known ? known->client->id + " " + known->file->title : "none";
  }
  std::string Found(std::string_view path) { return Found(book_, path); }

  std::vector<std::string> Ids() {
    std::vector<std::string> out;
    for (const Client* client : book_.All()) out.push_back(client->id);
    return out;
  }
  void AddUser(std::string_view id, const std::vector<std::string>& paths,
               std::string_view title = "Own") {
    const Status status =
        book_.AddUserFile(fmt::format("{}.toml", id), Text(id, paths, title));
    ASSERT_TRUE(status) << status.error().message;
  }

  const std::array<std::string_view, 3> kIds = {"alpha", "beta", "gamma"};
  const std::array<std::vector<std::string_view>, 3> kPaths = {
      {{"~/.alpha/*.json", "~/.alpha/mcp.json", "~/mcp.json", "$A/x.json"},
       {"~/.alpha/sub/mcp.json", "~/.beta/**/b.json"},
       {"~/.gamma/**/g.json", "~/.gamma/g.json"}}};
  std::array<std::vector<std::string_view>, 3> paths_;
  std::array<std::string, 3> texts_;
  std::array<EmbeddedClient, 3> embedded_;
  ClientBook book_{embedded_};
};

TEST_F(ClientBookTest, AllById) {
  EXPECT_THAT(Ids(), ElementsAre("alpha", "beta", "gamma"));
}

TEST_F(ClientBookTest, ByTheEndOfThePath) {
  EXPECT_EQ(Found("/home/u/mcp.json"), "alpha ~/mcp.json");
  EXPECT_EQ(Found("mcp.json"), "alpha ~/mcp.json");
  EXPECT_EQ(Found("/home/u/.beta/x/y/b.json"), "beta ~/.beta/**/b.json");
  EXPECT_EQ(Found("/home/u/xmcp.json"), "none");
  EXPECT_EQ(Found("x.json"), "none");
  EXPECT_EQ(Found(""), "none");
  EXPECT_EQ(Found("/"), "none");
}

TEST_F(ClientBookTest, LongerPatternSaysMore) {
  EXPECT_EQ(Found("h/.alpha/sub/mcp.json"), "beta ~/.alpha/sub/mcp.json");
  EXPECT_EQ(Found("h/.alpha/other.json"), "alpha ~/.alpha/*.json");
}

TEST_F(ClientBookTest, NameSaysMoreThanAStar) {
  EXPECT_EQ(Found("h/.alpha/mcp.json"), "alpha ~/.alpha/mcp.json");
}

TEST_F(ClientBookTest, NameSaysMoreThanTwoStars) {
  EXPECT_EQ(Found("h/.gamma/g.json"), "gamma ~/.gamma/g.json");
}

TEST_F(ClientBookTest, SameClientEachTime) {
  const auto first = book_.Find("mcp.json");
  const auto second = book_.Find("a/mcp.json");
  ASSERT_TRUE(first && second);
  EXPECT_EQ(first->client, second->client);
  EXPECT_EQ(first->file, second->file);
  EXPECT_EQ(first->client, book_.All().front());
}

TEST_F(ClientBookTest, FileOfTheUser) {
  AddUser("own", {"~/.own/mcp.json"});
  EXPECT_THAT(Ids(), ElementsAre("alpha", "beta", "gamma", "own"));
  EXPECT_EQ(Found("h/.own/mcp.json"), "own ~/.own/mcp.json");
  EXPECT_EQ(Found("h/mcp.json"), "alpha ~/mcp.json");
}

TEST_F(ClientBookTest, UserComesFirstWhereBothFit) {
  AddUser("own", {"~/mcp.json"});
  EXPECT_EQ(Found("h/mcp.json"), "own ~/mcp.json");
}

TEST_F(ClientBookTest, UserTakesThePlaceOfACatalogueClient) {
  AddUser("alpha", {"~/.other.json"}, "Own");
  EXPECT_THAT(Ids(), ElementsAre("alpha", "beta", "gamma"));
  EXPECT_EQ(book_.All().front()->title, "Own");
  EXPECT_EQ(Found("h/.other.json"), "alpha ~/.other.json");
  EXPECT_EQ(Found("h/mcp.json"), "none");
}

// Paths of the replaced client do not hide those of others.
TEST_F(ClientBookTest, ReplacedClientHidesNothing) {
  AddUser("beta", {"~/.other.json"});
  EXPECT_EQ(Found("h/.alpha/sub/mcp.json"), "alpha ~/mcp.json");
}

TEST_F(ClientBookTest, LastFileOfTheUserCounts) {
  AddUser("own", {"~/.one.json"}, "One");
  AddUser("own", {"~/.two.json"}, "Two");
  EXPECT_EQ(book_.All().back()->title, "Two");
  EXPECT_EQ(Found(".one.json"), "none");
  EXPECT_EQ(Found(".two.json"), "own ~/.two.json");
}

TEST_F(ClientBookTest, WrongFileOfTheUserChangesNothing) {
  const Status status = book_.AddUserFile("alpha.toml", "id = 1\n");
  ASSERT_FALSE(status);
  EXPECT_EQ(status.error().code, ErrorCode::kInvalid);
  EXPECT_THAT(status.error().message, ::testing::StartsWith("alpha.toml:"));
  EXPECT_EQ(book_.All().front()->title, "T");
}

TEST_F(ClientBookTest, ManyThreads) {
  std::vector<std::thread> threads;
  std::array<const Client*, 4> found = {};
  for (const Client*& one : found) {
    threads.emplace_back([&] {
      const auto known = book_.Find("h/mcp.json");
      if (known) one = known->client;
    });
  }
  for (std::thread& thread : threads) thread.join();
  ASSERT_NE(found[0], nullptr);
  for (const Client* one : found) EXPECT_EQ(one, found[0]);
}

TEST(ClientBook, Nothing) {
  ClientBook book({});
  EXPECT_THAT(book.All(), IsEmpty());
  EXPECT_FALSE(book.Find("a"));
}

}  // namespace
}  // namespace keytidy::clients
