// SPDX-License-Identifier: Apache-2.0
//
// Indexes that git wrote; damaged and made-up ones are in
// index_damage_test.cc.
#include "git/index_file.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <string>

#include "unit/git/index_scene.h"

namespace keytidy::git {
namespace {

using pack::HashKind;

std::vector<std::string> IntentToAdd(const IndexFile& index) {
  std::vector<std::string> out;
  for (const IndexEntry& entry : index.entries) {
    if (entry.intent_to_add) out.push_back(entry.path);
  }
  return out;
}

void MakeConflict(const IndexScene& scene) {
  scene.Commit();
  scene.Git("checkout -q -b side");
  scene.Write("b/c", "theirs");
  scene.CommitAll();
  scene.Git("checkout -q main");
  scene.Write("b/c", "ours");
  scene.CommitAll();
  scene.Git("merge -q side", 1);
}

class Versions : public testing::TestWithParam<int> {
 protected:
  void Use(const IndexScene& scene) {
    scene.Git("config index.version " + std::to_string(GetParam()));
    scene.Git("update-index --force-write-index --index-version " +
              std::to_string(GetParam()));
  }
};
INSTANTIATE_TEST_SUITE_P(All, Versions, testing::Values(2, 3, 4));

TEST_P(Versions, FilesAndTheirTrees) {
  const IndexScene scene;
  scene.Commit();
  Use(scene);
  ExpectAsGitHasIt(scene);
  const IndexFile index = scene.Read();
  EXPECT_EQ(Paths(index),
            (Lines{"a", "b-c", "b.c", "b/c", "b/d/e", "b/d/f", "z"}));
  ASSERT_EQ(TreePaths(index), (Lines{"", "b", "b/d"}));
  EXPECT_EQ(index.trees[0].id.Hex(), scene.Line("write-tree"));
  EXPECT_EQ(index.trees[1].first, 3u);
  EXPECT_EQ(index.trees[1].count, 3u);
  EXPECT_FALSE(index.shared);
}

TEST_P(Versions, ModesOfEveryKind) {
  const IndexScene scene;
  scene.Commit();
  Use(scene);
  scene.Write("run", "");
  scene.Git("add run && git update-index --chmod=+x run");
  ASSERT_EQ(symlink("a", scene.Write("x", "").append(".link").c_str()), 0);
  scene.Git("add x.link");
  const std::string commit = scene.Line("rev-parse HEAD");
  scene.Git("update-index --add --cacheinfo 160000," + commit + ",b/module");
  ExpectAsGitHasIt(scene);
  const IndexFile index = scene.Read();
  EXPECT_EQ(index.entries[6].path, "b/module");
  EXPECT_EQ(index.entries[6].mode, 0160000u);
  EXPECT_EQ(index.entries[6].id.Hex(), commit);
  EXPECT_EQ(TreePaths(index), Lines{"b/d"});
}

TEST_P(Versions, PathsOfAnyBytes) {
  const IndexScene scene;
  Use(scene);
  const std::string longest(200, 'l');
  const std::string folder = longest + "/" + longest + "/";
  for (const std::string& name :
       {std::string("new\nline"), std::string("\"quote\"\\"),
        std::string("\xFF\xFE/\x80"), std::string("\x01 \x1b[0m"),
        std::string(".gitx"), std::string("..."), longest + "/x",
        folder + "1234567", folder + "12345678", folder + "123456789"}) {
    scene.Write(name, name);
  }
  scene.CommitAll();
  ExpectAsGitHasIt(scene);
  EXPECT_EQ(scene.Read().entries.size(), 10u);
}

// Beyond 4094 bytes the flags no longer say how long a path is.
TEST_P(Versions, PathsLongerThanTheFlagsCanSay) {
  const IndexScene scene;
  Use(scene);
  const std::string id = scene.Line("hash-object -w --stdin </dev/null");
  std::string lines;
  for (std::size_t size : {4093u, 4094u, 4095u, 4096u, 5000u}) {
    lines += "100644 " + id + "\t" + std::string(size, 'p') + "\n";
  }
  const std::string list = scene.dir().Write("list", lines);
  scene.Git("update-index --add --index-info <'" + list + "'");
  ExpectAsGitHasIt(scene);
  EXPECT_EQ(scene.Read().entries.size(), 5u);
}

TEST_P(Versions, Conflicts) {
  const IndexScene scene;
  MakeConflict(scene);
  Use(scene);
  ExpectAsGitHasIt(scene);
  const IndexFile index = scene.Read();
  EXPECT_EQ(Paths(index), (Lines{"a", "b-c", "b.c", "b/c", "b/c", "b/c",
                                 "b/d/e", "b/d/f", "z"}));
  EXPECT_EQ(index.entries[3].stage, 1u);
  EXPECT_EQ(index.entries[4].stage, 2u);
  EXPECT_EQ(index.entries[5].stage, 3u);
  EXPECT_EQ(scene.Line("rev-parse side:b/c"), index.entries[5].id.Hex());
  // Resolved, what was there stays in an extension.
  scene.Write("b/c", "both");
  scene.Git("add b/c");
  ASSERT_NE(scene.bytes().find("REUC"), std::string::npos);
  ExpectAsGitHasIt(scene);
  EXPECT_EQ(scene.Read().entries.size(), 7u);
}

TEST_P(Versions, FlagsOfEntries) {
  const IndexScene scene;
  scene.Commit();
  Use(scene);
  scene.Write("b/new", "secret");
  scene.Git("add -N b/new");
  scene.Git("update-index --assume-unchanged a");
  scene.Git("update-index --skip-worktree z");
  ExpectAsGitHasIt(scene);
  EXPECT_EQ(scene.Git("ls-files -v a z"), "h a\nS z\n");
  const IndexFile index = scene.Read();
  EXPECT_EQ(IntentToAdd(index), Lines{"b/new"});
  const std::string debug = scene.Git("ls-files --debug b/new");
  EXPECT_NE(debug.find("flags: 20004000"), std::string::npos) << debug;
  // Nothing of it is in a tree that git writes.
  scene.Git("write-tree");
  EXPECT_EQ(TreePaths(scene.Read()), Lines{"b/d"});
  scene.Git("add b/new");
  EXPECT_EQ(IntentToAdd(scene.Read()), Lines{});
}

TEST_P(Versions, WrittenByThreads) {
  const IndexScene scene;
  Use(scene);
  scene.Git("config index.threads 3");
  const std::string id = scene.Line("hash-object -w --stdin </dev/null");
  std::string lines;
  for (int i = 10000; i < 35000; ++i) {
    lines += "100644 " + id + "\td" + std::to_string(i % 100) + "/f" +
             std::to_string(i) + "\n";
  }
  const std::string list = scene.dir().Write("list", lines);
  scene.Git("update-index --add --index-info <'" + list + "'");
  scene.Git("write-tree");
  ASSERT_NE(scene.bytes().find("IEOT"), std::string::npos);
  ASSERT_NE(scene.bytes().find("EOIE"), std::string::npos);
  ExpectAsGitHasIt(scene);
  EXPECT_EQ(scene.Read().entries.size(), 25000u);
  EXPECT_EQ(scene.Read().trees.size(), 101u);
}

TEST_P(Versions, SplitAndChangedLater) {
  const IndexScene scene;
  scene.Git("config splitIndex.maxPercentChange 100");
  scene.Commit();
  Use(scene);
  scene.Git("update-index --split-index");
  ExpectAsGitHasIt(scene);
  ASSERT_TRUE(scene.Read().shared);

  scene.Write("b/c", "replaced");
  scene.Write("b/new", "added");
  scene.Write("0", "added before all");
  scene.Write("zz", "added after all");
  scene.Git("add -A && git rm -q --cached b/d/e a");
  const IndexFile changed = scene.Read();
  ExpectAsGitHasIt(scene);
  EXPECT_EQ(Paths(changed),
            (Lines{"0", "b-c", "b.c", "b/c", "b/d/f", "b/new", "z", "zz"}));
  EXPECT_TRUE(scene.dir().Read("work/.git/" + *changed.shared).size() > 32);

  scene.Git("commit -q -m next");
  ExpectAsGitHasIt(scene);
  EXPECT_EQ(TreePaths(scene.Read()), (Lines{"", "b", "b/d"}));

  scene.Git("update-index --no-split-index");
  ExpectAsGitHasIt(scene);
  EXPECT_FALSE(scene.Read().shared);
}

TEST_P(Versions, SplitBeforeAndAfterAConflict) {
  const IndexScene scene;
  Use(scene);
  scene.Git("config splitIndex.maxPercentChange 100");
  scene.Git("config core.splitIndex true");
  MakeConflict(scene);
  ExpectAsGitHasIt(scene);
  scene.Git("update-index --split-index");
  ASSERT_TRUE(scene.Read().shared);
  ExpectAsGitHasIt(scene);
  scene.Git("add b/c");
  ASSERT_TRUE(scene.Read().shared);
  ExpectAsGitHasIt(scene);
}

// Enough of them for runs of whole words in the bitmaps.
TEST_P(Versions, SplitWithLongRuns) {
  const IndexScene scene;
  Use(scene);
  scene.Git("config splitIndex.maxPercentChange 100");
  const std::string id = scene.Line("hash-object -w --stdin </dev/null");
  std::string lines;
  for (int i = 1000; i < 2000; ++i) {
    lines += "100644 " + id + "\tf" + std::to_string(i) + "\n";
  }
  const std::string all = scene.dir().Write("all", lines);
  scene.Git("update-index --add --index-info <'" + all + "'");
  scene.Git("update-index --split-index");
  lines.clear();
  for (int i = 1100; i < 1500; ++i) {
    lines += "0 " + std::string(40, '0') + "\tf" + std::to_string(i) + "\n";
  }
  for (int i = 1600; i < 1900; ++i) {
    lines += "100755 " + id + "\tf" + std::to_string(i) + "\n";
  }
  const std::string some = scene.dir().Write("some", lines);
  scene.Git("update-index --index-info <'" + some + "'");
  ASSERT_TRUE(scene.Read().shared);
  ExpectAsGitHasIt(scene);
  EXPECT_EQ(scene.Read().entries.size(), 600u);
}

TEST_P(Versions, Sparse) {
  const IndexScene scene;
  scene.Commit();
  scene.Write("b/d/g/h", "h");
  scene.Write("in/file", "f");
  scene.CommitAll();
  Use(scene);
  scene.Git("sparse-checkout set --cone --sparse-index in");
  const IndexFile index = scene.Read();
  // git has "b/" after "b-c" and "b.c".
  EXPECT_EQ(Paths(index), (Lines{"a", "b", "b-c", "b.c", "in/file", "z"}));
  EXPECT_EQ(index.entries[1].mode, 040000u);
  EXPECT_EQ(index.entries[1].id.Hex(), scene.Line("rev-parse HEAD:b"));
  // The folder that is one entry is no cached tree.
  EXPECT_EQ(TreePaths(index), (Lines{"", "in"}));
  EXPECT_EQ(index.trees[0].id.Hex(), scene.Line("rev-parse HEAD:"));
  EXPECT_EQ(index.trees[1].first, 4u);

  scene.Git("sparse-checkout set --cone --sparse-index b/d/g");
  EXPECT_EQ(Paths(scene.Read()), (Lines{"a", "b-c", "b.c", "b/c", "b/d/e",
                                        "b/d/f", "b/d/g/h", "in", "z"}));
  scene.Git("sparse-checkout disable");
  ExpectAsGitHasIt(scene);
}

TEST(ReadIndex, Sha256) {
  const IndexScene scene(HashKind::kSha256);
  scene.Commit();
  ExpectAsGitHasIt(scene);
  scene.Git("config splitIndex.maxPercentChange 100");
  scene.Git("update-index --split-index");
  scene.Write("b/c", "other");
  scene.Git("add -A && git rm -q --cached a");
  ASSERT_TRUE(scene.Read().shared);
  EXPECT_EQ(scene.Read().shared->size(), 12u + 64);
  ExpectAsGitHasIt(scene);
  EXPECT_FALSE(ReadIndex(scene.index_path(), HashKind::kSha1));
}

// git before 2.40 does not know the setting and writes a checksum all the same.
TEST(ReadIndex, WithoutAChecksum) {
  const IndexScene scene;
  scene.Git("config index.skipHash true");
  scene.Commit();
  ExpectAsGitHasIt(scene);
}

TEST(ReadIndex, ExtensionsThatAreCaches) {
  const IndexScene scene;
  scene.Commit();
  scene.Git("update-index --force-untracked-cache && git status");
  scene.Git("config core.fsmonitor true");
  scene.Git("update-index --force-write-index");
  ASSERT_NE(scene.bytes().find("UNTR"), std::string::npos);
  ExpectAsGitHasIt(scene);
}

TEST(ReadIndex, ASubmodule) {
  const IndexScene inner;
  inner.Commit();
  const IndexScene scene;
  scene.Commit();
  scene.Git("submodule --quiet add '" + inner.dir().path() + "/work' b/sub");
  ExpectAsGitHasIt(scene);
  scene.CommitAll();
  ExpectAsGitHasIt(scene);
  EXPECT_EQ(TreePaths(scene.Read()), (Lines{"", "b", "b/d"}));
}

TEST(ReadIndex, StagesAndTreesAfterResets) {
  const IndexScene scene;
  scene.Commit();
  scene.Write("b/d/g/h", "h");
  scene.CommitAll();
  for (const char* words :
       {"reset -q HEAD~", "reset -q -N HEAD", "add -A", "read-tree HEAD",
        "rm -q -r --cached b/d", "reset -q --hard HEAD"}) {
    scene.Git(words);
    ExpectAsGitHasIt(scene);
  }
}

TEST(ReadIndex, NoFileIsAnEmptyIndex) {
  const IndexScene scene;
  const IndexFile index = scene.Read();
  EXPECT_TRUE(index.entries.empty());
  EXPECT_TRUE(index.trees.empty());
  // An index that has nothing in it is one as well.
  scene.Write("a", "");
  scene.Git("add a && git rm -q --cached a");
  ExpectAsGitHasIt(scene);
  EXPECT_TRUE(scene.Read().entries.empty());
}

TEST(ReadIndex, ASharedPartThatIsNotThere) {
  const IndexScene scene;
  scene.Commit();
  scene.Git("update-index --split-index");
  const std::string shared =
      scene.dir() / ("work/.git/" + *scene.Read().shared);
  ASSERT_EQ(unlink(shared.c_str()), 0);
  const auto index = ReadIndex(scene.index_path(), HashKind::kSha1);
  ASSERT_FALSE(index);
  EXPECT_EQ(index.error().code, ErrorCode::kDamaged);
  EXPECT_EQ(index.error().message, shared + ": No such file or directory");
}

TEST(ReadIndex, ASharedPartOfAnother) {
  const IndexScene scene;
  scene.Commit();
  const std::string other = scene.bytes();
  scene.Git("update-index --split-index");
  const std::string name = "work/.git/" + *scene.Read().shared;
  ASSERT_EQ(unlink((scene.dir() / name).c_str()), 0);
  scene.dir().Write(name, other);
  const auto index = ReadIndex(scene.index_path(), HashKind::kSha1);
  ASSERT_FALSE(index);
  EXPECT_EQ(index.error().message,
            (scene.dir() / name) + ": not the shared part that its name says");
}

TEST(ReadIndex, AFolderInItsPlace) {
  const TempDir dir;
  const auto index = ReadIndex(dir.Directory("index"), HashKind::kSha1);
  ASSERT_FALSE(index);
  EXPECT_EQ(index.error().message, (dir / "index") + ": a directory");
}

TEST(ParseIndex, OfASplitOneItsOwnEntries) {
  const IndexScene scene;
  scene.Git("config splitIndex.maxPercentChange 100");
  scene.Commit();
  scene.Git("update-index --split-index");
  scene.Write("b/c", "replaced");
  scene.Write("new", "added");
  scene.Git("add -A");
  const auto index = ParseIndex(scene.bytes(), HashKind::kSha1);
  ASSERT_TRUE(index) << index.error().message;
  EXPECT_EQ(Paths(*index), Lines{"new"});
  EXPECT_TRUE(index->trees.empty());
  EXPECT_EQ(index->shared, scene.Read().shared);
}

}  // namespace
}  // namespace keytidy::git
