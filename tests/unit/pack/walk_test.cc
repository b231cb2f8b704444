// SPDX-License-Identifier: Apache-2.0
#include "pack/walk.h"

#include <gtest/gtest.h>

#include <string>

#include "unit/pack/walk_scene.h"

namespace keytidy::pack {
namespace {

const std::size_t kSize = Numbered(0).size();

ObjectId NumberId(int number) {
  return IdOf(ObjectType::kBlob, Numbered(number));
}

TEST(Walker, ShowsWhatIsACopy) {
  PackMaker maker;
  maker.Add(Numbered(0));
  maker.AddOffsetDelta(0, RenumberDelta(1), NumberId(1));
  const PackScene scene(maker);
  struct : WalkVisitor {
    void OnObject(const WalkedObject& object) override {
      seen += fmt::format("{} in {} of {}:", object.node, object.slot,
                          object.parent_slot == WalkedObject::kNoSlot
                              ? -1
                              : static_cast<int>(object.parent_slot));
      for (const Copy& copy : object.copies) {
        seen += fmt::format(" {}<{}+{}", copy.to, copy.from, copy.size);
      }
      seen += '\n';
    }
    void OnLarge(std::uint32_t, std::uint64_t, InflateStream&) override {}
    void OnFailure(std::uint32_t, const Error&) override {}
    std::string seen;
  } visitor;
  const WalkPlan plan = PlanAll(scene.forest());
  ASSERT_EQ(plan.task_count(), 1u);
  MemoryBudget budget(1 << 20);
  Walker(&budget).Run(plan, plan.TaskAt(0), &visitor, {});
  EXPECT_EQ(visitor.seen,
            fmt::format("0 in 0 of -1:\n1 in 1 of 0: 6<6+{}\n", kSize - 6));
}

TEST(Walker, ADamagedEntryTakesItsChildrenAlong) {
  PackMaker maker;
  maker.Add(Numbered(0));
  maker.AddOffsetDelta(0, RenumberDelta(1), NumberId(1));
  maker.AddOffsetDelta(1, RenumberDelta(2), NumberId(2));
  maker.AddOffsetDelta(0, RenumberDelta(3), NumberId(3));
  std::string pack = maker.Pack();
  const std::size_t at = maker.items()[1].offset + 8;
  pack[at] = static_cast<char>(pack[at] ^ 1);
  const PackScene scene(pack, maker.Index());
  const Noted noted = WalkAll(PlanAll(scene.forest()));
  EXPECT_EQ(noted.made, (std::map<std::uint32_t, std::string>{
                            {0, Numbered(0)}, {3, Numbered(3)}}));
  EXPECT_EQ(noted.failed,
            (std::map<std::uint32_t, std::string>{
                {1, "its bytes in the pack are damaged"},
                {2, "is made from " + NumberId(1).Hex() +
                        ", which cannot be read: its bytes in the pack are "
                        "damaged"}}));
}

TEST(Walker, WithoutSumsTheContentIsHashed) {
  PackMaker maker;
  maker.Add(Numbered(0));
  maker.AddOffsetDelta(0, RenumberDelta(1), NumberId(7));
  const PackScene scene(maker, 1);
  const Noted noted = WalkAll(PlanAll(scene.forest()));
  EXPECT_EQ(noted.made.size(), 1u);
  EXPECT_EQ(noted.failed.at(1), "its content does not make its id");
}

TEST(Walker, ALimitOnMemory) {
  PackMaker maker;
  maker.Add(std::string(1000, 'a'));
  maker.Add(std::string(5000, 'a'));
  maker.AddOffsetDelta(0, DeltaHead(1000, 5000) + InsertOp("x"), MadeId("x"));
  const PackScene scene(maker);
  const Noted noted = WalkAll(PlanAll(scene.forest()), 4000);
  EXPECT_EQ(noted.made.size(), 1u);
  EXPECT_EQ(noted.failed.at(1),
            "needs more memory than the 4,000 bytes of --memory-limit");
  EXPECT_EQ(noted.failed.at(2), noted.failed.at(1));
}

TEST(Walker, LargeBlobsComeInPieces) {
  PackMaker maker;
  maker.Add(std::string(kStreamFrom, 'a'));
  maker.Add(std::string(kStreamFrom - 1, 'a'));
  maker.Add(std::string(kStreamFrom, 'a'), ObjectType::kTag);
  const PackScene scene(maker);
  const Noted blobs = WalkAll(PlanAll(scene.forest()));
  EXPECT_EQ(blobs.large,
            (std::map<std::uint32_t, std::uint64_t>{{0, kStreamFrom}}));
  EXPECT_EQ(blobs.made.size(), 1u);
  EXPECT_EQ(WalkAll(PlanAll(scene.forest(), ObjectType::kTag)).made.size(), 1u);
}

TEST(Walker, ALargeBaseIsMadeWhole) {
  const std::size_t size = kStreamFrom;
  PackMaker maker;
  maker.Add(std::string(size, 'a'));
  maker.AddOffsetDelta(0, DeltaHead(size, 3) + CopyOp(size - 3, 3),
                       IdOf(ObjectType::kBlob, "aaa"));
  const PackScene scene(maker);
  const Noted noted = WalkAll(PlanAll(scene.forest()));
  EXPECT_TRUE(noted.large.empty());
  EXPECT_EQ(noted.made.at(1), "aaa");
}

TEST(Walker, EndsWhenItIsToStop) {
  PackMaker maker;
  for (int i = 0; i < 100; ++i) maker.Add(Numbered(i));
  const PackScene scene(maker);
  const WalkPlan plan = PlanAll(scene.forest());
  std::stop_source stop;
  stop.request_stop();
  MemoryBudget budget(1 << 20);
  Noted noted;
  Walker(&budget).Run(plan, plan.TaskAt(0), &noted, stop.get_token());
  EXPECT_EQ(noted.visits, 0u);
}

TEST(DeltaForest, Rings) {
  PackMaker maker;
  maker.Add(Numbered(0));
  maker.AddIdDelta(NumberId(1), RenumberDelta(1), NumberId(1));
  maker.AddIdDelta(NumberId(3), RenumberDelta(2), NumberId(2));
  maker.AddIdDelta(NumberId(2), RenumberDelta(3), NumberId(3));
  maker.AddIdDelta(NumberId(2), RenumberDelta(4), NumberId(4));
  maker.AddIdDelta(MadeId("none"), RenumberDelta(5), NumberId(5));
  maker.AddIdDelta(NumberId(0), RenumberDelta(6), NumberId(6));
  const PackScene scene(maker);
  std::string broken;
  for (const auto& one : scene.forest().broken()) {
    broken += fmt::format("{}: {}\n", one.node, one.error.message);
  }
  const std::string ring = ": the object it is made from cannot be read\n";
  EXPECT_EQ(broken, "1" + ring + "2" + ring + "3" + ring + "4" + ring +
                        "5: its base " + MadeId("none").Hex() +
                        " is not in the same pack\n");
  const Noted noted = WalkAll(PlanAll(scene.forest()));
  EXPECT_EQ(noted.made.size(), 2u);
  EXPECT_EQ(noted.visits, 2u);
}

TEST(DeltaForest, TheHeaviestChildIsLast) {
  PackMaker maker;
  maker.Add(Numbered(0));
  for (int i = 1; i <= 3; ++i) {
    maker.AddOffsetDelta(0, RenumberDelta(i), NumberId(i));
  }
  maker.AddOffsetDelta(2, RenumberDelta(4), NumberId(4));
  const PackScene scene(maker);
  const auto children = scene.forest().ChildrenOf(0);
  ASSERT_EQ(children.size(), 3u);
  EXPECT_EQ(children.back(), 2u);
  EXPECT_EQ(scene.forest().ParentOf(4), 2u);
  EXPECT_EQ(scene.forest().order().size(), 5u);
}

TEST(DeltaForest, ABaseMustBeginWhereAnEntryDoes) {
  PackMaker maker;
  maker.Add(Numbered(0));
  const std::string delta = RenumberDelta(1);
  maker.AddRaw(EntryHead(6, delta.size()) + Distance(maker.Next() - 13) +
                   Deflated(delta),
               NumberId(1));
  const PackScene scene(maker);
  ASSERT_EQ(scene.forest().broken().size(), 1u);
  EXPECT_EQ(scene.forest().broken()[0].error.message,
            "pack entry: no object begins where its base should");
}

}  // namespace
}  // namespace keytidy::pack
