// SPDX-License-Identifier: Apache-2.0
//
// Databases for tests on the server that KEYTIDY_TEST_POSTGRES names
// (tests/cli/pgserver.py starts one).
#pragma once

#include <fmt/format.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <cstdlib>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

#include "inventory/postgres_connection.h"
#include "inventory/postgres_database.h"
#include "unit/inventory/scene.h"

namespace keytidy::inventory {

// A new, empty database.
class TestDatabase {
 public:
  TestDatabase() {
    static int made = 0;
    const char* server = std::getenv("KEYTIDY_TEST_POSTGRES");
    if (server == nullptr) {
      ADD_FAILURE() << "KEYTIDY_TEST_POSTGRES names no server";
      std::abort();
    }
    const std::string name = fmt::format("test_{}_{}", getpid(), ++made);
    address_ = server;
    Sql("CREATE DATABASE " + name);
    address_.replace(address_.rfind('/') + 1, std::string::npos, name);
  }

  const std::string& address() const { return address_; }
  std::string password() const {
    const std::size_t at = address_.find(':', address_.find("://") + 3) + 1;
    return address_.substr(at, address_.find('@') - at);
  }

  // The first value of the last answer; "" where there is none.
  std::string Sql(const std::string& sql) const {
    auto connection = PostgresConnection::Open(address_);
    if (!connection) {
      ADD_FAILURE() << connection.error().message;
      return {};
    }
    const auto answer = (*connection)->Run(sql);
    if (!answer) {
      ADD_FAILURE() << answer.error().message << "\n" << sql;
      return {};
    }
    const Libpq& pq = (*connection)->pq();
    return pq.rows(answer->get()) > 0 ? pq.value(answer->get(), 0, 0) : "";
  }

  // All that is in the database besides the server's own: to tell whether it
  // was left alone.
  std::string Contents() const {
    return Sql("SELECT coalesce(string_agg(n.nspname || '.' || c.relname || ' "
               "' || "
               "query_to_xml('SELECT * FROM ' || c.oid::regclass, true, true, "
               "''), "
               "',' ORDER BY 1), '') FROM pg_class c JOIN pg_namespace n "
               "ON n.oid = c.relnamespace WHERE c.relkind = 'r' "
               "AND n.nspname NOT IN ('pg_catalog', 'information_schema')") +
           Sql("SELECT string_agg(nspname, ',' ORDER BY 1) FROM pg_namespace "
               "WHERE nspname NOT LIKE 'pg_%'");
  }

  std::unique_ptr<Database> Raw() const {
    auto out = OpenPostgres(address_, IfMissing::kMake);
    if (!out) {
      ADD_FAILURE() << out.error().message;
      std::abort();
    }
    return std::move(*out);
  }

 private:
  std::string address_;
};

}  // namespace keytidy::inventory
