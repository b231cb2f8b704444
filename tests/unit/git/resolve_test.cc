// SPDX-License-Identifier: Apache-2.0
//
// Resolve against `git rev-parse`, with an object graph that asks git.
#include <gtest/gtest.h>

#include <cctype>
#include <string>
#include <vector>

#include "git/refs.h"
#include "unit/git/git_scene.h"

namespace keytidy::git {
namespace {

class ResolveTest : public GitScene {
 protected:
  class AskingGit : public ObjectGraph {
   public:
    AskingGit(const ResolveTest& scene, std::string where)
        : scene_(scene), where_(std::move(where)) {}

    Result<pack::ObjectId> Peel(const pack::ObjectId& id) override {
      const Ran ran =
          scene_.Try("git rev-parse --verify " + id.Hex() + "^0", where_);
      if (ran.code != 0) return Fail(ErrorCode::kNotFound, "no commit");
      return *pack::ObjectId::FromHex(ran.out);
    }
    Result<std::vector<pack::ObjectId>> ParentsOf(
        const pack::ObjectId& commit) override {
      const Ran ran = scene_.Try(
          "git rev-list --parents -1 " + commit.Hex() + " | tr ' ' '\\n'",
          where_);
      std::vector<pack::ObjectId> out;
      for (const std::string& line : LinesOf(ran.out)) {
        out.push_back(*pack::ObjectId::FromHex(line));
      }
      out.erase(out.begin());
      return out;
    }
    std::vector<pack::ObjectId> WithPrefix(std::string_view hex) override {
      std::vector<pack::ObjectId> out;
      for (const std::string& line : LinesOf(scene_.Run(
               "git cat-file --batch-all-objects --batch-check='%(objectname)'",
               where_))) {
        if (line.starts_with(hex) && out.size() < 2) {
          out.push_back(*pack::ObjectId::FromHex(line));
        }
      }
      return out;
    }

   private:
    const ResolveTest& scene_;
    std::string where_;
  };

  Result<pack::ObjectId> Ours(const std::string& where,
                              const std::string& expression) const {
    const auto found = Discover(dir_ / where, Environment());
    if (!found) return Fail(found.error());
    AskingGit graph(*this, where);
    return Resolve(*found, ReadRefs(*found), expression, graph);
  }

  void ExpectAsGit(const std::string& where,
                   const std::string& expression) const {
    dir_.Write("expression", expression);
    const Ran git =
        Try("git rev-parse --verify \"$(cat " + (dir_ / "expression") + ")\"",
            where);
    const auto ours = Ours(where, expression);
    EXPECT_EQ(ours ? ours->Hex() : "none", git.code == 0 ? git.out : "none")
        << where << ": " << expression;
  }

  ErrorCode CodeOf(const std::string& expression) const {
    const auto ours = Ours("r", expression);
    return ours ? ErrorCode::kInternal : ours.error().code;
  }
};

TEST_F(ResolveTest, ATableOfExpressions) {
  Repo("r", "", "abc");
  Run("git checkout -q -b side HEAD~1", "r");
  Commit("r", "d");
  Run("git checkout -q main && git merge -q -X ours -m merged side && "
      "git tag light HEAD~1 && git tag -a -m x v1.0 HEAD~2 && "
      "git tag -a -m y tagged v1.0 && git branch v1.0 side && "
      "git update-ref refs/remotes/origin/main HEAD^2 && "
      "git symbolic-ref refs/remotes/origin/HEAD refs/remotes/origin/main && "
      "git branch a/b HEAD^ && git branch abcd HEAD && "
      "git worktree add -q ../w side && git reset -q --hard HEAD~1 && "
      "git reset -q --hard ORIG_HEAD && echo x > file && git stash -q && "
      "echo y > file && git stash -q && git branch nolog && "
      "rm .git/logs/refs/heads/nolog",
      "r");
  for (const char* expression : {
           "HEAD",
           "@",
           "main",
           "heads/main",
           "refs/heads/main",
           "side",
           "light",
           "v1.0",
           "tags/v1.0",
           "heads/v1.0",
           "tagged",
           "origin",
           "origin/main",
           "remotes/origin/main",
           "origin/HEAD",
           "a/b",
           "abcd",
           "stash",
           "refs/stash",
           "ORIG_HEAD",
           // Parents, ancestors, peeling.
           "HEAD^",
           "HEAD^1",
           "HEAD^2",
           "HEAD^3",
           "HEAD^0",
           "HEAD~",
           "HEAD~0",
           "HEAD~1",
           "HEAD~3",
           "HEAD~4",
           "HEAD~100000",
           "HEAD^^",
           "HEAD^2~1^",
           "HEAD~1^2",
           "@~2",
           "@^2^0",
           "HEAD^^2",
           "v1.0^",
           "v1.0^{}",
           "v1.0^{commit}",
           "v1.0~0",
           "tagged^{}",
           "tagged^{commit}~1",
           "tagged^0",
           "HEAD^{}^{}",
           "HEAD^{commit}^2",
           "stash^2",
           "stash^^",
           "HEAD~99999999999",
           "HEAD^99999999999",
           // Reflogs.
           "HEAD@{0}",
           "HEAD@{1}",
           "HEAD@{2}",
           "HEAD@{2}~1",
           "main@{0}",
           "main@{1}",
           "main@{2}",
           "main@{3}",
           "main@{4}",
           "main@{5}",
           "main@{6}",
           "main@{99}",
           "refs/heads/main@{1}",
           "@{0}",
           "@{1}",
           "@{3}",
           "@@{1}",
           "stash@{0}",
           "stash@{1}",
           "stash@{1}^2",
           "stash@{2}",
           "nolog@{1}",
           "light@{1}",
           "missing@{0}",
           "heads/side@{1}",
           "HEAD~1@{1}",
           // None of ours.
           "",
           "missing",
           "heads",
           "refs",
           "refs/heads",
           "HEAD^{",
           "HEAD@{",
           "HEAD@",
           "@@",
           "^",
           "~",
           "~1",
           "^1",
           "a..b",
           "..",
           "../HEAD",
           "refs/../HEAD",
           "HEAD^x",
           "HEAD~x",
           "HEAD~-1",
           "zzzz",
           "abc",
           "/HEAD",
           "HEAD/",
           "config",
           "-main",
           "main.lock",
           "main ",
           " main",
           "worktrees/w/HEAD",
           "worktrees/w/HEAD~1",
           "main-worktree/HEAD",
           "worktrees/missing/HEAD",
           "worktrees/w/HEAD@{0}",
           "main-worktree/HEAD@{1}",
       }) {
    ExpectAsGit("r", expression);
  }
  for (const char* expression :
       {"HEAD", "HEAD@{0}", "@{0}", "main@{1}", "main-worktree/HEAD",
        "main-worktree/HEAD@{1}", "worktrees/w/HEAD", "side", "side@{0}",
        "worktrees/w/HEAD@{0}"}) {
    ExpectAsGit("w", expression);
  }
}

TEST_F(ResolveTest, IdsAndAbbreviations) {
  for (const char* options : {"", "--object-format=sha256"}) {
    const std::string name = *options == '\0' ? "r" : "r256";
    Repo(name, options, "ab");
    const std::string id = Run("git rev-parse HEAD", name);
    std::string upper = id;
    for (char& c : upper) c = static_cast<char>(std::toupper(c));
    for (const std::string& expression :
         {id, upper, id + "^", id.substr(0, 12), upper.substr(0, 12),
          id.substr(0, 12) + "~1", id.substr(0, 12) + "^{}",
          id.substr(0, id.size() - 1), id + "0",
          id.substr(0, 11) + (id[11] == '0' ? "1" : "0"),
          std::string(id.size(), 'a')}) {
      ExpectAsGit(name, expression);
    }
    EXPECT_FALSE(Ours(name, id.substr(0, 3)));
  }
}

TEST_F(ResolveTest, AReferenceGoesBeforeAnAbbreviation) {
  Repo("r", "", "ab");
  const std::string first = Run("git rev-parse HEAD~1", "r").substr(0, 10);
  Run("git branch " + first, "r");
  ExpectAsGit("r", first);
}

TEST_F(ResolveTest, Ambiguous) {
  Repo("r", "", "a");
  // Among so many objects some two begin with the same four digits.
  Run("for i in $(seq 1500); do echo $i > n$i; done && "
      "ls n* | git hash-object -w --stdin-paths > /dev/null",
      "r");
  std::vector<std::string> all;
  for (const std::string& line : LinesOf(
           Run("git cat-file --batch-all-objects --batch-check='%(objectname)'",
               "r"))) {
    all.push_back(line.substr(0, 4));
  }
  std::string twice;
  for (std::size_t i = 1; i < all.size(); ++i) {
    if (all[i] == all[i - 1]) twice = all[i];
  }
  ASSERT_NE(twice, "");
  EXPECT_EQ(CodeOf(twice), ErrorCode::kInvalid);
}

TEST_F(ResolveTest, KindsOfErrors) {
  Repo("r", "", "a");
  for (const char* name :
       {"missing", "HEAD^", "HEAD~7", "HEAD@{9}", "abcdef"}) {
    EXPECT_EQ(CodeOf(name), ErrorCode::kNotFound) << name;
  }
  for (const char* name :
       {"", "a..b", "HEAD^{tree}", "HEAD:file", ":/text", "HEAD@{now}", "@{-1}",
        "HEAD@{100000000}", "HEAD@{upstream}", "^HEAD", "a b", "FETCH_HEAD:2",
        "HEAD~99999999999"}) {
    EXPECT_EQ(CodeOf(name), ErrorCode::kInvalid) << name;
  }
  const auto ours = Ours("r", "missing~2");
  EXPECT_EQ(ours.error().message, "\"missing~2\": no such commit");
}

}  // namespace
}  // namespace keytidy::git
