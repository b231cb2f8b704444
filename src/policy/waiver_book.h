// SPDX-License-Identifier: Apache-2.0
//
// The waivers of one policy that have not ended, by what they name, so that a
// key meets few of them.
#pragma once

#include <cstdint>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "core/finding.h"
#include "core/policy.h"
#include "policy/policy_key.h"

namespace keytidy::policy {

class WaiverBook {
 public:
  // `policy` outlives it.
  WaiverBook(const Policy& policy, std::int64_t now);

  // Turns the decision on a check to ignore where a waiver holds. `at`: the
  // place that it is about, or null where it is about all of the key: then all
  // places of the key must fit the waiver.
  void Excuse(const PolicyKey& key, const PolicyPlace* at,
              std::string_view check, Decision* decision) const;

 private:
  using List = std::vector<const Waiver*>;

  bool Excuse(const List& list, const PolicyKey& key, const PolicyPlace* at,
              std::string_view check, Decision* decision) const;

  const Policy& policy_;
  std::unordered_map<std::string_view, List> by_id_;
  List general_;
};

}  // namespace keytidy::policy
