// SPDX-License-Identifier: Apache-2.0
#include "inventory/sqlite_rows.h"

#include <utility>

namespace keytidy::inventory {

Error SqliteError(sqlite3* handle, int code, const std::string& path) {
  const std::string what = sqlite3_errmsg(handle);
  switch (code & 0xff) {
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
    case SQLITE_ERROR:     // a table is not as we made it
    case SQLITE_MISMATCH:  // so is a value
    case SQLITE_CONSTRAINT:
      return Error{
          ErrorCode::kDamaged,
          fmt::format("{}: is damaged: {}; it is left as it is", path, what)};
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
      return Error{
          ErrorCode::kIo,
          fmt::format("{}: another program has it for too long", path)};
    case SQLITE_PERM:
    case SQLITE_READONLY:
    case SQLITE_CANTOPEN:
    case SQLITE_AUTH:
      return Error{ErrorCode::kPermission,
                   fmt::format("{}: cannot be written: {}", path, what)};
    default:
      return Error{ErrorCode::kIo, fmt::format("{}: {}", path, what)};
  }
}

SqliteRows::~SqliteRows() {
  sqlite3_reset(get());
  sqlite3_clear_bindings(get());
  statements_->insert(std::move(node_));
}

Status SqliteRows::Bind(std::span<const Value> values) {
  const int wanted = sqlite3_bind_parameter_count(get());
  if (static_cast<std::size_t>(wanted) != values.size()) {
    return Fail(ErrorCode::kInternal, "{}: {} values for {} parameters", *path_,
                values.size(), wanted);
  }
  texts_.reserve(values.size());
  for (std::size_t i = 0; i < values.size(); ++i) {
    const int at = static_cast<int>(i) + 1;
    int code = SQLITE_OK;
    if (const auto* text = std::get_if<std::string_view>(&values[i])) {
      const std::string& copy = texts_.emplace_back(*text);
      code = sqlite3_bind_text64(get(), at, copy.data(), copy.size(), nullptr,
                                 SQLITE_UTF8);
    } else if (const auto* number = std::get_if<std::int64_t>(&values[i])) {
      code = sqlite3_bind_int64(get(), at, *number);
    } else {
      code = sqlite3_bind_null(get(), at);
    }
    if (code != SQLITE_OK) return Fail(SqliteError(handle_, code, *path_));
  }
  return {};
}

Result<bool> SqliteRows::Next() {
  bad_ = false;
  const int code = sqlite3_step(get());
  if (code == SQLITE_ROW) return true;
  if (code == SQLITE_DONE) return false;
  return Fail(SqliteError(handle_, code, *path_));
}

std::string_view SqliteRows::Text(int column) {
  if (sqlite3_column_type(get(), column) != SQLITE_TEXT) {
    bad_ = true;
    return {};
  }
  const void* bytes = sqlite3_column_blob(get(), column);
  if (bytes == nullptr) return {};
  return {static_cast<const char*>(bytes),
          static_cast<std::size_t>(sqlite3_column_bytes(get(), column))};
}

std::int64_t SqliteRows::Number(int column) {
  if (sqlite3_column_type(get(), column) != SQLITE_INTEGER) {
    bad_ = true;
    return 0;
  }
  return sqlite3_column_int64(get(), column);
}

std::optional<std::int64_t> SqliteRows::MaybeNumber(int column) {
  if (sqlite3_column_type(get(), column) == SQLITE_NULL) return std::nullopt;
  return Number(column);
}

}  // namespace keytidy::inventory
