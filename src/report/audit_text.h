// SPDX-License-Identifier: Apache-2.0
//
// An audit as a person reads it: what there is, what to do first, how much
// more there is, and how the run ended. Fits a screen.
#pragma once

#include <string>

#include "core/report.h"
#include "report/writer.h"

namespace keytidy::report {

// Wants report.audit. With Style::all every violation, by file, and every
// finding follow the steps; with Style::quiet the counts are left out.
std::string AuditText(const Report& report, const Style& style);

}  // namespace keytidy::report
