// SPDX-License-Identifier: Apache-2.0
#include "inventory/database.h"

#include <utility>

namespace keytidy::inventory {

Result<Transaction> Transaction::Begin(Database& database,
                                       Database::Access access) {
  if (auto begun = database.Begin(access); !begun) return Fail(begun.error());
  return Transaction(database);
}

Transaction::Transaction(Transaction&& other) noexcept
    : database_(std::exchange(other.database_, nullptr)) {}

Transaction::~Transaction() {
  if (database_ != nullptr) database_->Rollback();
}

Status Transaction::Commit() {
  auto done = database_->Commit();
  if (done) database_ = nullptr;
  return done;
}

Error DamagedError(const Database& database, std::string_view what) {
  return Error{ErrorCode::kDamaged,
               fmt::format("{}: is damaged: {}; it is left as it is",
                           database.name(), what)};
}

Error MissingError(std::string_view name) {
  return Error{ErrorCode::kNotFound,
               fmt::format("{}: there is no inventory yet; keytidy audit "
                           "--record makes one",
                           name)};
}

}  // namespace keytidy::inventory
