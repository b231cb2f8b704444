// SPDX-License-Identifier: Apache-2.0
#include "policy/decide.h"

#include <fmt/format.h>

#include <algorithm>

namespace keytidy::policy {
namespace {

Decision DecisionFor(Severity severity, const Thresholds& thresholds) {
  const config::FailOn& fail_on = thresholds.fail_on;
  if (!fail_on) return {Action::kWarn, "--fail-on never"};
  const bool fails = severity >= *fail_on;
  return {fails ? Action::kFail : Action::kWarn,
          fmt::format("severity {} {} --fail-on {}", Name(severity),
                      fails ? ">=" : "<", Name(*fail_on))};
}

Decision DecisionFor(const Finding& finding, const Thresholds& thresholds) {
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
  return DecisionFor(finding.severity, thresholds);
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
  for (Violation& violation : report->violations) {
    if (violation.decision.action == Action::kIgnore) continue;
    violation.decision = DecisionFor(violation.severity, thresholds);
  }
}

}  // namespace keytidy::policy
