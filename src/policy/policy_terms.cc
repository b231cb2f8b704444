// SPDX-License-Identifier: Apache-2.0
#include "policy/policy_terms.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/text.h"

namespace keytidy::policy {

// A look at what the pattern begins and ends with comes first: almost all
// patterns are refused there.
bool FitsGlob(std::string_view pattern, std::string_view text) {
  const std::size_t first = pattern.find_first_of("*?[\\");
  if (first == std::string_view::npos) return pattern == text;
  std::string_view head = pattern.substr(0, first);
  if (head.ends_with('/')) head.remove_suffix(1);  // a/** fits a
  if (!text.starts_with(head)) return false;
  if (pattern.find_first_of("[\\") == std::string_view::npos) {
    std::string_view tail = pattern.substr(pattern.find_last_of("*?") + 1);
    if (tail.starts_with('/')) tail.remove_prefix(1);  // **/a fits a
    if (!text.ends_with(tail)) return false;
  }
  return GlobMatch(pattern, text);
}

bool Fits(const Selectors& want, const PolicyKey& key) {
  const auto any_place = [&key](auto&& fits) {
    return std::any_of(key.places.begin(), key.places.end(), fits);
  };
  if (!want.provider.empty() && want.provider != key.provider) return false;
  if (!want.environment.empty() && want.environment != key.environment &&
      !any_place([&](const PolicyPlace& place) {
        return place.environment == want.environment;
      })) {
    return false;
  }
  if (!want.rule.empty() && !FitsGlob(want.rule, key.rule)) return false;
  if (!want.name.empty() && !FitsGlob(want.name, key.name)) return false;
  return want.place.empty() || any_place([&](const PolicyPlace& place) {
           return FitsGlob(want.place, place.path);
         });
}

std::string FileLine(const Policy& policy, std::uint32_t line) {
  return fmt::format("{}:{}", policy.name.empty() ? "policy" : policy.name,
                     line);
}

Terms::Terms(const Policy& policy, const PolicyKey& key)
    : policy_(policy), key_(key) {
  for (auto rule = policy.rules.rbegin(); rule != policy.rules.rend(); ++rule) {
    if (Fits(rule->fits, key)) rules_.push_back(&*rule);
  }
}

bool Terms::Wants(std::optional<bool> PolicyRule::*field) const {
  const bool* value = Find(field).value;
  return value != nullptr && *value;
}

Tier Terms::tier() const {
  const Tier* tier = Find(&PolicyRule::tier).value;
  return tier != nullptr ? *tier : key_.tier;
}

std::optional<Terms::Limit> Terms::MaxAge() const {
  return AgeLimit(&PolicyRule::max_age, &TierLimits::fail_days);
}

std::optional<Terms::Limit> Terms::WarnAge() const {
  auto warn = AgeLimit(&PolicyRule::warn_age, &TierLimits::warn_days);
  auto fail = MaxAge();
  if (!warn || (fail && fail->days < warn->days)) return fail;
  return warn;
}

std::string Terms::NameOf(const PolicyRule* rule) const {
  return fmt::format("rule {} ({})", rule - policy_.rules.data() + 1,
                     FileLine(policy_, rule->line));
}

std::string Terms::ByText(const Limit& limit) const {
  return limit.rule != nullptr ? NameOf(limit.rule)
                               : fmt::format("tier {}", Name(tier()));
}

std::optional<Terms::Limit> Terms::AgeLimit(
    std::optional<std::int64_t> PolicyRule::*field,
    std::int64_t TierLimits::*of_tier) const {
  const auto own = Find(field);
  if (own.value != nullptr) return Limit{*own.value, own.rule};
  const TierLimits* limits = policy_.tiers.Find(tier());
  if (limits == nullptr) return std::nullopt;
  return Limit{limits->*of_tier, nullptr};
}

}  // namespace keytidy::policy
