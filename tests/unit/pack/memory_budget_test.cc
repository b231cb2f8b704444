// SPDX-License-Identifier: Apache-2.0
#include "pack/memory_budget.h"

#include <gtest/gtest.h>

#include <atomic>
#include <thread>
#include <vector>

namespace keytidy::pack {
namespace {

TEST(MemoryBudget, OneAccountUpToTheLimit) {
  MemoryBudget budget(100);
  MemoryBudget::Account account(&budget);
  EXPECT_TRUE(account.Take(60));
  EXPECT_FALSE(account.Take(41));
  EXPECT_TRUE(account.Take(40));
  EXPECT_FALSE(account.Take(1));
  account.Give(1);
  EXPECT_TRUE(account.Take(1));
  EXPECT_FALSE(account.Take(~std::uint64_t{0}));
}

TEST(MemoryBudget, WhatGoesWithAnAccountIsFree) {
  MemoryBudget budget(100);
  for (int i = 0; i < 3; ++i) {
    MemoryBudget::Account account(&budget);
    EXPECT_TRUE(account.Take(100));
  }
}

// Another account's share does not make one fail.
TEST(MemoryBudget, TheFirstToWantMoreLeads) {
  MemoryBudget budget(100);
  MemoryBudget::Account first(&budget);
  MemoryBudget::Account second(&budget);
  EXPECT_TRUE(first.Take(80));
  EXPECT_TRUE(second.Take(80));  // leads
  EXPECT_TRUE(second.Take(20));
  EXPECT_FALSE(second.Take(1));
  second.Give(100);
  EXPECT_TRUE(second.Take(20));
}

TEST(MemoryBudget, WhoWaitsGoesOnWhenTheLeaderHasEnded) {
  MemoryBudget budget(100);
  MemoryBudget::Account first(&budget);
  MemoryBudget::Account leader(&budget);
  ASSERT_TRUE(first.Take(80));
  ASSERT_TRUE(leader.Take(80));
  std::atomic<bool> done = false;
  std::thread waiter([&] {
    MemoryBudget::Account third(&budget);
    EXPECT_TRUE(third.Take(50));
    done = true;
  });
  EXPECT_FALSE(done);
  leader.Give(80);
  first.Give(80);
  waiter.join();
  EXPECT_TRUE(done);
}

TEST(MemoryBudget, ManyThreadsEnd) {
  MemoryBudget budget(1000);
  std::atomic<std::int64_t> held = 0;
  std::atomic<int> failed = 0;
  std::vector<std::thread> threads;
  for (int t = 0; t < 4; ++t) {
    threads.emplace_back([&, t] {
      for (int round = 0; round < 3000; ++round) {
        MemoryBudget::Account account(&budget);
        std::uint64_t mine = 0;
        for (int i = 0; i < 4; ++i) {
          const auto bytes =
              static_cast<std::uint64_t>((round * 7 + i * 13 + t) % 251);
          if (!account.Take(bytes)) ++failed;
          mine += bytes;
          held += static_cast<std::int64_t>(bytes);
          if (i == 2) {
            account.Give(mine / 2);
            held -= static_cast<std::int64_t>(mine / 2);
            mine -= mine / 2;
          }
        }
        held -= static_cast<std::int64_t>(mine);
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(failed, 0);
  EXPECT_EQ(held, 0);
  MemoryBudget::Account account(&budget);
  EXPECT_TRUE(account.Take(1000));  // all of it is free again
}

}  // namespace
}  // namespace keytidy::pack
