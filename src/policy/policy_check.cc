// SPDX-License-Identifier: Apache-2.0
#include "policy/policy_check.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <string>
#include <string_view>
#include <tuple>
#include <utility>

#include "policy/breach.h"
#include "policy/check_table.h"
#include "policy/key_check.h"

namespace keytidy::policy {
namespace {

void AddEndedWaivers(const Policy& policy, std::int64_t now,
                     std::vector<Violation>* out) {
  const PolicyCheckInfo& check = CheckOf("WAIVER-EXPIRED");
  for (const Waiver& waiver : policy.waivers) {
    if (now < waiver.ends) continue;
    Violation violation = MakeViolation(
        check, check.broken,
        fmt::format("The waiver of {} ended on {} ({}).", waiver.owner,
                    waiver.until, waiver.reason),
        DecisionOf(check.broken,
                   fmt::format("the waiver's last day, {}", waiver.until)));
    violation.finding = waiver.fingerprint;
    violation.path = policy.name;
    violation.line = waiver.line;
    out->push_back(std::move(violation));
  }
}

auto SortKey(const Violation& v) {
  static const ClientPlace kNobody;
  const ClientPlace& client = v.client ? *v.client : kNobody;
  return std::tie(v.path, v.line, v.check, v.finding, v.message, client.name,
                  client.server, client.slot);
}

bool ComesBefore(const Violation& a, const Violation& b) {
  if (a.severity != b.severity) return a.severity > b.severity;
  const auto left = SortKey(a);
  const auto right = SortKey(b);
  if (left != right) return left < right;
  return std::tie(a.decision.action, a.decision.because) <
         std::tie(b.decision.action, b.decision.because);
}

// One for each message about a key's place; of equal ones the strictest.
void SortUnique(std::vector<Violation>* list) {
  std::sort(list->begin(), list->end(), ComesBefore);
  list->erase(std::unique(list->begin(), list->end(),
                          [](const Violation& a, const Violation& b) {
                            return a.severity == b.severity &&
                                   SortKey(a) == SortKey(b);
                          }),
              list->end());
}

}  // namespace

PolicyChecker::PolicyChecker(std::span<const Policy> policies, std::int64_t now)
    : now_(now) {
  static const Policy kTiersAlone;
  if (policies.empty()) policies = std::span(&kTiersAlone, 1);
  policies_.reserve(policies.size());
  for (const Policy& policy : policies) policies_.emplace_back(policy, now);
}

bool PolicyChecker::Add(const PolicyKey& key) {
  if (key.verdict == VerdictState::kInactive) {
    reuse_.Add(key, {});
    return false;
  }
  const KeyView view(key, now_);
  std::vector<Breach> found;
  std::vector<Breach> if_shared;
  for (const PolicyInForce& policy : policies_) {
    KeyBreaches more = CheckKey(view, policy);
    AddWorst(std::move(more.found), &found);
    AddWorst(std::move(more.if_shared), &if_shared);
  }
  if (!found.empty()) {
    const std::string text = KeyText(key);
    const PolicyPlace* const first = FirstPlace(key);
    for (Breach& one : found) {
      Violation violation = MakeViolation(*one.check, one.severity,
                                          fmt::format("{} {}.", text, one.what),
                                          std::move(one.decision));
      SetKey(key.id, &violation);
      // What is about all of a key stands at the first of its places.
      const PolicyPlace* place = one.place != nullptr ? one.place : first;
      if (place != nullptr) SetPlace(*place, &violation);
      out_.push_back(std::move(violation));
    }
  }
  return reuse_.Add(key, if_shared) || !found.empty();
}

std::vector<Violation> PolicyChecker::Finish() {
  std::vector<Violation> shared = reuse_.Finish();
  out_.insert(out_.end(), std::make_move_iterator(shared.begin()),
              std::make_move_iterator(shared.end()));
  for (const PolicyInForce& one : policies_) {
    AddEndedWaivers(one.policy, now_, &out_);
  }
  SortUnique(&out_);
  return std::move(out_);
}

std::vector<Violation> CheckPolicy(const Policy& policy,
                                   std::span<const PolicyKey> keys,
                                   std::int64_t now) {
  PolicyChecker checker(std::span(&policy, 1), now);
  for (const PolicyKey& key : keys) checker.Add(key);
  return checker.Finish();
}

}  // namespace keytidy::policy
