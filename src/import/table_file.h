// SPDX-License-Identifier: Apache-2.0
//
// A provider's export, CSV or JSON, as rows. Columns are known by their names.
// A cell that holds a whole key is turned into its fingerprint at once; of text
// that a key stands in nothing is kept.
#pragma once

#include <cstddef>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "import/column_names.h"
#include "import/key_tests.h"
#include "import/provider_row.h"

namespace keytidy::imports {

inline constexpr std::size_t kMostTableBytes = 64 << 20;
inline constexpr std::size_t kMostRows = 1'000'000;
inline constexpr std::size_t kMostProblems = 1000;

// A person's word on which column is which.
struct ColumnChoice {
  Column column;
  std::string name;
};

// "field=NAME". kInvalid: there is no such field.
Result<ColumnChoice> ParseColumnChoice(std::string_view text);

struct TableOptions {
  KeyTests keys;
  std::string provider;  // a slug; of all rows, where no column says it
  std::vector<ColumnChoice> columns;
  // What a cell calls a provider -> its slug; empty: there is none.
  std::function<std::string(std::string_view)> provider_named;
};

struct TableRows {
  std::vector<ProviderRow> rows;
  // What could not be read; never what stands in a cell. The first of them,
  // where there are many.
  std::vector<RowProblem> problems;
  std::size_t more_problems = 0;

  void Add(RowProblem problem);
};

// kInvalid: what is missing to make sense of the file. kLimit: it is too large.
Result<TableRows> ReadTable(std::string_view text, const TableOptions& options);

}  // namespace keytidy::imports
