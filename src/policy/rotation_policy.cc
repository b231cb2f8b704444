// SPDX-License-Identifier: Apache-2.0
#include "policy/rotation_policy.h"

#include <algorithm>
#include <iterator>
#include <optional>
#include <string_view>
#include <tuple>
#include <vector>

#include "base/text.h"
#include "base/time.h"
#include "policy/check_table.h"

namespace keytidy::policy {
namespace {

using config::Errors;
using config::Node;
using config::TableReader;

constexpr std::int64_t kMostDays = 36500;
constexpr std::int64_t kDay = 86400;

// Members of an array of strings, none of them empty.
std::vector<std::string> ReadTexts(TableReader& table, std::string_view key) {
  std::vector<std::string> out = table.Strings(key);
  if (std::find(out.begin(), out.end(), "") != out.end()) {
    table.Error(key, fmt::format("'{}' holds an empty text", key));
  }
  return out;
}

std::string ReadText(TableReader& table, std::string_view key) {
  const auto text = table.String(key);
  if (text && text->empty()) {
    table.Error(key, fmt::format("'{}' must not be empty", key));
  }
  return text.value_or("");
}

Selectors ReadSelectors(TableReader& table) {
  Selectors out;
  out.provider = ReadText(table, "provider");
  out.rule = ReadText(table, "rule");
  out.environment = ReadText(table, "environment");
  out.name = ReadText(table, "name");
  out.place = ReadText(table, "place");
  return out;
}

// One overload for each type of field.
void ReadField(TableReader& table, std::string_view key,
               std::optional<std::int64_t>* out) {
  *out = table.Integer(key, 1, kMostDays);
}

void ReadField(TableReader& table, std::string_view key,
               std::optional<bool>* out) {
  *out = table.Bool(key);
}

void ReadField(TableReader& table, std::string_view key,
               std::optional<std::string>* out) {
  const std::string text = ReadText(table, key);
  if (!text.empty()) *out = text;
}

void ReadField(TableReader& table, std::string_view key,
               std::optional<Tier>* out) {
  const auto name = table.String(key);
  if (!name) return;
  *out = ParseTier(*name);
  if (!*out) {
    table.Error(key, fmt::format("'{}' must be one of high, standard, low, ci, "
                                 "none",
                                 key));
  }
}

void ReadField(TableReader& table, std::string_view key,
               std::optional<Severity>* out) {
  const auto name = table.String(key);
  if (!name) return;
  *out = ParseSeverity(*name);
  if (!*out) {
    table.Error(key, fmt::format("'{}' must be one of critical, high, medium, "
                                 "low, info",
                                 key));
  }
}

void ReadField(TableReader& table, std::string_view key,
               std::optional<std::vector<std::string>>* out) {
  if (table.Any(key) == nullptr) return;
  *out = table.Strings(key);
  const std::vector<std::string_view> known(std::begin(kForbiddable),
                                            std::end(kForbiddable));
  for (const std::string& word : **out) {
    if (std::find(known.begin(), known.end(), word) != known.end()) continue;
    const std::string_view near = Nearest(word, known);
    table.Error(key,
                near.empty()
                    ? fmt::format("'{}' holds argv, url and tracked, not '{}'",
                                  key, word)
                    : fmt::format("'{}' holds argv, url and tracked, not '{}'; "
                                  "did you mean '{}'?",
                                  key, word, near));
  }
}

PolicyRule ReadRule(const Node& node, Errors* errors) {
  TableReader table(node, "policy rule", errors);
  PolicyRule out;
  out.line = node.place.line;
  out.fits = ReadSelectors(table);
  std::apply(
      [&](const auto&... field) {
        (ReadField(table, field.name, &(out.*field.member)), ...);
      },
      kRuleFields);
  if (out.warn_age && out.max_age && *out.warn_age > *out.max_age) {
    table.Error("warn_age", "'warn_age' must not be above 'max_age'");
  }
  table.Finish();
  return out;
}

void ReadTier(TableReader& tiers, std::string_view name, Errors* errors,
              TierLimits* out) {
  const Node* node = tiers.Table(name);
  if (node == nullptr) return;
  TableReader table(*node, fmt::format("policy.tiers.{}", name), errors);
  const auto warn = table.Integer("warn", 1, kMostDays);
  const auto fail = table.Integer("fail", 1, kMostDays);
  if (fail) out->fail_days = *fail;
  // A lower limit alone brings its warning down with it.
  out->warn_days = warn.value_or(std::min(out->warn_days, out->fail_days));
  if (out->warn_days > out->fail_days) {
    table.Error("warn", fmt::format("'warn' must not be above 'fail' ({} days)",
                                    out->fail_days));
  }
  table.Finish();
}

// "2026-12-31" and no other form of time.
std::optional<std::int64_t> ParseDay(std::string_view text) {
  if (text.size() != 10 || text[4] != '-' || text[7] != '-') return {};
  return ParseTime(text);
}

// Ids of checks that a waiver may name: all but that of waivers themselves.
std::vector<std::string> ReadChecks(TableReader& table) {
  std::vector<std::string> out;
  if (table.Any("checks") == nullptr) return out;
  out = table.Strings("checks");
  if (out.empty()) {
    table.Error("checks", "'checks' names no check; leave it out for all");
  }
  std::vector<std::string_view> known;
  for (const PolicyCheckInfo& check : PolicyChecks()) {
    if (check.id != "WAIVER-EXPIRED") known.push_back(check.id);
  }
  for (const std::string& id : out) {
    if (std::find(known.begin(), known.end(), id) != known.end()) continue;
    const std::string_view near = Nearest(id, known);
    table.Error(
        "checks",
        fmt::format(
            "unknown check '{}'{}", id,
            near.empty() ? "" : fmt::format("; did you mean '{}'?", near)));
  }
  return out;
}

Waiver ReadWaiver(const Node& node, Errors* errors) {
  TableReader table(node, "policy waiver", errors);
  Waiver out;
  out.line = node.place.line;
  out.fits = ReadSelectors(table);
  out.fingerprint = ReadText(table, "fingerprint");
  if (!out.fingerprint.empty() && !out.fingerprint.starts_with("kt-")) {
    table.Error("fingerprint", "a fingerprint is the id of a key, kt-…");
  }
  if (node.kind == Node::Kind::kTable && out.fits.empty() &&
      out.fingerprint.empty()) {
    errors->Add(node.place,
                "policy waiver: needs 'fingerprint', 'provider', 'rule', "
                "'environment', 'name' or 'place'; without one it would excuse "
                "everything");
  }
  out.checks = ReadChecks(table);
  out.owner = table.RequiredString("owner");
  out.reason = table.RequiredString("reason");
  const Node* until = table.Any("until");
  const auto day = until != nullptr && until->kind == Node::Kind::kString
                       ? ParseDay(until->string)
                       : std::nullopt;
  if (day) {
    out.until = until->string;
    out.ends = *day + kDay;
  } else {
    table.Error("until", until == nullptr
                             ? "'until' is missing"
                             : "'until' must be a day in quotes, as in "
                               "\"2026-12-31\"");
  }
  table.Finish();
  return out;
}

constexpr std::string_view kStarter =
    R"(# Rotation policy (`keytidy policy check`). Ages are whole days.
# A key fails when it is surely older than its limit, and warns when it may be.
# Uncomment what begins with "#" and no blank.

[policy]
# People who left: every key of theirs fails.
leavers = []
# Names (globs) that are good whatever name_pattern says.
allowed_labels = []

# Each kind of key has a tier; `keytidy policy explain KEY` shows which.
[policy.tiers]
high = { warn = 30, fail = 60 }        # payments, telephony, cloud admins
standard = { warn = 90, fail = 90 }    # keys that people hold
low = { warn = 180, fail = 180 }       # read-only and test keys
ci = { warn = 7, fail = 30 }           # machines that build

# Rules fit by provider, rule, environment, name and place; all that are given
# must fit. Of several that fit, the last one that sets a field wins that field.
# The first rule fits every key, so it holds until a later one says otherwise.
[[policy.rule]]
owner_required = true
one_per_client = true
one_per_environment = true
forbidden_places = ["argv", "url", "tracked"]
known_hosts_only = true
pinned_packages = true
idle_limit = 90
#must_expire = true
#max_lifetime = 365
#name_pattern = "client-device-purpose"

#[[policy.rule]]
#environment = "prod"
#tier = "high"
#idle_limit = 45
#severity = "high"

#[[policy.rule]]
#rule = "github-*"
#place = ".github/**"
#tier = "ci"

#[[policy.rule]]
#provider = "stripe"
#name = "*-test"
#max_age = 120
#warn_age = 100

# A waiver needs an owner, a reason and a last day; after that day it fails.
#[[policy.waiver]]
#fingerprint = "kt-0000000000000000"
#checks = ["AGE-N"]
#owner = "ana@example.com"
#reason = "the vendor changes its API in December"
#until = "2026-12-31"
)";

}  // namespace

Result<Policy> ReadPolicy(const Node& node, Errors* errors) {
  TableReader table(node, "policy", errors);
  Policy out;
  if (const Node* tiers_node = table.Table("tiers")) {
    TableReader tiers(*tiers_node, "policy.tiers", errors);
    ReadTier(tiers, "high", errors, &out.tiers.high);
    ReadTier(tiers, "standard", errors, &out.tiers.standard);
    ReadTier(tiers, "low", errors, &out.tiers.low);
    ReadTier(tiers, "ci", errors, &out.tiers.ci);
    tiers.Finish();
  }
  for (const Node* rule : table.Tables("rule")) {
    out.rules.push_back(ReadRule(*rule, errors));
  }
  for (const Node* waiver : table.Tables("waiver")) {
    out.waivers.push_back(ReadWaiver(*waiver, errors));
  }
  out.leavers = ReadTexts(table, "leavers");
  out.allowed_labels = ReadTexts(table, "allowed_labels");
  table.Finish();
  if (!errors->empty()) return Fail(errors->Take());
  return out;
}

std::string StarterPolicy() { return std::string(kStarter); }

}  // namespace keytidy::policy
