// SPDX-License-Identifier: Apache-2.0
//
// What the columns of exports are called.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "import/provider_row.h"

namespace keytidy::imports {

enum class Field : std::uint8_t {
  kProvider,
  kHint,
  kKeyId,
  kName,
  kOwner,
  kAccount,
  kScopes,
  kCreated,
  kExpires,
  kLastUsed,
  kState,
};

struct Column {
  Field field = Field::kName;
  Side side = Side::kEither;  // of kHint
  bool inverted = false;      // of kState: "revoked" says the opposite
  // Where several columns are of one field, the lowest counts that says
  // something; of kHint all do.
  std::uint32_t rank = 0;
};

// By the name of a column, whatever its case and punctuation; nothing for one
// that is not known.
std::optional<Column> ColumnNamed(std::string_view name);

// As a person names it: "hint", "first", "last", "id", "name", "owner",
// "account", "scopes", "created", "expires", "last-used", "status", "provider".
std::optional<Column> ColumnForField(std::string_view field);

// How messages call it.
std::string_view Name(Field field);

// Letters and digits alone, in lower case.
std::string Folded(std::string_view name);

}  // namespace keytidy::imports
