// SPDX-License-Identifier: Apache-2.0
#include "inventory/sqlite_database.h"

#include <fcntl.h>
#include <sqlite3.h>
#include <sys/file.h>
#include <sys/stat.h>

#include <cerrno>
#include <utility>

#include "base/file.h"
#include "inventory/private_file.h"
#include "inventory/sqlite_rows.h"

namespace keytidy::inventory {
namespace {

constexpr int kBusyMilliseconds = 60'000;
constexpr std::int64_t kApplicationId = 0x6b746976;  // "ktiv"
constexpr std::string_view kMagic("SQLite format 3\0", 16);

struct Close {
  void operator()(sqlite3* handle) const { sqlite3_close_v2(handle); }
};
using Handle = std::unique_ptr<sqlite3, Close>;
// Tables lie in the order of their primary keys, in which they are read: row by
// row through an index, every row would be a page of its own. The columns of
// the key have to come first: quick_check of SQLite 3.40 trips over others.
std::string InKeyOrder(std::string_view script) {
  constexpr std::string_view kEnd = "\n);";
  std::string out;
  while (true) {
    const std::size_t at = script.find(kEnd);
    if (at == std::string_view::npos) return out += script;
    out += script.substr(0, at);
    out += "\n) WITHOUT ROWID;";
    script.remove_prefix(at + kEnd.size());
  }
}

class SqliteDatabase : public Database {
 public:
  SqliteDatabase(Handle handle, std::string path)
      : path_(std::move(path)), handle_(std::move(handle)) {}

  const std::string& name() const override { return path_; }

  Result<bool> HasTable(std::string_view table) override {
    const Value value = table;
    auto rows =
        Query("SELECT 1 FROM sqlite_schema WHERE name = $1", {&value, 1});
    if (!rows) return Fail(rows.error());
    return (*rows)->Next();
  }

  Status Script(std::string_view sql) override {
    const int code = sqlite3_exec(handle_.get(), InKeyOrder(sql).c_str(),
                                  nullptr, nullptr, nullptr);
    if (code != SQLITE_OK) return Fail(SqliteError(handle_.get(), code, path_));
    return {};
  }

  Status Execute(std::string_view sql, std::span<const Value> values) override {
    auto rows = Query(sql, values);
    if (!rows) return Fail(rows.error());
    while (true) {
      const auto more = (*rows)->Next();
      if (!more) return Fail(more.error());
      if (!*more) return {};
    }
  }

  Result<std::unique_ptr<Rows>> Query(std::string_view sql,
                                      std::span<const Value> values) override {
    auto it = statements_.find(sql);
    if (it == statements_.end()) {
      sqlite3_stmt* statement = nullptr;
      const int code =
          sqlite3_prepare_v2(handle_.get(), sql.data(),
                             static_cast<int>(sql.size()), &statement, nullptr);
      if (code != SQLITE_OK)
        return Fail(SqliteError(handle_.get(), code, path_));
      it = statements_.emplace(std::string(sql), Statement(statement)).first;
    }
    // Taken out while it runs, so that no second answer disturbs this one.
    auto rows = std::make_unique<SqliteRows>(handle_.get(), &statements_,
                                             statements_.extract(it), &path_);
    if (auto bound = rows->Bind(values); !bound) return Fail(bound.error());
    return rows;
  }

  Status Begin(Access access) override {
    return Execute(access == Access::kWrite ? "BEGIN IMMEDIATE" : "BEGIN", {});
  }
  Status Commit() override { return Execute("COMMIT", {}); }
  void Rollback() override {
    // An error may have ended the transaction already.
    if (sqlite3_get_autocommit(handle_.get()) == 0) {
      sqlite3_exec(handle_.get(), "ROLLBACK", nullptr, nullptr, nullptr);
    }
  }

  Status Check() override {
    if (checked_) return {};
    auto rows = Query("PRAGMA quick_check(1)", {});
    if (!rows) return Fail(rows.error());
    const auto row = (*rows)->Next();
    if (!row) return Fail(row.error());
    const std::string_view said = *row ? (*rows)->Text(0) : std::string_view();
    if (said != "ok") return Fail(DamagedError(*this, said));
    checked_ = true;
    return {};
  }

  // The one number that a query without values gives.
  Result<std::int64_t> Number(std::string_view sql) {
    auto rows = Query(sql, {});
    if (!rows) return Fail(rows.error());
    const auto row = (*rows)->Next();
    if (!row) return Fail(row.error());
    return *row ? (*rows)->Number(0) : 0;
  }

 private:
  std::string path_;
  Handle handle_;  // closed after the statements
  Statements statements_;
  bool checked_ = false;
};

// Making a database to itself, among the runs that find none. Where the file
// system has no such locks, SQLite's own must do.
class FolderLock {
 public:
  explicit FolderLock(const std::string& path)
      : fd_(open(path.substr(0, path.rfind('/') + 1).c_str(),
                 O_RDONLY | O_DIRECTORY | O_CLOEXEC)) {
    while (fd_ && flock(fd_.get(), LOCK_EX) != 0 && errno == EINTR) {
    }
  }

 private:
  Fd fd_;
};

enum class State { kEmpty, kOurs, kForeign };

Result<State> StateOf(SqliteDatabase& database) {
  const auto id = database.Number("PRAGMA application_id");
  if (!id) return Fail(id.error());
  const auto objects = database.Number("SELECT count(*) FROM sqlite_schema");
  if (!objects) return Fail(objects.error());
  if (*objects == 0 && (*id == 0 || *id == kApplicationId)) {
    return State::kEmpty;
  }
  return *id == kApplicationId ? State::kOurs : State::kForeign;
}

Error ForeignError(const std::string& path) {
  return Error{ErrorCode::kUnsupported,
               fmt::format("{}: is no inventory of keytidy; it is left as it "
                           "is",
                           path)};
}

off_t SizeOf(const std::string& path) {
  struct stat info;
  return lstat(path.c_str(), &info) == 0 ? info.st_size : 0;
}

// What SQLite would not notice. A file that is shorter than a header it may
// take for empty, and write over it. One that was cut within its last page it
// fills up with zeros; only a checkpoint that was killed leaves such a file
// rightly, and then the log beside it has the page.
Status CheckSize(const std::string& path) {
  constexpr off_t kHeader = 100;
  constexpr off_t kSmallestPage = 512;
  const off_t size = SizeOf(path);
  if (size > 0 && size < kHeader) return Fail(ForeignError(path));
  if (size % kSmallestPage != 0 && SizeOf(path + "-wal") == 0) {
    return Fail(ErrorCode::kDamaged,
                "{}: is damaged: its end is missing; it is left as it is",
                path);
  }
  return {};
}

// An error is sharper once the first bytes are known. Only after the database
// is closed.
Error Sharpened(Error error, const std::string& path) {
  if (error.code != ErrorCode::kDamaged) return error;
  const auto file = OpenRegular(path, Links::kRefuse);
  if (!file) return error;
  std::string start(kMagic.size(), '\0');
  const auto n = ReadFull(file->fd.get(), start.data(), start.size(), path);
  return n && start != kMagic ? ForeignError(path) : error;
}

Status Prepare(SqliteDatabase& database) {
  // What a hostile or damaged file could make SQLite do is turned off.
  if (auto set = database.Script("PRAGMA trusted_schema = OFF;"
                                 "PRAGMA cell_size_check = ON;"
                                 "PRAGMA synchronous = FULL;"
                                 "PRAGMA cache_size = -16384;"
                                 "PRAGMA secure_delete = ON;");
      !set) {
    return set;
  }
  auto state = StateOf(database);
  if (state && *state == State::kEmpty) {
    const FolderLock lock(database.name());
    state = StateOf(database);
    if (state && *state == State::kEmpty) {
      return database.Script(
          fmt::format("PRAGMA journal_mode = WAL; PRAGMA application_id = {};",
                      kApplicationId));
    }
  }
  if (!state) return Fail(state.error());
  if (*state == State::kForeign) return Fail(ForeignError(database.name()));
  return {};
}

}  // namespace

Result<std::unique_ptr<Database>> OpenSqlite(const std::string& path) {
  const auto resolved = MakeFolders(path);
  if (!resolved) return Fail(resolved.error());
  auto fine = CheckPrivate(*resolved);
  if (!fine && fine.error().code == ErrorCode::kNotFound) {
    if (const auto made = MakeOnce(*resolved, ""); !made) {
      return Fail(made.error());
    }
    fine = CheckPrivate(*resolved);
  }
  if (!fine) return Fail(fine.error());
  if (auto whole = CheckSize(*resolved); !whole) {
    return Fail(Sharpened(whole.error(), *resolved));
  }
  sqlite3* raw = nullptr;
  const int code = sqlite3_open_v2(
      resolved->c_str(), &raw,
      SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOFOLLOW | SQLITE_OPEN_NOMUTEX,
      nullptr);
  Handle handle(raw);
  if (raw == nullptr) {
    return Fail(ErrorCode::kIo, "{}: no memory to open it", *resolved);
  }
  if (code != SQLITE_OK) return Fail(SqliteError(raw, code, *resolved));
  sqlite3_busy_timeout(raw, kBusyMilliseconds);
  sqlite3_db_config(raw, SQLITE_DBCONFIG_DEFENSIVE, 1, nullptr);
  auto database =
      std::make_unique<SqliteDatabase>(std::move(handle), *resolved);
  if (auto prepared = Prepare(*database); !prepared) {
    database.reset();
    return Fail(Sharpened(prepared.error(), *resolved));
  }
  return database;
}

}  // namespace keytidy::inventory
