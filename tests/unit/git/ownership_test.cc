// SPDX-License-Identifier: Apache-2.0
#include "git/ownership.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <string>
#include <vector>

#include "git/repository.h"
#include "unit/git/git_scene.h"

namespace keytidy::git {
namespace {

using Ownership = GitScene;

TEST_F(Ownership, ValuesOfSafeDirectory) {
  const std::string path = dir_.Directory("a/b");
  dir_.Symlink("link", dir_ / "a");
  using Values = std::vector<std::string>;
  const auto safe = [&](const Values& values) {
    return IsSafeDirectory(path, values);
  };
  EXPECT_FALSE(safe({}));
  EXPECT_TRUE(safe({"*"}));
  EXPECT_FALSE(safe({"*", ""}));
  EXPECT_TRUE(safe({"*", "", path}));
  EXPECT_TRUE(safe({path + "/"}));
  EXPECT_TRUE(safe({dir_ / "link/b"}));
  EXPECT_TRUE(safe({"~/a/b"}));
  EXPECT_TRUE(safe({dir_ / "a/*"}));
  EXPECT_TRUE(safe({"/*"}));
  EXPECT_FALSE(safe({dir_ / "a"}));
  EXPECT_FALSE(safe({dir_ / "a/b/*"}));
  EXPECT_FALSE(safe({dir_ / "a/b*"}));
  EXPECT_FALSE(safe({"a/b", "b", "~nobody-of-that-name/a"}));
  EXPECT_FALSE(safe({dir_ / "missing"}));
}

class OwnershipAsRoot : public GitScene {
 protected:
  void SetUp() override {
    if (geteuid() != 0) GTEST_SKIP() << "gives files to another user";
    Repo("r");
    Run("git worktree add -q ../w && git clone -q --bare . ../b.git", "r");
  }
  static constexpr char kOther[] = "12345";

  ErrorCode CodeOf(const std::string& name) const {
    const auto found = Discover(dir_ / name, Environment());
    return found ? ErrorCode::kInternal : found.error().code;
  }
  void Expect(const std::string& name, bool open) const {
    EXPECT_EQ(CodeOf(name),
              open ? ErrorCode::kInternal : ErrorCode::kPermission)
        << name;
    EXPECT_EQ(Try("git rev-parse --git-dir", name).code == 0, open) << name;
  }
  const ScopedVariable sudo_{"SUDO_UID", nullptr};
};

TEST_F(OwnershipAsRoot, EachPartCounts) {
  for (const char* part : {"r", "r/.git"}) {
    Expect("r", true);
    Run(std::string("chown ") + kOther + " " + part);
    Expect("r", false);
    Run(std::string("chown 0 ") + part);
  }
  for (const char* part : {"w", "w/.git", "r/.git/worktrees/w"}) {
    Expect("w", true);
    Run(std::string("chown ") + kOther + " " + part);
    Expect("w", false);
    Run(std::string("chown 0 ") + part);
  }
  Run(std::string("chown ") + kOther + " b.git");
  Expect("b.git", false);
  Expect("b.git/refs", false);
}

TEST_F(OwnershipAsRoot, TheMessageSaysHowToAllowIt) {
  Run(std::string("chown -R ") + kOther + " r");
  const auto found = Discover(dir_ / "r", Environment());
  ASSERT_FALSE(found);
  EXPECT_EQ(found.error().message,
            dir_ / "r" +
                ": the repository belongs to another user; to trust it: "
                "git config --global --add safe.directory " +
                (dir_ / "r"));
}

TEST_F(OwnershipAsRoot, AllowedByTheUser) {
  Run(std::string("chown -R ") + kOther + " r b.git");
  Run("git config --global --add safe.directory " + (dir_ / "r"));
  Expect("r", true);
  Expect("b.git", false);
  Run("git config --global --add safe.directory '*'");
  Expect("b.git", true);
  Run("git config --global --add safe.directory ''");
  Expect("r", false);
  Run("git config --file more safe.directory '*'");
  Run("git config --global include.path more");
  Expect("r", true);
}

TEST_F(OwnershipAsRoot, AllowedByTheSystemOrTheCommand) {
  Run(std::string("chown -R ") + kOther + " r");
  {
    dir_.Write("system", "[safe]\n\tdirectory = *\n");
    const ScopedVariable none("GIT_CONFIG_NOSYSTEM", nullptr);
    const ScopedVariable system("GIT_CONFIG_SYSTEM", (dir_ / "system").c_str());
    Expect("r", true);
    const ScopedVariable global("GIT_CONFIG_GLOBAL", "/dev/null");
    Expect("r", true);
  }
  {
    const ScopedVariable xdg("XDG_CONFIG_HOME", (dir_ / "xdg").c_str());
    Expect("r", false);
    dir_.Write("xdg/git/config", "[safe]\n\tdirectory = *\n");
    Expect("r", true);
  }
  const ScopedVariable command("GIT_CONFIG_PARAMETERS", "'safe.directory'='*'");
  Expect("r", true);
}

TEST_F(OwnershipAsRoot, TheRepositoryDoesNotAllowItself) {
  Run("git config safe.directory '*'", "r");
  Run(std::string("chown -R ") + kOther + " r");
  Expect("r", false);
}

TEST_F(OwnershipAsRoot, TheUserThatCalledSudo) {
  Run(std::string("chown -R ") + kOther + " r");
  for (const auto& [id, open] : std::vector<std::pair<const char*, bool>>{
           {kOther, true}, {"1", false}, {"12345x", false}, {"", false}}) {
    const ScopedVariable sudo("SUDO_UID", id);
    Expect("r", open);
  }
  const ScopedVariable sudo("SUDO_UID", "1");
  Expect("b.git", true);
}

TEST_F(OwnershipAsRoot, GitDirOfTheEnvironmentIsTrusted) {
  Run(std::string("chown -R ") + kOther + " r");
  Environment environment;
  environment.git_dir = dir_ / "r/.git";
  EXPECT_TRUE(Discover(".", environment));
}

TEST_F(OwnershipAsRoot, ASubmoduleOfAnotherUser) {
  Run("git -c protocol.file.allow=always submodule -q add ../b.git sub", "r");
  Run(std::string("chown ") + kOther + " .git/modules/sub", "r");
  const auto found = Discover(dir_ / "r", Environment());
  ASSERT_TRUE(found);
  const auto submodules = Submodules(*found);
  ASSERT_EQ(submodules.size(), 1u);
  ASSERT_FALSE(submodules[0].repository);
  EXPECT_EQ(submodules[0].repository.error().code, ErrorCode::kPermission);
}

}  // namespace
}  // namespace keytidy::git
