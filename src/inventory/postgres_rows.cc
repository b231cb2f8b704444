// SPDX-License-Identifier: Apache-2.0
#include "inventory/postgres_rows.h"

#include <charconv>

namespace keytidy::inventory {
namespace {

constexpr int kAtATime = 1000;

// Of pg_type.
constexpr Oid kText = 25;
constexpr Oid kInt8 = 20;
constexpr Oid kInt4 = 23;

}  // namespace

Result<std::unique_ptr<Rows>> PostgresRows::OpenCursor(
    PostgresConnection* connection, std::string cursor, std::string_view sql) {
  const auto declared = connection->Run(
      fmt::format("DECLARE {} NO SCROLL CURSOR FOR {}", cursor, sql));
  if (!declared) return Fail(declared.error());
  auto out = std::make_unique<PostgresRows>(
      connection, PostgresResult(nullptr, ClearResult{&connection->pq()}));
  out->cursor_ = std::move(cursor);
  if (auto done = out->Fetch(); !done) return Fail(done.error());
  return out;
}

PostgresRows::~PostgresRows() {
  if (!cursor_.empty() && connection_->InTransaction()) {
    // Where this fails the transaction does, and says so.
    (void)connection_->Run("CLOSE " + cursor_);
  }
}

Status PostgresRows::Fetch() {
  result_.reset();
  auto rows = connection_->Run(
      fmt::format("FETCH FORWARD {} FROM {}", kAtATime, cursor_));
  if (!rows) return Fail(rows.error());
  result_ = std::move(*rows);
  row_ = -1;
  return {};
}

Result<bool> PostgresRows::Next() {
  bad_ = false;
  if (result_ == nullptr) return false;
  const int count = connection_->pq().rows(result_.get());
  if (row_ + 1 < count) {
    ++row_;
    return true;
  }
  if (cursor_.empty() || count < kAtATime) return false;
  if (auto done = Fetch(); !done) return Fail(done.error());
  return Next();
}

std::string_view PostgresRows::Text(int column) {
  const Libpq& pq = connection_->pq();
  if (pq.type(result_.get(), column) != kText ||
      pq.is_null(result_.get(), row_, column) != 0) {
    bad_ = true;
    return {};
  }
  return {pq.value(result_.get(), row_, column),
          static_cast<std::size_t>(pq.length(result_.get(), row_, column))};
}

std::int64_t PostgresRows::Number(int column) {
  const Libpq& pq = connection_->pq();
  const Oid type = pq.type(result_.get(), column);
  const std::string_view text(
      pq.value(result_.get(), row_, column),
      static_cast<std::size_t>(pq.length(result_.get(), row_, column)));
  std::int64_t out = 0;
  const auto read =
      std::from_chars(text.data(), text.data() + text.size(), out);
  // No value is an empty text.
  if ((type != kInt8 && type != kInt4) || read.ec != std::errc() ||
      read.ptr != text.data() + text.size()) {
    bad_ = true;
    return 0;
  }
  return out;
}

std::optional<std::int64_t> PostgresRows::MaybeNumber(int column) {
  if (connection_->pq().is_null(result_.get(), row_, column) != 0) {
    return std::nullopt;
  }
  return Number(column);
}

}  // namespace keytidy::inventory
