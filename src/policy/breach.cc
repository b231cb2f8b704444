// SPDX-License-Identifier: Apache-2.0
#include "policy/breach.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <tuple>
#include <utility>

#include "base/text.h"

namespace keytidy::policy {
namespace {

auto SubjectOf(const Breach& one) {
  return std::tuple(one.check, one.place, one.kind);
}

bool IsWorse(const Breach& a, const Breach& b) {
  if (a.decision.action != b.decision.action) {
    return a.decision.action < b.decision.action;  // to fail comes first
  }
  return a.severity > b.severity;
}

}  // namespace

Decision DecisionOf(Severity severity, std::string because) {
  return {severity >= Severity::kMedium ? Action::kFail : Action::kWarn,
          std::move(because)};
}

void AddWorst(std::vector<Breach> more, std::vector<Breach>* breaches) {
  if (breaches->empty() || more.empty()) {
    if (breaches->empty()) *breaches = std::move(more);
    return;
  }
  std::move(more.begin(), more.end(), std::back_inserter(*breaches));
  std::stable_sort(breaches->begin(), breaches->end(),
                   [](const Breach& a, const Breach& b) {
                     if (SubjectOf(a) != SubjectOf(b)) {
                       return SubjectOf(a) < SubjectOf(b);
                     }
                     return IsWorse(a, b);
                   });
  const auto end = std::unique(breaches->begin(), breaches->end(),
                               [](const Breach& a, const Breach& b) {
                                 return SubjectOf(a) == SubjectOf(b);
                               });
  breaches->erase(end, breaches->end());
}

std::string KeyText(const PolicyKey& key) {
  const std::string& shown = key.redacted.empty() ? key.id : key.redacted;
  if (key.name.empty()) return fmt::format("The key {}", shown);
  return fmt::format("The key {} ({})", key.name, shown);
}

const PolicyPlace* FirstPlace(const PolicyKey& key) {
  if (key.places.empty()) return nullptr;
  return &*std::min_element(
      key.places.begin(), key.places.end(),
      [](const PolicyPlace& a, const PolicyPlace& b) {
        return std::tie(a.path, a.line, a.client, a.server, a.slot, a.machine) <
               std::tie(b.path, b.line, b.client, b.server, b.slot, b.machine);
      });
}

Violation MakeViolation(const PolicyCheckInfo& check, Severity severity,
                        std::string message, Decision decision) {
  Violation out;
  out.check = check.id;
  out.severity = severity;
  out.message = std::move(message);
  out.fix = check.fix;
  if (!check.references.empty()) {
    for (const std::string_view one : SplitText(check.references, "; ")) {
      out.references.emplace_back(one);
    }
  }
  out.decision = std::move(decision);
  return out;
}

void SetPlace(const PolicyPlace& place, Violation* violation) {
  violation->path = place.machine.empty()
                        ? place.path
                        : fmt::format("{}:{}", place.machine, place.path);
  violation->line = place.line;
  if (!place.client.empty()) {
    violation->client = ClientPlace{place.client, place.server, place.slot};
  }
}

void SetKey(std::string_view id, Violation* violation) {
  violation->finding = id;
  const std::size_t blank = violation->fix.find("{}");
  if (blank != std::string::npos) violation->fix.replace(blank, 2, id);
}

std::string DaysText(std::int64_t days) {
  return Count(static_cast<std::uint64_t>(std::max<std::int64_t>(days, 0)),
               "day");
}

}  // namespace keytidy::policy
