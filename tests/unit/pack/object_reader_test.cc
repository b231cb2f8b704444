// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <string>

#include "pack/object_store.h"
#include "unit/pack/object_scene.h"

namespace keytidy::pack {
namespace {

ObjectId BlobId(std::string_view content) {
  return IdOf(ObjectType::kBlob, content);
}

// The content, or "code: message".
std::string Got(const ObjectStore& store, const ObjectId& id,
                std::uint64_t limit = 1 << 20) {
  ObjectReader reader(store, limit);
  std::string first;
  for (int i = 0; i < 2; ++i) {  // the second time from what it has kept
    const auto object = reader.Read(id);
    std::string got =
        object ? (*object)->content
               : fmt::format("{}: {}", static_cast<int>(object.error().code),
                             object.error().message);
    if (i == 0) first = got;
    EXPECT_EQ(got, first);
  }
  return first;
}

std::string Failure(ErrorCode code, std::string_view message) {
  return fmt::format("{}: {}", static_cast<int>(code), message);
}

TEST(ObjectReader, ChainsInOnePack) {
  const TempDir dir;
  const ObjectFolder folder(dir);
  PackMaker maker;
  std::string content = "base";
  maker.Add(content);
  for (std::size_t i = 0; i < 50; ++i) {
    const std::string delta = PutBefore("x", content.size());
    content.insert(0, "x");
    if (i % 2 == 0) {
      maker.AddOffsetDelta(i, delta, BlobId(content));
    } else {
      maker.AddIdDelta(maker.items().back().id, delta, BlobId(content));
    }
  }
  folder.AddPack("1", maker);
  for (const Check check : {Check::kAll, Check::kShape}) {
    const ObjectStore store = folder.Open(check);
    EXPECT_EQ(Got(store, BlobId(content)), content);
    EXPECT_EQ(Got(store, BlobId("xxbase")), "xxbase");
    EXPECT_EQ(Got(store, BlobId("none")),
              Failure(ErrorCode::kNotFound, "missing"));
  }
}

TEST(ObjectReader, ARing) {
  const TempDir dir;
  const ObjectFolder folder(dir);
  PackMaker maker;
  maker.AddIdDelta(BlobId("b"), PutBefore("x", 1), BlobId("a"));
  maker.AddIdDelta(BlobId("a"), PutBefore("x", 1), BlobId("b"));
  maker.AddIdDelta(BlobId("self"), PutBefore("x", 1), BlobId("self"));
  folder.AddPack("1", maker);
  const std::string ring =
      Failure(ErrorCode::kDamaged, "its chain of deltas has no end");
  EXPECT_EQ(Got(folder.Open(), BlobId("a")), ring);
  EXPECT_EQ(Got(folder.Open(), BlobId("self")), ring);
}

TEST(ObjectReader, ARingOverTwoPacks) {
  const TempDir dir;
  const ObjectFolder folder(dir);
  PackMaker first;
  first.AddIdDelta(BlobId("b"), PutBefore("x", 1), BlobId("a"));
  folder.AddPack("1", first);
  PackMaker second;
  second.AddIdDelta(BlobId("a"), PutBefore("x", 1), BlobId("b"));
  folder.AddPack("2", second);
  EXPECT_NE(Got(folder.Open(), BlobId("a")), "a");
}

TEST(ObjectReader, ABaseInAnotherPackOrLoose) {
  const TempDir dir;
  const ObjectFolder folder(dir);
  PackMaker first;
  first.AddIdDelta(BlobId("xbase"), PutBefore("y", 5), BlobId("yxbase"));
  folder.AddPack("1", first);
  PackMaker second;
  second.AddIdDelta(BlobId("base"), PutBefore("x", 4), BlobId("xbase"));
  folder.AddPack("2", second);
  EXPECT_EQ(Got(folder.Open(), BlobId("yxbase")),
            Failure(ErrorCode::kNotFound, "missing"));
  folder.AddLoose("base");
  EXPECT_EQ(Got(folder.Open(), BlobId("yxbase")), "yxbase");
}

TEST(ObjectReader, AnotherCopyWhereOneIsDamaged) {
  const TempDir dir;
  const ObjectFolder folder(dir);
  PackMaker bad;
  bad.AddRaw(EntryHead(3, 4) + "no zlib data", BlobId("text"));
  folder.AddPack("1", bad);
  PackMaker wrong;
  wrong.AddRaw(EntryHead(3, 4) + Deflated("TEXT"), BlobId("text"));
  folder.AddPack("2", wrong);
  EXPECT_EQ(Got(folder.Open(), BlobId("text")),
            Failure(ErrorCode::kDamaged, "its content does not make its id"));
  folder.AddLoose("text");
  EXPECT_EQ(Got(folder.Open(), BlobId("text")), "text");
  folder.WriteLoose(BlobId("text"), LooseBytes("blob", "Text"));
  EXPECT_EQ(Got(folder.Open(), BlobId("text")),
            Failure(ErrorCode::kDamaged, "its content does not make its id"));
  PackMaker good;
  good.Add("text");
  folder.AddPack("3", good);
  EXPECT_EQ(Got(folder.Open(), BlobId("text")), "text");
}

TEST(ObjectReader, TheTypeCounts) {
  const TempDir dir;
  const ObjectFolder folder(dir);
  PackMaker maker;
  maker.AddRaw(EntryHead(4, 4) + Deflated("text"), BlobId("text"));
  maker.Add("text", ObjectType::kTag);
  folder.AddPack("1", maker);
  EXPECT_EQ(Got(folder.Open(), BlobId("text")),
            Failure(ErrorCode::kDamaged, "its content does not make its id"));
  EXPECT_EQ(Got(folder.Open(), IdOf(ObjectType::kTag, "text")), "text");
}

TEST(ObjectReader, ALimitOnSizes) {
  const TempDir dir;
  const ObjectFolder folder(dir);
  const std::string large(2000, 'x');
  PackMaker maker;
  maker.Add(large);
  maker.Add("base");
  std::string delta = DeltaHead(4, std::uint64_t{1} << 40) + CopyOp(0, 4);
  maker.AddOffsetDelta(1, delta, BlobId("delta"));
  maker.AddRaw(EntryHead(3, std::uint64_t{1} << 50) + Deflated("x"),
               BlobId("lie"));
  folder.AddPack("1", maker);
  const ObjectId loose = folder.AddLoose(large + "loose");
  const ObjectStore store = folder.Open();
  const std::string limit =
      Failure(ErrorCode::kLimit, "larger than 2,000 bytes");
  EXPECT_EQ(Got(store, BlobId(large), 1999),
            Failure(ErrorCode::kLimit, "larger than 1,999 bytes"));
  EXPECT_EQ(Got(store, BlobId(large), 2000), large);
  EXPECT_EQ(Got(store, loose, 2000), limit);
  EXPECT_EQ(Got(store, BlobId("delta"), 2000), limit);
  EXPECT_EQ(Got(store, BlobId("lie"), 2000),
            Failure(ErrorCode::kDamaged, "states a size that it cannot have"));
}

}  // namespace
}  // namespace keytidy::pack
