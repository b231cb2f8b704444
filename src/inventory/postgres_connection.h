// SPDX-License-Identifier: Apache-2.0
//
// One session with a PostgreSQL server: statements in, answers or errors out.
// No error has the password in it, and what the server says besides answers is
// dropped.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "base/result.h"
#include "inventory/database.h"
#include "inventory/libpq.h"
#include "inventory/postgres_address.h"

namespace keytidy::inventory {

struct ClearResult {
  const Libpq* pq = nullptr;
  void operator()(PGresult* result) const { pq->clear(result); }
};
using PostgresResult = std::unique_ptr<PGresult, ClearResult>;

class PostgresConnection {
 public:
  // kUnsupported: there is no libpq here, or the server keeps texts that are
  // not UTF-8. kIo, kPermission: as libpq and the server say.
  static Result<std::unique_ptr<PostgresConnection>> Open(
      const std::string& address);
  ~PostgresConnection();
  PostgresConnection(const PostgresConnection&) = delete;
  PostgresConnection& operator=(const PostgresConnection&) = delete;

  const std::string& name() const { return name_; }
  const Libpq& pq() const { return *pq_; }

  // One or several statements without values; the answer of the last.
  Result<PostgresResult> Run(const std::string& sql);
  // One statement, prepared when it is first run.
  Result<PostgresResult> Run(std::string_view sql,
                             std::span<const Value> values);

  // An open transaction that is still good, or one that must be rolled back.
  bool InTransaction() const;
  bool InFailedTransaction() const;

 private:
  PostgresConnection(const Libpq& pq, std::string name)
      : pq_(&pq), name_(std::move(name)) {}

  Status Connect(const PostgresAddress& address);
  Result<PostgresResult> Checked(PGresult* raw);
  Error ErrorOf(const PGresult* result) const;
  // One line of it, without the password.
  std::string Clean(std::string_view message) const;

  const Libpq* pq_;
  std::string name_;
  PGconn* connection_ = nullptr;
  std::map<std::string, std::string, std::less<>> statements_;  // their names
};

}  // namespace keytidy::inventory
