// SPDX-License-Identifier: Apache-2.0
//
// From the cells of one record to a row.
#pragma once

#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "import/table_file.h"

namespace keytidy::imports {

struct NamedCell {
  std::string_view name;
  std::string_view text;
};

class RowBuilder {
 public:
  // Both outlive it.
  RowBuilder(const TableOptions& options, TableRows* out)
      : options_(options), out_(out) {}

  void Add(std::uint64_t number, const std::vector<NamedCell>& cells);

  // Whether a column of this name is used; remembers what it saw.
  std::optional<Column> ColumnOf(std::string_view name);

  // kInvalid: none of the columns seen says which key a row is of, or a column
  // that a person named was not among them.
  Status CheckColumns() const;

 private:
  class Building;
  const TableOptions& options_;
  TableRows* out_;
  std::set<Field> seen_;
  std::set<std::string> named_;  // of the person's columns
};

}  // namespace keytidy::imports
