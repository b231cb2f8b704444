// SPDX-License-Identifier: Apache-2.0
//
// A database whose program is killed in the middle.
#pragma once

#include <signal.h>
#include <unistd.h>

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <utility>

#include "inventory/database.h"

namespace keytidy::inventory {

// Kills its process at the n-th call.
class DyingDatabase : public Database {
 public:
  DyingDatabase(std::unique_ptr<Database> database, const std::uint64_t* calls)
      : database_(std::move(database)), left_(calls) {}

  const std::string& name() const override { return database_->name(); }
  Result<bool> HasTable(std::string_view table) override {
    Call();
    return database_->HasTable(table);
  }
  Status Script(std::string_view sql) override {
    Call();
    return database_->Script(sql);
  }
  Status Execute(std::string_view sql, std::span<const Value> values) override {
    Call();
    return database_->Execute(sql, values);
  }
  Result<std::unique_ptr<Rows>> Query(std::string_view sql,
                                      std::span<const Value> values) override {
    Call();
    return database_->Query(sql, values);
  }
  Status Begin(Access access) override {
    Call();
    return database_->Begin(access);
  }
  Status Commit() override {
    Call();
    auto done = database_->Commit();
    Call();
    return done;
  }
  void Rollback() override { database_->Rollback(); }
  Status Check() override { return database_->Check(); }

 private:
  virtual void Die() { kill(getpid(), SIGKILL); }
  void Call() {
    if (++calls_ == *left_) Die();
  }

  std::unique_ptr<Database> database_;
  const std::uint64_t* left_;
  std::uint64_t calls_ = 0;
};

}  // namespace keytidy::inventory
