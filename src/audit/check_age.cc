// SPDX-License-Identifier: Apache-2.0
//
// How old keys are, as far as they and dated logs say so, and when they end.
#include <fmt/format.h>

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "audit/plain_key.h"
#include "audit/scene.h"
#include "base/text.h"
#include "base/time.h"
#include "core/policy.h"
#include "policy/age_interval.h"

namespace keytidy::audit {
namespace {

constexpr std::int64_t kDay = 86400;
constexpr std::int64_t kSoon = 14 * kDay;

std::string Lowered(std::string text) {
  text[0] = ToLower(text[0]);
  return text;
}

Severity SeverityOf(Tier tier) {
  if (tier == Tier::kHigh) return Severity::kHigh;
  return tier == Tier::kLow ? Severity::kLow : Severity::kMedium;
}

void CheckEnd(const Scene& scene, const KeyUse& use, const policy::KeyEnd& end,
              Problems* out) {
  if (!end.expires) {
    if (!use.endless) return;
    out->Add(
        "NO-EXPIRY", use,
        {fmt::format("{} says of itself that it never expires.", KeyText(use)),
         "Have one issued that does.",
         {},
         0});
    return;
  }
  const std::int64_t left = *end.expires - scene.now;
  if (left <= 0) {
    out->Add(
        "EXPIRED", use,
        {fmt::format("{} expired {} ago and is still configured.", KeyText(use),
                     Count(static_cast<std::uint64_t>(-left / kDay), "day")),
         "Remove it, or replace it by one that works.",
         {},
         0});
  } else if (left <= kSoon) {
    out->Add(
        "EXP-SOON", use,
        {fmt::format("{} expires in {}.", KeyText(use),
                     Count(static_cast<std::uint64_t>(left / kDay), "day")),
         "Have the next one ready before it ends.",
         {},
         0});
  }
}

std::string Uncertain(const KeyUse& use, const policy::AgeInterval& age) {
  std::string key = KeyText(use);
  if (age.at_most) {
    return fmt::format("How old {} is can be told in part only: {}.",
                       Lowered(std::move(key)), policy::AgeText(age));
  }
  if (age.at_least) {
    return fmt::format(
        "{} may be older than it seems: {}, and nothing tells when it was "
        "made.",
        key, policy::AgeText(age));
  }
  return fmt::format("Nothing tells how old {} is.", Lowered(std::move(key)));
}

std::string TooOld(const KeyUse& use, const policy::AgeInterval& age,
                   std::int64_t limit) {
  const auto days = [](std::int64_t n) {
    return Count(static_cast<std::uint64_t>(n), "day");
  };
  if (age.at_least_by == "token-claim") {
    return fmt::format(
        "{} was issued {} ago, by its own word; keys of its tier are to be "
        "replaced after {}.",
        KeyText(use), days(*age.at_least), days(limit));
  }
  return fmt::format(
      "{} is old: {}; keys of its tier are to be replaced after {}.",
      KeyText(use), policy::AgeText(age), days(limit));
}

void CheckGroup(const Scene& scene, const KeyGroup& group, Problems* out) {
  const KeyUse* use = nullptr;
  std::vector<AgeEvidence> evidence;
  for (const KeyUse* one : group.uses) {
    evidence.insert(evidence.end(), one->evidence.begin(), one->evidence.end());
    if (use == nullptr && IsInUse(scene, *one) && one->rule != &PlainRule()) {
      use = one;
    }
  }
  if (use == nullptr) return;
  CheckEnd(scene, *use, policy::EndFrom(evidence), out);
  static constexpr PolicyTiers kTiers;
  const TierLimits* limits = kTiers.Find(use->rule->tier);
  if (limits == nullptr) return;
  const policy::AgeInterval age = policy::AgeFrom(evidence, scene.now);
  if (age.at_least && *age.at_least > limits->warn_days) {
    const bool old = *age.at_least > limits->fail_days;
    out->Add("AGE-N", *use,
             {TooOld(*use, age, old ? limits->fail_days : limits->warn_days),
              std::string(use->rule->advice),
              // What is only due fails nothing, as in a policy.
              old ? SeverityOf(use->rule->tier) : Severity::kLow, 0});
  } else if (!age.at_most || *age.at_most > limits->warn_days) {
    out->Add("AGE-UNKNOWN", *use,
             {Uncertain(*use, age),
              "Look it up at its provider, and replace it if in doubt.",
              {},
              0});
  }
}

}  // namespace

void CheckAge(const Scene& scene, Problems* out) {
  for (const KeyGroup& group : scene.groups) CheckGroup(scene, group, out);
}

}  // namespace keytidy::audit
