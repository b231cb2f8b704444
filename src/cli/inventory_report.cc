// SPDX-License-Identifier: Apache-2.0
#include "cli/inventory_report.h"

#include <algorithm>
#include <tuple>
#include <utility>

#include "policy/age_interval.h"
#include "policy/evidence.h"

namespace keytidy::cli {
namespace {

bool Stands(const InventoryPlace& place) { return !place.gone_at; }

}  // namespace

bool StandsSomewhere(const InventoryKey& key) {
  return std::any_of(key.places.begin(), key.places.end(), Stands);
}

std::optional<policy::PolicyKey> KeyForPolicy(const InventoryKey& key,
                                              PlaceStages* stages) {
  if (!StandsSomewhere(key)) return {};
  policy::PolicyKey out;
  out.id = key.id;
  out.rule = key.rule;
  out.provider = key.provider;
  out.tier = ParseTier(key.tier).value_or(Tier::kStandard);
  out.name = key.name;
  out.owner = key.owner;
  out.environment = key.environment;
  out.redacted = key.redacted;
  for (const InventoryPlace& place : key.places) {
    if (!Stands(place)) continue;
    out.places.push_back({place.path, place.line, place.client, place.server,
                          place.slot, stages->EnvironmentOf(key, place),
                          place.kinds, place.machine});
  }
  out.evidence = policy::EvidenceOf(key);
  out.facts = key.verdict.facts;
  out.never_expires = std::find(key.labels.begin(), key.labels.end(),
                                kNeverExpires) != key.labels.end();
  out.verdict = key.verdict.state;
  return out;
}

FindingMaker::FindingMaker(std::span<const Rule> catalogue) {
  for (const Rule& rule : catalogue) rules_.emplace(rule.id, &rule);
}

const Rule* FindingMaker::RuleOf(const InventoryKey& key) {
  if (const auto it = rules_.find(key.rule); it != rules_.end()) {
    return it->second;
  }
  OwnRule& own =
      own_.emplace_back(OwnRule{key.rule, key.title, key.provider, {}});
  own.rule.id = own.id;
  own.rule.title = own.title;
  own.rule.provider = own.provider;
  own.rule.provider_name = own.provider;
  own.rule.tier = ParseTier(key.tier).value_or(Tier::kStandard);
  rules_.emplace(own.rule.id, &own.rule);
  return &own.rule;
}

Finding FindingMaker::Make(const InventoryKey& key, std::int64_t now) {
  Finding out;
  out.id = key.id;
  out.rule = RuleOf(key);
  out.severity = out.rule->severity;
  out.redacted = key.redacted;
  out.verdict = key.verdict;
  out.age.evidence = policy::EvidenceOf(key);
  const policy::AgeInterval age = policy::AgeFrom(out.age.evidence, now);
  out.age.at_least_days = age.at_least;
  out.age.at_most_days = age.at_most;
  for (const InventoryPlace& place : key.places) {
    if (!Stands(place)) continue;
    Occurrence occurrence;
    occurrence.path =
        place.machine.empty() ? place.path : place.machine + ":" + place.path;
    occurrence.range.line = std::max<std::uint64_t>(place.line, 1);
    occurrence.range.column = 1;
    if (!place.client.empty()) {
      occurrence.client = ClientPlace{place.client, place.server, place.slot};
    }
    out.occurrences.push_back(std::move(occurrence));
  }
  out.decision = {Action::kWarn, "judged by the policy"};
  return out;
}

void SortFindings(std::vector<Finding>* findings) {
  const auto order = [](const Finding& one) {
    const Occurrence& first = one.occurrences.front();
    return std::tie(first.path, first.range.line, one.rule->id, one.id);
  };
  std::sort(
      findings->begin(), findings->end(),
      [&](const Finding& a, const Finding& b) { return order(a) < order(b); });
}

}  // namespace keytidy::cli
