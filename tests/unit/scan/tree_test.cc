// SPDX-License-Identifier: Apache-2.0
//
// What a walk reads and what it leaves out, and that it says so.
#include "scan/tree.h"

#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "unit/scan/scene.h"

namespace keytidy::scan {
namespace {

using testing::ElementsAre;

TEST(JoinPath, EitherSideMayBeEmpty) {
  EXPECT_EQ(JoinPath("a", "b/c"), "a/b/c");
  EXPECT_EQ(JoinPath("", "b"), "b");
  EXPECT_EQ(JoinPath("a", ""), "a");
  EXPECT_EQ(JoinPath("", ""), "");
  EXPECT_EQ(JoinPath("/", "b"), "/b");
  EXPECT_EQ(JoinPath("a/", "b"), "a/b");
}

// A key of its own in a file of this name.
void Plant(const TempDir& dir, const std::string& name) {
  dir.Write(name, "t = " + KrytonKey(std::hash<std::string>()(name)) + "\n");
}

TEST(Tree, FilesAtEveryDepth) {
  const TempDir dir;
  Plant(dir, "z");
  Plant(dir, "a/b/c/d/e/deep");
  Plant(dir, ".hidden/.env");
  const Report report = RunOver(dir);
  EXPECT_TRUE(report.complete);
  EXPECT_EQ(report.coverage.files, 3u);
  EXPECT_EQ(report.coverage.bytes, 3u * 49u);
  EXPECT_THAT(Skips(report), ElementsAre());
  EXPECT_THAT(Places(report),
              ElementsAre(".hidden/.env:1:5 kryton-key",
                          "a/b/c/d/e/deep:1:5 kryton-key", "z:1:5 kryton-key"));
}

TEST(Tree, PathsBeginWithWhatWasTyped) {
  const TempDir dir;
  Plant(dir, "sub/a");
  EXPECT_THAT(Places(RunOver({DirectoryRoot(dir.path(), "../x")})),
              ElementsAre("../x/sub/a:1:5 kryton-key"));
  EXPECT_THAT(Places(RunOver({DirectoryRoot(dir.path(), "/")})),
              ElementsAre("/sub/a:1:5 kryton-key"));
}

TEST(Tree, ManyFilesInOneDirectory) {
  const TempDir dir;
  for (int i = 0; i < 150; ++i) Plant(dir, fmt::format("{:03}", i));
  const Report report = RunOver(dir);
  EXPECT_EQ(report.coverage.files, 150u);
  ASSERT_EQ(report.findings.size(), 150u);
  EXPECT_EQ(report.findings[149].occurrences[0].path, "149");
}

TEST(Tree, WhatIsNoFileIsNamed) {
  const TempDir dir;
  Plant(dir, "a");
  dir.Symlink("file-link", "a");
  dir.Symlink("dir-link", ".");
  dir.Symlink("dead-link", "nowhere");
  dir.Fifo("pipe");
  dir.Socket("socket");
  const Report report = RunOver(dir);
  EXPECT_TRUE(report.complete);
  EXPECT_EQ(report.coverage.files, 1u);
  EXPECT_THAT(
      Skips(report),
      ElementsAre("dead-link: symbolic link", "dir-link: symbolic link",
                  "file-link: symbolic link", "pipe: pipe", "socket: socket"));
}

TEST(Tree, BinaryFiles) {
  const TempDir dir;
  const std::string binary = std::string("a\0", 2) + KrytonKey(1);
  dir.Write("b", binary);
  Plant(dir, "t");
  const Report report = RunOver(dir);
  EXPECT_EQ(report.coverage.files, 1u);
  EXPECT_THAT(Skips(report), ElementsAre("b: binary"));
  EXPECT_EQ(report.coverage.skipped[0].bytes, binary.size());

  Options options;
  options.binary = true;
  EXPECT_THAT(Places(RunOver(dir, options)),
              ElementsAre("b:1:3 kryton-key", "t:1:5 kryton-key"));
}

TEST(Tree, LargeFiles) {
  const TempDir dir;
  dir.Write("large", KrytonKey(1) + "\n\n");
  dir.Write("small", KrytonKey(2) + "\n");
  Options options;
  options.max_file_size = 45;
  const Report report = RunOver(dir, options);
  EXPECT_TRUE(report.complete);
  EXPECT_THAT(Skips(report), ElementsAre("large: larger than --max-file-size"));
  EXPECT_EQ(report.coverage.skipped[0].bytes, 46u);
  EXPECT_THAT(Places(report), ElementsAre("small:1:1 kryton-key"));
}

TEST(Tree, IgnoreFilesOfEveryDirectory) {
  const TempDir dir;
  dir.Write(".gitignore", "# c\n*.log\n/build/\n");
  dir.Write("sub/.gitignore", "!keep.log\n");
  dir.Write("sub/.ignore", "notes.txt\n");
  Plant(dir, "a.log");
  Plant(dir, "build/x");
  Plant(dir, "sub/keep.log");
  Plant(dir, "sub/notes.txt");
  Plant(dir, "sub/build/x");
  const Report report = RunOver(dir);
  EXPECT_TRUE(report.complete);
  EXPECT_THAT(Places(report), ElementsAre("sub/build/x:1:5 kryton-key",
                                          "sub/keep.log:1:5 kryton-key"));
  EXPECT_THAT(Skips(report),
              ElementsAre("a.log: ignored by .gitignore:2 (*.log)",
                          "build: ignored by .gitignore:3 (/build/)",
                          "sub/notes.txt: ignored by sub/.ignore:1 "
                          "(notes.txt)"));
}

TEST(Tree, IgnoreFilesAboveTheRoot) {
  const TempDir dir;
  dir.Write(".gitignore", "*.log\n/sub/deep/b\n");
  dir.Write("sub/.gitignore", "c\n");
  dir.Write(".git/info/exclude", "d\n");
  for (const char* name : {"a.log", "b", "c", "d", "e"}) {
    Plant(dir, std::string("sub/deep/") + name);
  }
  Root root = DirectoryRoot(dir / "sub/deep", "deep");
  root.top = dir.path();
  root.below_top = "sub/deep";
  const Report report = RunOver({root});
  EXPECT_THAT(Places(report), ElementsAre("deep/e:1:5 kryton-key"));
  EXPECT_EQ(report.coverage.skipped.size(), 4u);
}

TEST(Tree, TheExcludeFileOfTheRepository) {
  const TempDir dir;
  dir.Write(".git/info/exclude", "secret*\n");
  dir.Write(".gitignore", "!secret-2\n");
  Plant(dir, "secret-1");
  Plant(dir, "secret-2");
  const Report report = RunOver(dir);
  EXPECT_THAT(Places(report), ElementsAre("secret-2:1:5 kryton-key"));
  EXPECT_THAT(Skips(report),
              ElementsAre("secret-1: ignored by .git/info/exclude:1 "
                          "(secret*)"));
}

TEST(Tree, ExcludesOfTheSettings) {
  const TempDir dir;
  Plant(dir, "a/vendor/x");
  Plant(dir, "a/y.lock");
  Plant(dir, "a/z");
  Root root = DirectoryRoot(dir.path());
  root.settings.name = "conf/keytidy.toml";
  root.settings.exclude = {"vendor/", "*.lock"};
  const Report report = RunOver({root});
  EXPECT_TRUE(report.complete);
  EXPECT_THAT(Places(report), ElementsAre("a/z:1:5 kryton-key"));
  EXPECT_THAT(Skips(report),
              ElementsAre("a/vendor: excluded by conf/keytidy.toml (vendor/)",
                          "a/y.lock: excluded by conf/keytidy.toml (*.lock)"));
}

// Anchored patterns begin where the settings are, not where the scan begins.
TEST(Tree, ExcludesAboveTheRoot) {
  const TempDir dir;
  Plant(dir, "sub/x");
  Plant(dir, "sub/y");
  Root root = DirectoryRoot(dir / "sub", "sub");
  root.settings.name = "keytidy.toml";
  root.settings.exclude = {"/sub/x", "/y"};
  root.below_settings = "sub";
  EXPECT_THAT(Skips(RunOver({root})),
              ElementsAre("sub/x: excluded by keytidy.toml (/sub/x)"));
}

TEST(Tree, NoIgnoreLooksEverywhere) {
  const TempDir dir;
  dir.Write(".gitignore", "*.log\n");
  Plant(dir, "a.log");
  Plant(dir, "b/c");
  Root root = DirectoryRoot(dir.path());
  root.settings.name = "keytidy.toml";
  root.settings.exclude = {"b"};
  Options options;
  options.no_ignore = true;
  const Report report = RunOver(std::vector{root}, options);
  EXPECT_THAT(Places(report),
              ElementsAre("a.log:1:5 kryton-key", "b/c:1:5 kryton-key"));
  EXPECT_THAT(Skips(report), ElementsAre());
}

TEST(Tree, AnIgnoreFileThatIsTooLargeIsNoted) {
  const TempDir dir;
  dir.Write("sub/.gitignore", "a\n" + std::string(1 << 20, '#'));
  Plant(dir, "sub/a");
  const Report report = RunOver({DirectoryRoot(dir.path(), "d")});
  EXPECT_THAT(Places(report), ElementsAre("d/sub/a:1:5 kryton-key"));
  EXPECT_THAT(report.notes,
              ElementsAre("d/sub/.gitignore: larger than 1 MiB, so its "
                          "patterns do not count"));
}

// As git has it: ignore files are not read through symbolic links, which may
// lead anywhere.
TEST(Tree, AnIgnoreFileThatIsALinkDoesNotCount) {
  const TempDir dir;
  dir.Write("elsewhere/list", "a\n");
  dir.Symlink("tree.link", "elsewhere/list");
  Plant(dir, "tree/a");
  dir.Symlink("tree/.gitignore", "../elsewhere/list");
  const Report report = RunOver({DirectoryRoot(dir / "tree")});
  EXPECT_THAT(Places(report), ElementsAre("a:1:5 kryton-key"));
}

TEST(Tree, TheStorageOfGit) {
  const TempDir dir;
  Plant(dir, ".git/config");
  Plant(dir, ".git/objects/ab/cd");
  Plant(dir, ".git/lfs/x");
  Plant(dir, ".git/index");
  Plant(dir, ".git/modules/m/objects/ef/x");
  Plant(dir, "objects/x");
  const Report report = RunOver(dir);
  EXPECT_THAT(Places(report), ElementsAre(".git/config:1:5 kryton-key",
                                          "objects/x:1:5 kryton-key"));
  const std::string why = ": git's object storage; --history reads it";
  EXPECT_THAT(Skips(report), ElementsAre(".git/index" + why, ".git/lfs" + why,
                                         ".git/modules/m/objects" + why,
                                         ".git/objects" + why));
}

TEST(Tree, AFileThatIsGiven) {
  const TempDir dir;
  Plant(dir, "a.log");
  dir.Write(".gitignore", "*.log\n");
  dir.Symlink("link", "a.log");
  EXPECT_THAT(Places(RunOver({FileRoot(dir / "a.log", "x/a.log")})),
              ElementsAre("x/a.log:1:5 kryton-key"));
  EXPECT_THAT(Places(RunOver({FileRoot(dir / "link", "link")})),
              ElementsAre("link:1:5 kryton-key"));
}

TEST(Tree, WhatIsGivenAndCannotBeReadMakesItIncomplete) {
  const TempDir dir;
  const std::string pipe = dir.Fifo("pipe");
  const Report report =
      RunOver({FileRoot(dir / "missing", "missing"), FileRoot(pipe, "p"),
               FileRoot("/dev/null", "/dev/null"),
               DirectoryRoot(dir / "gone", "gone")});
  EXPECT_FALSE(report.complete);
  EXPECT_THAT(
      Skips(report),
      ElementsAre("!/dev/null: a device", "!gone: No such file or directory",
                  "!missing: No such file or directory", "!p: a pipe"));
  // Said once: they are not also roots that held nothing.
  EXPECT_THAT(report.empty_roots, ElementsAre());
}

TEST(Tree, TheWorkingDirectoryIsADot) {
  const Report report = RunOver({DirectoryRoot("/nonexistent-directory")});
  EXPECT_THAT(Skips(report), ElementsAre("!.: No such file or directory"));
  EXPECT_THAT(report.empty_roots, ElementsAre());
}

TEST(Tree, WhatMayNotBeReadMakesItIncomplete) {
  if (geteuid() == 0) GTEST_SKIP() << "nothing is forbidden to root";
  const TempDir dir;
  Plant(dir, "d/a");
  Plant(dir, "f");
  ASSERT_EQ(chmod((dir / "d").c_str(), 0), 0);
  ASSERT_EQ(chmod((dir / "f").c_str(), 0), 0);
  const Report report = RunOver(dir);
  ASSERT_EQ(chmod((dir / "d").c_str(), 0700), 0);
  EXPECT_FALSE(report.complete);
  EXPECT_THAT(Skips(report),
              ElementsAre("!d: Permission denied", "!f: Permission denied"));
}

// A path longer than the system takes: nobody may open it, not even root.
TEST(Tree, APathTooLongToOpenMakesItIncomplete) {
  const TempDir dir;
  Plant(dir, "a");
  Fd at(open(dir.path().c_str(), O_RDONLY | O_DIRECTORY));
  const std::string name(250, 'n');
  for (int depth = 0; depth < 20; ++depth) {
    ASSERT_EQ(mkdirat(at.get(), name.c_str(), 0700), 0);
    Fd next(openat(at.get(), name.c_str(), O_RDONLY | O_DIRECTORY));
    ASSERT_TRUE(next);
    at = std::move(next);
  }
  const Report report = RunOver(dir);
  EXPECT_FALSE(report.complete);
  EXPECT_EQ(report.coverage.files, 1u);
  ASSERT_EQ(report.coverage.skipped.size(), 1u);
  EXPECT_EQ(report.coverage.skipped[0].reason, "File name too long");
  EXPECT_TRUE(report.coverage.skipped[0].path.starts_with(name));
}

// A regular file by its kind, but reading its first byte fails.
TEST(Tree, AFileThatCannotBeReadSaysWhyOnce) {
  if (!OpenRegular("/proc/self/mem", Links::kRefuse)) {
    GTEST_SKIP() << "no such file here";
  }
  const Report report = RunOver({FileRoot("/proc/self/mem", "mem")});
  EXPECT_FALSE(report.complete);
  EXPECT_THAT(Skips(report), ElementsAre("!mem: Input/output error"));
}

// Says that it is empty, and is not.
TEST(Tree, AFileOfProc) {
  const Report report = RunOver({FileRoot("/proc/self/status", "status")});
  EXPECT_TRUE(report.complete);
  EXPECT_GT(report.coverage.bytes, 0u);
  EXPECT_THAT(report.empty_roots, ElementsAre());
}

TEST(Tree, RootsThatHeldNothing) {
  const TempDir dir;
  dir.Directory("empty/below");
  dir.Write("none", "");
  dir.Write("binary/b", std::string("\0\0", 2));
  dir.Write("ignored/.gitignore", "*\n");
  dir.Write("some/a", "x");
  const Report report = RunOver({DirectoryRoot(dir / "empty", "empty"),
                                 FileRoot(dir / "none", "none"),
                                 DirectoryRoot(dir / "some", "some"),
                                 DirectoryRoot(dir / "binary", "binary"),
                                 DirectoryRoot(dir / "ignored", "ignored")});
  EXPECT_TRUE(report.complete);
  EXPECT_THAT(report.empty_roots,
              ElementsAre("empty", "none", "binary", "ignored"));
}

TEST(Tree, NothingIsNothing) {
  const TempDir dir;
  EXPECT_EQ(Shown(RunOver(std::vector<Root>())),
            "complete true, files 0, bytes 0, below 0\n");
  EXPECT_EQ(Shown(RunOver(dir)),
            "complete true, files 0, bytes 0, below 0\nempty .\n");
}

}  // namespace
}  // namespace keytidy::scan
