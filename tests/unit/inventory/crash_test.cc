// SPDX-License-Identifier: Apache-2.0
//
// Several writers at once, and writers that are killed.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>

#include <array>
#include <filesystem>

#include "inventory/sqlite_database.h"
#include "unit/inventory/dying_database.h"
#include "unit/inventory/scene.h"

namespace keytidy::inventory {
namespace {

using ::testing::SizeIs;

// Opens and records in a child that dies at the n-th call; how it ended.
int RecordAndDie(const std::string& path, std::uint64_t n,
                 const std::vector<SeenKey>& keys) {
  return EndOf(InChild([&] {
    auto database = OpenSqlite(path);
    if (!database) return 1;
    const std::string key = FingerprintKey::PathBeside((*database)->name());
    auto inventory = Inventory::Over(
        std::make_unique<DyingDatabase>(std::move(*database), &n), key);
    if (!inventory) return 2;
    return (*inventory)->Record(RunAt(kNow + 1), keys) ? 0 : 3;
  }));
}

// How many runs there are after it; each of them must be whole.
std::size_t WholeRuns(Inventory& inventory, std::size_t keys_of_second) {
  const auto runs = inventory.Runs();
  EXPECT_TRUE(runs);
  const auto keys = Listed(inventory);
  if (runs->size() == 1) {
    EXPECT_THAT(keys, SizeIs(1));
    EXPECT_EQ(keys[0].last_seen, kNow);
    EXPECT_EQ(keys[0].places[0].gone_at, std::nullopt);
  } else {
    EXPECT_THAT(*runs, SizeIs(2));
    EXPECT_THAT(keys, SizeIs(1 + keys_of_second));
    for (const InventoryKey& key : keys) {
      const bool old = key.fingerprint == FingerprintOf(0);
      EXPECT_THAT(key.places, SizeIs(1));
      EXPECT_EQ(key.last_seen, old ? kNow : kNow + 1);
      EXPECT_EQ(key.places[0].gone_at.has_value(), old);
    }
  }
  return runs->size();
}

TEST(Crash, AtAnyStatementOfARecord) {
  bool lived = false;
  std::size_t absent = 0;
  std::size_t whole = 0;
  for (std::uint64_t n = 1; !lived && n < 100; ++n) {
    const TempDir dir;
    const std::string path = dir / "inventory.db";
    Recorded(*Opened(path), RunAt(kNow), {KeyOf(0)});
    const int end = RecordAndDie(path, n, KeysOf(1, 4));
    ASSERT_TRUE(end == 0 || end == -SIGKILL) << end;
    lived = end == 0;
    const auto inventory = Opened(path);
    const std::size_t runs = WholeRuns(*inventory, 3);
    if (!lived) (runs == 1 ? absent : whole) += 1;
    // And the next run goes on as if nothing had been.
    Recorded(*inventory, RunAt(kNow + 2), {KeyOf(0)});
    EXPECT_THAT(*inventory->Runs(), SizeIs(runs + 1));
  }
  EXPECT_TRUE(lived);
  EXPECT_GT(absent, 10u);
  EXPECT_EQ(whole, 1u);  // killed after the commit
}

TEST(Crash, AtAnyStatementOfTheFirstOpen) {
  bool lived = false;
  for (std::uint64_t n = 1; !lived && n < 100; ++n) {
    const TempDir dir;
    const std::string path = dir / "inventory.db";
    const int end = RecordAndDie(path, n, KeysOf(1, 2));
    ASSERT_TRUE(end == 0 || end == -SIGKILL) << end;
    lived = end == 0;
    const auto inventory = Opened(path);
    const auto runs = inventory->Runs();
    ASSERT_TRUE(runs);
    EXPECT_EQ(Listed(*inventory).size(), runs->size());
    EXPECT_LE(runs->size(), 1u);
  }
  EXPECT_TRUE(lived);
}

// So large that much of it is in the write-ahead log before the end.
TEST(Crash, InTheMiddleOfALargeRecord) {
  const TempDir dir;
  const std::string path = dir / "inventory.db";
  Recorded(*Opened(path), RunAt(kNow), {KeyOf(0)});
  EXPECT_EQ(RecordAndDie(path, 110'000, KeysOf(1, 40'001)), -SIGKILL);
  EXPECT_GT(std::filesystem::file_size(path + "-wal"), 1'000'000u);
  EXPECT_EQ(WholeRuns(*Opened(path), 40'000), 1u);
}

TEST(Crash, FourWritersLoseAndDuplicateNothing) {
  constexpr int kWriters = 4;
  constexpr int kRuns = 5;
  const TempDir dir;
  const std::string path = dir / "made/by/all/inventory.db";
  std::array<int, 2> gate = {};
  ASSERT_EQ(pipe(gate.data()), 0);
  std::vector<pid_t> children;
  for (int writer = 0; writer < kWriters; ++writer) {
    children.push_back(InChild([&] {
      close(gate[1]);
      char none = 0;
      if (read(gate[0], &none, 1) != 0) return 9;  // until all are let go
      auto inventory = Inventory::Open(path);
      if (!inventory) return 1;
      // 30 keys that all see, 20 of its own.
      std::vector<SeenKey> keys = KeysOf(0, 30);
      const auto from = static_cast<std::uint64_t>(1000 * (writer + 1));
      for (SeenKey& key : KeysOf(from, from + 20)) keys.push_back(key);
      for (int i = 0; i < kRuns; ++i) {
        const auto run =
            RunAt(kNow + i, "audit", fmt::format("machine-{}", writer));
        if (!(*inventory)->Record(run, keys)) return 2;
      }
      return 0;
    }));
  }
  close(gate[0]);
  close(gate[1]);
  for (const pid_t child : children) EXPECT_EQ(EndOf(child), 0);
  const auto inventory = Opened(path);
  EXPECT_THAT(*inventory->Runs(), SizeIs(kWriters * kRuns));
  const auto keys = Listed(*inventory);
  ASSERT_THAT(keys, SizeIs(30 + kWriters * 20));
  std::size_t shared = 0;
  for (const InventoryKey& key : keys) {
    shared += key.places.size() == kWriters ? 1 : 0;
    EXPECT_TRUE(key.places.size() == 1 || key.places.size() == kWriters);
    for (const InventoryPlace& place : key.places) {
      EXPECT_EQ(place.first_seen, kNow);
      EXPECT_EQ(place.last_seen, kNow + kRuns - 1);
      EXPECT_EQ(place.gone_at, std::nullopt);
    }
  }
  EXPECT_EQ(shared, 30u);
  // One key was made, and every writer worked with it.
  EXPECT_EQ(dir.Read("made/by/all/inventory.key").size(), 32u);
}

}  // namespace
}  // namespace keytidy::inventory
