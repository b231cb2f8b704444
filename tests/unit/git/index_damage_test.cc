// SPDX-License-Identifier: Apache-2.0
//
// Indexes that git would not write: cut short, changed, and made to take more
// than they are worth.
#include <gtest/gtest.h>

#include <string>

#include "git/index_file.h"
#include "unit/git/index_check.h"
#include "unit/git/index_maker.h"
#include "unit/git/index_scene.h"

namespace keytidy::git {
namespace {

using pack::HashKind;

// The message, or the paths.
std::string Parsed(const std::string& bytes) {
  const auto index = ParseIndex(bytes, HashKind::kSha1);
  if (!index) {
    EXPECT_TRUE(index.error().code == ErrorCode::kDamaged ||
                index.error().code == ErrorCode::kUnsupported ||
                index.error().code == ErrorCode::kLimit);
    return (index.error().code == ErrorCode::kUnsupported ? "unsupported: "
                                                          : "") +
           index.error().message;
  }
  EXPECT_EQ(WhatIsWrong(*index), "");
  std::string out;
  for (const std::string& path : Paths(*index)) out += path + " ";
  return out;
}

std::string OnePath(const std::string& path, std::uint32_t mode = 0100644) {
  return Parsed(IndexMaker(2).Add({path, mode}).Bytes());
}

TEST(ParseIndex, MadeUpOnes) {
  EXPECT_EQ(Parsed(IndexMaker(2).Bytes()), "");
  EXPECT_EQ(Parsed(IndexMaker(2).Add({"a"}).Add({"b"}).Bytes()), "a b ");
  EXPECT_EQ(Parsed(IndexMaker(4)
                       .Add({"dir/one"})
                       .Add({"two", 0100644, 0, 0, 3})
                       .Add({"x", 0100644, 0, 0x2000, 7})
                       .Bytes()),
            "dir/one dir/two x ");
}

TEST(ParseIndex, Headers) {
  EXPECT_EQ(Parsed(""), "offset 0: cut short");
  EXPECT_EQ(Parsed(std::string(31, 'x')), "offset 31: cut short");
  EXPECT_EQ(Parsed(std::string(32, 'x')), "offset 0: not a git index");
  EXPECT_EQ(Parsed(IndexMaker(1).Bytes()),
            "unsupported: offset 4: index version 1");
  EXPECT_EQ(Parsed(IndexMaker(5).Bytes()),
            "unsupported: offset 4: index version 5");
  EXPECT_EQ(Parsed(IndexMaker(2).Count(1).Bytes()),
            "offset 8: 1 entries are more than the file can hold");
  EXPECT_EQ(Parsed(IndexMaker(2).Add({"a"}).Count(0xFFFFFFFF).Bytes()),
            "offset 8: 4294967295 entries are more than the file can hold");
}

TEST(ParseIndex, Checksums) {
  std::string bytes = IndexMaker(2).Add({"a"}).Bytes();
  const std::string none =
      bytes.substr(0, bytes.size() - 20) + std::string(20, '\0');
  EXPECT_EQ(Parsed(none), "a ");
  bytes.back() = static_cast<char>(bytes.back() ^ 1);
  EXPECT_EQ(Parsed(bytes), "offset 76: the checksum does not hold");
}

TEST(ParseIndex, PathsThatGitWouldRefuse) {
  for (const char* path :
       {"/", "/a", "a/", "a//b", ".", "..", "a/.", "a/..", "./a", "../a",
        "a/../b", ".git", ".git/config", "a/.GIT", "a/.Git/b"}) {
    EXPECT_EQ(OnePath(path), "entry at offset 12: a path that git would refuse")
        << path;
  }
  for (const char* path : {".gitx", ".gi", "...", "a/.gitignore", "..a", ".g/x",
                           "git", "a.git/b"}) {
    EXPECT_EQ(OnePath(path), std::string(path) + " ");
  }
  EXPECT_EQ(OnePath(""),
            "offset 12: 1 entries without a path, which is not as many as "
            "replace others");
  EXPECT_EQ(Parsed(IndexMaker(2).Add({"a"}).Add({""}).Bytes()),
            "entry at offset 76: an empty path");
  EXPECT_EQ(OnePath(std::string("a\0b", 3)),
            "entry at offset 12: a path of another length");
}

TEST(ParseIndex, Modes) {
  const auto mode = [](std::uint32_t made) {
    const auto index =
        ParseIndex(IndexMaker(2).Add({"a", made}).Bytes(), HashKind::kSha1);
    return index ? Octal(index->entries[0].mode) : index.error().message;
  };
  EXPECT_EQ(mode(0100644), "100644");
  EXPECT_EQ(mode(0100664), "100644");
  EXPECT_EQ(mode(0100775), "100755");
  EXPECT_EQ(mode(0120000), "120000");
  EXPECT_EQ(mode(0160000), "160000");
  for (const std::uint32_t wrong : {0u, 0644u, 0020000u, 0140000u, 0300644u}) {
    EXPECT_EQ(mode(wrong), "entry at offset 12: a mode that cannot be");
  }
  EXPECT_EQ(mode(0040000), "entry at offset 12: a folder that cannot be");
}

TEST(ParseIndex, Order) {
  EXPECT_EQ(Parsed(IndexMaker(2).Add({"b"}).Add({"a"}).Bytes()),
            "entry at offset 76: out of order");
  EXPECT_EQ(Parsed(IndexMaker(2).Add({"a"}).Add({"a"}).Bytes()),
            "entry at offset 76: out of order");
  EXPECT_EQ(Parsed(IndexMaker(2).Add({"a"}).Add({"a", 0100644, 1}).Bytes()),
            "entry at offset 76: out of order");
  EXPECT_EQ(
      Parsed(
          IndexMaker(2).Add({"a", 0100644, 1}).Add({"a", 0100644, 3}).Bytes()),
      "a a ");
  EXPECT_EQ(Parsed(IndexMaker(2).Add({"z"}).Add({"\xFF"}).Bytes()), "z \xFF ");
  // The same by way of shortened paths.
  EXPECT_EQ(
      Parsed(IndexMaker(4).Add({"ab"}).Add({"a", 0100644, 0, 0, 1}).Bytes()),
      "entry at offset 78: out of order");
}

TEST(ParseIndex, Flags) {
  EXPECT_EQ(Parsed(IndexMaker(2).Add({"a", 0100644, 0, 0x2000}).Bytes()),
            "entry at offset 12: flags that version 2 does not have");
  EXPECT_EQ(Parsed(IndexMaker(3).Add({"a", 0100644, 0, 0x6000}).Bytes()), "a ");
  for (const unsigned flags : {0x8000u, 0x1000u, 1u}) {
    EXPECT_EQ(Parsed(IndexMaker(3).Add({"a", 0100644, 0, flags}).Bytes()),
              "unsupported: entry at offset 12: flags that are not known");
  }
}

TEST(ParseIndex, ShorteningsThatCannotBe) {
  const auto cut = [](unsigned n) {
    return Parsed(IndexMaker(4).Add({"ab"}).Add({"x", 0, 0, 0, n}).Bytes());
  };
  EXPECT_EQ(cut(3), "entry at offset 78: a mode that cannot be");
  IndexMaker maker(4);
  maker.Add({"ab"});
  EXPECT_EQ(Parsed(maker.Add({"x", 0100644, 0, 0, 3}).Bytes()),
            "entry at offset 78: a shortening that cannot be");
  // A number without an end.
  std::string endless = IndexMaker(4).Add({"ab"}).Bytes();
  endless.replace(12 + 62, 3, "\x80\xFF\xFF");
  EXPECT_EQ(Parsed(Mended(endless)),
            "entry at offset 12: a shortening that cannot be");
}

// Two hundred thousand bytes must not become gigabytes.
TEST(ParseIndex, PathsFromNothing) {
  IndexMaker maker(4);
  maker.Add({std::string(100000, 'p')});
  for (int i = 0; i < 1500; ++i) maker.Add({"a"});
  const auto index = ParseIndex(maker.Bytes(), HashKind::kSha1);
  ASSERT_FALSE(index);
  EXPECT_EQ(index.error().code, ErrorCode::kLimit);
  EXPECT_TRUE(index.error().message.ends_with(": the paths are too long"));
}

TEST(ParseIndex, Extensions) {
  const auto with = [](std::string_view name) {
    return Parsed(IndexMaker(2).Add({"a"}).Extension(name, "data").Bytes());
  };
  EXPECT_EQ(with("XYZW"), "a ");
  EXPECT_EQ(with("Abcd"), "a ");
  for (const char* name : {"abcd", "0abc", "[abc", "@abc", "\xC3\x84xy"}) {
    EXPECT_EQ(with(name),
              "unsupported: extension at offset 76: required and not known");
  }
  const auto raw = [](std::string_view bytes) {
    return Parsed(IndexMaker(2).Raw(bytes).Bytes());
  };
  EXPECT_EQ(raw("TREE"), "extension at offset 12: cut short");
  EXPECT_EQ(raw("XYZW" + Big32(1)),
            "extension at offset 12: longer than the file");
  EXPECT_EQ(raw("XYZW" + Big32(0xFFFFFFFF)),
            "extension at offset 12: longer than the file");
}

TEST(ParseIndex, SparseFolders) {
  IndexMaker maker(3);
  maker.Add({"a-b"}).Add({"a/", 0040000, 0, 0x4000});
  EXPECT_EQ(Parsed(maker.Bytes()),
            "offset 12: folders, and no extension that allows them");
  EXPECT_EQ(Parsed(maker.Extension("sdir", "").Bytes()), "a a-b ");
  EXPECT_EQ(Parsed(IndexMaker(2)
                       .Add({"a"})
                       .Add({"a/", 0040000})
                       .Extension("sdir", "")
                       .Bytes()),
            "offset 12: a file and a folder have the same path");
}

// The trees of an index of a, b/c and b/d; `extended` is of b/d.
std::string TreesOf(const std::string& tree, unsigned extended = 0) {
  const auto index = ParseIndex(IndexMaker(3)
                                    .Add({"a"})
                                    .Add({"b/c"})
                                    .Add({"b/d", 0100644, 0, extended})
                                    .Extension("TREE", tree)
                                    .Bytes(),
                                HashKind::kSha1);
  if (!index) return index.error().message;
  EXPECT_EQ(WhatIsWrong(*index), "");
  std::string out;
  for (const CachedTree& t : index->trees) {
    out += "'" + t.path + "' " + std::to_string(t.first) + "+" +
           std::to_string(t.count) + " ";
  }
  return out;
}

TEST(ParseIndex, CachedTrees) {
  EXPECT_EQ(TreesOf(""), "");
  EXPECT_EQ(TreesOf(TreeNode("", -1, 0)), "");
  EXPECT_EQ(TreesOf(TreeNode("", 3, 0)), "'' 0+3 ");
  EXPECT_EQ(TreesOf(TreeNode("", -1, 1) + TreeNode("b", 2, 0)), "'b' 1+2 ");
  // A folder that has nothing in it.
  EXPECT_EQ(
      TreesOf(TreeNode("", 3, 2) + TreeNode("b", 2, 0) + TreeNode("e", 0, 0)),
      "'' 0+3 'b' 1+2 'e' 3+0 ");
  EXPECT_EQ(TreesOf(TreeNode("", 3, 1) + TreeNode("b", 2, 0), 0x2000), "");
}

TEST(ParseIndex, CachedTreesThatCannotBe) {
  const std::string count = "TREE with another count than there are entries";
  for (const auto& [tree, message] :
       {std::pair(TreeNode("", 2, 0), count),
        std::pair(TreeNode("", 4, 0), count),
        std::pair(TreeNode("", -1, 1) + TreeNode("b", 1, 0), count),
        std::pair(TreeNode("", -1, 1) + TreeNode("b", 3, 0), count),
        std::pair(TreeNode("", -1, 1) + TreeNode("b", 0, 0), count),
        std::pair(TreeNode("", -1, 1) + TreeNode("c", 1, 0), count),
        std::pair(TreeNode("x", 3, 0),
                  std::string("TREE with a name that cannot be")),
        std::pair(TreeNode("", 3, 1) + TreeNode("", 3, 0),
                  std::string("TREE with a name that cannot be")),
        std::pair(TreeNode("", 3, 0) + "x", std::string("TREE is too long")),
        std::pair(TreeNode("", 3, 1), std::string("TREE is cut short")),
        std::pair(TreeNode("", 3, 0).substr(0, 10),
                  std::string("TREE is cut short")),
        std::pair(std::string("\0- 0\n", 5),
                  std::string("TREE with a number that cannot be")),
        std::pair(std::string("\0-0 0\n", 6),
                  std::string("TREE with a number that cannot be")),
        std::pair(std::string("\0-1 -1\n", 7),
                  std::string("TREE with a number that cannot be")),
        std::pair(std::string("\0-1 99999999999999999999\n", 25),
                  std::string("TREE with a number that cannot be"))}) {
    const std::string got = TreesOf(tree);
    EXPECT_TRUE(got.ends_with(message)) << got << " for " << message;
  }
}

// Folders in folders, as deep as a file can say.
TEST(ParseIndex, CachedTreesOfAnyDepth) {
  constexpr int kDepth = 200000;
  std::string path;
  std::string tree = TreeNode("", 1, 1);
  for (int i = 0; i < kDepth; ++i) {
    path += "d/";
    tree += TreeNode("d", 1, i + 1 < kDepth ? 1 : 0);
  }
  const auto index = ParseIndex(
      IndexMaker(2).Add({path + "f"}).Extension("TREE", tree).Bytes(),
      HashKind::kSha1);
  ASSERT_TRUE(index) << index.error().message;
  EXPECT_EQ(index->trees.size(), 2049u);
  EXPECT_EQ(index->trees.back().path.size(), 4095u);
}

class Split {
 public:
  Split() {
    const std::string shared =
        IndexMaker(2).Add({"a"}).Add({"b"}).Add({"c"}).Bytes();
    const Result<IndexFile> parsed = ParseIndex(shared, HashKind::kSha1);
    EXPECT_TRUE(parsed);
    id_ = shared.substr(shared.size() - 20);
    name_ = "sharedindex." +
            ToHex(reinterpret_cast<const std::uint8_t*>(id_.data()), 20);
    dir_.Write(name_, shared);
  }
  const std::string& id() const { return id_; }

  // What ReadIndex makes of it.
  std::string Read(IndexMaker own, const std::string& link) const {
    const std::string path =
        dir_.Write("index", own.Extension("link", link).Bytes());
    const auto index = ReadIndex(path, HashKind::kSha1);
    if (!index) {
      EXPECT_TRUE(index.error().message.starts_with(path + ": "));
      return index.error().message.substr(path.size() + 2);
    }
    EXPECT_EQ(WhatIsWrong(*index), "");
    std::string out;
    for (const std::string& line : Paths(*index)) out += line + " ";
    return out;
  }

 private:
  TempDir dir_;
  std::string id_;
  std::string name_;
};

std::string Word(std::uint64_t bits, std::uint64_t word) {
  return Ewah(bits, EwahMarker(false, 0, 1) + Big64(word));
}
std::string NoBits() { return Ewah(0, EwahMarker(false, 0, 0)); }

TEST(ReadIndex, LinksOfEveryKind) {
  const Split split;
  const std::string& id = split.id();
  EXPECT_EQ(split.Read(IndexMaker(2), id), "a b c ");
  EXPECT_EQ(split.Read(IndexMaker(2).Add({"bb"}), id), "a b bb c ");
  EXPECT_EQ(split.Read(IndexMaker(2).Add({"b"}), id), "a b c ");
  EXPECT_EQ(split.Read(IndexMaker(2), id + Word(3, 5) + NoBits()), "b ");
  EXPECT_EQ(split.Read(IndexMaker(2).Add({""}), id + NoBits() + Word(2, 2)),
            "a b c ");
  EXPECT_EQ(split.Read(IndexMaker(2).Add({""}), id + Word(2, 2) + Word(2, 2)),
            "a c ");
  EXPECT_EQ(split.Read(IndexMaker(4).Add({""}).Add({"d"}),
                       id + Word(1, 1) + Word(2, 2)),
            "b c d ");
  EXPECT_EQ(split.Read(IndexMaker(2).Add({"x"}), std::string(20, '\0')), "x ");
}

TEST(ReadIndex, LinksThatCannotBe) {
  const Split split;
  const std::string& id = split.id();
  EXPECT_EQ(split.Read(IndexMaker(2), "x"),
            "extension at offset 20: link is cut short");
  EXPECT_EQ(split.Read(IndexMaker(2), id + NoBits()),
            "extension at offset 20: link with a damaged bitmap");
  EXPECT_EQ(split.Read(IndexMaker(2), id + NoBits() + NoBits() + "x"),
            "extension at offset 20: link is too long");
  EXPECT_EQ(split.Read(IndexMaker(2), id + Word(4, 8) + NoBits()),
            "changes an entry that its shared part does not have");
  EXPECT_EQ(split.Read(IndexMaker(2).Add({"a", 0100644, 1}), id),
            "entries are out of order together with its shared part");
  const std::string count =
      " entries without a path, which is not as many as replace others";
  EXPECT_EQ(split.Read(IndexMaker(2), id + NoBits() + Word(2, 2)),
            "offset 12: 0" + count);
  EXPECT_EQ(split.Read(IndexMaker(2).Add({""}), id), "offset 12: 1" + count);
  EXPECT_EQ(split.Read(IndexMaker(2),
                       id + NoBits() +
                           Ewah(0xFFFFFFFF, EwahMarker(true, 0x3FFFFFF, 0))),
            "offset 12: 0" + count);
  EXPECT_EQ(split.Read(IndexMaker(2),
                       id + Ewah(0xFFFFFFFF, EwahMarker(true, 0x3FFFFFF, 0)) +
                           NoBits()),
            "changes an entry that its shared part does not have");
}

// Every truncation and every changed byte of what git wrote. Unless the
// checksum is made right again none may pass for an index.
void BreakEverywhere(const IndexScene& scene) {
  const std::string whole = scene.bytes();
  const std::string path = scene.index_path();
  int read = 0;
  const auto check = [&](const std::string& bytes, bool mended) {
    scene.dir().Write("work/.git/index", bytes);
    const auto index = ReadIndex(path, HashKind::kSha1);
    if (!mended) {
      EXPECT_FALSE(index);
    } else if (index) {
      EXPECT_EQ(WhatIsWrong(*index), "");
      ++read;
    }
  };
  for (std::size_t n = 0; n < whole.size(); ++n) {
    check(whole.substr(0, n), false);
    check(Mended(whole.substr(0, n)), true);
  }
  for (std::size_t at = 0; at < whole.size(); ++at) {
    for (const unsigned flip : {0x01u, 0x20u, 0x80u, 0xFFu}) {
      std::string bytes = whole;
      bytes[at] =
          static_cast<char>(static_cast<unsigned char>(bytes[at]) ^ flip);
      check(bytes, false);
      check(Mended(bytes), true);
    }
  }
  EXPECT_GT(read, 0);
  scene.dir().Write("work/.git/index", whole);
}

TEST(IndexDamage, OfEveryVersion) {
  for (const char* version : {"2", "3", "4"}) {
    const IndexScene scene;
    scene.Commit();
    scene.Git("update-index --skip-worktree z");
    scene.Git(std::string("update-index --index-version ") + version);
    BreakEverywhere(scene);
  }
}

TEST(IndexDamage, OfASplitIndex) {
  const IndexScene scene;
  scene.Git("config splitIndex.maxPercentChange 100");
  scene.Commit();
  scene.Git("update-index --split-index");
  scene.Write("b/c", "replaced");
  scene.Write("new", "added");
  scene.Git("add -A && git rm -q --cached a");
  ASSERT_TRUE(scene.Read().shared);
  BreakEverywhere(scene);
}

TEST(IndexDamage, OfASparseIndex) {
  const IndexScene scene;
  scene.Commit();
  scene.Git("sparse-checkout set --cone --sparse-index");
  BreakEverywhere(scene);
}

}  // namespace
}  // namespace keytidy::git
