// SPDX-License-Identifier: Apache-2.0
//
// Reading a JSON report back: which keys it speaks of and where they were.
// Hostile input is normal input: a report may come from anywhere.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "core/finding.h"

namespace keytidy::report {

struct ReportedPlace {
  SourceKind source = SourceKind::kFile;
  std::string path;
};

struct ReportedFinding {
  std::string id;
  std::string rule;
  std::vector<ReportedPlace> places;
};

// `name` is for messages. kInvalid: it is no report of this version, or a
// field is not what it has to be; the message says where.
Result<std::vector<ReportedFinding>> ReadReport(std::string_view name,
                                                std::string_view text);

}  // namespace keytidy::report
