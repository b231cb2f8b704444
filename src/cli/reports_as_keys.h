// SPDX-License-Identifier: Apache-2.0
//
// Keys out of JSON reports of scans and audits, as an inventory has them.
#pragma once

#include <string>
#include <vector>

#include "base/result.h"
#include "core/inventory.h"
#include "core/report.h"

namespace keytidy::cli {

struct ReportedKeys {
  std::vector<InventoryKey> keys;  // by id; of no machine, fingerprint or run
  // One for each report that did not read everything.
  std::vector<Skip> incomplete;
};

// `files` are taken together: what has the same id is the same key. Places that
// are allowed are left out. kInvalid: one is no report.
Result<ReportedKeys> KeysOfReports(const std::vector<std::string>& files,
                                   std::span<const Rule> rules);

}  // namespace keytidy::cli
