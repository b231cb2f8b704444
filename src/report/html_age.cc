// SPDX-License-Identifier: Apache-2.0
#include "report/html_age.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "base/text.h"
#include "base/time.h"
#include "report/html_parts.h"

namespace keytidy::report {
namespace {

constexpr std::array<std::string_view, 5> kStates = {
    "unknown", "no limit", "within", "maybe over", "over"};

struct Source {
  std::string_view name;
  std::string_view before;
  std::string_view after;
};

constexpr Source kSources[] = {
    {"provider-created", "made", ", its provider says"},
    {"provider-last-used", "used", ", its provider says"},
    {"token-claim", "issued", ", it says itself"},
    {"uuid7", "made", ", says the time in its UUID"},
    {"ulid", "made", ", says the time in its ULID"},
    {"ksuid", "made", ", says the time in its KSUID"},
    {"objectid", "made", ", says the time in its ObjectId"},
    {"git-first-commit", "first committed", ""},
    {"git-last-commit", "last seen in a commit of", ""},
    {"inventory-first-seen", "first seen by the inventory", ""},
    {"transcript", "in a transcript of", ""},
    {"history", "in a command history of", ""},
    {"log", "in a log of", ""},
    {"dated-log", "in a log of", ""},
    {"token-not-before", "holds from", ", it says itself"},
    {"token-expires", "expires", ", it says itself"},
    {"token-never-expires", "issued without an end", ""},
    {"dated-backup", "in a backup of", ""},
    {"format-introduced", "its format is no older than", ""},
    {"account-created", "its account is no older than", ""},
};

std::string Days(std::int64_t days) {
  return Count(static_cast<std::uint64_t>(std::max<std::int64_t>(days, 0)),
               "day");
}

}  // namespace

std::optional<std::int64_t> LimitDays(Tier tier) {
  return PolicyTiers().LimitsOf(tier).fail_days;
}

AgeLimits LimitsOf(const Finding& finding, const HtmlOptions& options) {
  const auto own = options.limits.find(finding.id);
  return own != options.limits.end()
             ? own->second
             : PolicyTiers().LimitsOf(finding.rule->tier);
}

AgeState AgeStateOf(const Finding& finding, const HtmlOptions& options) {
  const Age& age = finding.age;
  if (!age.at_least_days && !age.at_most_days) return AgeState::kUnknown;
  const auto limit = LimitsOf(finding, options).fail_days;
  if (!limit) return AgeState::kNoLimit;
  if (age.at_least_days.value_or(0) > *limit) return AgeState::kOver;
  if (!age.at_most_days || *age.at_most_days > *limit) {
    return AgeState::kMaybeOver;
  }
  return AgeState::kWithin;
}

std::string_view Name(AgeState state) {
  return kStates[static_cast<std::size_t>(state)];
}

std::string DaysText(const Age& age) {
  if (age.at_least_days && age.at_most_days) {
    if (*age.at_most_days <= *age.at_least_days) {
      return Days(*age.at_least_days);
    }
    const auto low = static_cast<std::uint64_t>(
        std::max<std::int64_t>(*age.at_least_days, 0));
    return WithThousands(low) + "–" + Days(*age.at_most_days);
  }
  if (age.at_least_days) return Days(*age.at_least_days) + " or more";
  if (age.at_most_days) return Days(*age.at_most_days) + " or less";
  return "unknown";
}

std::string HtmlEvidence(const AgeEvidence& evidence) {
  const std::string day = IsoTime(evidence.at).substr(0, 10);
  const std::string time = fmt::format("<time>{}</time>", day);
  const auto* known = std::find_if(
      std::begin(kSources), std::end(kSources),
      [&](const Source& one) { return one.name == evidence.source; });
  if (known != std::end(kSources)) {
    return fmt::format("{} {}{}", known->before, time, known->after);
  }
  std::string source = evidence.source;
  std::replace(source.begin(), source.end(), '-', ' ');
  return fmt::format("{}: {}", HtmlShort(source, 80), time);
}

}  // namespace keytidy::report
