// SPDX-License-Identifier: Apache-2.0
//
// What an import came to, for people and as JSON.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "import/match_rows.h"
#include "import/provider_row.h"

namespace keytidy::imports {

struct ImportReport {
  std::string source;  // a file, or a provider's name
  std::string unit;    // what a row's number counts: "line", "row"
  std::vector<ProviderRow> rows;
  std::vector<RowMatch> matches;  // of each row
  std::vector<RowProblem> problems;
  std::size_t more_problems = 0;
  bool written = false;

  bool complete() const { return problems.empty(); }
};

// A line for each row, then what could not be read, then the sum.
std::string ReportText(const ImportReport& report);

// {"schema":"keytidy-import/1","source":…,"complete":…,"written":…,
//  "matched":[],"unmatched":[],"ambiguous":[],"errors":[]}
std::string ReportJson(const ImportReport& report);

}  // namespace keytidy::imports
