// SPDX-License-Identifier: Apache-2.0
#include "rotate/plan_places.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "clients/client_book.h"

namespace keytidy::rotate {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

constexpr std::string_view kEditor = R"(
id = "editor"
title = "Editor"
kind = "ai"
basis = "K"
sources = ["made up"]
restart = "Start it again."
fix = "Use a reference."

[[file]]
paths = ["~/.editor/mcp.json"]
format = "json"
servers = ["/servers"]

[[file]]
paths = ["~/.editor/talk/*.jsonl"]
role = "transcript"
format = "text"
)";

class PlanPlacesTest : public testing::Test {
 protected:
  PlanPlacesTest() : book_({}) {
    const auto added = book_.AddUserFile("editor.toml", std::string(kEditor));
    EXPECT_TRUE(added) << added.error().message;
    key_.provider = "kryton";
  }

  void Add(const std::string& machine, const std::string& path,
           const std::string& client, const std::string& server,
           std::vector<std::string> kinds = {}) {
    InventoryPlace place;
    place.machine = machine;
    place.path = path;
    place.client = client;
    place.server = server;
    place.slot = server.empty() ? "" : "env.TOKEN";
    place.line = 3;
    place.kinds = std::move(kinds);
    key_.places.push_back(place);
  }

  PlanPlaces Places() { return PlacesOf(key_, book_); }

  clients::ClientBook book_;
  InventoryKey key_;
};

std::vector<std::string> Names(const PlanPlaces& places) {
  std::vector<std::string> out;
  for (const NewKey& key : places.keys) {
    out.push_back(key.name + " for " + key.user);
  }
  return out;
}

TEST_F(PlanPlacesTest, OneKeyForEachProgramAndMachine) {
  Add("desk.example.net", "/home/a/.editor/mcp.json", "editor", "notes");
  Add("laptop", "/home/a/.editor/mcp.json", "editor", "notes");
  Add("laptop", "/home/a/.editor/mcp.json", "editor", "more");
  Add("laptop", "/home/a/run.sh", "", "");
  const PlanPlaces places = Places();
  EXPECT_THAT(Names(places),
              ElementsAre("editor-desk-notes for Editor on desk.example.net",
                          "app-laptop-kryton for the program that reads it on "
                          "laptop",
                          "editor-laptop-notes for Editor on laptop"));
  EXPECT_THAT(places.restarts,
              ElementsAre("desk.example.net, laptop: Start it again."));
  EXPECT_THAT(places.fixes, ElementsAre("Use a reference."));
  EXPECT_THAT(places.machines, ElementsAre("desk.example.net", "laptop"));
  ASSERT_EQ(places.all.size(), 4u);
  EXPECT_EQ(places.all[0].where, "/home/a/.editor/mcp.json:3");
  EXPECT_EQ(places.all[0].what, "Editor, server notes, env.TOKEN");
}

TEST_F(PlanPlacesTest, AKeyOfOneProgramKeepsItsName) {
  key_.name = "my key";
  Add("laptop", "/home/a/.editor/mcp.json", "editor", "notes");
  EXPECT_THAT(Names(Places()), ElementsAre("my key for Editor on laptop"));
  EXPECT_THAT(Places().restarts, ElementsAre("Start it again."));
}

TEST_F(PlanPlacesTest, CopiesAndTheHistoryOfGitGetNoNewKey) {
  Add("laptop", "/home/a/.editor/talk/1.jsonl", "editor", "");
  Add("laptop", "/home/a/shop/.env", "", "", {"history"});
  const PlanPlaces places = Places();
  EXPECT_THAT(places.keys, IsEmpty());
  EXPECT_THAT(places.restarts, IsEmpty());
  ASSERT_EQ(places.all.size(), 2u);
  EXPECT_EQ(places.all[0].todo, Place::Todo::kRemove);
  EXPECT_EQ(places.all[1].todo, Place::Todo::kStays);
}

TEST_F(PlanPlacesTest, PlacesThatAreGoneAreLeftOut) {
  Add("laptop", "/home/a/.editor/mcp.json", "editor", "notes");
  key_.places[0].gone_at = 5;
  EXPECT_THAT(Places().all, IsEmpty());
  EXPECT_THAT(Places().machines, IsEmpty());
}

TEST_F(PlanPlacesTest, WhatIsWrongWithAPlaceIsSaid) {
  Add("laptop", "/a", "", "", {"argv"});
  Add("laptop", "/b", "", "", {"url"});
  Add("laptop", "/c", "", "", {"tracked"});
  const PlanPlaces places = Places();
  EXPECT_THAT(places.all[0].remark, testing::HasSubstr("arguments"));
  EXPECT_THAT(places.all[1].remark, testing::HasSubstr("header"));
  EXPECT_THAT(places.all[2].remark, testing::HasSubstr("git tracks"));
}

TEST(NewName, IsWordsJoinedByHyphens) {
  EXPECT_EQ(NewName("cursor", "Ana's Laptop", "notes"),
            "cursor-ana-s-laptop-notes");
  EXPECT_EQ(NewName("", "--", "x"), "x");
  EXPECT_EQ(NewName("a", std::string(100, 'b'), "c"),
            "a-" + std::string(24, 'b') + "-c");
}

}  // namespace
}  // namespace keytidy::rotate
