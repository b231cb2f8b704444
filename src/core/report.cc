// SPDX-License-Identifier: Apache-2.0
#include "core/report.h"

#include <algorithm>

namespace keytidy {

bool HasFailure(const Report& report) {
  const auto fails = [](const auto& one) {
    return one.decision.action == Action::kFail;
  };
  return std::any_of(report.findings.begin(), report.findings.end(), fails) ||
         std::any_of(report.violations.begin(), report.violations.end(), fails);
}

}  // namespace keytidy
