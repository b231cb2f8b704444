// SPDX-License-Identifier: Apache-2.0
#include "policy/decide.h"

#include <fmt/format.h>

#include <algorithm>

namespace keytidy::policy {
namespace {

Decision DecisionFor(const Finding& finding, const Thresholds& thresholds) {
  const config::FailOn& fail_on = thresholds.fail_on;
  const bool all_allowed = std::all_of(
      finding.occurrences.begin(), finding.occurrences.end(),
      [](const Occurrence& place) { return place.allowed.has_value(); });
  if (all_allowed) {
    return {Action::kIgnore, *finding.occurrences.front().allowed};
  }
  if (thresholds.only_active) {
    const bool active = finding.verdict.state == VerdictState::kActive;
    return {active ? Action::kFail : Action::kWarn,
            fmt::format("verdict {}, --fail-on active",
                        Name(finding.verdict.state))};
  }
  if (!fail_on) return {Action::kWarn, "--fail-on never"};
  const bool fails = finding.severity >= *fail_on;
  return {fails ? Action::kFail : Action::kWarn,
          fmt::format("severity {} {} --fail-on {}", Name(finding.severity),
                      fails ? ">=" : "<", Name(*fail_on))};
}

}  // namespace

void Decide(const Thresholds& thresholds, Report* report) {
  const auto below = [&](const Finding& finding) {
    return finding.confidence < thresholds.min_confidence;
  };
  report->below_confidence += static_cast<std::uint64_t>(
      std::count_if(report->findings.begin(), report->findings.end(), below));
  std::erase_if(report->findings, below);
  for (Finding& finding : report->findings) {
    finding.decision = DecisionFor(finding, thresholds);
  }
}

}  // namespace keytidy::policy
