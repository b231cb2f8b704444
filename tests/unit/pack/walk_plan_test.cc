// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <functional>
#include <random>
#include <vector>

#include "unit/pack/walk_scene.h"

namespace keytidy::pack {
namespace {

// A pack of `count` blobs, each a delta of the one that `parent` says, or none.
PackMaker Tree(int count, const std::function<int(int)>& parent) {
  PackMaker maker;
  for (int i = 0; i < count; ++i) {
    const int base = parent(i);
    if (base < 0) {
      maker.Add(Numbered(i));
    } else {
      maker.AddOffsetDelta(static_cast<std::size_t>(base), RenumberDelta(i),
                           IdOf(ObjectType::kBlob, Numbered(i)));
    }
  }
  return maker;
}

// How often each node is reached from a start of any task.
std::vector<int> Reached(const WalkPlan& plan) {
  std::vector<int> out(plan.forest().size(), 0);
  for (std::size_t task = 0; task < plan.task_count(); ++task) {
    std::vector<std::uint32_t> list(plan.TaskAt(task).begin(),
                                    plan.TaskAt(task).end());
    EXPECT_FALSE(list.empty());
    while (!list.empty()) {
      const std::uint32_t node = list.back();
      list.pop_back();
      ++out[node];
      for (const std::uint32_t child : plan.forest().ChildrenOf(node)) {
        if (plan.IsEntered(child)) list.push_back(child);
      }
    }
  }
  return out;
}

void CheckPlan(const PackMaker& maker, std::uint64_t most_visits) {
  const PackScene scene(maker);
  const DeltaForest& forest = scene.forest();
  EXPECT_TRUE(forest.broken().empty());
  for (const std::uint32_t every : {1u, 2u, 7u, 1000u}) {
    const auto wanted = [&](std::uint32_t node) { return node % every == 0; };
    const WalkPlan plan(forest, ObjectType::kBlob, wanted);
    const std::vector<int> reached = Reached(plan);
    std::uint64_t count = 0;
    for (std::uint32_t node = 0; node < forest.size(); ++node) {
      EXPECT_EQ(plan.IsWanted(node), wanted(node));
      EXPECT_LE(reached[node], 1);
      if (wanted(node)) {
        EXPECT_EQ(reached[node], 1) << node;
      }
      count += wanted(node) ? 1 : 0;
    }
    EXPECT_EQ(plan.wanted_count(), count);

    const Noted noted = WalkAll(plan);
    EXPECT_EQ(noted.made.size(), count);
    EXPECT_LE(noted.visits, most_visits);
    EXPECT_LE(noted.most_slots, 20u);
    for (const auto& [node, content] : noted.made) {
      EXPECT_EQ(noted.told.at(node), 1);
      EXPECT_EQ(IdOf(ObjectType::kBlob, content),
                scene.file().IdAt(forest.IndexOf(node)));
    }

    // The same again, for the plan may depend on nothing but the forest.
    const WalkPlan again(forest, ObjectType::kBlob, wanted);
    ASSERT_EQ(again.task_count(), plan.task_count());
    for (std::size_t i = 0; i < plan.task_count(); ++i) {
      EXPECT_TRUE(std::equal(plan.TaskAt(i).begin(), plan.TaskAt(i).end(),
                             again.TaskAt(i).begin(), again.TaskAt(i).end()));
    }
  }
}

TEST(WalkPlan, RootsOnly) {
  CheckPlan(Tree(1000, [](int) { return -1; }), 1000);
}

TEST(WalkPlan, AChain) {
  CheckPlan(Tree(5000, [](int i) { return i - 1; }), 65 * 5000);
}

TEST(WalkPlan, AStar) {
  CheckPlan(Tree(3000, [](int i) { return i == 0 ? -1 : 0; }), 2 * 3000);
}

TEST(WalkPlan, AComb) {
  CheckPlan(Tree(4001, [](int i) { return i == 0 ? -1 : (i - 1) / 2 * 2; }),
            65 * 4001);
}

TEST(WalkPlan, ABinaryTree) {
  CheckPlan(Tree(4095, [](int i) { return i == 0 ? -1 : (i - 1) / 2; }),
            3 * 4095);
}

TEST(WalkPlan, AnythingAtAll) {
  for (unsigned seed = 1; seed <= 5; ++seed) {
    std::mt19937 random(seed);
    CheckPlan(Tree(2000,
                   [&](int i) {
                     return random() % 10 == 0 || i == 0
                                ? -1
                                : static_cast<int>(random() %
                                                   static_cast<unsigned>(i));
                   }),
              65 * 2000);
  }
}

TEST(WalkPlan, NothingWanted) {
  const PackScene scene(Tree(10, [](int i) { return i - 1; }));
  const WalkPlan none(scene.forest(), ObjectType::kBlob,
                      [](std::uint32_t) { return false; });
  EXPECT_EQ(none.task_count(), 0u);
  EXPECT_EQ(PlanAll(scene.forest(), ObjectType::kTree).task_count(), 0u);
}

}  // namespace
}  // namespace keytidy::pack
