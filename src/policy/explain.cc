// SPDX-License-Identifier: Apache-2.0
#include "policy/explain.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <tuple>

#include "policy/breach.h"
#include "policy/policy_terms.h"

namespace keytidy::policy {
namespace {

std::string ValueText(std::int64_t days) { return DaysText(days); }
std::string ValueText(bool value) { return value ? "true" : "false"; }
std::string ValueText(Tier tier) { return std::string(Name(tier)); }
std::string ValueText(Severity severity) { return std::string(Name(severity)); }
std::string ValueText(const std::string& text) { return text; }
std::string ValueText(const std::vector<std::string>& texts) {
  return texts.empty() ? "none" : fmt::format("{}", fmt::join(texts, ", "));
}

void Lower(const std::optional<Terms::Limit>& limit,
           std::optional<std::int64_t>* days) {
  if (limit && (!*days || limit->days < **days)) *days = limit->days;
}

}  // namespace

Explanation Explain(const Policy& policy, const PolicyKey& key) {
  const Terms terms(policy, key);
  Explanation out;
  for (const PolicyRule* rule : terms.rules()) {
    out.rules.push_back(terms.NameOf(rule));
  }
  std::reverse(out.rules.begin(), out.rules.end());
  const auto explain = [&](const auto& field) {
    const auto found = terms.Find(field.member);
    if (field.name == "max_age" || field.name == "warn_age") {
      const auto limit =
          field.name == "max_age" ? terms.MaxAge() : terms.WarnAge();
      out.fields.push_back({std::string(field.name),
                            limit ? DaysText(limit->days) : "none",
                            limit ? terms.ByText(*limit) : "tier none"});
    } else if (found.value != nullptr) {
      out.fields.push_back({std::string(field.name), ValueText(*found.value),
                            terms.NameOf(found.rule)});
    } else if (field.name == "tier") {
      out.fields.push_back({"tier", ValueText(key.tier), "its kind"});
    }
  };
  std::apply([&](const auto&... field) { (explain(field), ...); }, kRuleFields);
  for (const Waiver& waiver : policy.waivers) {
    if (!waiver.fingerprint.empty() && waiver.fingerprint != key.id) continue;
    if (!Fits(waiver.fits, key)) continue;
    out.waivers.push_back(
        fmt::format("{}: {} until {}: {}", FileLine(policy, waiver.line),
                    waiver.owner, waiver.until, waiver.reason));
  }
  return out;
}

AgeLimits AgeLimitsOf(std::span<const Policy> policies, const PolicyKey& key) {
  if (policies.empty()) return PolicyTiers().LimitsOf(key.tier);
  AgeLimits out;
  for (const Policy& policy : policies) {
    const Terms terms(policy, key);
    Lower(terms.WarnAge(), &out.warn_days);
    Lower(terms.MaxAge(), &out.fail_days);
  }
  return out;
}

}  // namespace keytidy::policy
