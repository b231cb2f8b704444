// SPDX-License-Identifier: Apache-2.0
//
// The keys that a report speaks of, found again where it found them: a report
// holds no key in clear.
#pragma once

#include <stop_token>
#include <string>

#include "base/result.h"
#include "core/report.h"
#include "match/engine.h"
#include "scan/options.h"

namespace keytidy::cli {

// Scans the files, archives, index and history that the report at `path` names,
// from the working directory; keeps of what it finds the keys that the report
// has. One that is not there any more is an entry of the coverage.
// options.keep is filled. kInvalid: the report cannot be read.
Result<Report> FindReportedKeys(const match::Engine& engine,
                                const std::string& path,
                                const scan::Options& options,
                                const std::stop_token& stop);

}  // namespace keytidy::cli
