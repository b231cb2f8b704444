// SPDX-License-Identifier: Apache-2.0
//
// Random policies and keys, the same for the same seed.
#pragma once

#include <algorithm>
#include <cstdint>
#include <optional>
#include <random>
#include <string>
#include <vector>

#include "unit/policy/policy_scene.h"

namespace keytidy::policy {

// Of few values, so that much fits.
class Dice {
 public:
  explicit Dice(std::uint32_t seed) : random_(seed) {}

  std::uint32_t Below(std::size_t n) {
    return static_cast<std::uint32_t>(random_() % n);
  }
  bool Maybe(std::uint32_t one_in) { return Below(one_in) == 0; }
  std::string Pick(const std::vector<std::string>& from) {
    return from[Below(from.size())];
  }
  std::int64_t Days() { return 1 + static_cast<std::int64_t>(Below(300)); }

  PolicyKey MakeKey() {
    PolicyKey key;
    key.id = "kt-" + std::to_string(Below(200));
    key.rule = Pick({"kryton-api-key", "stripe-live"});
    key.provider = Pick({"kryton", "stripe"});
    key.tier = static_cast<Tier>(Below(5));
    key.name = Pick({"", "key1", "cursor-laptop-notes", "team-a"});
    key.owner = Pick({"", "ana", "ben"});
    key.environment = Pick({"", "dev", "prod"});
    key.redacted = "demo";
    for (std::uint32_t i = Below(4); i > 0; --i) {
      PolicyPlace place =
          At(Pick({"src/a", "tests/a", "b"}), Pick({"", "cursor", "zed"}));
      place.environment = Pick({"", "dev", "prod"});
      for (const char* kind :
           {"argv", "url", "tracked", "unknown-host", "unpinned"}) {
        if (Maybe(4)) place.kinds.push_back(kind);
      }
      key.places.push_back(place);
    }
    for (std::uint32_t i = Below(4); i > 0; --i) {
      key.evidence.push_back({Pick({"git-first-commit", "provider-created",
                                    "account-created", "file-mtime"}),
                              kNow - Days() * kDay});
    }
    if (Maybe(2)) key.facts.expires = kNow + (Days() - 60) * kDay;
    if (Maybe(2)) key.facts.last_used = kNow - Days() * kDay;
    if (Maybe(3)) key.facts.created = kNow - Days() * kDay;
    key.never_expires = Maybe(4);
    if (Maybe(8)) key.verdict = VerdictState::kInactive;
    return key;
  }

  Selectors MakeSelectors() {
    Selectors out;
    if (Maybe(4)) out.provider = Pick({"kryton", "stripe"});
    if (Maybe(4)) out.rule = Pick({"kryton-*", "*"});
    if (Maybe(4)) out.environment = Pick({"dev", "prod"});
    if (Maybe(4)) out.name = Pick({"cursor-*", "key?"});
    if (Maybe(4)) out.place = Pick({"src/**", "**/a", "b"});
    return out;
  }

  Policy MakePolicy() {
    Policy policy;
    for (TierLimits* tier : {&policy.tiers.low, &policy.tiers.standard,
                             &policy.tiers.high, &policy.tiers.ci}) {
      tier->fail_days = Days();
      tier->warn_days = 1 + Below(static_cast<std::size_t>(tier->fail_days));
    }
    for (std::uint32_t i = Below(5); i > 0; --i) {
      PolicyRule rule;
      rule.fits = MakeSelectors();
      if (Maybe(4)) rule.tier = static_cast<Tier>(Below(5));
      for (auto field : Limits()) {
        if (Maybe(4)) rule.*field = Days();
      }
      for (auto field : Demands()) {
        if (Maybe(4)) rule.*field = Maybe(2);
      }
      if (Maybe(4)) rule.name_pattern = Pick({"team-*", "cursor-*"});
      if (Maybe(4)) {
        rule.forbidden_places =
            std::vector<std::string>{Pick({"argv", "url", "tracked"})};
      }
      if (Maybe(8)) rule.severity = static_cast<Severity>(Below(5));
      policy.rules.push_back(rule);
    }
    for (std::uint32_t i = Below(3); i > 0; --i) {
      Waiver waiver = Waive(kNow + (Maybe(3) ? 0 : kDay));
      waiver.fingerprint = Maybe(2) ? "kt-" + std::to_string(Below(200)) : "";
      waiver.fits = MakeSelectors();
      if (Maybe(2)) waiver.checks = {"AGE-N", "POLICY-PLACE"};
      policy.waivers.push_back(waiver);
    }
    if (Maybe(2)) policy.allowed_labels = {"key*"};
    return policy;
  }

  static std::vector<std::optional<std::int64_t> PolicyRule::*> Limits() {
    return {&PolicyRule::max_age, &PolicyRule::warn_age,
            &PolicyRule::max_lifetime, &PolicyRule::idle_limit};
  }
  static std::vector<std::optional<bool> PolicyRule::*> Demands() {
    return {&PolicyRule::must_expire,      &PolicyRule::owner_required,
            &PolicyRule::one_per_client,   &PolicyRule::one_per_environment,
            &PolicyRule::known_hosts_only, &PolicyRule::pinned_packages};
  }

  // One limit lower, or one requirement more.
  void Tighten(Policy* policy) {
    PolicyRule* rule = policy->rules.empty()
                           ? nullptr
                           : &policy->rules[Below(policy->rules.size())];
    PolicyRule more;  // fits behind all others
    more.fits = MakeSelectors();
    switch (Below(9)) {
      case 0: {
        TierLimits* tiers[] = {&policy->tiers.low, &policy->tiers.standard,
                               &policy->tiers.high, &policy->tiers.ci};
        Lower(&tiers[Below(4)]->fail_days);
        return;
      }
      case 1: {
        const auto field = Limits()[Below(4)];
        if (rule != nullptr && rule->*field) Lower(&*(rule->*field));
        return;
      }
      case 2: {
        const auto field = Demands()[Below(6)];
        if (rule != nullptr && rule->*field) rule->*field = true;
        return;
      }
      case 3:
        more.*(Limits()[Below(4)]) = 1;
        break;
      case 4:
        more.*(Demands()[Below(6)]) = true;
        break;
      case 5:
        more.forbidden_places =
            std::vector<std::string>{"argv", "url", "tracked"};
        break;
      case 6:
        policy->leavers.push_back(Pick({"ana", "ben"}));
        return;
      case 7:
        policy->allowed_labels.clear();
        return;
      default:
        if (!policy->waivers.empty()) policy->waivers.pop_back();
        return;
    }
    policy->rules.push_back(more);
  }

  void Shuffle(std::vector<PolicyKey>* keys) {
    std::shuffle(keys->begin(), keys->end(), random_);
  }

 private:
  void Lower(std::int64_t* days) {
    *days = 1 + Below(static_cast<std::size_t>(*days));
  }

  std::mt19937 random_;
};

}  // namespace keytidy::policy
