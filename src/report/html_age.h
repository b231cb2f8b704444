// SPDX-License-Identifier: Apache-2.0
//
// How old a key is against its limit, and by whose word.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "core/finding.h"
#include "core/policy.h"
#include "report/html.h"

namespace keytidy::report {

// After how many days keys of this tier are to be replaced.
std::optional<std::int64_t> LimitDays(Tier tier);

// The limits that hold for a key: those of the options, or its tier's.
AgeLimits LimitsOf(const Finding& finding, const HtmlOptions& options = {});

// Where a key stands. The lower end of its age decides on kOver, the upper end
// on kMaybeOver; an age without an upper end may be any.
enum class AgeState : std::uint8_t {
  kUnknown,
  kNoLimit,
  kWithin,
  kMaybeOver,
  kOver
};
AgeState AgeStateOf(const Finding& finding, const HtmlOptions& options = {});

// "over", "maybe over", "within", "no limit" or "unknown".
std::string_view Name(AgeState state);

// "93 days", "93–120 days", "93 days or more", "120 days or less"; "unknown".
std::string DaysText(const Age& age);

// One piece of evidence as markup: "first committed 2026-03-31". A source that
// is not known by name stands for itself.
std::string HtmlEvidence(const AgeEvidence& evidence);

}  // namespace keytidy::report
