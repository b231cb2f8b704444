// SPDX-License-Identifier: Apache-2.0
#include "pack/pack_index.h"

#include <gtest/gtest.h>

#include <random>
#include <set>
#include <string>

#include "unit/pack/pack_maker.h"

namespace keytidy::pack {
namespace {

struct Form {
  HashKind kind = HashKind::kSha1;
  int version = 2;
  bool large = false;
};
constexpr Form kForms[] = {{HashKind::kSha1, 2, false},
                           {HashKind::kSha1, 2, true},
                           {HashKind::kSha1, 1, false},
                           {HashKind::kSha256, 2, false},
                           {HashKind::kSha256, 2, true}};

PackMaker SomePack(HashKind kind, int count) {
  PackMaker maker(kind);
  for (int i = 0; i < count; ++i) maker.Add(std::to_string(i));
  return maker;
}

std::string Why(const std::string& bytes, Check check = Check::kAll) {
  const auto index = PackIndex::Parse(bytes, HashKind::kSha1, check);
  return index ? "" : index.error().message;
}

// With a checksum that holds.
std::string Summed(std::string bytes) {
  bytes.resize(bytes.size() - 20);
  return bytes + Checksum(bytes, HashKind::kSha1);
}

TEST(PackIndex, FindsEveryIdAndNoOther) {
  for (const Form& form : kForms) {
    for (const int count : {0, 1, 2, 300}) {
      PackMaker maker = SomePack(form.kind, count);
      const std::string bytes = maker.Index(form.version, form.large);
      for (const Check check : {Check::kAll, Check::kShape}) {
        const auto index = PackIndex::Parse(bytes, form.kind, check);
        ASSERT_TRUE(index) << index.error().message;
        ASSERT_EQ(index->count(), maker.items().size());
        std::set<ObjectId> ids;
        for (const auto& item : maker.items()) {
          const auto i = index->Find(item.id);
          ASSERT_TRUE(i);
          EXPECT_EQ(index->IdAt(*i), item.id);
          EXPECT_EQ(index->OffsetAt(*i), item.offset);
          EXPECT_EQ(index->CrcAt(*i),
                    form.version == 1 ? std::nullopt : std::optional(item.crc));
          EXPECT_EQ(index->LowerBound(item.id), *i);
          ids.insert(item.id);
        }
        const std::string pack = maker.Pack();
        EXPECT_EQ(index->pack_checksum(),
                  pack.substr(pack.size() - IdSize(form.kind)));
        std::mt19937 random(1);
        for (int round = 0; round < 500; ++round) {
          std::string raw(IdSize(form.kind), '\0');
          for (char& c : raw) c = static_cast<char>(random());
          if (round == 0) raw.assign(raw.size(), '\0');
          if (round == 1) raw.assign(raw.size(), '\xFF');
          // Near to one that is there.
          if (round > 250 && !ids.empty()) {
            raw = BytesOf(maker.items()[random() % ids.size()].id);
            raw.back() = static_cast<char>(raw.back() + 1);
          }
          const ObjectId id = MadeId(raw, '\0', form.kind);
          EXPECT_EQ(index->Find(id).has_value(), ids.count(id) != 0);
          EXPECT_EQ(index->LowerBound(id),
                    std::distance(ids.begin(), ids.lower_bound(id)));
        }
      }
    }
  }
}

// Ids that begin alike, evenly spread and not: where a search that guesses
// could go wrong.
TEST(PackIndex, FindsAmongIdsThatBeginAlike) {
  std::mt19937 random(1);
  for (const std::size_t alike : {1, 2, 7, 8, 12, 19}) {
    for (const unsigned spread : {256u, 3u}) {
      PackMaker maker;
      std::set<ObjectId> ids;
      for (int i = 0; i < 600; ++i) {
        std::string raw(alike, 'q');
        while (raw.size() < 20)
          raw.push_back(static_cast<char>(spread == 3 && raw.size() < 12
                                              ? 255 * (random() % 2)
                                              : random()));
        if (ids.insert(MadeId(raw)).second) maker.AddRaw("", MadeId(raw));
      }
      for (const char c : {'\0', '\xFF'}) {
        const ObjectId edge = MadeId(std::string(alike, 'q'), c);
        if (ids.insert(edge).second) maker.AddRaw("", edge);
      }
      for (const int version : {1, 2}) {
        const std::string bytes = maker.Index(version);
        const auto index =
            PackIndex::Parse(bytes, HashKind::kSha1, Check::kAll);
        ASSERT_TRUE(index) << index.error().message;
        std::uint32_t at = 0;
        for (const ObjectId& id : ids) {
          ASSERT_EQ(index->Find(id), at);
          ASSERT_EQ(index->LowerBound(id), at);
          std::string next(BytesOf(id));
          next.back() = static_cast<char>(next.back() + 1);
          const ObjectId other = MadeId(next);
          ASSERT_EQ(index->Find(other).has_value(), ids.count(other) != 0);
          ASSERT_EQ(index->LowerBound(other),
                    std::distance(ids.begin(), ids.lower_bound(other)));
          ++at;
        }
      }
    }
  }
}

TEST(PackIndex, EveryTruncationIsRefused) {
  for (const Form& form : kForms) {
    const std::string bytes =
        SomePack(form.kind, 3).Index(form.version, form.large);
    for (std::size_t n = 0; n < bytes.size(); ++n) {
      const std::string cut = bytes.substr(0, n);
      EXPECT_FALSE(PackIndex::Parse(cut, form.kind, Check::kAll));
      const auto index = PackIndex::Parse(cut, form.kind, Check::kShape);
      // A table of large offsets may be shorter: then they are not known.
      if (!index) continue;
      EXPECT_TRUE(form.large);
      for (std::uint32_t i = 0; i < index->count(); ++i) index->OffsetAt(i);
    }
  }
}

TEST(PackIndex, EveryFlippedByteIsRefusedOrSafe) {
  for (const Form& form : kForms) {
    const std::string bytes =
        SomePack(form.kind, 3).Index(form.version, form.large);
    for (std::size_t at = 0; at < bytes.size(); ++at) {
      for (const int mask : {1, 0x80, 0xFF}) {
        std::string changed = bytes;
        changed[at] = static_cast<char>(changed[at] ^ mask);
        EXPECT_FALSE(PackIndex::Parse(changed, form.kind, Check::kAll));
        const auto index = PackIndex::Parse(changed, form.kind, Check::kShape);
        if (!index) continue;
        for (std::uint32_t i = 0; i < index->count(); ++i) {
          const ObjectId id = index->IdAt(i);
          index->OffsetAt(i);
          index->CrcAt(i);
          index->Find(id);
          EXPECT_LE(index->LowerBound(id), index->count());
        }
      }
    }
  }
}

TEST(PackIndex, WhatItSays) {
  const std::string good = SomePack(HashKind::kSha1, 3).Index();
  EXPECT_EQ(Why(""), "pack index: cut short");
  std::string bytes = good;
  bytes[7] = 3;
  EXPECT_EQ(Why(bytes), "pack index: version 3 is not known");
  bytes = good;
  bytes[8] = 1;
  EXPECT_EQ(Why(bytes), "pack index: its counts go down");
  EXPECT_EQ(Why(good + "x"), "pack index: " + std::to_string(good.size() + 1) +
                                 " bytes are not right for 3 objects");
  bytes = good;
  bytes.back() = static_cast<char>(bytes.back() ^ 1);
  EXPECT_EQ(Why(bytes), "pack index: its checksum does not hold");
  EXPECT_EQ(Why(bytes, Check::kShape), "");
}

TEST(PackIndex, TablesThatContradictThemselves) {
  const std::string good = SomePack(HashKind::kSha1, 3).Index();
  constexpr std::size_t kIds = 8 + 1024;
  PackMaker maker;
  maker.AddRaw("", MadeId("a1"));
  maker.AddRaw("", MadeId("a2"));
  std::string bytes = maker.Index();
  std::swap_ranges(bytes.begin() + kIds, bytes.begin() + kIds + 20,
                   bytes.begin() + kIds + 20);
  EXPECT_EQ(Why(Summed(bytes)), "pack index: ids are out of order");
  bytes = good;
  for (std::size_t i = 8; i < 8 + 1024; i += 4) bytes[i + 3] = 3;
  EXPECT_EQ(Why(Summed(bytes)), "pack index: its counts are wrong");
  bytes = good;
  bytes[kIds + 3 * 24] = '\x80';  // an offset of a table that is not there
  EXPECT_EQ(Why(Summed(bytes)), "pack index: an offset is missing");
  const auto index = PackIndex::Parse(bytes, HashKind::kSha1, Check::kShape);
  ASSERT_TRUE(index);
  EXPECT_EQ(index->OffsetAt(0), 0u);
}

}  // namespace
}  // namespace keytidy::pack
