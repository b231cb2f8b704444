// SPDX-License-Identifier: Apache-2.0
//
// One key against one policy, as far as one key alone can tell.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "policy/age_interval.h"
#include "policy/breach.h"
#include "policy/policy_in_force.h"
#include "policy/policy_key.h"

namespace keytidy::policy {

// A key, and what every policy sees of it alike. The key outlives it.
struct KeyView {
  KeyView(const PolicyKey& of, std::int64_t at);

  const PolicyKey& key;
  std::int64_t now;
  AgeInterval age;
  // Its provider's word, else its own; where it is believable.
  std::optional<std::int64_t> expires;
  bool never_expires = false;
};

struct KeyBreaches {
  std::vector<Breach> found;
  // Hold only where several programs (KEY-REUSE-CLIENT) or environments
  // (KEY-REUSE-ENV) have the key; what is shared is still to be said.
  std::vector<Breach> if_shared;
};

KeyBreaches CheckKey(const KeyView& view, const PolicyInForce& policy);

}  // namespace keytidy::policy
