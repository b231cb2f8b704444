// SPDX-License-Identifier: Apache-2.0
//
// Limits: archives that would cost more than they are worth.
#include "source/archive_budget.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "source/archive.h"
#include "unit/source/archive_maker.h"

namespace keytidy::source {
namespace {

using Strings = std::vector<std::string>;

constexpr int kMiB = 1 << 20;

struct Read {
  Strings skips;
  std::uint64_t bytes = 0;
  std::size_t members = 0;
};

Read ReadAll(const std::string& archive, const ArchiveLimits& limits = {}) {
  ArchiveBudget budget(limits);
  Recorder recorder(budget);
  recorder.keep = 512;
  MemoryReader reader(archive);
  ReadArchive(reader, "x", budget, recorder);
  Read read;
  for (const Skip& skip : recorder.skips) {
    EXPECT_TRUE(skip.incomplete);
    read.skips.push_back(skip.path + ": " + skip.reason);
  }
  read.bytes = recorder.bytes;
  read.members = recorder.members.size();
  return read;
}

const char kTooDense[] =
    "x: archive limit: unpacks to more than 200 times its size";

TEST(ArchiveBudgetTest, WhatUnpacksToFarMoreThanItIsStopsSoon) {
  const std::string zeros(20 * kMiB, '\0');
  for (const std::string& archive :
       {Zip({{"z", zeros}}), SevenZip({{"z", zeros}}), Gzip(zeros),
        Compressed(archive_write_add_filter_bzip2, zeros),
        Compressed(archive_write_add_filter_xz, zeros),
        Compressed(archive_write_add_filter_zstd, zeros),
        TarWith(archive_write_add_filter_bzip2, {{"z", zeros}, {"b", "b"}})}) {
    const Read read = ReadAll(archive);
    EXPECT_EQ(read.skips, Strings{kTooDense});
    EXPECT_EQ(read.members, 1U);
    EXPECT_GE(read.bytes, 15 * kMiB);
    EXPECT_LE(read.bytes, 17 * kMiB);
  }
}

TEST(ArchiveBudgetTest, ItIsStoppedAlsoWhenNobodyReadsIt) {
  const std::string zeros(20 * kMiB, '\0');
  for (const std::string& archive :
       {SevenZip({{"z", zeros}, {"b", "b"}}),
        TarWith(archive_write_add_filter_bzip2, {{"z", zeros}, {"b", "b"}}),
        TarWith(archive_write_add_filter_zstd, {{"z", zeros}, {"b", "b"}})}) {
    ArchiveBudget budget;
    Recorder recorder(budget);
    recorder.only_heads = true;
    MemoryReader reader(archive);
    ReadArchive(reader, "x", budget, recorder);
    ASSERT_EQ(recorder.skips.size(), 1U);
    EXPECT_EQ("x: " + recorder.skips[0].reason, kTooDense);
    EXPECT_EQ(recorder.members.size(), 1U);
  }
}

// A zip says how long each member is packed, so that nothing has to be
// unpacked to pass it by.
TEST(ArchiveBudgetTest, ADenseMemberOfAZipMayBePassedBy) {
  ArchiveBudget budget;
  Recorder recorder(budget);
  recorder.only_heads = true;
  const std::string zip =
      Zip({{"z", std::string(std::size_t{20} * kMiB, '\0')}, {"b", "b"}});
  MemoryReader reader(zip);
  ReadArchive(reader, "x", budget, recorder);
  EXPECT_TRUE(recorder.skips.empty());
  EXPECT_EQ(recorder.members.size(), 2U);
}

TEST(ArchiveBudgetTest, ZerosThatAreNoMembersCountToo) {
  // 20 MiB of end marks after a tar.
  std::string tar = Tar({{"a", "1"}});
  tar.append(20 * kMiB, '\0');
  EXPECT_EQ(ReadAll(Compressed(archive_write_add_filter_bzip2, tar)).skips,
            Strings{kTooDense});
}

TEST(ArchiveBudgetTest, HolesCountToo) {
  const std::string tar = MakeArchive(
      archive_write_set_format_pax, {{"s",
                                      std::string(std::size_t{20} * kMiB, '\0'),
                                      AE_IFREG,
                                      "",
                                      {{0, 1}, {20 * kMiB - 1, 1}}}});
  EXPECT_LT(tar.size(), kMiB);
  EXPECT_EQ(ReadAll(tar).skips, Strings{kTooDense});
  EXPECT_EQ(ReadAll(Gzip(tar)).skips, Strings{kTooDense});
}

TEST(ArchiveBudgetTest, SmallThingsMayBeAsDenseAsTheyLike) {
  const Read read = ReadAll(Gzip(std::string(15 * kMiB, '\0')));
  EXPECT_EQ(read.skips, Strings{});
  EXPECT_EQ(read.bytes, 15 * kMiB);
}

// Each layer unpacks a little, all of them together a lot.
TEST(ArchiveBudgetTest, NestedArchivesShareTheBudget) {
  std::vector<Entry> inner;
  const std::string zeros = Gzip(std::string(6 * kMiB, '\0'));
  for (int i = 0; i < 10; ++i) {
    inner.push_back({"z" + std::to_string(i) + ".gz", zeros});
  }
  const std::string outer =
      Zip({{"a.tar.xz", TarWith(archive_write_add_filter_xz, inner)},
           {"b", "not reached"}});
  const Read read = ReadAll(outer);
  EXPECT_EQ(read.skips, Strings{kTooDense});
  EXPECT_LE(read.bytes, 17 * kMiB);
}

TEST(ArchiveBudgetTest, TotalOfBytes) {
  ArchiveLimits limits;
  limits.total_bytes = 1000;
  const std::string zip = StoredZip(
      {{"a", std::string(600, 'a')}, {"b", std::string(600, 'b')}, {"c", "c"}});
  const Read read = ReadAll(zip, limits);
  EXPECT_EQ(read.skips,
            Strings{"x: archive limit: unpacks to more than 1,000 bytes"});
  EXPECT_EQ(read.members, 2U);
}

TEST(ArchiveBudgetTest, NumberOfEntries) {
  ArchiveLimits limits;
  limits.entries = 3;
  const std::vector<Entry> three = {
      {"a", "1"}, {"d/", "", AE_IFDIR}, {"c", "3"}};
  std::vector<Entry> four = three;
  four.push_back({"d", "4"});
  for (const bool more : {false, true}) {
    const std::vector<Entry>& entries = more ? four : three;
    const Strings skips =
        more ? Strings{"x: archive limit: more than 3 entries"} : Strings{};
    EXPECT_EQ(ReadAll(Zip(entries), limits).skips, skips);
    EXPECT_EQ(ReadAll(Tar(entries), limits).skips, skips);
    EXPECT_EQ(ReadAll(SevenZip(entries), limits).skips, skips);
  }
}

TEST(ArchiveBudgetTest, Depth) {
  std::string archive = "core";
  std::string path = "x";
  for (int level = 10; level >= 1; --level) {
    archive = StoredZip({{"l" + std::to_string(level), archive}});
  }
  for (int level = 1; level <= 8; ++level) path += "!l" + std::to_string(level);
  EXPECT_EQ(Lines(archive, "x"),
            Strings{"?" + path + ": archive nested deeper than 8"});
  ArchiveLimits limits;
  limits.depth = 10;
  EXPECT_EQ(Lines(archive, "x", limits), Strings{path + "!l9!l10: core"});
}

TEST(ArchiveBudgetTest, StreamsCompressedTwiceCountTwiceForDepth) {
  ArchiveLimits limits;
  limits.depth = 2;
  EXPECT_EQ(Lines(Gzip(Gzip("alpha")), "a.gz", limits),
            Strings{"a.gz!a: alpha"});
  EXPECT_EQ(Lines(Gzip(Gzip(Gzip("alpha"))), "a.gz", limits),
            Strings{"?a.gz: archive nested deeper than 2"});
}

TEST(ArchiveBudgetTest, BytesHeldInMemoryAreSharedByAllLevels) {
  const std::string inner = SevenZip({{"a", "alpha"}});
  const std::string middle = StoredZip({{"in.7z", inner}});
  const std::string outer = StoredZip({{"mid.zip", middle}});
  ArchiveLimits limits;
  limits.buffered_bytes = middle.size() + inner.size();
  EXPECT_EQ(Lines(outer, "x", limits), Strings{"x!mid.zip!in.7z!a: alpha"});
  limits.buffered_bytes = middle.size() + inner.size() - 1;
  const Strings lines = Lines(outer, "x", limits);
  ASSERT_EQ(lines.size(), 1U);
  EXPECT_TRUE(lines[0].starts_with("?x!mid.zip!in.7z: cannot be unpacked: 7z"));
}

// libarchive keeps a gzip header in memory until its name ends.
TEST(ArchiveBudgetTest, ANameInAGzipHeaderMayNotBeEndless) {
  std::string gzip = Gzip("alpha").substr(0, 10);
  gzip[3] = '\x08';
  gzip.append(8 * kMiB, 'n');
  const char said[] = "x: cannot be unpacked: its header is too long";
  EXPECT_EQ(ReadAll(gzip).skips, Strings{said});
  // The same inside of another, where it is small, and after a sound stream.
  EXPECT_EQ(ReadAll(Gzip(gzip)).skips.size(), 1U);
  EXPECT_EQ(ReadAll(Gzip("alpha") + gzip).skips,
            Strings{"x!content: cannot be unpacked: its header is too long"});
}

TEST(ArchiveBudgetTest, TheDirectoryOfAZipMayNotBeEndless) {
  // A directory of 33 MiB in which every entry points to the same member.
  std::string zip = StoredZip({{"a", "alpha"}});
  const std::size_t directory = zip.find("PK\1\2");
  const std::string end = zip.substr(zip.size() - 22);
  const std::string entry = zip.substr(directory, zip.size() - 22 - directory);
  std::string huge = zip.substr(0, directory);
  while (huge.size() < 33 * kMiB) huge += entry;
  const auto size = static_cast<std::uint32_t>(huge.size() - directory);
  huge += end;
  for (int i = 0; i < 4; ++i) {
    huge[huge.size() - 10 + static_cast<std::size_t>(i)] =
        static_cast<char>(size >> (8 * i) & 0xFF);
  }
  EXPECT_EQ(Lines(huge, "x"),
            (Strings{"x!a: alpha",
                     "?x: cannot be unpacked: its directory is damaged or "
                     "missing"}));
}

TEST(ArchiveBudgetTest, NothingIsReadWithASpentBudget) {
  ArchiveLimits limits;
  limits.entries = 1;
  ArchiveBudget budget(limits);
  budget.AddEntries(2);
  Recorder recorder(budget);
  const std::string zip = Zip({{"a", "1"}});
  MemoryReader reader(zip);
  ReadArchive(reader, "x", budget, recorder);
  EXPECT_TRUE(recorder.lines.empty());
}

}  // namespace
}  // namespace keytidy::source
