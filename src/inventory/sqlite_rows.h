// SPDX-License-Identifier: Apache-2.0
//
// One statement of SQLite that runs, and the rows it gives.
#pragma once

#include <sqlite3.h>

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "inventory/database.h"

namespace keytidy::inventory {

struct Finalize {
  void operator()(sqlite3_stmt* statement) const {
    sqlite3_finalize(statement);
  }
};
using Statement = std::unique_ptr<sqlite3_stmt, Finalize>;
using Statements = std::map<std::string, Statement, std::less<>>;

// What an answer of SQLite means to us.
Error SqliteError(sqlite3* handle, int code, const std::string& path);

class SqliteRows : public Rows {
 public:
  // Gives the statement back to `statements` when it goes.
  SqliteRows(sqlite3* handle, Statements* statements,
             Statements::node_type statement, const std::string* path)
      : handle_(handle),
        statements_(statements),
        node_(std::move(statement)),
        path_(path) {}
  ~SqliteRows() override;

  // Texts are copied: the rows outlive the call that binds them.
  Status Bind(std::span<const Value> values);

  Result<bool> Next() override;
  std::string_view Text(int column) override;
  std::int64_t Number(int column) override;
  std::optional<std::int64_t> MaybeNumber(int column) override;
  bool bad() const override { return bad_; }

 private:
  sqlite3_stmt* get() const { return node_.mapped().get(); }

  sqlite3* handle_;
  Statements* statements_;
  Statements::node_type node_;
  const std::string* path_;
  std::vector<std::string> texts_;
  bool bad_ = false;
};

}  // namespace keytidy::inventory
