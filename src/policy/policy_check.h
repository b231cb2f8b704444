// SPDX-License-Identifier: Apache-2.0
//
// Keys against rotation policies. Pure: no file, no clock, no network.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "core/policy.h"
#include "core/violation.h"
#include "policy/policy_in_force.h"
#include "policy/policy_key.h"
#include "policy/reuse_book.h"

namespace keytidy::policy {

// Everything that breaks one of several policies. Each judges alone, with its
// own waivers and leavers, and of what they say about the same check, key and
// place the worst stands: so no policy takes back what another demands, and a
// waiver excuses what its own policy demands and nothing else.
//
// The decision is to fail from medium on, else to warn; to ignore where a
// waiver holds. What is certain is at least medium unless the rule's own
// severity says otherwise, what only may be is below. A rule holds for a key
// when one of its places fits, a waiver when all do (or, where the matter is
// one place, when that one does). A waiver that has ended is a violation and
// excuses nothing. A key that its provider refuses (verdict inactive) is not
// judged; its places count for reuse.
//
// Lowering a limit, adding a requirement or adding a policy never lets a key
// pass that failed.
class PolicyChecker {
 public:
  // `policies` outlive it; where there is none, the tiers' own limits hold.
  // `now`: seconds since 1970.
  PolicyChecker(std::span<const Policy> policies, std::int64_t now);

  // Nothing of the key is kept but what its violations and reuse need. Whether
  // it has a violation by itself; what it shares with others of its id may
  // bring one at the end.
  bool Add(const PolicyKey& key);

  // Sorted by severity (worst first), path, line, check, id and message; the
  // order of the keys does not matter. Call once, last.
  std::vector<Violation> Finish();

 private:
  std::vector<PolicyInForce> policies_;
  std::int64_t now_;
  ReuseBook reuse_;
  std::vector<Violation> out_;
};

// The same for one policy and keys that are at hand.
std::vector<Violation> CheckPolicy(const Policy& policy,
                                   std::span<const PolicyKey> keys,
                                   std::int64_t now);

}  // namespace keytidy::policy
