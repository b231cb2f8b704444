// SPDX-License-Identifier: Apache-2.0
//
// The rules of a SARIF run: the rules whose keys were found, and the checks
// that were violated. A key's rule and a check of the same id stay apart.
#pragma once

#include <cstddef>
#include <map>
#include <set>
#include <string_view>
#include <utility>

#include "core/report.h"
#include "report/json_finding.h"

namespace keytidy::report {

// "error", "warning" or "note".
std::string_view SarifLevel(Severity severity);

// Holds views into the report, which has to live longer.
class SarifRules {
 public:
  explicit SarifRules(const Report& report);
  // Those of the same report only.
  std::size_t IndexOf(const Finding& finding) const;
  std::size_t IndexOf(const Violation& violation) const;
  // In order of the indices, which is by id.
  Json ToJson() const;

 private:
  // The severity is the highest of the rule's results: what was configured
  // counts more than what the catalogue says.
  struct Entry {
    const Rule* rule = nullptr;  // null for a check
    Severity severity = Severity::kInfo;
    std::set<std::string_view> references;
    std::size_t index = 0;
  };
  std::map<std::pair<std::string_view, bool>, Entry> entries_;
};

}  // namespace keytidy::report
