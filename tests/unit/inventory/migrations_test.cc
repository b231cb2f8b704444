// SPDX-License-Identifier: Apache-2.0
#include "inventory/migrations.h"

#include <gtest/gtest.h>

#include <vector>

#include "inventory/sqlite_database.h"
#include "unit/inventory/scene.h"
#include "unit/inventory/version_one.h"

namespace keytidy::inventory {
namespace {

std::vector<std::string_view> AllAnd(std::string_view next) {
  std::vector<std::string_view> out(Migrations().begin(), Migrations().end());
  out.push_back(next);
  return out;
}

std::unique_ptr<Database> DatabaseAt(const std::string& path) {
  auto out = OpenSqlite(path);
  EXPECT_TRUE(out) << out.error().message;
  return std::move(*out);
}

TEST(Migrations, RunOnceInOrder) {
  const TempDir dir;
  const auto database = DatabaseAt(dir / "inventory.db");
  ASSERT_TRUE(Migrate(*database, Migrations()));
  ASSERT_TRUE(Migrate(*database, Migrations()));
  EXPECT_TRUE(*database->HasTable("keys"));
  EXPECT_FALSE(*database->HasTable("later"));
}

TEST(Migrations, AnOlderInventoryGoesOn) {
  const TempDir dir;
  const std::string path = dir / "inventory.db";
  Recorded(*Opened(path), RunAt(kNow), {KeyOf(1)});
  {
    const auto database = DatabaseAt(path);
    ASSERT_TRUE(Migrate(*database, AllAnd("CREATE TABLE later (x TEXT);")));
    EXPECT_TRUE(*database->HasTable("later"));
    ASSERT_TRUE(Migrate(*database, AllAnd("CREATE TABLE later (x TEXT);")));
  }
  // And is then too new for this one.
  const auto opened = Inventory::Open(path);
  ASSERT_FALSE(opened);
  EXPECT_EQ(opened.error().code, ErrorCode::kUnsupported);
}

// As the first version of the program left it: keys without hints.
TEST(Migrations, FromTheFirstVersionNothingIsLost) {
  const TempDir dir;
  const std::string path = dir / "inventory.db";
  {
    const auto database = DatabaseAt(path);
    ASSERT_TRUE(Migrate(*database, Migrations().first(1)));
    EXPECT_FALSE(*database->HasTable("hints"));
    ASSERT_TRUE(database->Script(RowsOfVersionOne()));
  }
  const auto inventory = Opened(path);
  ExpectRowsOfVersionOne(*inventory);
  Recorded(*inventory, RunAt(kNow + 9), {KeyOf(1)});
  EXPECT_EQ(Found(*inventory, IdOf(1)).first_seen, kNow);
}

TEST(Migrations, OneThatFailsChangesNothing) {
  const TempDir dir;
  const std::string path = dir / "inventory.db";
  Recorded(*Opened(path), RunAt(kNow), {KeyOf(1)});
  {
    const auto database = DatabaseAt(path);
    EXPECT_FALSE(
        Migrate(*database, AllAnd("CREATE TABLE later (x TEXT); wrong;")));
    EXPECT_FALSE(*database->HasTable("later"));
  }
  EXPECT_EQ(Listed(*Opened(path)).size(), 1u);
}

// What only one of the two databases takes.
TEST(Migrations, AreWrittenForBothDatabases) {
  for (const std::string_view script : Migrations()) {
    for (const char* word : {"AUTOINCREMENT", "ROWID", " INTEGER", "DATETIME",
                             "SERIAL", "JSONB", "BLOB", "BYTEA", "PRAGMA"}) {
      EXPECT_EQ(script.find(word), std::string_view::npos) << word;
    }
  }
}

}  // namespace
}  // namespace keytidy::inventory
