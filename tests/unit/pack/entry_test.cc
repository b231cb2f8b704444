// SPDX-License-Identifier: Apache-2.0
#include "pack/entry.h"

#include <gtest/gtest.h>

#include <string>

#include "unit/pack/pack_maker.h"

namespace keytidy::pack {
namespace {

using Base = Entry::Base;

std::string Why(const std::string& bytes, std::uint64_t offset = 1000) {
  const auto entry = ParseEntry(bytes, offset, HashKind::kSha1);
  if (entry) return "";
  EXPECT_EQ(entry.error().code, ErrorCode::kDamaged);
  return entry.error().message;
}

TEST(ParseEntry, WholeObjects) {
  for (const auto type : {ObjectType::kCommit, ObjectType::kTree,
                          ObjectType::kBlob, ObjectType::kTag}) {
    const auto entry = ParseEntry(EntryHead(static_cast<unsigned>(type), 5), 12,
                                  HashKind::kSha1);
    ASSERT_TRUE(entry);
    EXPECT_EQ(entry->type, type);
    EXPECT_EQ(entry->base, Base::kNone);
    EXPECT_EQ(entry->size, 5u);
    EXPECT_EQ(entry->data, 1u);
  }
}

TEST(ParseEntry, SizesUpToTheLargest) {
  for (unsigned bit = 0; bit < 60; ++bit) {
    const std::uint64_t size = std::uint64_t{1} << bit;
    for (const std::uint64_t n : {size - 1, size, size + 1}) {
      const std::string bytes = EntryHead(3, n);
      const auto entry = ParseEntry(bytes, 12, HashKind::kSha1);
      ASSERT_TRUE(entry) << n;
      EXPECT_EQ(entry->size, n);
      EXPECT_EQ(entry->data, bytes.size());
    }
  }
  EXPECT_EQ(Why(EntryHead(3, std::uint64_t{1} << 60)),
            "pack entry: its size has no end");
  EXPECT_EQ(Why(std::string(300, '\xBF')), "pack entry: its size has no end");
}

TEST(ParseEntry, OffsetDeltas) {
  for (const std::uint64_t distance :
       {1, 127, 128, 129, 16511, 16512, 2113663, 2113664, 999999}) {
    const std::string bytes = EntryHead(6, 30) + Distance(distance);
    const auto entry = ParseEntry(bytes, 1000000, HashKind::kSha1);
    ASSERT_EQ(bool{entry}, distance < 1000000) << distance;
    if (!entry) continue;
    EXPECT_EQ(entry->type, ObjectType::kNone);
    EXPECT_EQ(entry->base, Base::kOffset);
    EXPECT_EQ(entry->base_offset, 1000000 - distance);
    EXPECT_EQ(entry->data, bytes.size());
  }
}

TEST(ParseEntry, OffsetsThatLeadNowhere) {
  const std::string outside = "pack entry: its base is outside the pack";
  EXPECT_EQ(Why(EntryHead(6, 1) + Distance(0)), outside);
  EXPECT_EQ(Why(EntryHead(6, 1) + Distance(1000)), outside);
  EXPECT_EQ(Why(EntryHead(6, 1) + Distance(999)), "");
  EXPECT_EQ(Why(EntryHead(6, 1) + Distance(std::uint64_t{1} << 62)), outside);
  EXPECT_EQ(Why(EntryHead(6, 1) + std::string(100, '\xFF')),
            "pack entry: its base is too far away");
}

TEST(ParseEntry, IdDeltas) {
  for (const HashKind kind : {HashKind::kSha1, HashKind::kSha256}) {
    const ObjectId base = IdOf(ObjectType::kBlob, "base", kind);
    const std::string bytes = EntryHead(7, 30) + std::string(BytesOf(base));
    const auto entry = ParseEntry(bytes, 12, kind);
    ASSERT_TRUE(entry);
    EXPECT_EQ(entry->base, Base::kId);
    EXPECT_EQ(entry->base_id, base);
    EXPECT_EQ(entry->data, bytes.size());
  }
}

TEST(ParseEntry, EveryTruncation) {
  for (const std::string& whole :
       {EntryHead(3, 1000000), EntryHead(6, 5000) + Distance(900),
        EntryHead(7, 5000) + std::string(20, 'x')}) {
    EXPECT_EQ(Why(whole), "");
    for (std::size_t n = 0; n < whole.size(); ++n) {
      EXPECT_EQ(Why(whole.substr(0, n)), "pack entry: cut short");
    }
  }
}

TEST(ParseEntry, TypesThatAreNone) {
  EXPECT_EQ(Why(EntryHead(0, 1)), "pack entry: no such type (0)");
  EXPECT_EQ(Why(EntryHead(5, 1)), "pack entry: no such type (5)");
}

}  // namespace
}  // namespace keytidy::pack
