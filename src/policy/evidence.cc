// SPDX-License-Identifier: Apache-2.0
#include "policy/evidence.h"

#include <utility>

namespace keytidy::policy {

std::vector<AgeEvidence> EvidenceOf(std::vector<AgeEvidence> seen,
                                    const KeyFacts& facts) {
  if (facts.created) seen.push_back({"provider-created", *facts.created});
  if (facts.last_used) {
    seen.push_back({"provider-last-used", *facts.last_used});
  }
  return seen;
}

std::vector<AgeEvidence> EvidenceOf(const InventoryKey& key) {
  std::vector<AgeEvidence> out = EvidenceOf(key.evidence, key.verdict.facts);
  if (key.first_seen > 0) {
    out.push_back({"inventory-first-seen", key.first_seen});
  }
  return out;
}

}  // namespace keytidy::policy
