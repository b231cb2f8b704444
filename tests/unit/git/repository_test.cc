// SPDX-License-Identifier: Apache-2.0
//
// Repositories made by git; places compared with what `git rev-parse` says.
#include "git/repository.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include "git/environment.h"
#include "unit/git/git_scene.h"

namespace keytidy::git {
namespace {

class Discovery : public GitScene {
 protected:
  static std::string Real(const std::string& path) {
    return path.empty() ? "" : std::filesystem::weakly_canonical(path).string();
  }

  static std::string PlacesOf(const Result<Repository>& found) {
    if (!found) return "error: " + found.error().message;
    return Real(found->git_dir) + "\n" + Real(found->common_dir) + "\n" +
           Real(found->work_tree);
  }

  // The same by git, run in a folder of the scene.
  std::string ByGit(const std::string& where,
                    const std::string& variables = "") const {
    const std::string git =
        variables + " git rev-parse --path-format=absolute ";
    const Ran top = Try(git + "--show-toplevel", where);
    return Real(Run(git + "--absolute-git-dir", where)) + "\n" +
           Real(Run(git + "--git-common-dir", where)) + "\n" +
           Real(top.code == 0 ? top.out : "");
  }

  Repository Opened(const std::string& name) const {
    auto found = Discover(dir_ / name, Environment());
    EXPECT_TRUE(found) << found.error().message;
    return found ? *found : Repository();
  }

  static ErrorCode CodeOf(const std::string& path) {
    const auto found = Discover(path, Environment());
    EXPECT_FALSE(found);
    return found ? ErrorCode::kInternal : found.error().code;
  }

  // Stands in a folder of the scene until the end of the scope.
  class Inside {
   public:
    explicit Inside(const std::string& folder)
        : back_(std::filesystem::current_path()) {
      std::filesystem::current_path(folder);
    }
    ~Inside() { std::filesystem::current_path(back_); }

   private:
    std::filesystem::path back_;
  };
};

bool HasLibgit2() {
  std::ifstream maps("/proc/self/maps");
  for (std::string line; std::getline(maps, line);) {
    if (line.find("libgit2") != std::string::npos) return true;
  }
  return false;
}

// ctest runs each test in a process of its own.
TEST_F(Discovery, AnOwnRepositoryNeedsNoLibgit2) {
  if (HasLibgit2()) GTEST_SKIP() << "another test has loaded it";
  Repo("r");
  EXPECT_EQ(Opened("r").git_dir, dir_ / "r/.git");
  EXPECT_FALSE(HasLibgit2());
  EXPECT_TRUE(ConfigPath(Opened("r"), "core.hooksPath"));
  EXPECT_TRUE(HasLibgit2());
}

TEST_F(Discovery, APlainOne) {
  const std::string top = Repo("r");
  const Repository r = Opened("r");
  EXPECT_EQ(PlacesOf(r), ByGit("r"));
  EXPECT_EQ(r.git_dir, top + "/.git");
  EXPECT_EQ(r.common_dir, top + "/.git");
  EXPECT_EQ(r.work_tree, top);
  EXPECT_EQ(r.object_dir, top + "/.git/objects");
  EXPECT_EQ(r.index_path, top + "/.git/index");
  EXPECT_EQ(r.alternates, std::vector<std::string>());
  EXPECT_EQ(r.hash, pack::HashKind::kSha1);
  EXPECT_FALSE(r.partial_clone);
  EXPECT_FALSE(r.reftable);
}

TEST_F(Discovery, FromBelowFromAFileAndFromItsGitFolder) {
  Repo("r");
  dir_.Write("r/a/b/c", "");
  const std::string expected = ByGit("r");
  for (const char* name : {"r/a/b", "r/a/b/c", "r/a/b/", "r/.git", "r/.git/",
                           "r/.git/hooks", "r/.git/config", "r/a/../"}) {
    EXPECT_EQ(PlacesOf(Discover(dir_ / name, {})), expected) << name;
  }
  const Inside inside(dir_ / "r/a");
  EXPECT_EQ(PlacesOf(Discover(".", {})), expected);
  EXPECT_EQ(PlacesOf(Discover("../.git", {})), expected);
  EXPECT_EQ(PlacesOf(Discover("b/c", {})), expected);
}

TEST_F(Discovery, ABareOne) {
  Repo("r.git", "--bare", "");
  EXPECT_EQ(PlacesOf(Opened("r.git")), ByGit("r.git"));
  EXPECT_EQ(Opened("r.git").work_tree, "");
  EXPECT_EQ(PlacesOf(Opened("r.git/refs/heads")), ByGit("r.git/refs/heads"));
}

TEST_F(Discovery, ASeparateGitDir) {
  Repo("r", "--separate-git-dir=" + (dir_ / "elsewhere"));
  EXPECT_EQ(PlacesOf(Opened("r")), ByGit("r"));
  EXPECT_EQ(PlacesOf(Opened("r/.git")), ByGit("r"));
  EXPECT_EQ(Opened("elsewhere").work_tree, "");
}

TEST_F(Discovery, LinkedWorktrees) {
  Repo("r");
  Run("git worktree add -q ../w && git clone -q --bare . ../b.git", "r");
  Run("git worktree add -q ../bw main", "b.git");
  for (const char* name : {"w", "bw", "w/.git"}) {
    const std::string top = name[0] == 'w' ? "w" : name;
    EXPECT_EQ(PlacesOf(Opened(name)), ByGit(top)) << name;
  }
  EXPECT_EQ(Opened("w").index_path, dir_ / "r/.git/worktrees/w/index");
  EXPECT_EQ(Opened("w").object_dir, dir_ / "r/.git/objects");
  Run("git config extensions.worktreeConfig true && "
      "git config core.bare false && "
      "git config --worktree core.worktree " +
          (dir_ / "r"),
      "w");
  EXPECT_EQ(PlacesOf(Opened("w")), ByGit("w"));
}

TEST_F(Discovery, Sha256) {
  Repo("r", "--object-format=sha256");
  EXPECT_EQ(Opened("r").hash, pack::HashKind::kSha256);
}

TEST_F(Discovery, PartialAndShallowClones) {
  Repo("r", "", "ab");
  Run("git config uploadpack.allowFilter true", "r");
  const std::string from = " file://" + (dir_ / "r") + " ";
  Run("git clone -q --filter=blob:none" + from + "p");
  Run("git clone -q --depth 1" + from + "s");
  EXPECT_TRUE(Opened("p").partial_clone);
  EXPECT_FALSE(Opened("s").partial_clone);
  Run("git config remote.origin.promisor false", "p");
  EXPECT_FALSE(Opened("p").partial_clone);
  Run("git config extensions.partialClone origin", "p");
  EXPECT_TRUE(Opened("p").partial_clone);
}

TEST_F(Discovery, CoreWorktree) {
  Repo("r");
  dir_.Directory("tree/below");
  for (const std::string& value :
       {std::string("../../tree"), dir_ / "tree", std::string("..")}) {
    Run("git config core.worktree " + value, "r");
    EXPECT_EQ(PlacesOf(Opened("r")), ByGit("r")) << value;
  }
  Run("git config core.bare true", "r");
  EXPECT_EQ(Opened("r").work_tree, "");
}

TEST_F(Discovery, Ceilings) {
  Repo("r");
  dir_.Directory("r/a/b/c");
  dir_.Symlink("link", dir_ / "r");
  for (const std::string& ceilings :
       {dir_ / "r", dir_ / "r/a", dir_ / "r/a/b", dir_ / "r/a/b/c", dir_.path(),
        std::string("/"), std::string("r"), dir_ / "link/a",
        ":" + (dir_ / "link/a"), ":" + (dir_ / "r/a/"),
        "/nowhere:" + (dir_ / "r/a")}) {
    Environment environment;
    environment.ceilings = ceilings;
    for (const char* name : {"r", "r/a", "r/a/b/c"}) {
      const bool git = Try("GIT_CEILING_DIRECTORIES='" + ceilings +
                               "' git rev-parse --git-dir",
                           name)
                           .code == 0;
      const auto found = Discover(dir_ / name, environment);
      EXPECT_EQ(found.has_value(), git) << ceilings << " " << name;
      if (!found) {
        EXPECT_EQ(found.error().code, ErrorCode::kNotFound);
      }
    }
  }
}

TEST_F(Discovery, NotBeyondTheFileSystem) {
  EXPECT_EQ(CodeOf("/proc/self"), ErrorCode::kNotFound);
}

TEST_F(Discovery, ByEnvironment) {
  Repo("r", "", "a");
  Repo("b.git", "--bare", "");
  Repo("w", "", "a");
  Run("git config core.worktree ../../tree", "w");
  dir_.Directory("tree");
  dir_.Directory("r/sub");
  Run("git worktree add -q ../linked", "r");
  Run("git config core.worktree ../x && git config core.bare true", "b.git");
  struct Case {
    std::string where, git_dir, work_tree, common_dir;
  };
  for (const Case& c : std::vector<Case>{
           {"r", ".git", "", ""},
           {"r/sub", "../.git", "", ""},
           {"r/sub", "../.git/", "..", ""},
           {"tree", dir_ / "r/.git", "", ""},
           {"r", "../b.git", "", ""},
           {"r", "../b.git", dir_ / "tree", ""},
           {"tree", "../w/.git", "", ""},
           {"r", "../w/.git", ".", ""},
           {"linked", ".git", "", ""},
           {"r", "../linked/.git", "", ""},
           {"r", ".git/worktrees/linked", "", ""},
           {"linked", "../r/.git/worktrees/linked", "", dir_ / "r/.git"},
           {"r/sub", "", "..", ""},
           {"r/sub", "", dir_ / "r", ""},
       }) {
    std::string variables = "env";
    Environment environment;
    const auto set = [&](const std::string& name, const std::string& value,
                         std::optional<std::string>* to) {
      if (value.empty()) return;
      variables += " " + name + "='" + value + "'";
      *to = value;
    };
    set("GIT_DIR", c.git_dir, &environment.git_dir);
    set("GIT_WORK_TREE", c.work_tree, &environment.work_tree);
    set("GIT_COMMON_DIR", c.common_dir, &environment.common_dir);
    const Inside inside(dir_ / c.where);
    EXPECT_EQ(PlacesOf(Discover(".", environment)), ByGit(c.where, variables))
        << c.where << ": " << variables;
  }
}

TEST_F(Discovery, GitDirRelativeInAHook) {
  Repo("r");
  const Inside inside(dir_ / "r");
  const ScopedVariable git_dir("GIT_DIR", ".git");
  const ScopedVariable index("GIT_INDEX_FILE", ".git/next-index");
  const auto found = Discover("ignored", Environment::OfProcess());
  ASSERT_TRUE(found) << found.error().message;
  EXPECT_EQ(found->git_dir, ".git");
  EXPECT_EQ(found->index_path, ".git/next-index");
  EXPECT_EQ(found->object_dir, ".git/objects");
  EXPECT_EQ(found->work_tree, dir_ / "r");
}

TEST_F(Discovery, ARelativeIndexIsBelowTheTop) {
  Repo("r");
  dir_.Directory("r/sub");
  Environment environment;
  environment.index_file = ".git/index";
  const Inside inside(dir_ / "r/sub");
  EXPECT_EQ(Discover(".", environment)->index_path, dir_ / "r/.git/index");
}

TEST_F(Discovery, ObjectFoldersOfTheEnvironment) {
  Repo("r");
  Environment environment;
  environment.object_directory = dir_ / "r/.git/objects/";
  environment.alternates = "/a/:\"/b:\\\"\\303\\266\":#c:d::\"e";
  const auto found = Discover(dir_ / "r", environment);
  ASSERT_TRUE(found) << found.error().message;
  EXPECT_EQ(found->object_dir, dir_ / "r/.git/objects");
  EXPECT_EQ(found->alternates,
            (std::vector<std::string>{"/a", "/b:\"\xC3\xB6", "d", "\"e"}));
  EXPECT_EQ(SplitAlternates("\"a\\400\""),
            (std::vector<std::string>{"\"a\\400\""}));
}

TEST_F(Discovery, NoneThere) {
  dir_.Directory("empty");
  EXPECT_EQ(CodeOf(dir_ / "empty"), ErrorCode::kNotFound);
  EXPECT_EQ(CodeOf(dir_ / "missing"), ErrorCode::kNotFound);
  Environment environment;
  environment.git_dir = dir_ / "empty";
  EXPECT_EQ(Discover(".", environment).error().code, ErrorCode::kNotFound);
}

TEST_F(Discovery, DamagedOnes) {
  const std::string top = Repo("r");
  const std::string head = dir_.Read("r/.git/HEAD");
  for (const char* wrong : {"", "ref: x", "junk"}) {
    dir_.Write("r/.git/HEAD", wrong);
    EXPECT_EQ(Try("git rev-parse --git-dir", "r").code, 128);
    EXPECT_EQ(CodeOf(top), ErrorCode::kDamaged) << wrong;
  }
  std::filesystem::remove(dir_ / "r/.git/HEAD");
  dir_.Fifo("r/.git/HEAD");
  EXPECT_EQ(CodeOf(top), ErrorCode::kDamaged);
  std::filesystem::remove(dir_ / "r/.git/HEAD");
  dir_.Write("r/.git/HEAD", head);
  dir_.Write("r/.git/config", "[core\n");
  const auto found = Discover(top, {});
  ASSERT_FALSE(found);
  EXPECT_EQ(found.error().code, ErrorCode::kDamaged);
  EXPECT_TRUE(found.error().message.starts_with(top + "/.git/config:1: "));
}

TEST_F(Discovery, AFolderThatLooksAlikeIsNone) {
  dir_.Directory("a/objects");
  dir_.Directory("a/refs");
  dir_.Directory("b/commondir");
  EXPECT_EQ(CodeOf(dir_ / "a"), ErrorCode::kNotFound);
  EXPECT_EQ(CodeOf(dir_ / "b"), ErrorCode::kNotFound);
}

TEST_F(Discovery, GitFilesThatLeadNowhere) {
  for (const char* wrong : {"", "gitdir: ", "gitdir: nowhere\n", "x",
                            "gitdir: .\n", "gitdir:../r/.git\n"}) {
    dir_.Write("w/.git", wrong);
    EXPECT_EQ(Try("git rev-parse --git-dir", "w").code, 128);
    EXPECT_EQ(CodeOf(dir_ / "w"), ErrorCode::kDamaged) << wrong;
  }
}

TEST_F(Discovery, FormatsAsGitTakesThem) {
  Repo("r");
  struct Case {
    std::string config;
    ErrorCode code;  // kInternal: fine
  };
  constexpr ErrorCode kFine = ErrorCode::kInternal;
  constexpr ErrorCode kNo = ErrorCode::kUnsupported;
  for (const auto& [config, code] : std::vector<Case>{
           {"", kFine},
           {"[core]repositoryformatversion=2\n", kNo},
           {"[core]repositoryformatversion=x\n", ErrorCode::kDamaged},
           {"[core]repositoryformatversion=0\n[extensions]odd=1\n", kFine},
           {"[core]repositoryformatversion=1\n[extensions]odd=1\n", kNo},
           {"[extensions]odd=1\n", kFine},
           {"[core]repositoryformatversion=1\n[extensions]noop=1\n"
            "noop-v1=1\nPreciousObjects=1\npartialClone=o\n",
            kFine},
           {"[core]repositoryformatversion=0\n[extensions]noop-v1=1\n", kNo},
           {"[core]repositoryformatversion=0\n"
            "[extensions]objectFormat=sha1\n",
            kNo},
           {"[core]repositoryformatversion=1\n[extensions]objectFormat=md4\n",
            kNo},
       }) {
    dir_.Write("r/.git/config", config);
    const auto found = Discover(dir_ / "r", {});
    EXPECT_EQ(found ? kFine : found.error().code, code) << config;
    EXPECT_EQ(found.has_value(), Try("git rev-parse --git-dir", "r").code == 0)
        << config;
  }
  for (const char* newer : {"relativeWorktrees=true", "refStorage=files",
                            "compatObjectFormat=sha256"}) {
    dir_.Write(
        "r/.git/config",
        "[core]repositoryformatversion=1\n[extensions]" + std::string(newer));
    EXPECT_FALSE(Opened("r").reftable);
  }
  dir_.Write("r/.git/config",
             "[core]repositoryformatversion=1\n[extensions]"
             "refStorage=reftable");
  EXPECT_TRUE(Opened("r").reftable);
}

std::vector<std::string> Displays(const std::vector<Submodule>& submodules) {
  std::vector<std::string> out;
  for (const Submodule& submodule : submodules) {
    out.push_back(submodule.display + (submodule.repository ? "" : " (error)"));
  }
  return out;
}

TEST_F(Discovery, SubmodulesAbsorbedNestedAndOldStyle) {
  Repo("leaf");
  Repo("inner");
  Run("git submodule -q add --name l ../leaf deep/leaf && git commit -qm s",
      "inner");
  Repo("outer");
  Run("git submodule -q add --name the/name ../inner sub && "
      "git submodule -q update --init --recursive && git commit -qm s",
      "outer");
  // Old style: its git dir stands in the worktree.
  Repo("outer/old");
  Run("git add old && git commit -qm o", "outer");
  // One that is no submodule.
  Repo("outer/other");
  const auto found = Submodules(Opened("outer"));
  EXPECT_EQ(Displays(found),
            (std::vector<std::string>{"old", "sub", "sub/deep/leaf"}));
  for (const Submodule& submodule : found) {
    EXPECT_EQ(PlacesOf(submodule.repository),
              ByGit("outer/" + submodule.display));
  }
  EXPECT_EQ(Displays(Submodules(Opened("outer/sub"))),
            (std::vector<std::string>{"deep/leaf"}));
  Run("git submodule -q deinit -f sub && git rm -qf sub && rm -f sub", "outer");
  EXPECT_EQ(Displays(Submodules(Opened("outer"))),
            (std::vector<std::string>{"old", "sub/deep/leaf", "the/name"}));
  std::filesystem::remove(dir_ / "outer/.git/modules/the/name/HEAD");
  dir_.Write("outer/old/.git/config", "[");
  EXPECT_EQ(Displays(Submodules(Opened("outer"))),
            (std::vector<std::string>{"old (error)", "sub/deep/leaf",
                                      "the/name (error)"}));
}

TEST_F(Discovery, SubmodulesOfALinkedWorktree) {
  Repo("leaf");
  Repo("r");
  Run("git submodule -q add ../leaf sub && git commit -qm s && "
      "git worktree add -q ../w",
      "r");
  Run("git submodule -q update --init", "w");
  EXPECT_EQ(Displays(Submodules(Opened("w"))),
            (std::vector<std::string>{"sub", "sub"}));
}

TEST_F(Discovery, AGitlinkThroughALinkIsNotFollowed) {
  Repo("other/sub");
  Repo("r");
  Repo("r/d/sub");
  Run("git add d/sub && git commit -qm s && rm -rf d && ln -s ../other d", "r");
  EXPECT_EQ(Displays(Submodules(Opened("r"))), std::vector<std::string>());
}

TEST_F(Discovery, ConfigPathWithIncludes) {
  const std::string top = Repo("r");
  const Repository r = Opened("r");
  const auto asked = [&] { return ConfigPath(r, "core.hooksPath"); };
  ASSERT_TRUE(asked()) << asked().error().message;
  EXPECT_EQ(*asked(), std::nullopt);
  dir_.Write("more", "[core]\n\thooksPath = ~/hooks\n");
  Run("git config --global include.path " + (dir_ / "more"));
  EXPECT_EQ(*asked(), dir_ / "hooks");
  dir_.Write("r/.git/extra", "[core]\n\thooksPath = here\n");
  Run("git config includeIf.gitdir:" + top + "/.path extra", "r");
  EXPECT_EQ(*asked(), "here");
  Run("git config includeIf.gitdir:/nowhere/.path none", "r");
  Run("git config extensions.worktreeConfig true && "
      "git config --worktree core.hooksPath own",
      "r");
  EXPECT_EQ(*asked(), "own");
  EXPECT_EQ(Run("git config --type=path core.hooksPath", "r"), "own");
  const ScopedVariable text("GIT_CONFIG_PARAMETERS",
                            "'Core.HooksPath'='/command'");
  EXPECT_EQ(*asked(), "/command");
}

TEST_F(Discovery, ConfigPathOfFormsThatLibgit2DoesNotKnow) {
  Repo("r", "--object-format=sha256");
  Run("git config core.hooksPath x", "r");
  EXPECT_EQ(*ConfigPath(Opened("r"), "core.hooksPath"), "x");
  EXPECT_FALSE(ConfigPath(Opened("r"), "nonsense"));
}

}  // namespace
}  // namespace keytidy::git
