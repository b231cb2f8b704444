// SPDX-License-Identifier: Apache-2.0
//
// What a policy says of one key: which rules fit, and what holds of them.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/policy.h"
#include "policy/policy_key.h"

namespace keytidy::policy {

// As GlobMatch(), and faster where little matches.
bool FitsGlob(std::string_view pattern, std::string_view text);

// One of the key's places is enough for `environment` and `place`.
bool Fits(const Selectors& want, const PolicyKey& key);

// "keytidy.toml:14"
std::string FileLine(const Policy& policy, std::uint32_t line);

// Both arguments outlive it.
class Terms {
 public:
  Terms(const Policy& policy, const PolicyKey& key);

  template <class T>
  struct Value {
    const T* value = nullptr;  // null: no rule sets it
    const PolicyRule* rule = nullptr;
  };
  // Of the rules that fit, the last one that sets the field.
  template <class T>
  Value<T> Find(std::optional<T> PolicyRule::*field) const {
    for (const PolicyRule* rule : rules_) {
      if (rule->*field) return {&*(rule->*field), rule};
    }
    return {};
  }
  bool Wants(std::optional<bool> PolicyRule::*field) const;
  Tier tier() const;

  struct Limit {
    std::int64_t days = 0;
    const PolicyRule* rule = nullptr;  // null: the tier's
  };
  std::optional<Limit> MaxAge() const;
  // Never above the limit that fails.
  std::optional<Limit> WarnAge() const;

  // "rule 2 (keytidy.toml:14)"
  std::string NameOf(const PolicyRule* rule) const;
  // That, or "tier high".
  std::string ByText(const Limit& limit) const;

  // Those that fit, the last one first.
  const std::vector<const PolicyRule*>& rules() const { return rules_; }

 private:
  std::optional<Limit> AgeLimit(std::optional<std::int64_t> PolicyRule::*field,
                                std::int64_t TierLimits::*of_tier) const;

  const Policy& policy_;
  const PolicyKey& key_;
  std::vector<const PolicyRule*> rules_;
};

}  // namespace keytidy::policy
