// SPDX-License-Identifier: Apache-2.0
//
// From what the workers of a run collected to its report.
#pragma once

#include <vector>

#include "base/result.h"
#include "core/report.h"
#include "match/engine.h"
#include "scan/blob_scanner.h"
#include "scan/options.h"

namespace keytidy::scan {

// Groups places into findings, asks the allow rules of each root, sorts, and
// redacts names. The order of `parts`, and what is in which, makes no
// difference. The report points into the engine's rules.
Result<Report> MakeReport(const match::Engine& engine,
                          const std::vector<Root>& roots,
                          const Options& options, std::vector<Collected> parts);

}  // namespace keytidy::scan
