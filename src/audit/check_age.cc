// SPDX-License-Identifier: Apache-2.0
//
// How old keys are, as far as they say so themselves, and when they end.
#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <string>

#include "audit/plain_key.h"
#include "audit/scene.h"
#include "base/text.h"
#include "base/time.h"

namespace keytidy::audit {
namespace {

constexpr std::int64_t kDay = 86400;
constexpr std::int64_t kSoon = 14 * kDay;
constexpr std::int64_t kFirst = 1104537600;  // 2005-01-01: older is an error

struct Limit {
  std::int64_t warn = 0;  // days; worth a word
  std::int64_t days = 0;  // too old
  Severity severity = Severity::kMedium;
};

// The tiers of docs/audit.md, by how often such keys are to be replaced.
std::optional<Limit> LimitOf(Tier tier) {
  switch (tier) {
    case Tier::kHigh:
      return Limit{30, 60, Severity::kHigh};
    case Tier::kStandard:
      return Limit{90, 90, Severity::kMedium};
    case Tier::kLow:
      return Limit{180, 180, Severity::kLow};
    case Tier::kCi:
      return Limit{30, 30, Severity::kMedium};
    case Tier::kNone:
      break;
  }
  return std::nullopt;
}

void CheckEnd(const Scene& scene, const KeyUse& use, Problems* out) {
  if (!use.has_claims) return;
  if (!use.expires) {
    out->Add(
        "NO-EXPIRY", use,
        {fmt::format("{} says of itself that it never expires.", KeyText(use)),
         "Have one issued that does.",
         {},
         0});
    return;
  }
  const std::int64_t left = *use.expires - scene.now;
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

void CheckGroup(const Scene& scene, const KeyGroup& group, Problems* out) {
  const KeyUse* use = nullptr;
  for (const KeyUse* one : group.uses) {
    if (IsInUse(scene, *one) && one->rule != &PlainRule()) {
      use = one;
      break;
    }
  }
  if (use == nullptr) return;
  CheckEnd(scene, *use, out);
  const auto limit = LimitOf(use->rule->tier);
  const bool believable =
      use->issued && *use->issued >= kFirst && *use->issued <= scene.now;
  if (!believable) {
    if (limit) {
      out->Add("AGE-UNKNOWN", *use,
               {fmt::format("Nothing tells how old {} is.",
                            [&] {
                              std::string key = KeyText(*use);
                              key[0] = ToLower(key[0]);
                              return key;
                            }()),
                "Look it up at its provider, and replace it if in doubt.",
                {},
                0});
    }
    return;
  }
  const std::int64_t days = (scene.now - *use->issued) / kDay;
  if (!limit || days <= limit->warn) return;
  const bool old = days > limit->days;
  out->Add(
      "AGE-N", *use,
      {fmt::format(
           "{} was issued {} ago, by its own word; keys of its "
           "tier are to be replaced after {}.",
           KeyText(*use), Count(static_cast<std::uint64_t>(days), "day"),
           Count(static_cast<std::uint64_t>(old ? limit->days : limit->warn),
                 "day")),
       std::string(use->rule->advice),
       old ? limit->severity : Severity::kMedium, 0});
}

}  // namespace

void CheckAge(const Scene& scene, Problems* out) {
  for (const KeyGroup& group : scene.groups) CheckGroup(scene, group, out);
}

}  // namespace keytidy::audit
