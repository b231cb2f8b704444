// SPDX-License-Identifier: Apache-2.0
//
// The whole run: roots in, report out.
#pragma once

#include <stop_token>
#include <vector>

#include "base/result.h"
#include "core/report.h"
#include "match/engine.h"
#include "scan/options.h"

namespace keytidy::scan {

// Scans every root on options.jobs threads. What cannot be read is in the
// coverage, and makes the report incomplete; the only errors are of the engine
// itself. Findings carry no decision yet (policy/decide.h). The report points
// into the engine's rules. The same input gives the same report, whatever the
// number of threads.
Result<Report> Run(const match::Engine& engine, const std::vector<Root>& roots,
                   const Options& options, Progress* progress,
                   std::stop_token stop);

}  // namespace keytidy::scan
