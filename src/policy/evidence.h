// SPDX-License-Identifier: Apache-2.0
//
// All that tells how old a key is.
#pragma once

#include <vector>

#include "core/inventory.h"

namespace keytidy::policy {

// What runs saw, and what the provider said of its creation and its last use.
std::vector<AgeEvidence> EvidenceOf(std::vector<AgeEvidence> seen,
                                    const KeyFacts& facts);

// That, and what the inventory itself proves.
std::vector<AgeEvidence> EvidenceOf(const InventoryKey& key);

}  // namespace keytidy::policy
