// SPDX-License-Identifier: Apache-2.0
#include "audit/find_files.h"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <string>
#include <vector>

#include "unit/audit/find_files_scene.h"

namespace keytidy::audit {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

TEST_F(FindFilesTest, PathsWithoutAWildcard) {
  Write(".a/b.json");
  Write(".config/c/d.toml");
  EXPECT_THAT(Found({"~/.a/b.json", "{config}/c/d.toml", "~/.a/none"}),
              ElementsAre(".a/b.json", ".config/c/d.toml"));
  EXPECT_THAT(skipped_, IsEmpty());
}

TEST_F(FindFilesTest, WhatIsKnownOfAFile) {
  const std::string path = dir_.Write("home/a", "12345");
  ASSERT_EQ(chmod(path.c_str(), 0640), 0);
  const Client client = WithFiles({"~/a"});
  FileFinder finder(machine_);
  finder.FindUserFiles(client);
  const auto found = finder.TakeFound();
  ASSERT_EQ(found.size(), 1U);
  EXPECT_EQ(found[0].client, &client);
  EXPECT_EQ(found[0].file, &client.files[0]);
  EXPECT_EQ(found[0].path, path);
  EXPECT_EQ(found[0].project, "");
  EXPECT_EQ(found[0].size, 5U);
  EXPECT_EQ(found[0].mode & 07777, 0640U);
  EXPECT_THAT(finder.TakeFound(), IsEmpty());
}

TEST_F(FindFilesTest, AStarStaysInAName) {
  for (const char* name : {"a.json", "b.json", ".json", ".c.json", "d.jsonc",
                           "below/e.json", "f.json/g"}) {
    Write(std::string("x/") + name);
  }
  EXPECT_THAT(Found({"~/x/*.json"}),
              ElementsAre("x/.c.json", "x/.json", "x/a.json", "x/b.json"));
  EXPECT_THAT(Found({"~/x/*"}), ElementsAre("x/.c.json", "x/.json", "x/a.json",
                                            "x/b.json", "x/d.jsonc"));
  EXPECT_THAT(Found({"~/*/e.json", "~/x/*/e.json"}),
              ElementsAre("x/below/e.json"));
  EXPECT_THAT(Found({"~/*/*/e.json"}), ElementsAre("x/below/e.json"));
  EXPECT_THAT(Found({"~/x/b*w/e.*"}), ElementsAre("x/below/e.json"));
}

TEST_F(FindFilesTest, TwoStarsAreAnyNumberOfFolders) {
  for (const char* name :
       {"a.json", "b/a.json", "b/c/a.json", "b/c/b.json", "b/xa.json"}) {
    Write(std::string("x/") + name);
  }
  EXPECT_THAT(Found({"~/x/**/a.json"}),
              ElementsAre("x/a.json", "x/b/a.json", "x/b/c/a.json"));
  EXPECT_THAT(Found({"~/x/**/c/*.json"}),
              ElementsAre("x/b/c/a.json", "x/b/c/b.json"));
  EXPECT_THAT(Found({"~/x/b/**"}), ElementsAre("x/b/a.json", "x/b/c/a.json",
                                               "x/b/c/b.json", "x/b/xa.json"));
}

// Folders of packages and repositories are no place of settings.
TEST_F(FindFilesTest, TwoStarsPassSomeFolders) {
  Write("x/node_modules/a.json");
  Write("x/.git/a.json");
  Write("x/b/node_modules/c/a.json");
  Write("x/d/a.json");
  EXPECT_THAT(Found({"~/x/**/a.json"}), ElementsAre("x/d/a.json"));
  EXPECT_THAT(Found({"~/x/node_modules/a.json"}),
              ElementsAre("x/node_modules/a.json"));
}

// Marks of other globs are letters of a name.
TEST_F(FindFilesTest, OnlyStarsAreWildcards) {
  Write("a1/b");
  Write("a?/b");
  Write("x/a[1]");
  EXPECT_THAT(Found({"~/a?/b"}), ElementsAre("a?/b"));
  EXPECT_THAT(Found({"~/x/a[1]"}), ElementsAre("x/a[1]"));
  EXPECT_THAT(Found({"~/*/a[1]"}), ElementsAre("x/a[1]"));
}

TEST_F(FindFilesTest, AHomeFolderWithAStarInItsName) {
  dir_.Write("h*me/.a/b.json", "x");
  dir_.Write("h/me/.a/b.json", "x");
  dir_.Write("hXme/.a/b.json", "x");
  machine_.home = machine_.home_display = machine_.real_home = dir_ / "h*me";
  EXPECT_THAT(Found({"~/.a/b.json", "~/.a/*.json"}),
              ElementsAre(dir_ / "h*me/.a/b.json"));
}

TEST_F(FindFilesTest, OfThePlatform) {
  Client client = WithFiles({"~/linux"});
  client.files[0].paths[1] = {"~/macos"};
  client.files[0].paths[2] = {"~/windows"};
  Write("linux");
  Write("macos");
  Write("windows");
  for (const Platform platform :
       {Platform::kLinux, Platform::kMacos, Platform::kWindows}) {
    machine_.platform = platform;
    FileFinder finder(machine_);
    finder.FindUserFiles(client);
    EXPECT_THAT(Take(&finder), ElementsAre(std::string(Name(platform))));
  }
}

TEST_F(FindFilesTest, UsersFilesAndProjectFilesApart) {
  Write("code/.env");
  const Client user = WithFiles({"~/code/.env"}, FileScope::kUser);
  const Client project = WithFiles({".env"}, FileScope::kProject);
  FileFinder finder(machine_);
  finder.FindUserFiles(project);
  finder.FindProjectFiles(user, home_ + "/code");
  EXPECT_THAT(Take(&finder), IsEmpty());
  finder.FindProjectFiles(project, home_ + "/code");
  const auto found = finder.TakeFound();
  ASSERT_EQ(found.size(), 1U);
  EXPECT_EQ(found[0].project, home_ + "/code");
}

TEST_F(FindFilesTest, ProjectFiles) {
  for (const char* name : {".env", ".env.local", "x.env", ".vscode/mcp.json",
                           "deep/.env", "node_modules/.env"}) {
    Write(std::string("code/") + name);
  }
  const std::string work = home_ + "/code";
  EXPECT_THAT(FoundIn(work, {".env", ".vscode/mcp.json"}),
              ElementsAre("code/.env", "code/.vscode/mcp.json"));
  EXPECT_THAT(FoundIn(work, {"*.env"}), ElementsAre("code/.env", "code/x.env"));
  EXPECT_THAT(FoundIn(work, {".env.*"}), ElementsAre("code/.env.local"));
  EXPECT_THAT(FoundIn(work, {"**/.env"}),
              ElementsAre("code/.env", "code/deep/.env"));
  EXPECT_THAT(FoundIn(work, {"*/mcp.json"}),
              ElementsAre("code/.vscode/mcp.json"));
}

TEST_F(FindFilesTest, OnceAmongPatternsAndClients) {
  Write("x/a.json");
  EXPECT_THAT(Found({"~/x/a.json", "~/x/*.json", "~/**/a.json"}),
              ElementsAre("x/a.json"));
  const Client one = WithFiles({"~/x/a.json"});
  const Client other = WithFiles({"~/x/*"});
  const Client project = WithFiles({"a.json"}, FileScope::kProject);
  FileFinder finder(machine_);
  finder.FindUserFiles(one);
  finder.FindUserFiles(other);
  finder.FindProjectFiles(project, home_ + "/x");
  const auto found = finder.TakeFound();
  ASSERT_EQ(found.size(), 1U);
  EXPECT_EQ(found[0].client, &one);
}

TEST_F(FindFilesTest, OnceByHardLinks) {
  Write("x/a");
  std::filesystem::create_hard_link(home_ + "/x/a", home_ + "/x/b");
  EXPECT_THAT(Found({"~/x/b", "~/x/*"}), ElementsAre("x/b"));
}

TEST_F(FindFilesTest, MoreEntriesThanAreLookedAt) {
  // Ten times any number of folders, in a chain of ten.
  std::string chain = "x";
  for (int i = 0; i < 10; ++i) chain += "/y";
  Write(chain + "/z");
  std::string pattern = "~/x";
  for (int i = 0; i < 10; ++i) pattern += "/**";
  EXPECT_THAT(Found({pattern + "/none"}), IsEmpty());
  ASSERT_EQ(skipped_.size(), 1U);
  EXPECT_THAT(skipped_[0],
              ::testing::EndsWith(": holds more entries than are looked at"));
  EXPECT_EQ(skipped_[0].front(), '!');
}

TEST_F(FindFilesTest, DisplaysOfACopy) {
  Write(".a/b.json");
  Write("etc/c.json");
  machine_.own = false;
  machine_.home_display = machine_.top_display = "copy";
  machine_.top = home_;
  EXPECT_THAT(Found({"~/.a/b.json", "/etc/*.json"}),
              ElementsAre("copy/.a/b.json", "copy/etc/c.json"));
  Write("code/.env");
  EXPECT_THAT(FoundIn(home_ + "/code", {".env"}),
              ElementsAre("copy/code/.env"));
}

TEST_F(FindFilesTest, AFolderThatMayNotBeReadIsSaidOnce) {
  if (geteuid() == 0) GTEST_SKIP() << "nothing is forbidden to root";
  Write("x/a.json");
  ASSERT_EQ(chmod((home_ + "/x").c_str(), 0300), 0);
  const Client client = WithFiles({"~/x/*.json", "~/x/*.toml", "~/x/**/b"});
  FileFinder finder(machine_);
  finder.FindUserFiles(client);
  finder.FindUserFiles(client);
  EXPECT_THAT(Take(&finder), IsEmpty());
  EXPECT_THAT(Shown(finder.TakeSkipped()),
              ElementsAre("!x: Permission denied"));
  ASSERT_EQ(chmod((home_ + "/x").c_str(), 0000), 0);
  EXPECT_THAT(Found({"~/x/a.json"}), IsEmpty());
  EXPECT_THAT(skipped_, ElementsAre("!x/a.json: Permission denied"));
  ASSERT_EQ(chmod((home_ + "/x").c_str(), 0700), 0);
}

}  // namespace
}  // namespace keytidy::audit
