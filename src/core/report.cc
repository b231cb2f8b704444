// SPDX-License-Identifier: Apache-2.0
#include "core/report.h"

#include <algorithm>

namespace keytidy {

bool HasFailure(const Report& report) {
  return std::any_of(report.findings.begin(), report.findings.end(),
                     [](const Finding& finding) {
                       return finding.decision.action == Action::kFail;
                     });
}

}  // namespace keytidy
