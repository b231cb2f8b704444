// SPDX-License-Identifier: Apache-2.0
#include "pack/multi_pack_index.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "unit/pack/pack_maker.h"
#include "unit/temp_dir.h"

namespace keytidy::pack {
namespace {

std::vector<MultiRow> Rows(HashKind kind) {
  return {{MadeId("a", '\0', kind), 0, 12},
          {MadeId("b", '\0', kind), 1, 500},
          {MadeId("c", '\0', kind), 0, std::uint64_t{5} << 32},
          {MadeId("d", '\0', kind), 1, 0x7FFFFFFF}};
}

std::string Good(HashKind kind = HashKind::kSha1) {
  return MultiBytes({"pack-1.idx", "pack-2.idx"}, Rows(kind), kind);
}

std::string Summed(std::string bytes) {
  bytes.resize(bytes.size() - 20);
  return bytes + Checksum(bytes, HashKind::kSha1);
}

std::string Why(const std::string& bytes) {
  const auto index = MultiPackIndex::Parse(bytes, HashKind::kSha1);
  return index ? "" : index.error().message;
}

TEST(MultiPackIndex, Rows) {
  for (const HashKind kind : {HashKind::kSha1, HashKind::kSha256}) {
    const std::string bytes = Good(kind);
    const auto index = MultiPackIndex::Parse(bytes, kind);
    ASSERT_TRUE(index) << index.error().message;
    EXPECT_EQ(index->packs(),
              (std::vector<std::string>{"pack-1.idx", "pack-2.idx"}));
    const std::vector<MultiRow> rows = Rows(kind);
    ASSERT_EQ(index->count(), rows.size());
    for (std::uint32_t i = 0; i < rows.size(); ++i) {
      EXPECT_EQ(index->IdAt(i), rows[i].id);
      EXPECT_EQ(index->PackAt(i), rows[i].pack);
      EXPECT_EQ(index->OffsetAt(i), rows[i].offset);
    }
  }
  EXPECT_EQ(Why(MultiBytes({}, {})), "");
}

TEST(MultiPackIndex, EveryTruncationAndFlippedByte) {
  const std::string good = Good();
  for (std::size_t i = 0; i < good.size(); ++i) {
    EXPECT_NE(Why(good.substr(0, i)), "") << i;
    std::string changed = good;
    changed[i] = static_cast<char>(changed[i] ^ 0xFF);
    EXPECT_NE(Why(changed), "") << i;
    // Past the checksum every value must still be safe.
    if (i >= good.size() - 20) continue;
    const std::string summed = Summed(changed);
    const auto index = MultiPackIndex::Parse(summed, HashKind::kSha1);
    if (!index) continue;
    for (std::uint32_t n = 0; n < index->count(); ++n) {
      EXPECT_LT(index->PackAt(n), index->packs().size());
      index->IdAt(n);
      index->OffsetAt(n);
    }
  }
}

TEST(MultiPackIndex, WhatItSays) {
  const std::string good = Good();
  EXPECT_EQ(Why(""), "multi-pack-index: cut short");
  std::string bytes = good;
  bytes[4] = 2;
  EXPECT_EQ(Why(bytes), "multi-pack-index: not of a known version");
  bytes = good;
  bytes[5] = 2;
  EXPECT_EQ(Why(bytes), "multi-pack-index: made for another kind of ids");
  bytes = good;
  bytes.back() = static_cast<char>(bytes.back() ^ 1);
  EXPECT_EQ(Why(bytes), "multi-pack-index: its checksum does not hold");
  bytes = good;
  bytes[12] = 'X';  // the names
  EXPECT_EQ(Why(Summed(bytes)), "multi-pack-index: names are missing");
  bytes = good;
  bytes[12 + 12] = 'X';
  EXPECT_EQ(Why(Summed(bytes)), "multi-pack-index: its counts are missing");
  bytes = good;
  bytes[12 + 4] = '\xFF';
  EXPECT_EQ(Why(Summed(bytes)), "multi-pack-index: a part is out of place");
  bytes = good;
  bytes[6] = '\xFF';
  EXPECT_EQ(Why(Summed(bytes)), "multi-pack-index: cut short");
  bytes = good;
  bytes[11] = 1;  // packs
  EXPECT_EQ(Why(Summed(bytes)), "multi-pack-index: a pack is missing");
  bytes[11] = 9;
  EXPECT_EQ(Why(Summed(bytes)), "multi-pack-index: names are missing");
}

TEST(MultiPackIndex, RowsThatContradict) {
  EXPECT_EQ(Why(MultiBytes({"p"}, {{MadeId("a"), 1, 12}})),
            "multi-pack-index: a pack is missing");
  EXPECT_EQ(
      Why(MultiBytes({"p"}, {{MadeId("a"), 0, 12}, {MadeId("a"), 0, 20}})),
      "multi-pack-index: ids are out of order");
}

TEST(MultiPackIndex, Files) {
  const TempDir dir;
  EXPECT_TRUE(MultiPackIndex::Open(dir.Write("m", Good()), HashKind::kSha1));
  const std::string path = dir.Write("n", "nothing");
  EXPECT_EQ(MultiPackIndex::Open(path, HashKind::kSha1).error().message,
            path + ": multi-pack-index: cut short");
}

}  // namespace
}  // namespace keytidy::pack
