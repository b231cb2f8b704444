// SPDX-License-Identifier: Apache-2.0
#include "cli/inventory_report.h"

#include <algorithm>
#include <utility>

#include "policy/age_interval.h"

namespace keytidy::cli {
namespace {

bool Stands(const InventoryPlace& place) { return !place.gone_at; }

bool StandsSomewhere(const InventoryKey& key) {
  return std::any_of(key.places.begin(), key.places.end(), Stands);
}

// What the inventory itself proves, and what the provider said.
std::vector<AgeEvidence> EvidenceOf(const InventoryKey& key) {
  std::vector<AgeEvidence> out = key.evidence;
  if (key.first_seen > 0) {
    out.push_back({"inventory-first-seen", key.first_seen});
  }
  if (key.verdict.facts.created) {
    out.push_back({"provider-created", *key.verdict.facts.created});
  }
  return out;
}

const Rule* RuleOf(const InventoryKey& key, std::span<const Rule> rules,
                   std::deque<Rule>* own) {
  for (const Rule& rule : rules) {
    if (rule.id == key.rule) return &rule;
  }
  for (const Rule& rule : *own) {
    if (rule.id == key.rule) return &rule;
  }
  Rule rule;
  rule.id = key.rule;
  rule.title = key.title;
  rule.provider = key.provider;
  rule.provider_name = key.provider;
  rule.tier = ParseTier(key.tier).value_or(Tier::kNone);
  own->push_back(rule);
  return &own->back();
}

}  // namespace

std::vector<policy::PolicyKey> KeysForPolicy(
    std::span<const InventoryKey> keys) {
  std::vector<policy::PolicyKey> out;
  for (const InventoryKey& key : keys) {
    if (!StandsSomewhere(key)) continue;
    policy::PolicyKey one;
    one.id = key.id;
    one.rule = key.rule;
    one.provider = key.provider;
    one.tier = ParseTier(key.tier).value_or(Tier::kStandard);
    one.name = key.name;
    one.owner = key.owner;
    one.environment = key.environment;
    one.redacted = key.redacted;
    for (const InventoryPlace& place : key.places) {
      if (!Stands(place)) continue;
      one.places.push_back({place.path,
                            place.line,
                            place.client,
                            place.server,
                            place.slot,
                            {},
                            place.kinds});
    }
    one.evidence = EvidenceOf(key);
    one.facts = key.verdict.facts;
    one.verdict = key.verdict.state;
    out.push_back(std::move(one));
  }
  return out;
}

Report ReportOf(std::span<const InventoryKey> keys, std::span<const Rule> rules,
                std::deque<Rule>* own, std::int64_t now) {
  Report out;
  out.rules = rules;
  for (const InventoryKey& key : keys) {
    if (!StandsSomewhere(key)) continue;
    Finding finding;
    finding.id = key.id;
    finding.rule = RuleOf(key, rules, own);
    finding.severity = finding.rule->severity;
    finding.redacted = key.redacted;
    finding.verdict = key.verdict;
    finding.age.evidence = EvidenceOf(key);
    const policy::AgeInterval age = policy::AgeFrom(finding.age.evidence, now);
    finding.age.at_least_days = age.at_least;
    finding.age.at_most_days = age.at_most;
    for (const InventoryPlace& place : key.places) {
      if (!Stands(place)) continue;
      Occurrence occurrence;
      occurrence.path = place.machine + ":" + place.path;
      occurrence.range.line = std::max<std::uint64_t>(place.line, 1);
      occurrence.range.column = 1;
      if (!place.client.empty()) {
        occurrence.client = ClientPlace{place.client, place.server, place.slot};
      }
      finding.occurrences.push_back(std::move(occurrence));
    }
    finding.decision = {Action::kWarn, "judged by the policy"};
    out.findings.push_back(std::move(finding));
  }
  return out;
}

}  // namespace keytidy::cli
