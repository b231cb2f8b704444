// SPDX-License-Identifier: Apache-2.0
//
// The inventory in the shape of a report and of what the policy looks at.
#pragma once

#include <deque>
#include <span>
#include <string>
#include <vector>

#include "core/inventory.h"
#include "core/report.h"
#include "policy/policy_check.h"

namespace keytidy::cli {

// Keys that stand somewhere still, for the policy.
std::vector<policy::PolicyKey> KeysForPolicy(
    std::span<const InventoryKey> keys);

// One finding for each such key. `rules` are the catalogue's; rules that it
// does not know are added to `own`, which outlives the report, as `keys` do.
// Nothing in it fails by itself.
Report ReportOf(std::span<const InventoryKey> keys, std::span<const Rule> rules,
                std::deque<Rule>* own, std::int64_t now);

}  // namespace keytidy::cli
