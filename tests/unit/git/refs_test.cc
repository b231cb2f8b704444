// SPDX-License-Identifier: Apache-2.0
//
// References and reflogs of repositories made by git, against what git lists.
#include "git/refs.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <string>
#include <vector>

#include "git/ref_name.h"
#include "git/reflog.h"
#include "unit/git/git_scene.h"

namespace keytidy::git {
namespace {

using Names = std::vector<std::string>;

class RefsTest : public GitScene {
 protected:
  Repository Opened(const std::string& name) const {
    auto found = Discover(dir_ / name, Environment());
    EXPECT_TRUE(found) << found.error().message;
    return found ? *found : Repository();
  }
  Refs Read(const std::string& name) const { return ReadRefs(Opened(name)); }

  // "id name", as show-ref has it; those of refs/ and HEAD only.
  static Names Shown(const Refs& refs) {
    Names out;
    for (const Ref& ref : refs.refs) {
      if (ref.name != "HEAD" && !ref.name.starts_with("refs/")) continue;
      out.push_back(ref.id.Hex() + " " + ref.name);
    }
    return out;
  }
  Names ByGit(const std::string& name) const {
    Names out = LinesOf(Run("git show-ref --head", name));
    // show-ref lists HEAD and each peeled form by its own order.
    std::sort(out.begin(), out.end(), [](const auto& a, const auto& b) {
      return a.substr(a.find(' ')) < b.substr(b.find(' '));
    });
    return out;
  }
  void ExpectAsGit(const std::string& name) const {
    const Refs refs = Read(name);
    EXPECT_EQ(Shown(refs), ByGit(name));
    EXPECT_EQ(Skips(refs), Names());
    Names each;
    for (const Ref& ref : refs.refs) {
      if (ref.name.starts_with("refs/")) {
        each.push_back(ref.id.Hex() + " " + ref.name);
      }
    }
    EXPECT_EQ(each, LinesOf(Run("git for-each-ref "
                                "--format='%(objectname) %(refname)'",
                                name)));
  }

  static Names NamesOf(const Refs& refs) {
    Names out;
    for (const Ref& ref : refs.refs) out.push_back(ref.name);
    return out;
  }
  static std::string IdOf(const Refs& refs, const std::string& name) {
    for (const Ref& ref : refs.refs) {
      if (ref.name == name) return ref.id.Hex();
    }
    return "none";
  }
  static Names Hex(const std::vector<pack::ObjectId>& ids) {
    Names out;
    for (const pack::ObjectId& id : ids) out.push_back(id.Hex());
    return out;
  }
  // "path: reason", the path below the scene.
  Names Skips(const Refs& refs) const {
    Names out;
    for (const Skip& skip : refs.skipped) {
      EXPECT_TRUE(skip.incomplete);
      out.push_back(skip.path.substr(dir_.path().size() + 1) + ": " +
                    skip.reason);
    }
    return out;
  }
  static Names SortedUnique(Names names) {
    std::sort(names.begin(), names.end());
    names.erase(std::unique(names.begin(), names.end()), names.end());
    return names;
  }
};

TEST_F(RefsTest, LoosePackedAndBoth) {
  Repo("r", "", "abc");
  Run("git branch one && git branch -f two HEAD~1 && git tag t && "
      "git tag -a -m x annotated && git branch a/b/c && "
      "git update-ref refs/notes/n HEAD && git symbolic-ref refs/heads/s "
      "refs/heads/one",
      "r");
  ExpectAsGit("r");
  Run("git pack-refs --all", "r");
  ExpectAsGit("r");
  Run("git branch -f one HEAD~2 && git tag later && git branch -D two", "r");
  ExpectAsGit("r");
}

TEST_F(RefsTest, Sha256) {
  Repo("r", "--object-format=sha256", "ab");
  Run("git branch x && git pack-refs --all && git branch y", "r");
  ExpectAsGit("r");
  EXPECT_EQ(Read("r").refs[0].id.kind(), pack::HashKind::kSha256);
  EXPECT_EQ(Read("r").reflog.size(), 2u);
}

TEST_F(RefsTest, BareClonesAndRemotes) {
  Repo("r", "", "ab");
  Run("git clone -q r c && git clone -q --mirror r m.git");
  ExpectAsGit("c");
  ExpectAsGit("m.git");
}

TEST_F(RefsTest, BeforeTheFirstCommit) {
  Repo("r", "", "");
  const Refs refs = Read("r");
  EXPECT_EQ(NamesOf(refs), Names());
  EXPECT_EQ(Skips(refs), Names());
}

TEST_F(RefsTest, FilesOfTheGitDir) {
  Repo("r", "", "abc");
  Run("git branch side HEAD~1 && git branch other HEAD~2 && "
      "git reset -q --hard HEAD~1 && git fetch -q . side other && "
      "git rev-parse side other > .git/MERGE_HEAD && "
      "git rev-parse HEAD > .git/CHERRY_PICK_HEAD && "
      "git rev-parse HEAD^{tree} > .git/AUTO_MERGE && mkdir .git/rebase-merge "
      "&& git rev-parse HEAD > .git/rebase-merge/autostash",
      "r");
  const Refs refs = Read("r");
  EXPECT_EQ(Skips(refs), Names());
  EXPECT_EQ(NamesOf(refs),
            (Names{"AUTO_MERGE", "CHERRY_PICK_HEAD", "FETCH_HEAD",
                   "FETCH_HEAD:2", "HEAD", "MERGE_HEAD", "MERGE_HEAD:2",
                   "ORIG_HEAD", "rebase-merge/autostash", "refs/heads/main",
                   "refs/heads/other", "refs/heads/side"}));
  for (const char* name : {"ORIG_HEAD", "FETCH_HEAD", "AUTO_MERGE"}) {
    EXPECT_EQ(IdOf(refs, name), Run(std::string("git rev-parse ") + name, "r"));
  }
  EXPECT_EQ(IdOf(refs, "MERGE_HEAD:2"), Run("git rev-parse other", "r"));
}

TEST_F(RefsTest, AllWorktrees) {
  Repo("r", "", "abc");
  Run("git worktree add -q ../w HEAD~1 && git worktree add -q -b x ../v HEAD~2 "
      "&& git update-ref refs/bisect/bad HEAD",
      "r");
  Run("git update-ref refs/bisect/bad HEAD && "
      "git update-ref refs/worktree/own HEAD && "
      "git symbolic-ref refs/worktree/s refs/worktree/own && "
      "git update-ref ORIG_HEAD HEAD",
      "w");
  EXPECT_EQ(
      NamesOf(Read("r")),
      (Names{"HEAD", "refs/bisect/bad", "refs/heads/main", "refs/heads/x",
             "worktrees/v/HEAD", "worktrees/v/ORIG_HEAD", "worktrees/w/HEAD",
             "worktrees/w/ORIG_HEAD", "worktrees/w/refs/bisect/bad",
             "worktrees/w/refs/worktree/own", "worktrees/w/refs/worktree/s"}));
  EXPECT_EQ(
      NamesOf(Read("w")),
      (Names{"HEAD", "ORIG_HEAD", "main-worktree/HEAD",
             "main-worktree/refs/bisect/bad", "refs/bisect/bad",
             "refs/heads/main", "refs/heads/x", "refs/worktree/own",
             "refs/worktree/s", "worktrees/v/HEAD", "worktrees/v/ORIG_HEAD"}));
  for (const char* where : {"r", "w", "v"}) {
    ExpectAsGit(where);
    for (const Ref& ref : Read(where).refs) {
      // git looks for its target in the worktree one is in.
      if (ref.name == "worktrees/w/refs/worktree/s") continue;
      EXPECT_EQ(ref.id.Hex(), Run("git rev-parse " + ref.name, where))
          << where << " " << ref.name;
    }
  }
}

TEST_F(RefsTest, SharedReferencesStandInTheCommonDirOnly) {
  Repo("r", "", "ab");
  Run("git worktree add -q ../w HEAD~1", "r");
  const std::string id = Run("git rev-parse HEAD", "r");
  dir_.Write("r/.git/worktrees/w/refs/heads/main", std::string(40, 'a'));
  for (const char* where : {"r", "w"}) {
    ExpectAsGit(where);
    EXPECT_EQ(IdOf(Read(where), "refs/heads/main"), id);
  }
}

TEST_F(RefsTest, ReflogsOfAllWorktrees) {
  Repo("r", "", "abc");
  Run("git worktree add -q ../w HEAD~1 && git reset -q --hard HEAD~1", "r");
  Commit("r", "d");
  Commit("w", "e");
  Commit("w", "f");
  Run("git branch gone && git branch -D gone", "r");
  const std::string logs =
      "find . -path '*/logs/*' -type f ! -name stash -exec cat {} + | "
      "cut -c1-81 | tr ' ' '\\n' | grep -v 0000000000 | sort -u";
  const Refs refs = Read("r");
  EXPECT_EQ(Hex(refs.reflog), LinesOf(Run(logs, "r/.git")));
  EXPECT_EQ(Hex(Read("w").reflog), Hex(refs.reflog));
  EXPECT_EQ(refs.stash.size(), 0u);
  for (const std::string& line :
       SortedUnique(LinesOf(Run("git reflog --all --format=%H && "
                                "git log -g --format=%H HEAD",
                                "w")))) {
    const auto hex = Hex(refs.reflog);
    EXPECT_TRUE(std::binary_search(hex.begin(), hex.end(), line)) << line;
  }
}

TEST_F(RefsTest, Stash) {
  Repo("r", "", "a");
  for (const char* text : {"1", "2", "3"}) {
    Run(std::string("echo ") + text + " > file && git stash -q", "r");
  }
  const Refs refs = Read("r");
  EXPECT_EQ(Hex(refs.stash),
            SortedUnique(LinesOf(Run("git log -g --format=%H stash", "r"))));
  EXPECT_EQ(refs.stash.size(), 3u);
  EXPECT_EQ(IdOf(refs, "refs/stash"), Run("git rev-parse stash", "r"));
}

TEST_F(RefsTest, Shallow) {
  Repo("r", "", "abc");
  Run("git clone -q --depth 2 file://" + (dir_ / "r") + " s");
  EXPECT_EQ(Hex(Read("s").shallow), Names{Run("git rev-parse HEAD~1", "s")});
  EXPECT_EQ(Read("r").shallow.size(), 0u);
}

TEST_F(RefsTest, BrokenFilesAreSaidAndTheRestIsRead) {
  Repo("r", "", "ab");
  Run("git branch packed && git pack-refs --all && git branch -f fine", "r");
  const std::string id = Run("git rev-parse HEAD", "r");
  const std::string zero(40, '0');
  const std::string heads = "r/.git/refs/heads/";
  dir_.Write(heads + "crlf", id + "\r\n");
  dir_.Write(heads + "nul", id + std::string("\0x", 2));
  dir_.Write(heads + "more", id + " and more");
  dir_.Write(heads + ".hidden", "x");
  dir_.Write(heads + "held.lock", "");
  dir_.Write(heads + "dangling", "ref: refs/heads/nowhere\n");
  const Names fine = {"HEAD",
                      "refs/heads/crlf",
                      "refs/heads/fine",
                      "refs/heads/main",
                      "refs/heads/more",
                      "refs/heads/nul",
                      "refs/heads/packed"};
  EXPECT_EQ(NamesOf(Read("r")), fine);
  EXPECT_EQ(Skips(Read("r")), Names());
  dir_.Write(heads + "empty", "");
  dir_.Write(heads + "short", id.substr(0, 39));
  dir_.Write(heads + "long", id + "a");
  dir_.Write(heads + "zero", zero);
  dir_.Write(heads + "out", "ref: ../../x");
  dir_.Write(heads + "out2", "ref: refs/heads/../../HEAD");
  dir_.Write(heads + "loop", "ref: refs/heads/loop");
  dir_.Write(heads + "a..b", id);
  dir_.Write(heads + "a b/c", id);
  dir_.Fifo(heads + "pipe");
  const Refs refs = Read("r");
  EXPECT_EQ(NamesOf(refs), fine);
  EXPECT_EQ(
      Skips(refs),
      (Names{heads + "a b/c: not a name of a reference",
             heads + "a..b: not a name of a reference",
             heads + "empty: not a reference", heads + "long: not a reference",
             heads + "loop: a symbolic reference of too many steps",
             heads + "out: points at what is no name of a reference",
             heads + "out2: points at what is no name of a reference",
             heads + "pipe: a pipe", heads + "short: not a reference",
             heads + "zero: the id is all zeros"}));
}

TEST_F(RefsTest, DamagedPackedRefs) {
  Repo("r", "", "a");
  const std::string id = Run("git rev-parse HEAD", "r");
  const std::string packed = "r/.git/packed-refs";
  dir_.Write(packed, "# pack-refs with: peeled\n" + id + " refs/x/b\n" + id +
                         " refs/x/a\r\n^" + id + "\nx\n" + id +
                         " refs/x/../c\n" + id + " HEAD\n" + id +
                         " refs/x/b\n" + id + " refs/x/cu");
  const Refs refs = Read("r");
  EXPECT_EQ(NamesOf(refs),
            (Names{"HEAD", "refs/heads/main", "refs/x/a", "refs/x/b"}));
  EXPECT_EQ(Skips(refs), Names{packed + ": line 5 is no whole reference"
                                        " (nor 3 more)"});
  // Every place to cut it: never a name that was not there.
  const std::string whole = id + " refs/y/ab\n" + id + " refs/y/cd\n";
  for (std::size_t size = 0; size <= whole.size(); ++size) {
    dir_.Write(packed, whole.substr(0, size));
    const std::size_t lines = size == whole.size() ? 2 : size >= 51 ? 1 : 0;
    const Refs cut = Read("r");
    EXPECT_EQ(cut.refs.size(), 2 + lines) << size;
    EXPECT_EQ(cut.skipped.empty(), size % 51 == 0 || size == whole.size());
  }
}

TEST_F(RefsTest, SymbolicLinks) {
  Repo("r", "", "ab");
  Repo("other", "", "a");
  const std::string heads = "r/.git/refs/heads/";
  // The old form of a symbolic reference.
  dir_.Symlink(heads + "old", "refs/heads/main");
  // A file elsewhere, a folder of references, one above itself.
  dir_.Symlink(heads + "file", dir_ / "other/.git/refs/heads/main");
  dir_.Symlink(heads + "folder", dir_ / "other/.git/refs/heads");
  dir_.Symlink(heads + "up", "..");
  dir_.Symlink(heads + "away", "/");
  dir_.Symlink(heads + "nowhere", "x");
  const Refs refs = Read("r");
  EXPECT_EQ(NamesOf(refs),
            (Names{"HEAD", "refs/heads/file", "refs/heads/folder/main",
                   "refs/heads/main", "refs/heads/old"}));
  EXPECT_EQ(Skips(refs), (Names{heads + "away: a symbolic link out of the"
                                        " references",
                                heads + "nowhere: No such file or directory"}));
}

TEST_F(RefsTest, HeadAsASymbolicLink) {
  Repo("r", "", "a");
  std::filesystem::remove(dir_ / "r/.git/HEAD");
  dir_.Symlink("r/.git/HEAD", "refs/heads/main");
  ExpectAsGit("r");
}

TEST_F(RefsTest, DeepFolders) {
  Repo("r", "", "a");
  const std::string id = Run("git rev-parse HEAD", "r");
  std::string deep = "r/.git/refs/heads";
  for (int i = 0; i < 300; ++i) deep += "/d";
  dir_.Write(deep + "/x", id);
  const Refs refs = Read("r");
  ASSERT_EQ(refs.skipped.size(), 1u);
  EXPECT_EQ(refs.skipped[0].reason, "folders nested too deeply");
  EXPECT_EQ(NamesOf(refs), (Names{"HEAD", "refs/heads/main"}));
}

TEST_F(RefsTest, AReftableIsSaid) {
  Repo("r", "", "a");
  Repository r = Opened("r");
  r.reftable = true;
  const Refs refs = ReadRefs(r);
  EXPECT_EQ(NamesOf(refs), Names());
  EXPECT_EQ(Skips(refs), Names{"r/.git/reftable: references are kept in a form "
                               "that is not read (reftable)"});
}

TEST_F(RefsTest, AHundredThousandPackedOnes) {
  Repo("r", "", "a");
  const std::string id = Run("git rev-parse HEAD", "r");
  std::string text = "# pack-refs with: peeled fully-peeled sorted \n";
  for (int i = 0; i < 100000; ++i) {
    text += fmt::format("{} refs/x/{:08}\n^{}\n", id, i, id);
  }
  dir_.Write("r/.git/packed-refs", text);
  EXPECT_EQ(Read("r").refs.size(), 100002u);
}

std::string IdText(char digit) { return std::string(40, digit); }

TEST_F(RefsTest, ReflogLines) {
  const std::string a = IdText('a');
  const std::string b = IdText('b');
  const auto read = [&](const std::string& text, Status* status) {
    dir_.Write("log", text);
    Names out;
    *status = ReadReflog(dir_ / "log", pack::HashKind::kSha1,
                         [&](const ReflogEntry& entry) {
                           out.push_back(entry.before.Hex().substr(0, 1) +
                                         entry.after.Hex().substr(0, 1) +
                                         (entry.whole ? "" : " cut"));
                         });
    return out;
  };
  Status status;
  EXPECT_EQ(read("", &status), Names());
  EXPECT_TRUE(status);
  const std::string line = a + " " + b + " N <e> 1 +0000\tx";
  EXPECT_EQ(
      read(line + "\r\n" + b + " " + a + " " + '\0' + "\n" + line, &status),
      (Names{"ab", "ba", "ab cut"}));
  EXPECT_TRUE(status);
  EXPECT_EQ(read(line + std::string(3 << 20, 'y') + "\n" + line +
                     std::string(1000000, '\0') + "\n",
                 &status),
            (Names{"ab", "ab"}));
  EXPECT_TRUE(status);
  EXPECT_EQ(read(line + "\n\n" + a + "\nx\n" + line + "\n" + a, &status),
            (Names{"ab", "ab"}));
  ASSERT_FALSE(status);
  EXPECT_EQ(status.error().message,
            dir_ / "log: line 2 does not begin with two ids");
  EXPECT_EQ(read(std::string(5 << 20, '\n'), &status), Names());
  std::string many;
  for (int i = 0; i < 20000; ++i) many += line + "\n";
  EXPECT_EQ(read(many, &status).size(), 20000u);
  EXPECT_TRUE(status);
}

TEST_F(RefsTest, ADamagedReflogIsSaid) {
  Repo("r", "", "ab");
  dir_.Write("r/.git/logs/refs/heads/x", "junk\n");
  const Refs refs = Read("r");
  EXPECT_EQ(refs.reflog.size(), 2u);
  EXPECT_EQ(Skips(refs), Names{"r/.git/logs/refs/heads/x: line 1 does not begin"
                               " with two ids"});
}

TEST_F(RefsTest, NamesAsGitChecksThem) {
  for (const std::string name :
       {"a",  "a/b",  "@",      "a@b",      "a@{b", "@{",       "a..b",
        ".a", "a/.b", "a.lock", "a.lock/b", "a.",   "a./b",     "/a",
        "a/", "a//b", "a b",    "a~",       "a^",   "a:b",      "a?",
        "a*", "a[",   "a\\b",   "a\x7f",    "a\tb", "\xC3\xB6", "a/@",
        "..", "../x", "a/../b", "{a}",      "a]"}) {
    dir_.Write("name", name);
    EXPECT_EQ(
        IsRefName(name),
        Try("git check-ref-format --allow-onelevel \"$(cat name)\"").code == 0)
        << name;
  }
  EXPECT_FALSE(IsRefName(""));
  EXPECT_FALSE(IsRefName(std::string_view("a\0b", 3)));
  EXPECT_TRUE(IsRootRefName("REBASE_HEAD"));
  EXPECT_FALSE(IsRootRefName("COMMIT_EDITMSG"));
  EXPECT_FALSE(IsRootRefName("head"));
}

}  // namespace
}  // namespace keytidy::git
