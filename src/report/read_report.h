// SPDX-License-Identifier: Apache-2.0
//
// Reading a JSON report back: which keys it speaks of, where they were, and
// what tells how old they are. Hostile input is normal input: a report may come
// from anywhere.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "core/finding.h"
#include "core/violation.h"

namespace keytidy::report {

struct ReportedPlace {
  SourceKind source = SourceKind::kFile;
  std::string path;
  std::uint64_t line = 0;  // 0 where it has none
  std::optional<ClientPlace> client;
  bool allowed = false;
};

// What a report need not say is empty.
struct ReportedFinding {
  std::string id;
  std::string rule;
  std::vector<ReportedPlace> places;
  std::string provider;
  std::string title;
  std::string redacted;
  Verdict verdict;
  std::vector<AgeEvidence> evidence;
};

struct ReportedRun {
  bool complete = true;
  std::vector<ReportedFinding> findings;
  // Check, finding, path and client only.
  std::vector<Violation> violations;
};

// `name` is for messages. kInvalid: it is no report of this version, or a
// field is not what it has to be; the message says where.
Result<ReportedRun> ReadRun(std::string_view name, std::string_view text);

// Its findings alone.
Result<std::vector<ReportedFinding>> ReadReport(std::string_view name,
                                                std::string_view text);

}  // namespace keytidy::report
