// SPDX-License-Identifier: Apache-2.0
//
// Keys of an inventory in the shape of a report and of what a policy looks at.
#pragma once

#include <cstdint>
#include <deque>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "cli/place_stages.h"
#include "core/inventory.h"
#include "core/report.h"
#include "policy/policy_key.h"

namespace keytidy::cli {

// The label of a key that is known to have no end.
inline constexpr std::string_view kNeverExpires = "never-expires";

// Whether a run that looked there last still saw it at one of its places.
bool StandsSomewhere(const InventoryKey& key);

// Nothing where it stands nowhere any more.
std::optional<policy::PolicyKey> KeyForPolicy(const InventoryKey& key,
                                              PlaceStages* stages);

// Makes findings of keys. Nothing in them fails by itself. It outlives them:
// rules that the catalogue does not know are kept here.
class FindingMaker {
 public:
  // `catalogue` outlives it.
  explicit FindingMaker(std::span<const Rule> catalogue);

  // Of a key that stands somewhere.
  Finding Make(const InventoryKey& key, std::int64_t now);

 private:
  struct OwnRule {
    std::string id, title, provider;
    Rule rule;
  };
  const Rule* RuleOf(const InventoryKey& key);

  std::unordered_map<std::string_view, const Rule*> rules_;  // by id
  std::deque<OwnRule> own_;
};

// As reports have them: by path, line, rule and id.
void SortFindings(std::vector<Finding>* findings);

}  // namespace keytidy::cli
