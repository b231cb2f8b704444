// SPDX-License-Identifier: Apache-2.0
//
// Several writers at once, writers that are killed, a server that goes away.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>

#include "unit/inventory/dying_database.h"
#include "unit/inventory/server/server_scene.h"

namespace keytidy::inventory {
namespace {

using ::testing::SizeIs;

int RecordAndDie(const std::string& address, std::uint64_t n,
                 const std::vector<SeenKey>& keys) {
  return EndOf(InChild([&] {
    auto database = OpenPostgres(address, IfMissing::kMake);
    if (!database) return 1;
    auto inventory = Inventory::Over(
        std::make_unique<DyingDatabase>(std::move(*database), &n), "");
    if (!inventory) return 2;
    return (*inventory)->Record(RunAt(kNow + 1), keys) ? 0 : 3;
  }));
}

TEST(PostgresWriters, KilledAtAnyStatement) {
  const TestDatabase database;
  bool lived = false;
  std::size_t absent = 0;
  std::size_t whole = 0;
  for (std::uint64_t n = 1; !lived && n < 100; ++n) {
    database.Sql("DROP SCHEMA IF EXISTS keytidy CASCADE");
    Recorded(*Opened(database.address()), RunAt(kNow), {KeyOf(0)});
    const int end = RecordAndDie(database.address(), n, KeysOf(1, 4));
    ASSERT_TRUE(end == 0 || end == -SIGKILL) << end;
    lived = end == 0;
    const auto inventory = Opened(database.address());
    const std::size_t runs = inventory->Runs()->size();
    EXPECT_THAT(Listed(*inventory), SizeIs(runs == 1 ? 1 : 4));
    EXPECT_EQ(Found(*inventory, IdOf(0)).places[0].gone_at.has_value(),
              runs == 2);
    if (!lived) (runs == 1 ? absent : whole) += 1;
    // And the next run goes on as if nothing had been.
    Recorded(*inventory, RunAt(kNow + 2), {KeyOf(0)});
    EXPECT_THAT(*inventory->Runs(), SizeIs(runs + 1));
  }
  EXPECT_TRUE(lived);
  EXPECT_GT(absent, 10u);
  EXPECT_EQ(whole, 1u);  // killed after the commit
}

TEST(PostgresWriters, KilledAtTheFirstOpen) {
  const TestDatabase database;
  bool lived = false;
  for (std::uint64_t n = 1; !lived && n < 100; ++n) {
    database.Sql("DROP SCHEMA IF EXISTS keytidy CASCADE");
    const int end = RecordAndDie(database.address(), n, KeysOf(1, 2));
    ASSERT_TRUE(end == 0 || end == -SIGKILL) << end;
    lived = end == 0;
    const auto inventory = Opened(database.address());
    EXPECT_EQ(Listed(*inventory).size(), inventory->Runs()->size());
  }
  EXPECT_TRUE(lived);
}

TEST(PostgresWriters, SixteenLoseAndDuplicateNothing) {
  constexpr int kWriters = 16;
  constexpr int kRuns = 3;
  const TestDatabase database;
  std::array<int, 2> gate = {};
  ASSERT_EQ(pipe(gate.data()), 0);
  std::vector<pid_t> children;
  for (int writer = 0; writer < kWriters; ++writer) {
    children.push_back(InChild([&] {
      close(gate[1]);
      char none = 0;
      if (read(gate[0], &none, 1) != 0) return 9;  // until all are let go
      auto inventory = Inventory::Open(database.address());
      if (!inventory) return 1;
      std::vector<SeenKey> keys = KeysOf(0, 10);  // that all see
      const auto from = static_cast<std::uint64_t>(1000 * (writer + 1));
      for (SeenKey& key : KeysOf(from, from + 5)) keys.push_back(key);
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
  const auto inventory = Opened(database.address());
  EXPECT_THAT(*inventory->Runs(), SizeIs(kWriters * kRuns));
  const auto keys = Listed(*inventory);
  ASSERT_THAT(keys, SizeIs(10 + kWriters * 5));
  std::size_t shared = 0;
  for (const InventoryKey& key : keys) {
    shared += key.places.size() == kWriters ? 1 : 0;
    EXPECT_TRUE(key.places.size() == 1 || key.places.size() == kWriters);
    for (const InventoryPlace& place : key.places) {
      EXPECT_EQ(place.first_seen, kNow);
      EXPECT_EQ(place.last_seen, kNow + kRuns - 1);
    }
  }
  EXPECT_EQ(shared, 10u);
  EXPECT_EQ(database.Sql("SELECT count(*) FROM keytidy.inventory_key"), "1");
}

// Ends all sessions of the database but the one that asks.
constexpr const char* kEndSessions =
    "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity "
    "WHERE datname = current_database() AND pid <> pg_backend_pid()";

TEST(PostgresWriters, AServerThatGoesAwayIsAnError) {
  const TestDatabase test;
  Recorded(*Opened(test.address()), RunAt(kNow), {KeyOf(0)});
  // At any statement of a record.
  class LosingDatabase : public DyingDatabase {
   public:
    using DyingDatabase::DyingDatabase;
    std::function<void()> lose;

   private:
    void Die() override { lose(); }
  };
  std::size_t lost = 0;
  for (std::uint64_t n = 10; n < 40; n += 3) {
    auto database = std::make_unique<LosingDatabase>(test.Raw(), &n);
    database->lose = [&] { test.Sql(kEndSessions); };
    auto inventory = Inventory::Over(std::move(database), "");
    ASSERT_TRUE(inventory);
    const SeenKey keys[] = {KeyOf(1), KeyOf(2)};
    const auto done = (*inventory)->Record(RunAt(kNow + 1), keys);
    if (!done) {
      ++lost;
      EXPECT_EQ(done.error().code, ErrorCode::kIo);
      EXPECT_EQ(done.error().message.find(test.password()), std::string::npos);
      EXPECT_FALSE((*inventory)->List());
    }
    const auto after = Opened(test.address());
    const std::size_t runs = after->Runs()->size();
    EXPECT_THAT(Listed(*after), SizeIs(runs == 1 ? 1 : 3));
    if (runs > 1) break;
  }
  EXPECT_GT(lost, 2u);
}

}  // namespace
}  // namespace keytidy::inventory
