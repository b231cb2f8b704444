// SPDX-License-Identifier: Apache-2.0
#include "base/executor.h"

#include <gtest/gtest.h>

#include <array>
#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <numeric>
#include <set>
#include <vector>

namespace keytidy {
namespace {

class ExecutorOf : public testing::TestWithParam<std::size_t> {};

INSTANTIATE_TEST_SUITE_P(Threads, ExecutorOf, testing::Values(1, 2, 8),
                         testing::PrintToStringParamName());

TEST_P(ExecutorOf, RunsEveryTaskOnce) {
  constexpr std::size_t kTasks = 1000;
  std::vector<std::atomic<int>> ran(kTasks);
  Executor executor(GetParam());
  for (std::size_t i = 0; i < kTasks; ++i) {
    executor.Spawn([&ran, i](std::size_t) { ++ran[i]; });
  }
  executor.Run();
  for (std::size_t i = 0; i < kTasks; ++i) EXPECT_EQ(ran[i], 1) << i;
}

TEST_P(ExecutorOf, RunsTasksThatTasksSpawn) {
  // A full ternary tree: every node is a task of its own.
  constexpr int kDepth = 7;
  std::array<std::atomic<int>, kDepth + 1> at_depth{};
  Executor executor(GetParam());
  std::function<void(int)> visit = [&](int depth) {
    ++at_depth[static_cast<std::size_t>(depth)];
    if (depth == kDepth) return;
    for (int child = 0; child < 3; ++child) {
      executor.Spawn([&visit, depth](std::size_t) { visit(depth + 1); });
    }
  };
  executor.Spawn([&visit](std::size_t) { visit(0); });
  executor.Run();
  int wanted = 1;
  for (const auto& count : at_depth) {
    EXPECT_EQ(count, wanted);
    wanted *= 3;
  }
}

TEST_P(ExecutorOf, FollowsAChainOfTasks) {
  // One task at a time, each spawned by the one before: nobody may leave early.
  constexpr int kLength = 10000;
  int length = 0;
  Executor executor(GetParam());
  std::function<void()> next = [&] {
    if (++length < kLength) {
      executor.Spawn([&next](std::size_t) { next(); });
    }
  };
  executor.Spawn([&next](std::size_t) { next(); });
  executor.Run();
  EXPECT_EQ(length, kLength);
}

TEST_P(ExecutorOf, PlacesOfWorkersAreTheirOwn) {
  // Counters without locks: each belongs to one worker. Their sum is the work.
  Executor executor(GetParam());
  EXPECT_EQ(executor.thread_count(), GetParam());
  struct alignas(64) Counter {
    std::uint64_t sum = 0;
  };
  std::vector<Counter> counters(executor.thread_count());
  std::atomic<bool> out_of_range = false;
  for (std::uint64_t i = 1; i <= 2000; ++i) {
    executor.Spawn([&, i](std::size_t worker) {
      if (worker >= counters.size()) {
        out_of_range = true;
      } else {
        counters[worker].sum += i;
      }
    });
  }
  executor.Run();
  EXPECT_FALSE(out_of_range);
  const std::uint64_t sum = std::accumulate(
      counters.begin(), counters.end(), std::uint64_t{0},
      [](std::uint64_t n, const Counter& counter) { return n + counter.sum; });
  EXPECT_EQ(sum, 2001000u);
}

TEST_P(ExecutorOf, TasksAreDestroyedWhenRunReturns) {
  auto held = std::make_shared<int>(0);
  Executor executor(GetParam());
  for (int i = 0; i < 100; ++i) {
    executor.Spawn([held](std::size_t) {});
  }
  executor.Run();
  EXPECT_EQ(held.use_count(), 1);
}

TEST_P(ExecutorOf, ReturnsWithoutTasks) {
  Executor executor(GetParam());
  executor.Run();
}

TEST_P(ExecutorOf, MayGoWithoutHavingRun) {
  bool ran = false;
  {
    Executor executor(GetParam());
    executor.Spawn([&ran](std::size_t) { ran = true; });
  }
  EXPECT_FALSE(ran);
}

TEST(Executor, OneThreadRunsTheNewestFirst) {
  std::vector<int> order;
  Executor executor(1);
  executor.Spawn([&](std::size_t) { order.push_back(1); });
  executor.Spawn([&](std::size_t) {
    order.push_back(2);
    executor.Spawn([&](std::size_t) { order.push_back(3); });
    executor.Spawn([&](std::size_t) { order.push_back(4); });
  });
  executor.Run();
  EXPECT_EQ(order, (std::vector<int>{2, 4, 3, 1}));
}

TEST(Executor, NoThreadsMeansOne) {
  Executor executor(0);
  EXPECT_EQ(executor.thread_count(), 1u);
  bool ran = false;
  executor.Spawn([&ran](std::size_t worker) { ran = worker == 0; });
  executor.Run();
  EXPECT_TRUE(ran);
}

}  // namespace
}  // namespace keytidy
