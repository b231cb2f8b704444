// SPDX-License-Identifier: Apache-2.0
//
// GitLab's secret detection report, schema 15. The service knows no allowed or
// ignored findings, so those are left out.
#include <fmt/format.h>

#include <utility>

#include "base/digest.h"
#include "base/text.h"
#include "report/finding_text.h"
#include "report/json_finding.h"
#include "report/summary.h"
#include "report/terminal_text.h"
#include "report/tool.h"
#include "report/writer.h"

namespace keytidy::report {
namespace {

constexpr std::string_view kSchemaVersion = "15.0.4";

// The schema wants both times. The real ones would make two reports of the
// same input differ, so both are this one.
constexpr std::string_view kNoTime = "1970-01-01T00:00:00";

// The schema wants a commit. This is what stands there for the working tree.
constexpr std::string_view kNoCommit = "0000000";

constexpr std::size_t kMaxName = 255;  // by the schema

std::string_view SeverityName(Severity severity) {
  constexpr std::string_view kNames[] = {"Info", "Low", "Medium", "High",
                                         "Critical"};
  return kNames[static_cast<std::size_t>(severity)];
}

// In the form of a UUID, the same for the same name.
std::string UuidOf(std::string_view name) {
  const std::string hex = ToHex(Sha256(name));
  const std::string_view h = hex;
  return fmt::format("{}-{}-{}-{}-{}", h.substr(0, 8), h.substr(8, 4),
                     h.substr(12, 4), h.substr(16, 4), h.substr(20, 12));
}

// The same for the n-th place of a finding in a path, wherever its lines move.
std::string VulnerabilityId(const Finding& finding,
                            const Occurrence& occurrence,
                            std::size_t index_in_path) {
  return UuidOf(
      fmt::format("{}\n{}\n{}", finding.id, index_in_path, occurrence.path));
}

bool IsWebLink(std::string_view url) {
  return url.starts_with("https://") || url.starts_with("http://");
}

template <typename Sources>
Json LinksJson(const Sources& sources) {
  Json links = Json::array();
  for (const std::string_view source : sources) {
    if (IsWebLink(source)) links.push_back(Json{{"url", source}});
  }
  return links;
}

Json VulnerabilityJson(const Finding& finding, const Occurrence& occurrence,
                       std::size_t index_in_path) {
  const Rule& rule = *finding.rule;
  Json json;
  json["id"] = VulnerabilityId(finding, occurrence, index_in_path);
  json["category"] = "secret_detection";
  json["name"] = rule.title;
  json["description"] = fmt::format(
      "{}: {} ({}), confidence {}, {}.", rule.title, finding.redacted,
      Count(finding.length, "byte"), Name(finding.confidence), finding.id);
  if (const std::string live = LiveText(finding.verdict); !live.empty()) {
    json["description"] =
        json["description"].get<std::string>() + " Alive: " + live + ".";
  }
  if (occurrence.client) {
    json["description"] = json["description"].get<std::string>() + " Used by " +
                          ClientText(*occurrence.client) + ".";
  }
  json["severity"] = SeverityName(finding.severity);
  if (!rule.advice.empty()) json["solution"] = rule.advice;
  json["location"] = Json{{"file", PlaceName(occurrence)},
                          {"start_line", occurrence.range.line},
                          {"end_line", occurrence.range.end_line},
                          {"commit", Json{{"sha", kNoCommit}}}};
  json["identifiers"] =
      Json::array({Json{{"type", "keytidy_rule_id"},
                        {"name", fmt::format("keytidy rule {}", rule.id)},
                        {"value", rule.id}}});
  if (Json links = LinksJson(rule.sources); !links.empty()) {
    json["links"] = std::move(links);
  }
  return json;
}

std::string DescriptionOf(const Violation& violation) {
  std::string text = violation.message;
  if (!text.ends_with('.')) text += '.';
  if (violation.client) {
    text += " Kept by " + ClientText(*violation.client) + ".";
  }
  if (!violation.finding.empty()) {
    text += " Finding " + violation.finding + ".";
  }
  if (!violation.references.empty()) {
    text += " See " + ReferencesText(violation) + ".";
  }
  return text;
}

Json VulnerabilityJson(const Violation& violation, std::string_view key) {
  Json json;
  json["id"] = UuidOf(key);
  json["category"] = "secret_detection";
  json["name"] = KeepStart(ForTerminal(violation.message), kMaxName);
  json["description"] = DescriptionOf(violation);
  json["severity"] = SeverityName(violation.severity);
  if (!violation.fix.empty()) json["solution"] = violation.fix;
  Json location;
  if (!violation.path.empty()) location["file"] = violation.path;
  if (violation.line > 0) {
    location["start_line"] = violation.line;
    location["end_line"] = violation.line;
  }
  location["commit"] = Json{{"sha", kNoCommit}};
  json["location"] = std::move(location);
  json["identifiers"] = Json::array(
      {Json{{"type", "keytidy_check_id"},
            {"name", fmt::format("keytidy check {}", violation.check)},
            {"value", violation.check}}});
  if (Json links = LinksJson(violation.references); !links.empty()) {
    json["links"] = std::move(links);
  }
  return json;
}

Json ToolPartJson() {
  return Json{{"id", kToolName},
              {"name", kToolName},
              {"version", ToolVersion()},
              {"vendor", Json{{"name", kToolName}}}};
}

Json ScanJson(const Report& report) {
  Json messages = Json::array();
  messages.push_back(
      Json{{"level", "info"}, {"value", ReadText(report.coverage) + " read"}});
  for (const Skip& skip : report.coverage.skipped) {
    messages.push_back(
        Json{{"level", skip.incomplete ? "warn" : "info"},
             {"value",
              fmt::format("{}: {}: {}", skip.path,
                          skip.incomplete ? "could not be read" : "left out",
                          skip.reason)}});
  }
  for (const std::string& root : report.empty_roots) {
    messages.push_back(
        Json{{"level", "warn"},
             {"value", fmt::format("{}: {}", root, kHeldNothing)}});
  }
  for (const std::string& note : report.notes) {
    messages.push_back(Json{{"level", "info"}, {"value", note}});
  }
  Json json;
  json["analyzer"] = ToolPartJson();
  json["scanner"] = ToolPartJson();
  json["type"] = "secret_detection";
  json["start_time"] = kNoTime;
  json["end_time"] = kNoTime;
  json["status"] = report.complete ? "success" : "failure";
  json["messages"] = std::move(messages);
  return json;
}

}  // namespace

std::string WriteGitlab(const Report& report) {
  Json json;
  json["version"] = kSchemaVersion;
  json["scan"] = ScanJson(report);
  json["vulnerabilities"] = Json::array();
  for (const Finding& finding : report.findings) {
    if (finding.decision.action == Action::kIgnore) continue;
    const auto indices = IndexInPath(finding);
    for (std::size_t i = 0; i < finding.occurrences.size(); ++i) {
      const Occurrence& occurrence = finding.occurrences[i];
      if (occurrence.allowed) continue;
      json["vulnerabilities"].push_back(
          VulnerabilityJson(finding, occurrence, indices[i]));
    }
  }
  const auto keys = ViolationKeys(report);
  for (std::size_t i = 0; i < report.violations.size(); ++i) {
    if (!IsVisible(report.violations[i])) continue;
    json["vulnerabilities"].push_back(
        VulnerabilityJson(report.violations[i], keys[i]));
  }
  return Dump(json, 2) + "\n";
}

}  // namespace keytidy::report
