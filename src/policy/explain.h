// SPDX-License-Identifier: Apache-2.0
//
// What a policy says of a key, and why.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "core/policy.h"
#include "policy/policy_key.h"

namespace keytidy::policy {

struct ExplainedField {
  std::string field;  // as in a rule: "max_age"
  std::string value;
  std::string by;  // "rule 2 (keytidy.toml:14)", "tier high", "its kind"
  friend bool operator==(const ExplainedField&,
                         const ExplainedField&) = default;
};

struct Explanation {
  std::vector<std::string> rules;  // that fit, in order, as `by` names them
  // Tier and limits always, others where a rule sets them; as kRuleFields.
  std::vector<ExplainedField> fields;
  std::vector<std::string> waivers;  // that fit, ended or not: one line each
};

Explanation Explain(const Policy& policy, const PolicyKey& key);

// The lowest limits of all of them; of none, those of the key's tier.
AgeLimits AgeLimitsOf(std::span<const Policy> policies, const PolicyKey& key);

}  // namespace keytidy::policy
