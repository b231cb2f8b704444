// SPDX-License-Identifier: Apache-2.0
//
// From findings to decisions: what fails the run, what is only shown.
#pragma once

#include "config/settings.h"
#include "core/report.h"

namespace keytidy::policy {

struct Thresholds {
  config::FailOn fail_on = Severity::kMedium;
  Confidence min_confidence = Confidence::kMedium;
  // Fail for keys that are proved to be active, and for no others.
  bool only_active = false;
};

// Takes out findings below the least confidence (counting them) and decides
// the others: ignored when every place is allowed, failed at or above fail_on
// (or when active), else a warning. Violations the same, but for those that are
// ignored already. May be called again when verdicts are in.
void Decide(const Thresholds& thresholds, Report* report);

}  // namespace keytidy::policy
