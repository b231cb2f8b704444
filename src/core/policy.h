// SPDX-License-Identifier: Apache-2.0
//
// The rotation policy: how old keys may get, and how they are to be kept.
// Plain data; policy/rotation_policy.h reads it, docs/policy.md describes it.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <tuple>
#include <vector>

#include "core/severity.h"

namespace keytidy {

// Whole days: a key is too old when it is older than that.
struct TierLimits {
  std::int64_t warn_days = 0;
  std::int64_t fail_days = 0;
  friend bool operator==(const TierLimits&, const TierLimits&) = default;
};

// The limits that hold for one key; nothing: there is none.
struct AgeLimits {
  std::optional<std::int64_t> warn_days;
  std::optional<std::int64_t> fail_days;
  friend bool operator==(const AgeLimits&, const AgeLimits&) = default;
};

// The only place that says what the tiers' own limits are.
struct PolicyTiers {
  TierLimits low{180, 180};
  TierLimits standard{90, 90};
  TierLimits high{30, 60};
  TierLimits ci{7, 30};

  // Null for kNone, which has no limits.
  constexpr const TierLimits* Find(Tier tier) const {
    switch (tier) {
      case Tier::kLow:
        return &low;
      case Tier::kStandard:
        return &standard;
      case Tier::kHigh:
        return &high;
      case Tier::kCi:
        return &ci;
      case Tier::kNone:
        break;
    }
    return nullptr;
  }

  AgeLimits LimitsOf(Tier tier) const {
    const TierLimits* limits = Find(tier);
    if (limits == nullptr) return {};
    return {limits->warn_days, limits->fail_days};
  }
};

// Which keys something is about: all that are set must fit, and where none is
// set every key fits. Globs as GlobMatch() has them.
struct Selectors {
  std::string provider;     // a slug
  std::string rule;         // a glob over ids of rules
  std::string environment;  // of the key or of one of its places
  std::string name;         // a glob
  std::string place;        // a glob; one of the key's paths fits

  bool empty() const {
    return provider.empty() && rule.empty() && environment.empty() &&
           name.empty() && place.empty();
  }
};

// What holds for the keys that fit. Fields that are not set say nothing; of
// several rules that fit a key, the last one that sets a field wins that field.
struct PolicyRule {
  Selectors fits;
  std::optional<Tier> tier;                  // instead of the kind's own
  std::optional<std::int64_t> max_age;       // days; instead of the tier's
  std::optional<std::int64_t> warn_age;      // days; instead of the tier's
  std::optional<std::int64_t> max_lifetime;  // days from creation to expiry
  std::optional<std::int64_t> idle_limit;    // days since it was last used
  std::optional<bool> must_expire;
  std::optional<bool> owner_required;
  std::optional<bool> one_per_client;
  std::optional<bool> one_per_environment;
  std::optional<std::string> name_pattern;  // a glob, or kNameForm
  std::optional<std::vector<std::string>> forbidden_places;  // kForbiddable
  std::optional<bool> known_hosts_only;
  std::optional<bool> pinned_packages;
  // Of what breaks the policy for certain, instead of the check's own.
  std::optional<Severity> severity;
  std::uint32_t line = 0;  // in the policy's file; 0: unknown
};

template <class T>
struct RuleField {
  std::string_view name;
  std::optional<T> PolicyRule::*member;
};

// Every field that a rule may set, for those who read, merge and explain.
inline constexpr std::tuple kRuleFields{
    RuleField<Tier>{"tier", &PolicyRule::tier},
    RuleField<std::int64_t>{"max_age", &PolicyRule::max_age},
    RuleField<std::int64_t>{"warn_age", &PolicyRule::warn_age},
    RuleField<std::int64_t>{"max_lifetime", &PolicyRule::max_lifetime},
    RuleField<std::int64_t>{"idle_limit", &PolicyRule::idle_limit},
    RuleField<bool>{"must_expire", &PolicyRule::must_expire},
    RuleField<bool>{"owner_required", &PolicyRule::owner_required},
    RuleField<bool>{"one_per_client", &PolicyRule::one_per_client},
    RuleField<bool>{"one_per_environment", &PolicyRule::one_per_environment},
    RuleField<std::string>{"name_pattern", &PolicyRule::name_pattern},
    RuleField<std::vector<std::string>>{"forbidden_places",
                                        &PolicyRule::forbidden_places},
    RuleField<bool>{"known_hosts_only", &PolicyRule::known_hosts_only},
    RuleField<bool>{"pinned_packages", &PolicyRule::pinned_packages},
    RuleField<Severity>{"severity", &PolicyRule::severity},
};

// The name_pattern that asks for three parts or more, joined by hyphens.
inline constexpr std::string_view kNameForm = "client-device-purpose";

// What forbidden_places may hold.
inline constexpr std::string_view kForbiddable[] = {"argv", "url", "tracked"};

// Lets keys break the policy for a time. At least one selector or the
// fingerprint is set, and all that are set must fit.
struct Waiver {
  Selectors fits;
  std::string fingerprint;          // "kt-…"
  std::vector<std::string> checks;  // ids; empty: all of them
  std::string owner;
  std::string reason;
  std::string until;      // the last day, "2026-12-31"
  std::int64_t ends = 0;  // seconds since 1970: the first moment after it
  std::uint32_t line = 0;
};

struct Policy {
  std::string name;  // the file, as messages call it; whoever reads it sets it
  PolicyTiers tiers;
  std::vector<PolicyRule> rules;  // in the order of the file
  std::vector<Waiver> waivers;
  std::vector<std::string> leavers;  // owners who left; letters' case is one
  std::vector<std::string> allowed_labels;  // globs of names that are good
};

}  // namespace keytidy
