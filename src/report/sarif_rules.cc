// SPDX-License-Identifier: Apache-2.0
#include "report/sarif_rules.h"

#include <fmt/format.h>

#include <algorithm>
#include <string>

#include "base/text.h"

namespace keytidy::report {
namespace {

// The scale of code scanning services: from 9.0 critical, from 7.0 high, from
// 4.0 medium, above zero low.
std::string_view SecuritySeverity(Severity severity) {
  constexpr std::string_view kScores[] = {"0.0", "3.0", "5.5", "8.0", "9.5"};
  return kScores[static_cast<std::size_t>(severity)];
}

// "kryton-api-key" -> "KrytonApiKey": viewers expect an identifier.
std::string PascalCase(std::string_view id) {
  std::string name;
  bool up = true;
  for (const char c : id) {
    if (!IsAlnum(c)) {
      up = true;
      continue;
    }
    name += up && IsLower(c) ? static_cast<char>(c - 'a' + 'A') : c;
    up = false;
  }
  return name;
}

Json HelpJson(const Rule& rule) {
  std::string text = fmt::format("{}\n", rule.title);
  std::string markdown = fmt::format("# {}\n", rule.title);
  if (!rule.advice.empty()) {
    text += fmt::format("\nWhat to do: {}\n", rule.advice);
    markdown += fmt::format("\n**What to do:** {}\n", rule.advice);
  }
  if (!rule.sources.empty()) {
    text += "\nSources:\n";
    markdown += "\n**Sources**\n\n";
  }
  for (const std::string_view source : rule.sources) {
    text += fmt::format("{}\n", source);
    markdown += fmt::format("- <{}>\n", source);
  }
  return Json{{"text", text}, {"markdown", markdown}};
}

Json RuleJson(const Rule& rule, Severity severity) {
  Json json;
  json["id"] = rule.id;
  json["name"] = PascalCase(rule.id);
  json["shortDescription"] = Json{{"text", rule.title}};
  json["fullDescription"] =
      Json{{"text", fmt::format("{} in clear text.", rule.title)}};
  json["help"] = HelpJson(rule);
  json["defaultConfiguration"] = Json{{"level", SarifLevel(severity)}};
  json["properties"] = Json{{"security-severity", SecuritySeverity(severity)},
                            {"tags", Json::array({"security", "secret"})}};
  return json;
}

// Of a check. What is wrong and what to do differ from place to place and are
// said in the results.
Json CheckJson(std::string_view check, Severity severity,
               const std::set<std::string_view>& references) {
  const std::string title =
      fmt::format("{}: a check of how keys are kept", check);
  std::string text = fmt::format("{}\n", title);
  std::string markdown = fmt::format("# {}\n", title);
  if (!references.empty()) {
    text += "\nIt rests on:\n";
    markdown += "\n**It rests on**\n\n";
  }
  for (const std::string_view reference : references) {
    text += fmt::format("{}\n", reference);
    markdown += fmt::format("- {}\n", reference);
  }
  Json json;
  json["id"] = check;
  json["name"] = PascalCase(check);
  json["shortDescription"] = Json{{"text", title}};
  json["fullDescription"] = Json{
      {"text", fmt::format("{} and how the programs that use them are set up.",
                           title)}};
  json["help"] = Json{{"text", text}, {"markdown", markdown}};
  json["defaultConfiguration"] = Json{{"level", SarifLevel(severity)}};
  json["properties"] =
      Json{{"security-severity", SecuritySeverity(severity)},
           {"tags", Json::array({"security", "configuration"})}};
  return json;
}

}  // namespace

std::string_view SarifLevel(Severity severity) {
  if (severity >= Severity::kHigh) return "error";
  return severity == Severity::kMedium ? "warning" : "note";
}

SarifRules::SarifRules(const Report& report) {
  for (const Finding& finding : report.findings) {
    Entry& entry = entries_[{finding.rule->id, false}];
    entry.rule = finding.rule;
    entry.severity = std::max(entry.severity, finding.severity);
  }
  for (const Violation& violation : report.violations) {
    Entry& entry = entries_[{violation.check, true}];
    entry.severity = std::max(entry.severity, violation.severity);
    entry.references.insert(violation.references.begin(),
                            violation.references.end());
  }
  std::size_t index = 0;
  for (auto& [id, entry] : entries_) entry.index = index++;
}

std::size_t SarifRules::IndexOf(const Finding& finding) const {
  return entries_.at({finding.rule->id, false}).index;
}

std::size_t SarifRules::IndexOf(const Violation& violation) const {
  return entries_.at({violation.check, true}).index;
}

Json SarifRules::ToJson() const {
  Json rules = Json::array();
  for (const auto& [id, entry] : entries_) {
    rules.push_back(
        entry.rule != nullptr
            ? RuleJson(*entry.rule, entry.severity)
            : CheckJson(id.first, entry.severity, entry.references));
  }
  return rules;
}

}  // namespace keytidy::report
