// SPDX-License-Identifier: Apache-2.0
#include "source/archive_kind.h"

#include <gtest/gtest.h>

#include <string>

#include "unit/source/archive_maker.h"

namespace keytidy::source {
namespace {

using std::string_literals::operator""s;

ArchiveKind KindOf(const std::string& bytes) {
  return DetectArchive(bytes.substr(0, kArchiveHeadSize));
}

TEST(ArchiveKindTest, WhatIsWrittenIsTold) {
  const std::vector<Entry> entries = {{"a", "alpha"}};
  EXPECT_EQ(KindOf(Zip(entries)), ArchiveKind::kZip);
  EXPECT_EQ(KindOf(Zip({})), ArchiveKind::kZip);
  EXPECT_EQ(KindOf(SevenZip(entries)), ArchiveKind::kSevenZip);
  EXPECT_EQ(KindOf(Tar(entries)), ArchiveKind::kTar);
  EXPECT_EQ(KindOf(MakeArchive(archive_write_set_format_v7tar, entries)),
            ArchiveKind::kTar);
  EXPECT_EQ(KindOf(Gzip("")), ArchiveKind::kGzip);
  EXPECT_EQ(KindOf(Compressed(archive_write_add_filter_bzip2, "a")),
            ArchiveKind::kBzip2);
  EXPECT_EQ(KindOf(Compressed(archive_write_add_filter_bzip2, "")),
            ArchiveKind::kBzip2);
  EXPECT_EQ(KindOf(Compressed(archive_write_add_filter_xz, "a")),
            ArchiveKind::kXz);
  EXPECT_EQ(KindOf(Compressed(archive_write_add_filter_zstd, "a")),
            ArchiveKind::kZstd);
  EXPECT_EQ(KindOf(Compressed(archive_write_add_filter_lz4, "a")),
            ArchiveKind::kLz4);
}

TEST(ArchiveKindTest, ZipsWithSomethingBefore) {
  EXPECT_EQ(KindOf("PK\7\10PK\3\4"s), ArchiveKind::kZip);
  EXPECT_EQ(KindOf("PK00PK\3\4"s), ArchiveKind::kZip);
  EXPECT_EQ(KindOf("#!/usr/bin/env python3\nPK\3\4"s), ArchiveKind::kZip);
  EXPECT_EQ(KindOf("#!/bin/sh\n\nPK\3\4"s), ArchiveKind::kNone);
}

// Some early tars added up their bytes as signed numbers.
TEST(ArchiveKindTest, TarWithASignedSum) {
  std::string tar = Tar({{"\xE9t\xE9", "alpha"}});
  EXPECT_EQ(KindOf(tar), ArchiveKind::kTar);
  const unsigned stated =
      static_cast<unsigned>(std::stoul(tar.substr(148, 6), nullptr, 8));
  tar.replace(148, 6, fmt::format("{:06o}", stated - 2 * 256));
  EXPECT_EQ(KindOf(tar), ArchiveKind::kTar);
  tar.replace(148, 6, fmt::format("{:06o}", stated - 1));
  EXPECT_EQ(KindOf(tar), ArchiveKind::kNone);
}

TEST(ArchiveKindTest, EveryShorterHeadIsSafe) {
  for (const std::string& bytes : {Zip({{"a", "alpha"}}), Tar({{"a", "alpha"}}),
                                   Gzip("alpha"), SevenZip({{"a", "b"}})}) {
    for (std::size_t size = 0; size < std::min<std::size_t>(16, bytes.size());
         ++size) {
      const ArchiveKind kind = KindOf(bytes.substr(0, size));
      EXPECT_TRUE(kind == ArchiveKind::kNone || kind == KindOf(bytes));
    }
  }
}

}  // namespace
}  // namespace keytidy::source
