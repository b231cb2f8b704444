// SPDX-License-Identifier: Apache-2.0
#include "cli/reports_as_keys.h"

#include <algorithm>
#include <map>
#include <string_view>
#include <unordered_map>
#include <unordered_set>
#include <utility>

#include "base/file.h"
#include "cli/inventory_report.h"
#include "policy/place_kinds.h"
#include "report/read_report.h"

namespace keytidy::cli {
namespace {

constexpr std::size_t kMostBytes = std::size_t{256} << 20;

// The answer that proves something stays; facts are kept where the other
// report has none.
void Join(Verdict from, Verdict* into) {
  const auto proves = [](const Verdict& verdict) {
    return verdict.state == VerdictState::kActive ||
           verdict.state == VerdictState::kInactive;
  };
  if (proves(*into) && (!proves(from) || from.checked_at <= into->checked_at)) {
    std::swap(from, *into);
  }
  KeyFacts& facts = from.facts;
  const KeyFacts& old = into->facts;
  const auto keep = [](const auto& known, auto* value) {
    if (*value == std::remove_pointer_t<decltype(value)>()) *value = known;
  };
  keep(old.key_id, &facts.key_id);
  keep(old.name, &facts.name);
  keep(old.owner, &facts.owner);
  keep(old.account, &facts.account);
  keep(old.created, &facts.created);
  keep(old.expires, &facts.expires);
  keep(old.last_used, &facts.last_used);
  *into = std::move(from);
}

class Collector {
 public:
  explicit Collector(std::span<const Rule> rules) {
    for (const Rule& rule : rules) tiers_.emplace(rule.id, rule.tier);
  }

  void Add(report::ReportedRun run) {
    const policy::PlaceKinds kinds(run.violations);
    std::unordered_set<std::string_view> endless;
    for (const Violation& one : run.violations) {
      if (one.check == "NO-EXPIRY") endless.insert(one.finding);
    }
    for (report::ReportedFinding& finding : run.findings) {
      InventoryKey& key = KeyOf(finding);
      for (report::ReportedPlace& place : finding.places) {
        if (!place.allowed) AddPlace(finding.id, kinds, place, &key);
      }
      key.evidence.insert(key.evidence.end(), finding.evidence.begin(),
                          finding.evidence.end());
      if (endless.contains(finding.id)) {
        key.labels = {std::string(kNeverExpires)};
      }
      Join(std::move(finding.verdict), &key.verdict);
    }
  }

  std::vector<InventoryKey> Take() {
    std::vector<InventoryKey> out;
    out.reserve(keys_.size());
    for (auto& [id, key] : keys_) {
      key.name = key.verdict.facts.name;
      key.owner = key.verdict.facts.owner;
      out.push_back(std::move(key));
    }
    return out;
  }

 private:
  InventoryKey& KeyOf(const report::ReportedFinding& finding) {
    const auto [it, is_new] = keys_.try_emplace({finding.id, finding.rule});
    InventoryKey& key = it->second;
    if (is_new) {
      key.id = finding.id;
      key.rule = finding.rule;
      key.provider = finding.provider;
      key.title = finding.title;
      key.redacted = finding.redacted;
      const auto tier = tiers_.find(finding.rule);
      if (tier != tiers_.end()) key.tier = Name(tier->second);
    }
    return key;
  }

  static void AddPlace(std::string_view id, const policy::PlaceKinds& kinds,
                       report::ReportedPlace& place, InventoryKey* key) {
    InventoryPlace out;
    out.kinds = kinds.Of(id, place.path, place.client);
    out.path = std::move(place.path);
    out.line = place.line;
    if (place.client) {
      out.client = std::move(place.client->name);
      out.server = std::move(place.client->server);
      out.slot = std::move(place.client->slot);
    }
    key->places.push_back(std::move(out));
  }

  std::unordered_map<std::string_view, Tier> tiers_;
  std::map<std::pair<std::string, std::string>, InventoryKey> keys_;
};

}  // namespace

Result<ReportedKeys> KeysOfReports(const std::vector<std::string>& files,
                                   std::span<const Rule> rules) {
  Collector collector(rules);
  ReportedKeys out;
  for (const std::string& file : files) {
    auto text = ReadSmallFile(file, kMostBytes);
    if (!text) return Fail(text.error());
    auto run = report::ReadRun(file, *text);
    if (!run) return Fail(run.error());
    if (!run->complete) {
      out.incomplete.push_back(
          {file, "the report says that not all was read", {}, true});
    }
    collector.Add(*std::move(run));
  }
  out.keys = collector.Take();
  return out;
}

}  // namespace keytidy::cli
