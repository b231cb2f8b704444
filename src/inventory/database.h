// SPDX-License-Identifier: Apache-2.0
//
// What an inventory wants of a database: statements with values beside them,
// never in them ($1, $2, ... in order), rows, transactions. One thread's at a
// time.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <variant>

#include "base/result.h"

namespace keytidy::inventory {

// Bound for the length of one call. Texts are UTF-8 without NUL.
using Value = std::variant<std::monostate, std::int64_t, std::string_view>;

inline Value ValueOf(const std::optional<std::int64_t>& number) {
  return number ? Value(*number) : Value();
}

// The rows of an answer, one after another. A value of a row is good until the
// next call of Next().
class Rows {
 public:
  virtual ~Rows() = default;
  // False at the end.
  virtual Result<bool> Next() = 0;
  // A value of another type than the one asked for, or none, makes the row
  // bad(); text and number are then empty and 0.
  virtual std::string_view Text(int column) = 0;
  virtual std::int64_t Number(int column) = 0;
  virtual std::optional<std::int64_t> MaybeNumber(int column) = 0;
  virtual bool bad() const = 0;
};

class Database {
 public:
  virtual ~Database() = default;

  // How messages name it: a path, or an address without its password.
  virtual const std::string& name() const = 0;

  virtual Result<bool> HasTable(std::string_view table) = 0;

  // Several statements without values.
  virtual Status Script(std::string_view sql) = 0;
  virtual Status Execute(std::string_view sql,
                         std::span<const Value> values) = 0;
  // The rows must go before the database does, and before the transaction
  // ends. In a read transaction a query without values may give more rows
  // than memory holds.
  virtual Result<std::unique_ptr<Rows>> Query(
      std::string_view sql, std::span<const Value> values) = 0;

  enum class Access {
    kRead,   // all that is read is of one moment
    kWrite,  // and nobody else writes until it ends
  };
  virtual Status Begin(Access access) = 0;
  virtual Status Commit() = 0;
  virtual void Rollback() = 0;

  // Called before the first change: kDamaged where the database can tell that
  // it is not whole.
  virtual Status Check() = 0;
};

// Rolls back unless it is committed.
class Transaction {
 public:
  static Result<Transaction> Begin(Database& database, Database::Access access);
  ~Transaction();
  Transaction(Transaction&& other) noexcept;
  Transaction& operator=(Transaction&&) = delete;

  Status Commit();

 private:
  explicit Transaction(Database& database) : database_(&database) {}
  Database* database_;
};

// Of an inventory that is to be opened.
enum class IfMissing {
  kMake,
  kFail,  // with MissingError()
};

// kDamaged: "{name}: is damaged: {what}".
Error DamagedError(const Database& database, std::string_view what);
// kNotFound.
Error MissingError(std::string_view name);

}  // namespace keytidy::inventory
