// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/resource.h>

#include <algorithm>
#include <filesystem>

#include "inventory/migrations.h"
#include "unit/inventory/provider_scene.h"
#include "unit/inventory/server/server_scene.h"
#include "unit/inventory/version_one.h"

namespace keytidy::inventory {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;

// A sanitizer keeps what was freed.
#if defined(__has_feature)
#define KEYTIDY_HAS(feature) __has_feature(feature)
#else
#define KEYTIDY_HAS(feature) 0
#endif
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__) || \
    KEYTIDY_HAS(address_sanitizer) || KEYTIDY_HAS(thread_sanitizer)
constexpr bool kSanitized = true;
#else
constexpr bool kSanitized = false;
#endif

Error ErrorOf(const TestDatabase& database, const std::string& key = "") {
  const std::string before = database.Contents();
  const auto opened = Inventory::Open(database.address(), key);
  EXPECT_FALSE(opened);
  EXPECT_EQ(database.Contents(), before);
  return opened ? Error() : opened.error();
}

TEST(Postgres, GivesBackWhatWasRecorded) {
  const TestDatabase database;
  SeenKey key = KeyOf(1);
  key.title = "k\xC3\xA4y \xE2\x82\xAC \xFF";
  key.verdict.facts.created = -5;
  key.verdict.facts.last_used = INT64_MAX;
  Recorded(*Opened(database.address()), RunAt(kNow), {key, KeyOf(2)});
  const auto inventory = Opened(database.address());
  EXPECT_EQ(Listed(*inventory).size(), 2u);
  const InventoryKey known = Found(*inventory, IdOf(1));
  EXPECT_EQ(known.title, "k\\xC3\\xA4y \\xE2\\x82\\xAC \\xFF");
  EXPECT_EQ(known.verdict.facts.created, -5);
  EXPECT_EQ(known.verdict.facts.expires, std::nullopt);
  EXPECT_EQ(known.verdict.facts.last_used, INT64_MAX);
  ASSERT_EQ(known.places.size(), 1u);
  EXPECT_EQ(known.places[0].path, "/home/ada/1/.env");
  EXPECT_EQ(known.places[0].gone_at, std::nullopt);
  EXPECT_EQ(inventory->Runs()->size(), 1u);
}

TEST(Postgres, HintsAndFacts) {
  ExpectHintsToWork(*Opened(TestDatabase().address()));
  ExpectKeyIdsToWork(*Opened(TestDatabase().address()));
  ExpectFactsToWork(*Opened(TestDatabase().address()));
}

TEST(Postgres, ValuesKeepTheirTypes) {
  const TestDatabase test;
  const auto database = test.Raw();
  ASSERT_TRUE(database->Script("CREATE TABLE t (a BIGINT, b TEXT);"));
  const Value values[] = {std::int64_t{7}, std::string_view("x")};
  ASSERT_TRUE(database->Execute("INSERT INTO t VALUES ($1, $2)", values));
  const Value none[] = {std::monostate(), std::monostate()};
  ASSERT_TRUE(database->Execute("INSERT INTO t VALUES ($1, $2)", none));
  auto rows = *database->Query("SELECT a, b FROM t ORDER BY a", {});
  ASSERT_TRUE(*rows->Next());
  EXPECT_EQ(rows->Number(0), 7);
  EXPECT_EQ(rows->Text(1), "x");
  EXPECT_FALSE(rows->bad());
  EXPECT_EQ(rows->Text(0), "");
  EXPECT_TRUE(rows->bad());
  ASSERT_TRUE(*rows->Next());
  EXPECT_FALSE(rows->bad());
  EXPECT_EQ(rows->MaybeNumber(0), std::nullopt);
  EXPECT_FALSE(rows->bad());
  EXPECT_EQ(rows->Number(0), 0);
  EXPECT_TRUE(rows->bad());
  EXPECT_FALSE(*rows->Next());
  const Value nul[] = {std::int64_t{7}, std::string_view("a\0b", 3)};
  EXPECT_EQ(
      database->Execute("INSERT INTO t VALUES ($1, $2)", nul).error().code,
      ErrorCode::kInternal);
}

// The locale of the server sorts "a" before "B".
TEST(Postgres, TextsSortByTheirBytes) {
  const TestDatabase test;
  EXPECT_EQ(test.Sql("SELECT 'a' < 'B'"), "t");
  const auto database = test.Raw();
  ASSERT_TRUE(database->Script(
      "CREATE TABLE t (a TEXT, b TEXT NOT NULL, PRIMARY KEY (a));"));
  EXPECT_EQ(test.Sql("INSERT INTO keytidy.t VALUES ('a', 'a'), ('B', 'B'); "
                     "SELECT string_agg(a, '' ORDER BY a) || "
                     "string_agg(b, '' ORDER BY b) FROM keytidy.t"),
            "BaBa");
}

TEST(Postgres, ManyRowsComeAFewAtATime) {
  const TestDatabase test;
  const auto database = test.Raw();
  ASSERT_TRUE(database->Script("CREATE TABLE t (n BIGINT);"));
  for (const int count : {0, 1, 999, 1000, 1001, 2000, 3500}) {
    test.Sql(
        fmt::format("TRUNCATE keytidy.t; INSERT INTO keytidy.t "
                    "SELECT generate_series(1, {})",
                    count));
    auto transaction = Transaction::Begin(*database, Database::Access::kRead);
    ASSERT_TRUE(transaction);
    std::int64_t rows = 0;
    {
      auto one = *database->Query("SELECT n FROM t ORDER BY n", {});
      auto other = *database->Query("SELECT n FROM t ORDER BY n DESC", {});
      while (*one->Next()) {
        ASSERT_TRUE(*other->Next());
        ++rows;
        EXPECT_EQ(one->Number(0) + other->Number(0), count + 1);
      }
      EXPECT_FALSE(*one->Next());
    }
    EXPECT_EQ(rows, count);
    EXPECT_TRUE(transaction->Commit());
  }
}

TEST(Postgres, AHundredThousandKeysInLittleMemory) {
  const TestDatabase database;
  const auto inventory = Opened(database.address());
  Recorded(*inventory, RunAt(kNow), {KeyOf(1)});
  for (const char* sql :
       {"INSERT INTO keytidy.keys SELECT md5(n::text), 'kt-' || md5(n::text), "
        "rule, provider, repeat('title', 40), redacted, seen_environment, "
        "seen_tier, set_name, set_owner, set_environment, set_tier, labels, "
        "first_seen, last_seen, verdict, verdict_evidence, checked_at, "
        "fact_key_id, fact_name, fact_owner, fact_account, fact_scopes, "
        "fact_created, fact_expires, fact_last_used "
        "FROM keytidy.keys, generate_series(1, 99999) AS n",
        "INSERT INTO keytidy.places SELECT k.fingerprint, place, origin, "
        "machine, repeat('path', 50), client, server, slot, line, kinds, "
        "p.first_seen, p.last_seen, gone_at, run FROM keytidy.places AS p, "
        "keytidy.keys AS k WHERE k.fingerprint <> p.fingerprint"}) {
    database.Sql(sql);
  }
  const int end = EndOf(InChild([&] {
    rusage before = {};
    getrusage(RUSAGE_SELF, &before);
    auto own = Inventory::Open(database.address());
    if (!own) return 1;
    std::size_t keys = 0;
    std::size_t places = 0;
    std::string last;
    bool sorted = true;
    auto done = (*own)->ForEach({}, [&](InventoryKey key) {
      ++keys;
      places += key.places.size();
      sorted = sorted && last < key.fingerprint;
      last = key.fingerprint;
    });
    if (!done || keys != 100'000 || places != 100'000 || !sorted) return 2;
    rusage after = {};
    getrusage(RUSAGE_SELF, &after);
    // All at once would be more than 100 MB.
    return kSanitized || after.ru_maxrss - before.ru_maxrss < 20'000 ? 0 : 3;
  }));
  EXPECT_EQ(end, 0);
}

TEST(Postgres, ReadsAreOfOneMoment) {
  const TestDatabase test;
  Recorded(*Opened(test.address()), RunAt(kNow), KeysOf(0, 3));
  const auto database = test.Raw();
  const auto count = [&] {
    const auto rows = *database->Query("SELECT count(*) FROM places", {});
    EXPECT_TRUE(*rows->Next());
    return rows->Number(0);
  };
  {
    auto transaction = Transaction::Begin(*database, Database::Access::kRead);
    ASSERT_TRUE(transaction);
    EXPECT_EQ(count(), 3);
    test.Sql("DELETE FROM keytidy.places");
    EXPECT_EQ(count(), 3);
    EXPECT_FALSE(database->Execute("DELETE FROM keytidy.keys", {}));
  }
  EXPECT_EQ(count(), 0);
}

// A writer sees what the one before it wrote, though it began to wait earlier.
TEST(Postgres, WritersSeeWhatWasWrittenBefore) {
  const TestDatabase test;
  Recorded(*Opened(test.address()), RunAt(kNow), {KeyOf(0)});
  const auto first = test.Raw();
  auto transaction = Transaction::Begin(*first, Database::Access::kWrite);
  ASSERT_TRUE(transaction);
  const pid_t second = InChild([&] {
    return Opened(test.address())
                   ->Set(IdOf(0), {std::nullopt, "ben", std::nullopt,
                                   std::nullopt, std::nullopt})
               ? 0
               : 1;
  });
  std::string waiting = "0";
  for (int i = 0; waiting == "0" && i < 2000; ++i) {
    waiting = test.Sql(
        "SELECT count(*) FROM pg_stat_activity WHERE datname = "
        "current_database() AND wait_event = 'advisory'");
  }
  EXPECT_EQ(waiting, "1");
  ASSERT_TRUE(first->Execute("UPDATE keys SET set_name = 'new'", {}));
  ASSERT_TRUE(transaction->Commit());
  EXPECT_EQ(EndOf(second), 0);
  const InventoryKey key = Found(*Opened(test.address()), IdOf(0));
  EXPECT_EQ(key.name, "new");
  EXPECT_EQ(key.owner, "ben");
}

TEST(Postgres, OtherTablesAreLeftAlone) {
  const TestDatabase database;
  database.Sql(
      "CREATE TABLE keys (x TEXT); CREATE TABLE schema_version (x "
      "TEXT); INSERT INTO keys VALUES ('theirs')");
  Recorded(*Opened(database.address()), RunAt(kNow), {KeyOf(1)});
  EXPECT_EQ(Listed(*Opened(database.address())).size(), 1u);
  EXPECT_EQ(database.Sql("SELECT string_agg(x, ',') FROM public.keys"),
            "theirs");
  EXPECT_EQ(database.Sql("SELECT string_agg(DISTINCT schemaname, ',') FROM "
                         "pg_tables WHERE tablename = 'places'"),
            "keytidy");
}

TEST(Postgres, AnotherProgramsSchemaIsLeftAlone) {
  for (const char* sql :
       {"CREATE TABLE keytidy.keys (fingerprint TEXT)",
        "CREATE TABLE keytidy.notes (x TEXT)",
        "CREATE VIEW keytidy.notes AS SELECT 1",
        "CREATE TABLE keytidy.schema_version (x TEXT)",
        "CREATE TABLE keytidy.schema_version (product TEXT, version BIGINT); "
        "INSERT INTO keytidy.schema_version VALUES ('other', 1)"}) {
    const TestDatabase database;
    database.Sql(std::string("CREATE SCHEMA keytidy; ") + sql);
    const Error error = ErrorOf(database);
    EXPECT_EQ(error.code, ErrorCode::kUnsupported) << sql;
    EXPECT_THAT(error.message, HasSubstr("another program's"));
  }
}

TEST(Postgres, AnEmptySchemaIsTaken) {
  const TestDatabase database;
  database.Sql("CREATE SCHEMA keytidy");
  Recorded(*Opened(database.address()), RunAt(kNow), {KeyOf(1)});
}

TEST(Postgres, ANewerInventoryIsLeftAlone) {
  const TestDatabase database;
  Recorded(*Opened(database.address()), RunAt(kNow), {KeyOf(1)});
  database.Sql(
      "INSERT INTO keytidy.schema_version (product, version) VALUES "
      "('keytidy inventory', 99)");
  const Error error = ErrorOf(database);
  EXPECT_EQ(error.code, ErrorCode::kUnsupported);
  EXPECT_THAT(error.message, HasSubstr("newer keytidy (schema 99"));
}

TEST(Postgres, FromTheFirstVersionNothingIsLost) {
  const TestDatabase test;
  {
    const auto database = test.Raw();
    ASSERT_TRUE(Migrate(*database, Migrations().first(1)));
    ASSERT_TRUE(database->Script(RowsOfVersionOne()));
  }
  ExpectRowsOfVersionOne(*Opened(test.address()));
}

TEST(Postgres, AMigrationThatFailsChangesNothing) {
  const TestDatabase test;
  Recorded(*Opened(test.address()), RunAt(kNow), {KeyOf(1)});
  const std::string before = test.Contents();
  std::vector<std::string_view> scripts(Migrations().begin(),
                                        Migrations().end());
  scripts.push_back("CREATE TABLE later (x TEXT); wrong;");
  EXPECT_FALSE(Migrate(*test.Raw(), scripts));
  EXPECT_EQ(test.Contents(), before);
}

TEST(Postgres, WhatIsMissingIsMadeOnlyWhenWanted) {
  const TestDatabase database;
  const std::string before = database.Contents();
  for (const bool schema : {false, true}) {
    if (schema) database.Sql("CREATE SCHEMA keytidy");
    const auto opened =
        Inventory::Open(database.address(), "", IfMissing::kFail);
    ASSERT_FALSE(opened);
    EXPECT_EQ(opened.error().code, ErrorCode::kNotFound);
  }
  database.Sql("DROP SCHEMA keytidy");
  EXPECT_EQ(database.Contents(), before);
}

TEST(Postgres, TheKeyIsOnTheServer) {
  const TestDatabase database;
  const std::string text =
      Opened(database.address())->fingerprints().Fingerprint("one key");
  EXPECT_EQ(Opened(database.address())->fingerprints().Fingerprint("one key"),
            text);
  EXPECT_NE(
      Opened(TestDatabase().address())->fingerprints().Fingerprint("one key"),
      text);
  const TempDir dir;
  const Error error = ErrorOf(database, dir / "team.key");
  EXPECT_EQ(error.code, ErrorCode::kInvalid);
  EXPECT_THAT(error.message, HasSubstr("leave out --inventory-key"));
  EXPECT_FALSE(std::filesystem::exists(dir / "team.key"));
  // One that somebody changed.
  database.Sql("UPDATE keytidy.inventory_key SET value = repeat('ab', 32)");
  EXPECT_EQ(ErrorOf(database).code, ErrorCode::kDamaged);
  database.Sql("DELETE FROM keytidy.inventory_key");
  EXPECT_EQ(ErrorOf(database).code, ErrorCode::kDamaged);
}

TEST(Postgres, TheKeyIsInAFile) {
  const TestDatabase database;
  const TempDir dir;
  const std::string file = dir / "team.key";
  ASSERT_TRUE(Inventory::Open(database.address(), file));
  EXPECT_EQ(dir.Read("team.key").size(), 32u);
  EXPECT_EQ(database.Sql("SELECT count(*) FROM pg_tables WHERE tablename = "
                         "'inventory_key'"),
            "0");
  const auto key = FingerprintKey::Read(file);
  EXPECT_THAT(database.Contents(), Not(HasSubstr(key->Hex())));
  EXPECT_EQ(
      (*Inventory::Open(database.address(), file))->fingerprints().CheckValue(),
      key->CheckValue());
  const Error without = ErrorOf(database);
  EXPECT_EQ(without.code, ErrorCode::kInvalid);
  EXPECT_THAT(without.message, HasSubstr("--inventory-key FILE"));
  const Error missing = ErrorOf(database, dir / "other.key");
  EXPECT_EQ(missing.code, ErrorCode::kDamaged);
  EXPECT_FALSE(std::filesystem::exists(dir / "other.key"));
  ASSERT_TRUE(FingerprintKey::ReadOrMake(dir / "other.key"));
  EXPECT_THAT(ErrorOf(database, dir / "other.key").message,
              HasSubstr("is not the key"));
}

TEST(Postgres, WhoMayOnlyReadReads) {
  const TestDatabase database;
  Recorded(*Opened(database.address()), RunAt(kNow), {KeyOf(1)});
  const std::string role = fmt::format("reader_{}", getpid());
  database.Sql(fmt::format(
      "CREATE ROLE {0} LOGIN PASSWORD '{1}'; GRANT USAGE ON SCHEMA keytidy TO "
      "{0}; GRANT SELECT ON ALL TABLES IN SCHEMA keytidy TO {0}",
      role, database.password()));
  std::string address = database.address();
  address.replace(address.find("admin"), 5, role);
  const auto inventory = Opened(address);
  EXPECT_EQ(Listed(*inventory).size(), 1u);
  const SeenKey key = KeyOf(2);
  EXPECT_EQ(inventory->Record(RunAt(kNow), {&key, 1}).error().code,
            ErrorCode::kPermission);
  EXPECT_EQ(Listed(*inventory).size(), 1u);
  database.Sql("REVOKE USAGE ON SCHEMA keytidy FROM " + role);
  EXPECT_EQ(Inventory::Open(address).error().code, ErrorCode::kPermission);
}

TEST(Postgres, OnlyTextsInUtf8) {
  const TestDatabase test;
  test.Sql("DROP DATABASE IF EXISTS latin");
  test.Sql(
      "CREATE DATABASE latin ENCODING 'LATIN1' TEMPLATE template0 "
      "LOCALE_PROVIDER libc LOCALE 'C'");
  std::string address = test.address();
  address.replace(address.rfind('/') + 1, std::string::npos, "latin");
  const auto opened = Inventory::Open(address);
  EXPECT_EQ(opened.error().code, ErrorCode::kUnsupported);
  EXPECT_THAT(opened.error().message, HasSubstr("LATIN1"));
}

}  // namespace
}  // namespace keytidy::inventory
