// SPDX-License-Identifier: Apache-2.0
#include "clients/path_pattern.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <string_view>

namespace keytidy::clients {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

bool Fits(std::string_view pattern, std::string_view path) {
  return FitsTail(ParsePattern(pattern), path);
}

void ExpectParsed(std::string_view text, PathBase base, std::string_view tail) {
  const PathPattern pattern = ParsePattern(text);
  EXPECT_EQ(pattern.base, base) << text;
  EXPECT_EQ(pattern.tail, tail) << text;
  EXPECT_EQ(pattern.variable, "") << text;
}

TEST(ParsePattern, EveryBeginning) {
  ExpectParsed("~/.a/b", PathBase::kHome, ".a/b");
  ExpectParsed("{config}/a", PathBase::kConfig, "a");
  ExpectParsed("{data}/a", PathBase::kData, "a");
  ExpectParsed("{state}/a", PathBase::kState, "a");
  ExpectParsed("{cache}/a", PathBase::kCache, "a");
  ExpectParsed("{appsupport}/a", PathBase::kAppSupport, "a");
  ExpectParsed("{library}/a", PathBase::kLibrary, "a");
  ExpectParsed("{appdata}/a", PathBase::kAppData, "a");
  ExpectParsed("{localappdata}/a", PathBase::kLocalAppData, "a");
  ExpectParsed("{bin}/a", PathBase::kBin, "a");
  ExpectParsed("{programdata}/a", PathBase::kProgramData, "a");
  ExpectParsed("{programfiles}/a", PathBase::kProgramFiles, "a");
  ExpectParsed("/etc/a", PathBase::kMachine, "etc/a");
  ExpectParsed(".vscode/mcp.json", PathBase::kProject, ".vscode/mcp.json");
  ExpectParsed("*.env", PathBase::kProject, "*.env");
}

TEST(ParsePattern, Variables) {
  const PathPattern folder = ParsePattern("$CODEX_HOME/a/b");
  EXPECT_EQ(folder.base, PathBase::kVariable);
  EXPECT_EQ(folder.variable, "CODEX_HOME");
  EXPECT_EQ(folder.tail, "a/b");
  const PathPattern file = ParsePattern("$NETRC");
  EXPECT_EQ(file.base, PathBase::kVariable);
  EXPECT_EQ(file.variable, "NETRC");
  EXPECT_EQ(file.tail, "");
}

TEST(ParsePattern, NoSuchBeginning) {
  for (const char* text :
       {"$", "$/a", "{", "{config}", "{configs}/a", "{}/a", "~", "~user/a"}) {
    EXPECT_EQ(ParsePattern(text).base, PathBase::kUnknown) << text;
  }
}

TEST(ParsePattern, NoTail) {
  for (const char* text : {"", "~/", "/", "{config}/"}) {
    EXPECT_EQ(ParsePattern(text).tail, "") << text;
  }
}

TEST(FoldersOf, AsTheTableSays) {
  EXPECT_THAT(FoldersOf(PathBase::kHome), ElementsAre(""));
  EXPECT_THAT(FoldersOf(PathBase::kConfig), ElementsAre(".config"));
  EXPECT_THAT(FoldersOf(PathBase::kData), ElementsAre(".local/share"));
  EXPECT_THAT(FoldersOf(PathBase::kState), ElementsAre(".local/state"));
  EXPECT_THAT(FoldersOf(PathBase::kCache), ElementsAre(".cache"));
  EXPECT_THAT(FoldersOf(PathBase::kAppSupport),
              ElementsAre("Library/Application Support"));
  EXPECT_THAT(FoldersOf(PathBase::kLibrary), ElementsAre("Library"));
  EXPECT_THAT(FoldersOf(PathBase::kAppData), ElementsAre("AppData/Roaming"));
  EXPECT_THAT(FoldersOf(PathBase::kLocalAppData), ElementsAre("AppData/Local"));
  EXPECT_THAT(FoldersOf(PathBase::kMachine), ElementsAre("/"));
  for (const char* folder :
       {".local/bin", "/usr/local/bin", "/usr/bin", "/opt/homebrew/bin"}) {
    EXPECT_THAT(FoldersOf(PathBase::kBin), Contains(folder));
  }
  EXPECT_THAT(FoldersOf(PathBase::kVariable), IsEmpty());
  EXPECT_THAT(FoldersOf(PathBase::kProject), IsEmpty());
}

TEST(FitsTail, EndOfThePath) {
  EXPECT_TRUE(Fits("~/.cursor/mcp.json", "/home/a/.cursor/mcp.json"));
  EXPECT_TRUE(Fits("~/.cursor/mcp.json", ".cursor/mcp.json"));
  EXPECT_TRUE(Fits("{config}/a.json", "x/a.json"));
  EXPECT_TRUE(Fits("/etc/a/b", "root/etc/a/b"));
}

TEST(FitsTail, WholeNamesOnly) {
  EXPECT_FALSE(Fits("~/.cursor/mcp.json", "/home/a.cursor/mcp.json"));
  EXPECT_FALSE(Fits("~/a.json", "ba.json"));
  EXPECT_FALSE(Fits("~/a.json", "a.json/b"));
  EXPECT_FALSE(Fits("~/a/b.json", "b.json"));
  EXPECT_FALSE(Fits("~/a.json", ""));
}

TEST(FitsTail, StarStaysInAName) {
  EXPECT_TRUE(Fits("*.env", "a/b.env"));
  EXPECT_TRUE(Fits("*.env", "a/.env"));
  EXPECT_TRUE(Fits(".env.*", "a/.env.local"));
  EXPECT_FALSE(Fits(".env.*", "a/.env"));
  EXPECT_TRUE(Fits("~/x/*/a.json", "x/y/a.json"));
  EXPECT_FALSE(Fits("~/x/*/a.json", "x/y/z/a.json"));
  EXPECT_FALSE(Fits("~/*.json", "a/b.json/c"));
}

TEST(FitsTail, TwoStarsAreAnyNumberOfFolders) {
  EXPECT_TRUE(Fits("~/x/**/a.json", "h/x/a.json"));
  EXPECT_TRUE(Fits("~/x/**/a.json", "h/x/y/z/a.json"));
  EXPECT_FALSE(Fits("~/x/**/a.json", "h/y/a.json"));
  EXPECT_TRUE(Fits("~/.ssl/**", "h/.ssl/a/b"));
}

TEST(FitsTail, NothingFitsWithoutATail) {
  EXPECT_FALSE(Fits("", ""));
  EXPECT_FALSE(Fits("~/", "a/"));
  EXPECT_FALSE(Fits("$NETRC", "NETRC"));
  EXPECT_FALSE(Fits("$CODEX_HOME/config.toml", "a/config.toml"));
}

TEST(WeightOf, WhatSaysMore) {
  const auto weight = [](std::string_view text) {
    return WeightOf(ParsePattern(text));
  };
  EXPECT_GT(weight("~/.a/mcp.json"), weight("~/.a/*.json"));
  EXPECT_GT(weight("~/.a/b/mcp.json"), weight("~/mcp.json"));
  EXPECT_GT(weight("~/.a/g.json"), weight("~/.a/**/g.json"));
  EXPECT_GT(weight("~/.a/mcp*.json"), weight("~/.a/*.json"));
  EXPECT_GT(weight("~/.a/*/g.json"), weight("~/.a/**/g.json"));
  EXPECT_EQ(weight("~/.a/g.json"), weight("{config}/.a/g.json"));
  EXPECT_EQ(weight(""), Weight());
}

TEST(FitsTail, LongPaths) {
  std::string path;
  for (int i = 0; i < 2000; ++i) path += "a/";
  EXPECT_FALSE(Fits("~/b/**/c/**/d.json", path + "d.json"));
  EXPECT_TRUE(Fits("~/a/**/a/**/d.json", path + "d.json"));
}

}  // namespace
}  // namespace keytidy::clients
