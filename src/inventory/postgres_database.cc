// SPDX-License-Identifier: Apache-2.0
#include "inventory/postgres_database.h"

#include <utility>

#include "base/text.h"
#include "inventory/postgres_connection.h"
#include "inventory/postgres_rows.h"

namespace keytidy::inventory {
namespace {

// A program that stalls in a transaction must not keep all others waiting.
constexpr const char* kSession =
    "SET search_path TO keytidy, pg_temp;"
    "SET client_min_messages TO error;"
    "SET lock_timeout TO '60s';"
    "SET idle_in_transaction_session_timeout TO '5min';";

constexpr const char* kBeginRead =
    "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY";
// The lock is held until the transaction ends. What is read after it is there,
// as of then: read committed.
constexpr const char* kBeginWrite =
    "BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE;"
    "SELECT pg_catalog.pg_advisory_xact_lock(7742357083916727651)";

// Column types as PostgreSQL has to be told: otherwise texts would sort by the
// rules of some language.
std::string WithByteOrder(std::string_view script) {
  constexpr std::string_view kType = " TEXT";
  std::string out;
  while (true) {
    const std::size_t at = script.find(kType);
    const std::size_t end = at + kType.size();
    if (at == std::string_view::npos) return out += script;
    out += script.substr(0, end);
    script.remove_prefix(end);
    if (script.empty() || !IsAlnum(script[0])) out += " COLLATE \"C\"";
  }
}

class PostgresDatabase : public Database {
 public:
  explicit PostgresDatabase(std::unique_ptr<PostgresConnection> connection)
      : connection_(std::move(connection)) {}

  const std::string& name() const override { return connection_->name(); }

  Result<bool> HasTable(std::string_view table) override {
    const Value value = table;
    auto rows = connection_->Run(
        "SELECT 1 FROM pg_catalog.pg_class AS c "
        "JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace "
        "WHERE n.nspname = 'keytidy' AND c.relname = $1 AND c.relkind = 'r'",
        {&value, 1});
    if (!rows) return Fail(rows.error());
    return connection_->pq().rows(rows->get()) > 0;
  }

  Status Script(std::string_view sql) override {
    return Done(connection_->Run(WithByteOrder(sql)));
  }

  Status Execute(std::string_view sql, std::span<const Value> values) override {
    return Done(connection_->Run(sql, values));
  }

  Result<std::unique_ptr<Rows>> Query(std::string_view sql,
                                      std::span<const Value> values) override {
    if (reading_ && values.empty()) {
      return PostgresRows::OpenCursor(connection_.get(),
                                      fmt::format("c{}", ++cursors_), sql);
    }
    auto all = connection_->Run(sql, values);
    if (!all) return Fail(all.error());
    return std::make_unique<PostgresRows>(connection_.get(), std::move(*all));
  }

  Status Begin(Access access) override {
    auto begun =
        connection_->Run(access == Access::kRead ? kBeginRead : kBeginWrite);
    if (!begun) {
      Rollback();
      return Fail(begun.error());
    }
    reading_ = access == Access::kRead;
    return {};
  }

  Status Commit() override {
    auto done = connection_->Run("COMMIT");
    if (!done) return Fail(done.error());
    // One that failed before says it of itself, and no error.
    const std::string_view how = connection_->pq().command_status(done->get());
    if (how != "COMMIT") {
      return Fail(ErrorCode::kIo, "{}: the server took nothing of it", name());
    }
    reading_ = false;
    return {};
  }

  void Rollback() override {
    reading_ = false;
    if (connection_->InTransaction() || connection_->InFailedTransaction()) {
      (void)connection_->Run("ROLLBACK");
    }
  }

  // The server looks after its own files.
  Status Check() override { return {}; }

 private:
  static Status Done(const Result<PostgresResult>& result) {
    if (!result) return Fail(result.error());
    return {};
  }

  std::unique_ptr<PostgresConnection> connection_;
  bool reading_ = false;
  unsigned cursors_ = 0;
};

Result<std::int64_t> NumberOf(Database& database, std::string_view sql) {
  auto rows = database.Query(sql, {});
  if (!rows) return Fail(rows.error());
  const auto row = (*rows)->Next();
  if (!row) return Fail(row.error());
  return *row ? (*rows)->Number(0) : 0;
}

enum class State { kNoSchema, kEmpty, kOurs, kForeign };

Result<State> StateOf(Database& database) {
  const auto schemas = NumberOf(
      database,
      "SELECT count(*) FROM pg_catalog.pg_namespace WHERE nspname = 'keytidy'");
  if (!schemas) return Fail(schemas.error());
  if (*schemas == 0) return State::kNoSchema;
  // Indexes and types come with tables.
  const auto tables = NumberOf(
      database,
      "SELECT count(*) FROM pg_catalog.pg_class AS c "
      "JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace "
      "WHERE n.nspname = 'keytidy' AND c.relkind NOT IN ('i', 'I', 'c')");
  if (!tables) return Fail(tables.error());
  if (*tables == 0) return State::kEmpty;
  const auto there = database.HasTable("schema_version");
  if (!there) return Fail(there.error());
  if (!*there) return State::kForeign;
  const auto ours = NumberOf(database,
                             "SELECT count(*) FROM keytidy.schema_version "
                             "WHERE product = 'keytidy inventory'");
  if (ours) return *ours > 0 ? State::kOurs : State::kForeign;
  // A table of that name with other columns.
  if (ours.error().code == ErrorCode::kDamaged) return State::kForeign;
  return Fail(ours.error());
}

Status MakeSchema(Database& database) {
  auto transaction = Transaction::Begin(database, Database::Access::kWrite);
  if (!transaction) return Fail(transaction.error());
  // Somebody else may have been here since.
  const auto state = StateOf(database);
  if (!state) return Fail(state.error());
  if (*state != State::kNoSchema) return {};
  if (auto made = database.Script("CREATE SCHEMA keytidy"); !made) return made;
  return transaction->Commit();
}

}  // namespace

bool IsPostgresAddress(std::string_view text) {
  return text.starts_with("postgres://") || text.starts_with("postgresql://");
}

Result<std::unique_ptr<Database>> OpenPostgres(const std::string& address,
                                               IfMissing if_missing) {
  auto connection = PostgresConnection::Open(address);
  if (!connection) return Fail(connection.error());
  auto set = (*connection)->Run(kSession);
  if (!set) return Fail(set.error());
  auto database = std::make_unique<PostgresDatabase>(std::move(*connection));
  const auto state = StateOf(*database);
  if (!state) return Fail(state.error());
  if (*state == State::kForeign) {
    return Fail(ErrorCode::kUnsupported,
                "{}: its schema \"keytidy\" is another program's; it is left "
                "as it is",
                database->name());
  }
  if (*state != State::kOurs && if_missing == IfMissing::kFail) {
    return Fail(MissingError(database->name()));
  }
  if (*state == State::kNoSchema) {
    if (auto made = MakeSchema(*database); !made) return Fail(made.error());
  }
  return database;
}

}  // namespace keytidy::inventory
