// SPDX-License-Identifier: Apache-2.0
#include "source/archive.h"

#include <gtest/gtest.h>
#include <locale.h>

#include <string>
#include <vector>

#include "unit/source/archive_maker.h"

namespace keytidy::source {
namespace {

using std::string_literals::operator""s;
using Strings = std::vector<std::string>;

const std::vector<Entry> kTwo = {{"a.txt", "alpha"}, {"d/b.txt", "beta"}};

// The archive's name is told from nothing.
Strings Two(const std::string& path) {
  return {path + "!a.txt: alpha", path + "!d/b.txt: beta"};
}

const Configure kFilters[] = {
    archive_write_add_filter_gzip, archive_write_add_filter_bzip2,
    archive_write_add_filter_xz, archive_write_add_filter_zstd,
    archive_write_add_filter_lz4};

// Makes names that are stored as UTF-8 or UTF-16 come out whole.
class Utf8Scope {
 public:
  Utf8Scope()
      : utf8_(newlocale(LC_CTYPE_MASK, "C.UTF-8", locale_t{})),
        before_(uselocale(utf8_)) {}
  ~Utf8Scope() {
    uselocale(before_);
    freelocale(utf8_);
  }

 private:
  locale_t utf8_;
  locale_t before_;
};

TEST(ArchiveTest, Zip) {
  EXPECT_EQ(Lines(Zip(kTwo), "x/a.zip"), Two("x/a.zip"));
  EXPECT_EQ(Lines(StoredZip(kTwo), "app.jar"), Two("app.jar"));
}

TEST(ArchiveTest, SevenZip) {
  EXPECT_EQ(Lines(SevenZip(kTwo), "a.7z"), Two("a.7z"));
}

TEST(ArchiveTest, SevenZipOfEveryCompression) {
  for (const char* compression :
       {"store", "deflate", "bzip2", "lzma1", "lzma2", "ppmd"}) {
    const std::string bytes = MakeArchive(
        [&](archive* a) {
          archive_write_set_format_7zip(a);
          archive_write_set_format_option(a, "7zip", "compression",
                                          compression);
        },
        kTwo);
    EXPECT_EQ(Lines(bytes, "x"), Two("x")) << compression;
  }
}

TEST(ArchiveTest, Tar) {
  EXPECT_EQ(Lines(Tar(kTwo), "a.tar"), Two("a.tar"));
  EXPECT_EQ(Lines(MakeArchive(archive_write_set_format_gnutar, kTwo), "x"),
            Two("x"));
  EXPECT_EQ(Lines(MakeArchive(archive_write_set_format_v7tar, kTwo), "x"),
            Two("x"));
  EXPECT_EQ(Lines(MakeArchive(archive_write_set_format_pax, kTwo), "x"),
            Two("x"));
}

TEST(ArchiveTest, CompressedTar) {
  for (const Configure& filter : kFilters) {
    EXPECT_EQ(Lines(TarWith(filter, kTwo), "a.tar.gz"), Two("a.tar.gz"));
  }
}

TEST(ArchiveTest, CompressedFile) {
  for (const Configure& filter : kFilters) {
    EXPECT_EQ(Lines(Compressed(filter, "alpha"), "x/notes.txt.gz"),
              Strings{"x/notes.txt.gz!notes.txt: alpha"});
  }
}

TEST(ArchiveTest, TheSameWithoutSeeking) {
  EXPECT_EQ(ForwardLines(Zip(kTwo), "x"), Two("x"));
  EXPECT_EQ(ForwardLines(SevenZip(kTwo), "x"), Two("x"));
  EXPECT_EQ(ForwardLines(Tar(kTwo), "x"), Two("x"));
  EXPECT_EQ(ForwardLines(Gzip("alpha"), "n.gz"), Strings{"n.gz!n: alpha"});
}

TEST(ArchiveTest, WhatCannotBeHeldIsStreamedOrRefused) {
  ArchiveLimits limits;
  limits.buffered_bytes = 50;
  EXPECT_EQ(ForwardLines(Zip(kTwo), "x", limits), Two("x"));
  EXPECT_EQ(ForwardLines(StoredZip(kTwo), "x", limits), Two("x"));
  EXPECT_EQ(ForwardLines(SevenZip(kTwo), "x", limits),
            Strings{"?x: cannot be unpacked: 7z is read back and forth, and "
                    "this one is not in a file and larger than 50 bytes"});
}

TEST(ArchiveTest, SizesAreThoseOfTheArchive) {
  class Sizes final : public ArchiveVisitor {
   public:
    void OnMember(const std::string&, ByteReader& content) override {
      sizes.push_back(content.Size().value_or(99));
    }
    void OnSkip(Skip) override { ADD_FAILURE(); }
    std::vector<std::uint64_t> sizes;
  };
  for (const std::string& bytes : {Zip(kTwo), SevenZip(kTwo), Tar(kTwo)}) {
    ArchiveBudget budget;
    Sizes visitor;
    MemoryReader reader(bytes);
    ReadArchive(reader, "x", budget, visitor);
    EXPECT_EQ(visitor.sizes, (std::vector<std::uint64_t>{5, 4}));
  }
}

TEST(ArchiveTest, WhatIsNotReadIsSkipped) {
  const std::vector<Entry> entries = {{"a", std::string(300000, 'a')},
                                      {"b", "beta"}};
  for (const std::string& bytes :
       {Zip(entries), StoredZip(entries), SevenZip(entries), Tar(entries),
        TarWith(archive_write_add_filter_gzip, entries)}) {
    ArchiveBudget budget;
    Recorder recorder(budget);
    recorder.only_heads = true;
    MemoryReader reader(bytes);
    ReadArchive(reader, "x", budget, recorder);
    EXPECT_EQ(recorder.lines,
              (Strings{"x!a: " + std::string(512, 'a'), "x!b: beta"}));
  }
}

TEST(ArchiveTest, TheStoredNameOfACompressedFile) {
  const auto with_name = [](const std::string& name) {
    std::string gzip = Gzip("alpha");
    gzip[3] = '\x08';
    return gzip.substr(0, 10) + name + '\0' + gzip.substr(10);
  };
  EXPECT_EQ(Lines(with_name("notes v2"), "x.gz"),
            Strings{"x.gz!notes v2: alpha"});
  for (const char* odd : {"../up", "/etc/passwd", "..", "a!b", "a\x1b[m", ""}) {
    EXPECT_EQ(Lines(with_name(odd), "d.e/x.y.gz"),
              Strings{"d.e/x.y.gz!x.y: alpha"});
  }
  EXPECT_EQ(Lines(Gzip("alpha"), "d.e/f"), Strings{"d.e/f!content: alpha"});
  EXPECT_EQ(Lines(Gzip("alpha"), "-"), Strings{"-!content: alpha"});
  EXPECT_EQ(Lines(Gzip("alpha"), "a.zip!.gz"),
            Strings{"a.zip!.gz!content: alpha"});
}

TEST(ArchiveTest, ArchivesInArchives) {
  const std::string inner =
      TarWith(archive_write_add_filter_gzip,
              {{"a.txt", "alpha"}, {"b.7z", SevenZip(kTwo)}});
  const std::string outer =
      Zip({{"in/inner.tgz", inner}, {"z.gz", Gzip("zeta")}, {"y", "ypsilon"}});
  EXPECT_EQ(Lines(outer, "outer.zip"),
            (Strings{"outer.zip!in/inner.tgz!a.txt: alpha",
                     "outer.zip!in/inner.tgz!b.7z!a.txt: alpha",
                     "outer.zip!in/inner.tgz!b.7z!d/b.txt: beta",
                     "outer.zip!z.gz!z: zeta", "outer.zip!y: ypsilon"}));
}

TEST(ArchiveTest, LinksAndSpecialFilesHaveNoContent) {
  const std::vector<Entry> entries = {
      {"d", "", AE_IFDIR},      {"a", "alpha"},      {"s", "", AE_IFLNK, "a"},
      {"h", "", AE_IFREG, "a"}, {"c", "", AE_IFCHR}, {"p", "", AE_IFIFO}};
  EXPECT_EQ(
      Lines(Tar(entries), "x"),
      (Strings{"x!a: alpha", "x!s: symbolic link in archive",
               "x!h: hard link in archive", "x!c: special file in archive",
               "x!p: special file in archive"}));
  EXPECT_EQ(Lines(Zip({entries.begin(), entries.begin() + 3}), "x"),
            (Strings{"x!a: alpha", "x!s: symbolic link in archive"}));
}

TEST(ArchiveTest, EmptyArchivesHaveNoMembers) {
  EXPECT_EQ(Lines(Zip({}), "x"), Strings{});
  EXPECT_EQ(Lines(SevenZip({}), "x"), Strings{});
  EXPECT_EQ(Lines(Zip({{"d/", "", AE_IFDIR}}), "x"), Strings{});
  for (int i = 0; i < 4; ++i) {  // libarchive cannot write an empty lz4
    EXPECT_EQ(Lines(Compressed(kFilters[i], ""), "x"), Strings{});
  }
  EXPECT_EQ(Lines(Zip({{"e", ""}}), "x"), Strings{"x!e: "});
  EXPECT_EQ(Lines(SevenZip({{"e", ""}}), "x"), Strings{"x!e: "});
}

TEST(ArchiveTest, NamesStayAsTheyAre) {
  const std::vector<Entry> entries = {
      {"/abs", "1"}, {"../up", "2"}, {"\xff\xfe", "3"}, {"\xc3\xa9", "4"}};
  const Strings expected = {"x!/abs: 1", "x!../up: 2", "x!\xff\xfe: 3",
                            "x!\xc3\xa9: 4"};
  EXPECT_EQ(Lines(Zip(entries), "x"), expected);
  EXPECT_EQ(Lines(Tar(entries), "x"), expected);
  EXPECT_EQ(Lines(MakeArchive(archive_write_set_format_pax, entries), "x"),
            expected);
}

TEST(ArchiveTest, NamesStoredAsUnicode) {
  const std::vector<Entry> entries = {{"\xc3\xa9/\xe2\x82\xac", "1"}};
  const Strings expected = {"x!\xc3\xa9/\xe2\x82\xac: 1"};
  std::string archives[3];
  {
    const Utf8Scope scope;
    archives[0] = Zip(entries);
    archives[1] = SevenZip(entries);
    archives[2] = MakeArchive(archive_write_set_format_pax, entries);
  }
  for (const std::string& archive : archives) {
    EXPECT_EQ(Lines(archive, "x"), expected);
  }
}

TEST(ArchiveTest, ANameThatCannotBeHadIsMadeUp) {
  std::string zip = StoredZip({{"a", "1"}, {"bb", "2"}});
  // An empty name in the second local header.
  const std::size_t second = zip.find("PK\3\4", 4);
  zip[second + 26] = '\0';
  zip.erase(second + 30, 2);
  ArchiveLimits limits;
  limits.buffered_bytes = 0;
  EXPECT_EQ(ForwardLines(zip, "x", limits),
            (Strings{"x!a: 1", "x!member-2: 2"}));
}

TEST(ArchiveTest, RunnableZip) {
  const std::string zip = "#!/usr/bin/env python3\n" + Zip(kTwo);
  EXPECT_TRUE(LooksLikeArchive(zip));
  EXPECT_EQ(Lines(zip, "tool"), Two("tool"));
}

TEST(ArchiveTest, TarsOneAfterTheOther) {
  EXPECT_EQ(Lines(Tar({{"a", "1"}}) + Tar({{"b", "2"}}), "x"),
            (Strings{"x!a: 1", "x!b: 2"}));
}

TEST(ArchiveTest, CompressedStreamsOneAfterTheOther) {
  for (const Configure& filter : kFilters) {
    EXPECT_EQ(
        Lines(Compressed(filter, "al") + Compressed(filter, "pha"), "x.gz"),
        Strings{"x.gz!x: alpha"});
  }
}

TEST(ArchiveTest, BytesAfterACompressedStreamAreMentioned) {
  ArchiveBudget budget;
  Recorder recorder(budget);
  const std::string padded = Gzip("alpha") + "more";
  MemoryReader reader(padded);
  ReadArchive(reader, "x.gz", budget, recorder);
  EXPECT_EQ(recorder.lines,
            (Strings{"x.gz!x: alpha",
                     "x.gz: bytes after the end of the compressed data"}));
  EXPECT_EQ(recorder.skips[0].bytes, 4U);
}

TEST(ArchiveTest, HolesOfASparseFileAreZeros) {
  const std::string content = "one" + std::string(300000, '\0') + "two";
  const std::string tar =
      MakeArchive(archive_write_set_format_pax,
                  {{"s", content, AE_IFREG, "", {{0, 3}, {300003, 3}}}});
  EXPECT_LT(tar.size(), content.size());
  EXPECT_EQ(Lines(tar, "x"), Strings{"x!s: " + content});
}

TEST(ArchiveTest, WhatIsNoArchive) {
  EXPECT_FALSE(LooksLikeArchive("PK"));
  EXPECT_FALSE(LooksLikeArchive(""));
  EXPECT_FALSE(LooksLikeArchive("BZh9 is how bzip2 begins"));
  EXPECT_FALSE(LooksLikeArchive(std::string(512, '\0')));
  EXPECT_FALSE(LooksLikeArchive(std::string(512, '7')));
  EXPECT_FALSE(LooksLikeArchive("#!/bin/sh\necho PK\3\4"));
  EXPECT_EQ(Lines("text", "x"),
            Strings{"?x: cannot be unpacked: not an archive"});
}

// A compressed disk image may begin with zeros, which are also an empty tar.
TEST(ArchiveTest, ZerosAreNotATar) {
  const std::string content = std::string(1024, '\0') + "end";
  EXPECT_EQ(Lines(Gzip(content), "i.gz"), Strings{"i.gz!i: " + content});
}

TEST(ArchiveTest, EncryptedMembers) {
  for (const char* method : {"traditional", "aes256"}) {
    const std::string zip = MakeArchive(
        [&](archive* a) {
          archive_write_set_format_zip(a);
          archive_write_set_format_option(a, "zip", "encryption", method);
          archive_write_set_passphrase(a, "horse");
        },
        kTwo);
    const Strings expected = {"?x!a.txt: encrypted", "?x!d/b.txt: encrypted"};
    EXPECT_EQ(Lines(zip, "x"), expected);
    ArchiveLimits limits;
    limits.buffered_bytes = 0;
    EXPECT_EQ(ForwardLines(zip, "x", limits), expected);
  }
}

}  // namespace
}  // namespace keytidy::source
