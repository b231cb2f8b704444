// SPDX-License-Identifier: Apache-2.0
#include "policy/policy_in_force.h"

#include "base/text.h"

namespace keytidy::policy {

PolicyInForce::PolicyInForce(const Policy& of, std::int64_t now)
    : policy(of), waivers(of, now) {
  for (const std::string& name : of.leavers) leavers.insert(Lowercase(name));
}

}  // namespace keytidy::policy
