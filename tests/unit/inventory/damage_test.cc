// SPDX-License-Identifier: Apache-2.0
//
// Files that are no inventory, no longer one, or not for us to touch: a clear
// error, and not a byte of them changed.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sqlite3.h>
#include <sys/stat.h>

#include <filesystem>

#include "inventory/sqlite_database.h"
#include "unit/inventory/scene.h"

namespace keytidy::inventory {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

// The error that opening gives; the file must stay as it is.
Error ErrorOf(const TempDir& dir, const std::string& name) {
  const std::string before = dir.Read(name);
  const auto opened = Inventory::Open(dir / name);
  EXPECT_FALSE(opened) << name;
  EXPECT_EQ(dir.Read(name), before) << name;
  return opened ? Error() : opened.error();
}

std::string WritePrivate(const TempDir& dir, std::string_view name,
                         std::string_view bytes) {
  std::string path = dir.Write(name, bytes);
  EXPECT_EQ(chmod(path.c_str(), 0600), 0);
  return path;
}

void Sql(const std::string& path, const char* sql) {
  sqlite3* handle = nullptr;
  ASSERT_EQ(sqlite3_open(path.c_str(), &handle), SQLITE_OK);
  EXPECT_EQ(sqlite3_exec(handle, sql, nullptr, nullptr, nullptr), SQLITE_OK)
      << sqlite3_errmsg(handle);
  sqlite3_close(handle);
}

TEST(Damage, OtherFilesAreLeftAlone) {
  const TempDir dir;
  for (const std::string_view bytes :
       {std::string_view("x"), std::string_view("notes\nof mine\n"),
        std::string_view("SQLite format 2")}) {
    WritePrivate(dir, "other.db", bytes);
    const Error error = ErrorOf(dir, "other.db");
    EXPECT_EQ(error.code, ErrorCode::kUnsupported) << error.message;
    EXPECT_THAT(error.message, HasSubstr("other.db: is no inventory"));
  }
  WritePrivate(dir, "large.db", std::string(100'000, 'x'));
  EXPECT_EQ(ErrorOf(dir, "large.db").code, ErrorCode::kUnsupported);
  EXPECT_THAT(dir.Names(), ElementsAre("large.db", "other.db"));
}

TEST(Damage, DatabasesOfOthersAreLeftAlone) {
  const TempDir dir;
  const std::string path = dir / "foreign.db";
  Sql(path, "CREATE TABLE schema_version (version BIGINT);");
  chmod(path.c_str(), 0600);
  EXPECT_EQ(ErrorOf(dir, "foreign.db").code, ErrorCode::kUnsupported);
  const std::string empty = dir / "empty.db";
  Sql(empty, "PRAGMA application_id = 252006674;");
  chmod(empty.c_str(), 0600);
  EXPECT_EQ(ErrorOf(dir, "empty.db").code, ErrorCode::kUnsupported);
}

TEST(Damage, AnEmptyFileIsANewInventory) {
  const TempDir dir;
  Recorded(*Opened(WritePrivate(dir, "inventory.db", "")), RunAt(kNow),
           {KeyOf(1)});
  EXPECT_EQ(Listed(*Opened(dir / "inventory.db")).size(), 1u);
}

TEST(Damage, ANewerInventoryIsLeftAlone) {
  const TempDir dir;
  const std::string path = dir / "inventory.db";
  Recorded(*Opened(path), RunAt(kNow), {KeyOf(1)});
  Sql(path,
      "INSERT INTO schema_version (product, version) "
      "VALUES ('keytidy inventory', 99);");
  const Error error = ErrorOf(dir, "inventory.db");
  EXPECT_EQ(error.code, ErrorCode::kUnsupported);
  EXPECT_THAT(error.message,
              HasSubstr("was written by a newer keytidy (schema 99, this one "
                        "knows 2); it is left as it is"));
}

TEST(Damage, AMissingTableIsSaid) {
  const TempDir dir;
  const std::string path = dir / "inventory.db";
  Recorded(*Opened(path), RunAt(kNow), {KeyOf(1)});
  Sql(path, "DROP TABLE settings;");
  EXPECT_EQ(ErrorOf(dir, "inventory.db").code, ErrorCode::kDamaged);
  Sql(path, "DELETE FROM schema_version;");
  EXPECT_EQ(ErrorOf(dir, "inventory.db").code, ErrorCode::kDamaged);
  Sql(path, "DROP TABLE schema_version;");
  EXPECT_EQ(ErrorOf(dir, "inventory.db").code, ErrorCode::kDamaged);
}

TEST(Damage, ValuesThatMakeNoSenseAreSaid) {
  for (const char* sql :
       {"UPDATE keys SET verdict = 'alive';", "UPDATE keys SET title = x'00';",
        "UPDATE keys SET checked_at = 'noon';",
        "UPDATE places SET first_seen = 'noon';",
        "UPDATE evidence SET earliest = x'00';"}) {
    const TempDir dir;
    const std::string path = dir / "inventory.db";
    SeenKey key = KeyOf(1);
    key.evidence = {{"ulid", kNow}};
    Recorded(*Opened(path), RunAt(kNow), {key});
    Sql(path, sql);
    const auto inventory = Opened(path);
    const auto keys = inventory->List();
    ASSERT_FALSE(keys) << sql;
    EXPECT_EQ(keys.error().code, ErrorCode::kDamaged);
  }
}

TEST(Damage, LinksAndOthersFilesAreRefused) {
  const TempDir dir;
  const std::string path = dir / "inventory.db";
  Recorded(*Opened(path), RunAt(kNow), {KeyOf(1)});
  dir.Symlink("link.db", path);
  dir.Symlink("dangling.db", dir / "none.db");
  dir.Directory("folder.db");
  dir.Fifo("pipe.db");
  for (const char* name :
       {"link.db", "dangling.db", "folder.db", "pipe.db", "", ".."}) {
    const auto opened = Inventory::Open(dir / name);
    ASSERT_FALSE(opened) << name;
    EXPECT_EQ(opened.error().code, ErrorCode::kInvalid) << name;
  }
  EXPECT_FALSE(std::filesystem::exists(dir / "none.db"));
  chmod(path.c_str(), 0644);
  EXPECT_EQ(ErrorOf(dir, "inventory.db").code, ErrorCode::kInvalid);
}

TEST(Damage, AFolderMayBeALink) {
  const TempDir dir;
  dir.Symlink("link", dir.Directory("folder"));
  Recorded(*Opened(dir / "link/inventory.db"), RunAt(kNow), {KeyOf(1)});
  EXPECT_EQ(Listed(*Opened(dir / "folder/inventory.db")).size(), 1u);
}

TEST(Damage, AFolderThatCannotBeWrittenIsSaid) {
  const TempDir dir;
  const std::string folder = dir.Directory("folder");
  chmod(dir.path().c_str(), 0755);
  chmod(folder.c_str(), 0555);
  const pid_t child = InChild([&] {
    // Root may write everywhere.
    if (geteuid() == 0 && setuid(65534) != 0) return 9;
    for (const char* name : {"inventory.db", "below/inventory.db"}) {
      const auto opened = Inventory::Open(folder + "/" + name);
      if (opened) return 1;
      if (opened.error().code != ErrorCode::kPermission) return 2;
      if (opened.error().message.find(folder) != 0) return 3;
    }
    return 0;
  });
  EXPECT_EQ(EndOf(child), 0);
  EXPECT_TRUE(std::filesystem::is_empty(folder));
}

// Every 100th byte, and every byte of the header.
TEST(Damage, AnyByteMayBeWrong) {
  const TempDir whole;
  {
    const auto inventory = Opened(whole / "inventory.db");
    std::vector<SeenKey> keys = KeysOf(1, 5);
    for (SeenKey& key : keys) key.evidence = {{"ulid", kNow}};
    Recorded(*inventory, RunAt(kNow), keys);
  }
  const std::string bytes = whole.Read("inventory.db");
  const std::string key = whole.Read("inventory.key");
  std::size_t refused = 0;
  for (std::size_t at = 0; at < bytes.size(); at += at < 100 ? 1 : 100) {
    SCOPED_TRACE(at);
    const TempDir dir;
    std::string damaged = bytes;
    damaged[at] = static_cast<char>(~damaged[at]);
    const std::string path = WritePrivate(dir, "inventory.db", damaged);
    WritePrivate(dir, "inventory.key", key);
    Status done;
    {
      auto inventory = Inventory::Open(path);
      if (!inventory) {
        done = Fail(inventory.error());
      } else {
        const auto listed = (*inventory)->List();
        static_cast<void>((*inventory)->Find(IdOf(3)));
        static_cast<void>((*inventory)->Runs());
        done = (*inventory)->Record(RunAt(kNow + 1), {});
        if (!listed) {
          EXPECT_EQ(listed.error().code, ErrorCode::kDamaged)
              << listed.error().message;
        }
      }
    }
    if (done) continue;
    ++refused;
    // Byte 18 says that only a newer SQLite may write.
    EXPECT_TRUE(done.error().code == ErrorCode::kDamaged ||
                done.error().code == ErrorCode::kUnsupported ||
                (at == 18 && done.error().code == ErrorCode::kPermission))
        << done.error().message;
    EXPECT_EQ(dir.Read("inventory.db"), damaged) << done.error().message;
  }
  EXPECT_GT(refused, 20u);
}

// Cut short anywhere.
TEST(Damage, TheEndMayBeMissing) {
  const TempDir whole;
  Recorded(*Opened(whole / "inventory.db"), RunAt(kNow), KeysOf(1, 30));
  const std::string bytes = whole.Read("inventory.db");
  for (std::size_t size = 1; size < bytes.size(); size += 1000) {
    SCOPED_TRACE(size);
    const TempDir dir;
    WritePrivate(dir, "inventory.key", whole.Read("inventory.key"));
    const std::string path =
        WritePrivate(dir, "inventory.db", bytes.substr(0, size));
    Status done;
    {
      auto inventory = Inventory::Open(path);
      done = inventory ? (*inventory)->Record(RunAt(kNow + 1), {})
                       : Fail(inventory.error());
    }
    ASSERT_FALSE(done);
    EXPECT_TRUE(done.error().code == ErrorCode::kDamaged ||
                (size < 100 && done.error().code == ErrorCode::kUnsupported))
        << done.error().message;
    EXPECT_EQ(dir.Read("inventory.db"), bytes.substr(0, size));
  }
}

}  // namespace
}  // namespace keytidy::inventory
