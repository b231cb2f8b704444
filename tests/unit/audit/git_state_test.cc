// SPDX-License-Identifier: Apache-2.0
#include "audit/git_state.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <ostream>
#include <string>

#include "unit/git/git_scene.h"

namespace keytidy::audit {

void PrintTo(GitState state, std::ostream* out) {
  constexpr const char* kNames[] = {"outside", "tracked", "ignored",
                                    "untracked"};
  *out << kNames[static_cast<int>(state)];
}

namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;

class GitStateTest : public git::GitScene {
 protected:
  // Of the user's own home, which is the scene's folder.
  Machine Own() const {
    Machine out;
    out.home = out.home_display = out.real_home = dir_.path();
    return out;
  }

  Machine Copy(const std::string& folder) const {
    auto out = CopyOf(dir_ / folder, Platform::kLinux);
    EXPECT_TRUE(out);
    return out ? *std::move(out) : Machine();
  }

  GitState Of(const std::string& path) const { return Of(Own(), path); }
  GitState Of(const Machine& machine, const std::string& path) const {
    GitStates states(machine);
    const GitState out = states.Of(dir_ / path);
    EXPECT_THAT(states.TakeSkipped(), IsEmpty());
    return out;
  }

  void Init(const std::string& name) const { Run("git init -q " + name); }
};

TEST_F(GitStateTest, NoRepository) {
  dir_.Write("x/.env", "");
  EXPECT_EQ(Of("x/.env"), GitState::kOutside);
  EXPECT_EQ(Of("x/none"), GitState::kOutside);
}

TEST_F(GitStateTest, Tracked) {
  Init("r");
  dir_.Write("r/a", "");
  dir_.Write("r/b/c", "");
  dir_.Write("r/b.d", "");
  dir_.Write("r/e", "");
  Run("git add a b b.d", "r");
  for (const char* path : {"r/a", "r/b/c", "r/b.d"}) {
    EXPECT_EQ(Of(path), GitState::kTracked) << path;
  }
  EXPECT_EQ(Of("r/e"), GitState::kUntracked);
  EXPECT_EQ(Of("r/b/none"), GitState::kUntracked);
  Run("git commit -qm x && git rm -q --cached a", "r");
  EXPECT_EQ(Of("r/a"), GitState::kUntracked);
  Run("git add -N e", "r");
  EXPECT_EQ(Of("r/e"), GitState::kTracked);
}

TEST_F(GitStateTest, TrackedThoughIgnored) {
  Init("r");
  dir_.Write("r/.env", "");
  dir_.Write("r/.gitignore", ".env\n");
  Run("git add -f .env", "r");
  EXPECT_EQ(Of("r/.env"), GitState::kTracked);
}

TEST_F(GitStateTest, IgnoredByGitignore) {
  Init("r");
  dir_.Write("r/.gitignore", "# a comment\n.env\n/top\nbuild/\n*.key\n");
  for (const char* path : {"r/.env", "r/a/.env", "r/top", "r/build/x",
                           "r/a/build/b/x", "r/a/one.key"}) {
    dir_.Write(path, "");
    EXPECT_EQ(Of(path), GitState::kIgnored) << path;
  }
  for (const char* path : {"r/.env.local", "r/a/top", "r/a/x", "r/builds/x"}) {
    dir_.Write(path, "");
    EXPECT_EQ(Of(path), GitState::kUntracked) << path;
  }
}

TEST_F(GitStateTest, GitignoreOfFoldersBelow) {
  Init("r");
  dir_.Write("r/a/.gitignore", "/x\n");
  dir_.Write("r/a/x", "");
  dir_.Write("r/a/b/x", "");
  dir_.Write("r/x", "");
  EXPECT_EQ(Of("r/a/x"), GitState::kIgnored);
  EXPECT_EQ(Of("r/a/b/x"), GitState::kUntracked);
  EXPECT_EQ(Of("r/x"), GitState::kUntracked);
}

TEST_F(GitStateTest, NegatedPatterns) {
  Init("r");
  dir_.Write("r/.gitignore", ".env*\n!.env.example\nout/\n!out/x\n");
  dir_.Write("r/a/.gitignore", "!.env\n");
  for (const char* path : {"r/.env", "r/.env.example", "r/a/.env", "r/out/x"}) {
    dir_.Write(path, "");
  }
  EXPECT_EQ(Of("r/.env"), GitState::kIgnored);
  EXPECT_EQ(Of("r/.env.example"), GitState::kUntracked);
  EXPECT_EQ(Of("r/a/.env"), GitState::kUntracked);
  // Nothing in an ignored folder can be taken back.
  EXPECT_EQ(Of("r/out/x"), GitState::kIgnored);
}

TEST_F(GitStateTest, InfoExclude) {
  Init("r");
  dir_.Write("r/.git/info/exclude", "a\nb\n");
  dir_.Write("r/.gitignore", "!b\n");
  dir_.Write("r/a", "");
  dir_.Write("r/b", "");
  EXPECT_EQ(Of("r/a"), GitState::kIgnored);
  EXPECT_EQ(Of("r/b"), GitState::kUntracked);
}

TEST_F(GitStateTest, FilesThatTheUserAlwaysIgnores) {
  Init("r");
  dir_.Write("r/a", "");
  dir_.Write("r/b", "");
  dir_.Write(".config/git/ignore", "a\n");
  EXPECT_EQ(Of("r/a"), GitState::kIgnored);
  dir_.Write("own", "b\n");
  Run("git config --global core.excludesFile '~/own'");
  EXPECT_EQ(Of("r/a"), GitState::kUntracked);
  EXPECT_EQ(Of("r/b"), GitState::kIgnored);
  dir_.Write("r/.git/info/exclude", "!b\n");
  EXPECT_EQ(Of("r/b"), GitState::kUntracked);
}

TEST_F(GitStateTest, TheFolderOfSettingsElsewhere) {
  Init("r");
  dir_.Write("r/a", "");
  dir_.Write("r/b", "");
  dir_.Write(".config/git/ignore", "b\n");
  dir_.Write("settings/git/ignore", "a\n");
  const git::ScopedVariable xdg("XDG_CONFIG_HOME", (dir_ / "settings").c_str());
  Machine machine = Own();
  machine.variables["XDG_CONFIG_HOME"] = dir_ / "settings";
  ASSERT_EQ(Run("git check-ignore a b || true", "r"), "a");
  EXPECT_EQ(Of(machine, "r/a"), GitState::kIgnored);
  EXPECT_EQ(Of(machine, "r/b"), GitState::kUntracked);
}

TEST_F(GitStateTest, NestedRepositories) {
  Init("r");
  Init("r/inner");
  dir_.Write("r/.gitignore", "x\n");
  dir_.Write("r/inner/x", "");
  dir_.Write("r/inner/y", "");
  Run("git add y", "r/inner");
  EXPECT_EQ(Of("r/inner/x"), GitState::kUntracked);
  EXPECT_EQ(Of("r/inner/y"), GitState::kTracked);
  dir_.Write("r/inner/.gitignore", "y2\n");
  dir_.Write("r/inner/y2", "");
  EXPECT_EQ(Of("r/inner/y2"), GitState::kIgnored);
}

TEST_F(GitStateTest, Submodules) {
  Repo("library");
  Repo("r");
  Run("git submodule -q add '" + (dir_ / "library") + "' sub", "r");
  dir_.Write("r/sub/x", "");
  EXPECT_EQ(Of("r/sub/file"), GitState::kTracked);
  EXPECT_EQ(Of("r/sub/x"), GitState::kUntracked);
  dir_.Write("r/.gitignore", "x\n");
  EXPECT_EQ(Of("r/sub/x"), GitState::kUntracked);
  dir_.Write("r/.git/modules/sub/info/exclude", "x\n");
  EXPECT_EQ(Of("r/sub/x"), GitState::kIgnored);
}

TEST_F(GitStateTest, FurtherWorkTrees) {
  Repo("r");
  Run("git worktree add -q ../w -b other", "r");
  dir_.Write("w/x", "");
  dir_.Write("w/y", "");
  Run("git add x", "w");
  dir_.Write("r/x", "");
  EXPECT_EQ(Of("w/file"), GitState::kTracked);
  EXPECT_EQ(Of("w/x"), GitState::kTracked);
  EXPECT_EQ(Of("r/x"), GitState::kUntracked);
  EXPECT_EQ(Of("w/y"), GitState::kUntracked);
  // That of the first work tree counts for all.
  dir_.Write("r/.git/info/exclude", "y\n");
  EXPECT_EQ(Of("w/y"), GitState::kIgnored);
}

TEST_F(GitStateTest, NoWorkTree) {
  Run("git init -q --bare b");
  dir_.Write("b/x", "");
  EXPECT_EQ(Of("b/x"), GitState::kOutside);
  Init("r");
  EXPECT_EQ(Of("r/.git/config"), GitState::kOutside);
  EXPECT_EQ(Of("r/.git/hooks/x"), GitState::kOutside);
}

TEST_F(GitStateTest, Links) {
  Init("r");
  dir_.Write("r/a", "");
  dir_.Write("ignore", "b\n");
  Run("git add a", "r");
  dir_.Directory("x");
  dir_.Symlink("x/a", dir_ / "r/a");
  EXPECT_EQ(Of("x/a"), GitState::kTracked);
  dir_.Symlink("folder", "r");
  EXPECT_EQ(Of("folder/a"), GitState::kTracked);
  // git reads no ignore file through a link.
  dir_.Symlink("r/.gitignore", dir_ / "ignore");
  dir_.Write("r/b", "");
  EXPECT_EQ(Of("r/b"), GitState::kUntracked);
}

// The folder that the copy lies in says nothing of it.
TEST_F(GitStateTest, NotBeyondACopy) {
  Init(".");
  dir_.Write("copy/a", "");
  Init("copy/r");
  dir_.Write("copy/r/b", "");
  dir_.Write("copy2/c", "");
  Run("git add -f copy/a && git -C copy/r add b");
  EXPECT_EQ(Of(Own(), "copy/a"), GitState::kTracked);
  EXPECT_EQ(Of(Copy("copy"), "copy/a"), GitState::kOutside);
  EXPECT_EQ(Of(Copy("copy"), "copy/r/b"), GitState::kTracked);
  EXPECT_EQ(Of(Copy("copy"), "copy2/c"), GitState::kOutside);
}

TEST_F(GitStateTest, AHomeFolderThatIsARepository) {
  Init("copy");
  dir_.Write("copy/a", "");
  dir_.Write("copy/.netrc", "");
  Run("git add a", "copy");
  EXPECT_EQ(Of(Copy("copy"), "copy/a"), GitState::kTracked);
  EXPECT_EQ(Of(Copy("copy"), "copy/.netrc"), GitState::kUntracked);
}

TEST_F(GitStateTest, WhatTheUserIgnoresIsNotOfACopy) {
  Init("copy/r");
  dir_.Write("copy/r/a", "");
  dir_.Write("copy/r/b", "");
  dir_.Write("copy/.config/git/ignore", "b\n");
  dir_.Write("own", "a\n");
  Run("git config --global core.excludesFile '~/own'");
  EXPECT_EQ(Of(Copy("copy"), "copy/r/a"), GitState::kUntracked);
  EXPECT_EQ(Of(Copy("copy"), "copy/r/b"), GitState::kIgnored);
}

TEST_F(GitStateTest, ABrokenIndexIsSaid) {
  Init("r");
  dir_.Write("r/a", "");
  dir_.Write("r/.git/index", "no index at all");
  GitStates states(Own());
  EXPECT_EQ(states.Of(dir_ / "r/a"), GitState::kOutside);
  EXPECT_EQ(states.Of(dir_ / "r/b"), GitState::kOutside);
  const auto skipped = states.TakeSkipped();
  ASSERT_EQ(skipped.size(), 1U);
  EXPECT_THAT(skipped[0].reason, HasSubstr("is not known: "));
  EXPECT_FALSE(skipped[0].incomplete);
}

}  // namespace
}  // namespace keytidy::audit
