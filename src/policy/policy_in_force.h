// SPDX-License-Identifier: Apache-2.0
//
// One policy at one time, made ready to be asked about many keys.
#pragma once

#include <cstdint>
#include <string>
#include <unordered_set>

#include "core/policy.h"
#include "policy/waiver_book.h"

namespace keytidy::policy {

struct PolicyInForce {
  // `of` outlives it.
  PolicyInForce(const Policy& of, std::int64_t now);

  const Policy& policy;
  WaiverBook waivers;
  std::unordered_set<std::string> leavers;  // in lower case
};

}  // namespace keytidy::policy
