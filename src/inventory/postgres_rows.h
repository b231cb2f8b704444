// SPDX-License-Identifier: Apache-2.0
//
// The rows of an answer of PostgreSQL: all at once, or out of a cursor some at
// a time.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "base/result.h"
#include "inventory/database.h"
#include "inventory/postgres_connection.h"

namespace keytidy::inventory {

class PostgresRows : public Rows {
 public:
  PostgresRows(PostgresConnection* connection, PostgresResult all)
      : connection_(connection), result_(std::move(all)) {}
  // Opens a cursor of this name, which must be free, in the transaction that
  // is open. Closes it when it goes.
  static Result<std::unique_ptr<Rows>> OpenCursor(
      PostgresConnection* connection, std::string cursor, std::string_view sql);
  ~PostgresRows() override;

  Result<bool> Next() override;
  std::string_view Text(int column) override;
  std::int64_t Number(int column) override;
  std::optional<std::int64_t> MaybeNumber(int column) override;
  bool bad() const override { return bad_; }

 private:
  Status Fetch();

  PostgresConnection* connection_;
  PostgresResult result_;
  std::string cursor_;  // empty where result_ is all
  int row_ = -1;
  bool bad_ = false;
};

}  // namespace keytidy::inventory
