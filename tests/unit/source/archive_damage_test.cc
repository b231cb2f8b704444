// SPDX-License-Identifier: Apache-2.0
//
// Archives that are cut off, damaged or cannot be read: what is before the
// damage is still visited, what is not visited is said.
#include <gtest/gtest.h>

#include <algorithm>
#include <functional>
#include <random>
#include <string>
#include <vector>

#include "source/archive.h"
#include "unit/source/archive_maker.h"

namespace keytidy::source {
namespace {

using Strings = std::vector<std::string>;

// Bytes that do not compress, the same in every run.
std::string Noise(std::size_t size, unsigned seed) {
  std::mt19937 random(seed);
  std::string bytes(size, '\0');
  for (char& c : bytes) c = static_cast<char>('!' + random() % 90);
  return bytes;
}

std::vector<Entry> Files(std::size_t count, std::size_t size) {
  std::vector<Entry> entries;
  for (unsigned i = 0; i < count; ++i) {
    entries.push_back({"f" + std::to_string(i), Noise(size, i)});
  }
  return entries;
}

struct Visited {
  std::size_t whole = 0;  // members, from the first on
  bool incomplete = false;
};

// Visits `bytes` and checks that each member is a beginning of the one it
// should be, and that whatever is missing is said.
Visited Visit(const std::string& bytes, const std::vector<Entry>& entries) {
  ArchiveBudget budget;
  Recorder recorder(budget);
  MemoryReader reader(bytes);
  ReadArchive(reader, "x", budget, recorder);
  Visited visited;
  visited.incomplete = recorder.incomplete;
  EXPECT_LE(recorder.members.size(), entries.size());
  std::size_t n = std::min(recorder.members.size(), entries.size());
  for (std::size_t i = 0; i < n; ++i) {
    const std::string& content = recorder.members[i].second;
    EXPECT_EQ(recorder.members[i].first, "x!" + entries[i].name);
    EXPECT_EQ(content, entries[i].content.substr(0, content.size()));
    if (content == entries[i].content) {
      visited.whole = i + 1;
    }
  }
  if (visited.whole < entries.size()) {
    EXPECT_TRUE(recorder.incomplete);
  }
  return visited;
}

// How many members end before `cut`, when they lie in `bytes` as they are and
// `mark` bytes after each say that it ends.
std::size_t WholeBefore(const std::string& bytes, std::size_t cut,
                        const std::vector<Entry>& entries, std::size_t mark) {
  std::size_t whole = 0;
  std::size_t at = 0;
  for (const Entry& entry : entries) {
    at = bytes.find(entry.content, at) + entry.content.size();
    if (at + mark <= cut) ++whole;
  }
  return whole;
}

TEST(ArchiveDamageTest, AZipCutAnywhere) {
  const std::vector<Entry> entries = Files(3, 40);
  const std::string zip = StoredZip(entries);
  for (std::size_t cut = 4; cut < zip.size(); ++cut) {
    SCOPED_TRACE(cut);
    const Visited visited = Visit(zip.substr(0, cut), entries);
    EXPECT_GE(visited.whole, WholeBefore(zip, cut, entries, 4));
    EXPECT_TRUE(visited.incomplete);
  }
}

TEST(ArchiveDamageTest, ADeflatedZipCutAnywhere) {
  std::vector<Entry> entries = {{"f0", std::string(100, 'a')},
                                {"f1", std::string(50, 'b') + "end"}};
  const std::string zip = Zip(entries);
  for (std::size_t cut = 4; cut < zip.size(); ++cut) {
    SCOPED_TRACE(cut);
    EXPECT_TRUE(Visit(zip.substr(0, cut), entries).incomplete);
  }
}

TEST(ArchiveDamageTest, ATarCutAnywhere) {
  const std::vector<Entry> entries = Files(3, 600);
  const std::string tar = Tar(entries);
  for (std::size_t cut = 512; cut < tar.size(); ++cut) {
    SCOPED_TRACE(cut);
    // One that ends between two members looks whole.
    if (cut % 1536 == 0) continue;
    const Visited visited = Visit(tar.substr(0, cut), entries);
    EXPECT_GE(visited.whole, WholeBefore(tar, cut, entries, 0));
  }
}

TEST(ArchiveDamageTest, ASevenZipCutAnywhere) {
  const std::vector<Entry> entries = Files(3, 40);
  const std::string archive = SevenZip(entries);
  for (std::size_t cut = 6; cut < archive.size(); ++cut) {
    SCOPED_TRACE(cut);
    EXPECT_EQ(Visit(archive.substr(0, cut), entries).whole, 0U);
  }
}

TEST(ArchiveDamageTest, ASmallCompressedTarCutAnywhere) {
  const std::vector<Entry> entries = Files(2, 40);
  for (const auto filter :
       {archive_write_add_filter_gzip, archive_write_add_filter_bzip2,
        archive_write_add_filter_xz, archive_write_add_filter_zstd}) {
    const std::string archive = TarWith(filter, entries);
    for (std::size_t cut = 10; cut < archive.size(); ++cut) {
      SCOPED_TRACE(cut);
      EXPECT_TRUE(Visit(archive.substr(0, cut), entries).incomplete);
    }
  }
}

// What comes out of a decompressor comes in blocks of 64 KiB, and the block
// that is not whole is lost.
TEST(ArchiveDamageTest, ALargeCompressedTarLosesLessThanABlock) {
  constexpr std::size_t kSize = 7 << 10;
  const std::vector<Entry> entries = Files(40, kSize);
  const std::string archive = TarWith(archive_write_add_filter_gzip, entries);
  for (std::size_t cut = 1 << 10; cut < archive.size(); cut += 4999) {
    SCOPED_TRACE(cut);
    const std::size_t lost = (64 << 10) + kSize;
    const std::size_t kept = cut > lost ? (cut - lost) / (kSize + 1024) : 0;
    EXPECT_GE(Visit(archive.substr(0, cut), entries).whole, kept);
  }
}

// Visits `archive` with every one of its bits changed in turn, and calls
// `check` each time.
void ChangeEveryBit(const std::string& archive,
                    const std::function<void(const Recorder&)>& check) {
  for (std::size_t at = 0; at < archive.size() * 8; ++at) {
    SCOPED_TRACE(at);
    std::string bytes = archive;
    bytes[at / 8] = static_cast<char>(bytes[at / 8] ^ (1 << at % 8));
    ArchiveBudget budget;
    Recorder recorder(budget);
    MemoryReader reader(bytes);
    ReadArchive(reader, "x", budget, recorder);
    check(recorder);
  }
}

// All of these formats is under a checksum or says what is where; so what is
// not visited as it was is said to be damaged, or is left out by rule.
TEST(ArchiveDamageTest, AnyBitChangedOfWhatIsChecked) {
  const std::vector<Entry> entries = Files(3, 30);
  const auto check = [&](const Recorder& recorder) {
    for (const Entry& entry : entries) {
      const bool found = std::any_of(
          recorder.members.begin(), recorder.members.end(),
          [&](const auto& member) { return member.second == entry.content; });
      if (!found) {
        EXPECT_FALSE(recorder.skips.empty());
      }
    }
  };
  ChangeEveryBit(Zip(entries), check);
  ChangeEveryBit(StoredZip(entries), check);
  ChangeEveryBit(SevenZip(entries), check);
  ChangeEveryBit(TarWith(archive_write_add_filter_xz, entries), check);
}

// libarchive does not look at the checksums of gzip and lz4, and tar has none
// but of its headers.
TEST(ArchiveDamageTest, AnyBitChangedOfWhatIsNot) {
  const auto check = [](const Recorder& recorder) {
    EXPECT_FALSE(recorder.members.empty() && recorder.skips.empty());
  };
  const std::vector<Entry> entries = Files(2, 30);
  ChangeEveryBit(Tar(entries).substr(0, 1300), check);
  ChangeEveryBit(Gzip(Noise(200, 1)), check);
  ChangeEveryBit(Compressed(archive_write_add_filter_lz4, "alpha"), check);
  ChangeEveryBit(TarWith(archive_write_add_filter_gzip, entries), check);
  ChangeEveryBit(TarWith(archive_write_add_filter_bzip2, entries), check);
  ChangeEveryBit(TarWith(archive_write_add_filter_zstd, entries), check);
}

TEST(ArchiveDamageTest, AWrongChecksumIsSaidAndTheContentStillRead) {
  std::string zip = StoredZip({{"a", "alpha"}, {"b", "beta"}});
  zip[zip.find("alpha")] = 'A';
  const Strings lines = Lines(zip, "x");
  ASSERT_EQ(lines.size(), 3U);
  EXPECT_EQ(lines[0], "x!a: Alpha");
  EXPECT_TRUE(lines[1].starts_with("?x!a: cannot be unpacked: ZIP bad CRC"));
  EXPECT_EQ(lines[2], "x!b: beta");
}

TEST(ArchiveDamageTest, AZipWithoutItsDirectory) {
  const std::string zip = StoredZip({{"a", "alpha"}, {"b", "beta"}});
  const std::string said =
      "?x: cannot be unpacked: its directory is damaged or missing";
  const std::size_t directory = zip.find("PK\1\2");
  EXPECT_EQ(Lines(zip.substr(0, zip.size() - 22), "x"),
            (Strings{"x!a: alpha", "x!b: beta", said}));
  std::string damaged = zip;
  damaged[directory + 1] = '?';
  EXPECT_EQ(Lines(damaged, "x"), (Strings{"x!a: alpha", "x!b: beta", said}));
}

TEST(ArchiveDamageTest, ATarIsReadOnAfterADamagedHeader) {
  std::string tar = Tar({{"a", "1"}, {"b", "2"}, {"c", "3"}});
  tar[1024 + 10] = 'x';
  EXPECT_EQ(Lines(tar, "x"),
            (Strings{"x!a: 1", "x!c: 3",
                     "?x: cannot be unpacked: Damaged tar archive"}));
}

TEST(ArchiveDamageTest, ADamagedArchiveInAnArchiveIsSaidOnce) {
  const std::string gzip = Gzip(Noise(200, 1));
  EXPECT_EQ(Lines(Zip({{"a.gz", gzip.substr(0, 100)}, {"b", "beta"}}), "x"),
            (Strings{"?x!a.gz: cannot be unpacked: truncated gzip input",
                     "x!b: beta"}));
}

TEST(ArchiveDamageTest, ADamagedMemberThatIsAnArchiveIsSaidOnce) {
  const std::vector<Entry> inside = {{"i", std::string(700, 'i')}};
  const std::string zip = StoredZip({{"a.tar", Tar(inside)}});
  const Strings lines = Lines(zip.substr(0, zip.find("iiii") + 600), "x");
  ASSERT_EQ(lines.size(), 2U);
  EXPECT_TRUE(lines[0].starts_with("x!a.tar!i: iii"));
  EXPECT_TRUE(lines[0].ends_with("iii..."));
  EXPECT_EQ(lines[1],
            "?x!a.tar: cannot be unpacked: Truncated ZIP file data; nothing "
            "after it can be read");
}

TEST(ArchiveDamageTest, UnsupportedCompressionOfOneMember) {
  std::string zip = StoredZip({{"a", "alpha"}, {"b", "beta"}});
  zip[8] = 99;  // the method, in the local header, which counts
  const Strings lines = Lines(zip, "x");
  ASSERT_EQ(lines.size(), 3U);
  EXPECT_EQ(lines[0], "x!a: ...");
  EXPECT_TRUE(lines[1].starts_with(
      "?x!a: cannot be unpacked: Unsupported ZIP compression method"));
  EXPECT_EQ(lines[2], "x!b: beta");
}

// A file that cannot be read on at some place.
class FailingReader final : public ByteReader {
 public:
  FailingReader(std::string_view bytes, std::size_t good, bool seekable)
      : memory_(bytes), bytes_(bytes), left_(good), seekable_(seekable) {}
  Result<std::size_t> Read(char* data, std::size_t size) override {
    if (left_ == 0) return Fail(ErrorCode::kIo, "x: Input/output error");
    const Result<std::size_t> n = memory_.Read(data, std::min(size, left_));
    left_ -= *n;
    return n;
  }
  std::optional<std::uint64_t> Size() const override { return bytes_.size(); }
  bool CanSeek() const override { return seekable_; }
  Status SeekTo(std::uint64_t offset) override {
    return memory_.SeekTo(offset);
  }

 private:
  MemoryReader memory_;
  std::string_view bytes_;
  std::size_t left_;
  bool seekable_;
};

TEST(ArchiveDamageTest, AFileThatCannotBeReadIsSaidOnce) {
  const std::vector<Entry> entries = Files(30, 5000);
  for (const std::string& archive :
       {Zip(entries), SevenZip(entries), Tar(entries),
        TarWith(archive_write_add_filter_gzip, entries),
        Gzip(Noise(150000, 1))}) {
    for (const bool seekable : {false, true}) {
      for (const std::size_t good : {0, 100, 70000}) {
        SCOPED_TRACE(good);
        ArchiveBudget budget;
        Recorder recorder(budget);
        FailingReader reader(archive, good, seekable);
        ReadArchive(reader, "x", budget, recorder);
        std::size_t said = 0;
        for (const Skip& skip : recorder.skips) {
          said += skip.reason == "cannot be read: x: Input/output error";
        }
        EXPECT_EQ(said, 1U);
      }
    }
  }
}

TEST(ArchiveDamageTest, ReasonsHaveNoControlCharacters) {
  // The second line of a message of libarchive, and a name in one.
  std::string zip = StoredZip({{"a", "alpha"}});
  zip[zip.find("alpha") - 1 - 8] = '\7';
  for (const std::string& line : Lines(zip, "x")) {
    if (!line.starts_with('?')) continue;
    EXPECT_EQ(line.find_first_of("\n\r\x1b\7", line.find(": ")),
              std::string::npos);
  }
}

}  // namespace
}  // namespace keytidy::source
