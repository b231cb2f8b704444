// SPDX-License-Identifier: Apache-2.0
//
// SARIF 2.1.0 with Errata 01: one run, one result per occurrence.
//
// Columns: ours count bytes; SARIF knows UTF-16 code units and Unicode code
// points. The run declares code points and gives those. byteOffset and
// byteLength are in bytes of the file.
#include <fmt/format.h>

#include <utility>

#include "base/text.h"
#include "report/finding_text.h"
#include "report/json_finding.h"
#include "report/sarif_rules.h"
#include "report/summary.h"
#include "report/tool.h"
#include "report/writer.h"

namespace keytidy::report {
namespace {

constexpr std::string_view kSchemaUri =
    "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/"
    "sarif-schema-2.1.0.json";

// RFC 3986. Everything but unreserved characters, `!` and the slash is
// encoded, byte for byte; so a colon in the first component is no scheme.
std::string Uri(std::string_view path) {
  std::string uri = path.starts_with('/') ? "file://" : "";
  for (const char c : path) {
    if (IsAlnum(c) ||
        std::string_view("/-._~!").find(c) != std::string_view::npos) {
      uri += c;
    } else {
      uri += fmt::format("%{:02X}", static_cast<unsigned char>(c));
    }
  }
  return uri;
}

Json RegionJson(const Occurrence& occurrence) {
  const TextRange& range = occurrence.range;
  Json json;
  if (range.line > 0) {
    json["startLine"] = range.line;
    json["startColumn"] = range.character_column;
    json["endLine"] = range.end_line;
    json["endColumn"] = range.end_character_column;
  }
  json["byteOffset"] = occurrence.span.start;
  json["byteLength"] = occurrence.span.size();
  return json;
}

Json LocationJson(std::string uri) {
  return Json{{"physicalLocation",
               Json{{"artifactLocation", Json{{"uri", std::move(uri)}}}}}};
}

// Whether `allowed` speaks of a marker in the scanned file, as policy/marker.h
// words it, and not of an allow rule or a baseline kept elsewhere.
bool IsInSource(std::string_view allowed) {
  return allowed.starts_with("keytidy:allow ") ||
         allowed.starts_with("marked ");
}

// An allowed place, or one of a finding that is ignored, stays in the log as
// suppressed.
Json SuppressionsJson(const Finding& finding, const Occurrence& occurrence) {
  Json list = Json::array();
  if (occurrence.allowed) {
    const std::string& why = *occurrence.allowed;
    list.push_back(Json{{"kind", IsInSource(why) ? "inSource" : "external"},
                        {"justification", why}});
  } else if (finding.decision.action == Action::kIgnore) {
    list.push_back(Json{{"kind", "external"},
                        {"justification", finding.decision.because}});
  }
  return list;
}

Json ResultJson(const Finding& finding, const Occurrence& occurrence,
                std::size_t rule_index, std::size_t index_in_path) {
  Json json;
  json["ruleId"] = finding.rule->id;
  json["ruleIndex"] = rule_index;
  json["level"] = SarifLevel(finding.severity);
  json["message"] = Json{
      {"text", fmt::format("{}: {} ({})", finding.rule->title, finding.redacted,
                           Count(finding.length, "byte"))}};
  Json location = LocationJson(Uri(PlaceName(occurrence)));
  location["physicalLocation"]["region"] = RegionJson(occurrence);
  json["locations"] = Json::array({std::move(location)});
  json["partialFingerprints"] =
      Json{{"keytidy/v1", fmt::format("{}:{}", finding.id, index_in_path)}};
  Json suppressions = SuppressionsJson(finding, occurrence);
  if (!suppressions.empty()) json["suppressions"] = std::move(suppressions);
  json["properties"] = Json{{"confidence", Name(finding.confidence)},
                            {"source", Name(occurrence.source)},
                            {"action", Name(finding.decision.action)}};
  if (occurrence.client) {
    json["properties"]["client"] = ClientJson(occurrence.client);
  }
  if (!TimesText(occurrence).empty()) {
    json["properties"]["times"] = occurrence.times;
    json["properties"]["files"] = occurrence.files;
  }
  if (finding.verdict.state != VerdictState::kNotTried) {
    json["properties"]["verdict"] = Name(finding.verdict.state);
    json["properties"]["evidence"] = finding.verdict.evidence;
  }
  if (occurrence.commit) {
    json["properties"]["commit"] = occurrence.commit->id;
    json["properties"]["committed"] = occurrence.commit->date;
  }
  return json;
}

Json ResultJson(const Violation& violation, std::size_t rule_index,
                const std::string& key) {
  Json json;
  json["ruleId"] = violation.check;
  json["ruleIndex"] = rule_index;
  json["level"] = SarifLevel(violation.severity);
  std::string text = violation.message;
  if (!violation.fix.empty()) {
    if (!text.ends_with('.')) text += '.';
    text += " " + violation.fix;
  }
  json["message"] = Json{{"text", std::move(text)}};
  if (!violation.path.empty()) {
    Json location = LocationJson(Uri(violation.path));
    if (violation.line > 0) {
      location["physicalLocation"]["region"] =
          Json{{"startLine", violation.line}};
    }
    json["locations"] = Json::array({std::move(location)});
  }
  json["partialFingerprints"] = Json{{"keytidy/v1", key}};
  if (!IsVisible(violation)) {
    json["suppressions"] = Json::array({Json{
        {"kind", "external"}, {"justification", violation.decision.because}}});
  }
  json["properties"] = Json{{"action", Name(violation.decision.action)},
                            {"references", violation.references}};
  if (!violation.finding.empty()) {
    json["properties"]["finding"] = violation.finding;
  }
  if (violation.client) {
    json["properties"]["client"] = ClientJson(violation.client);
  }
  return json;
}

Json NotificationJson(std::string_view level, const std::string& text,
                      std::string_view path) {
  Json json;
  json["level"] = level;
  json["message"] = Json{{"text", text}};
  if (!path.empty()) json["locations"] = Json::array({LocationJson(Uri(path))});
  return json;
}

Json InvocationJson(const Report& report) {
  Json notifications = Json::array();
  for (const Skip& skip : report.coverage.skipped) {
    notifications.push_back(NotificationJson(
        skip.incomplete ? "error" : "note",
        fmt::format("{}: {}",
                    skip.incomplete ? "could not be read" : "left out",
                    skip.reason),
        skip.path));
  }
  for (const std::string& root : report.empty_roots) {
    notifications.push_back(
        NotificationJson("error", std::string(kHeldNothing), root));
  }
  for (const std::string& note : report.notes) {
    notifications.push_back(NotificationJson("note", note, ""));
  }
  return Json{{"executionSuccessful", report.complete},
              {"toolExecutionNotifications", std::move(notifications)}};
}

}  // namespace

std::string WriteSarif(const Report& report) {
  const SarifRules rules(report);
  Json results = Json::array();
  for (const Finding& finding : report.findings) {
    const auto indices = IndexInPath(finding);
    for (std::size_t i = 0; i < finding.occurrences.size(); ++i) {
      results.push_back(ResultJson(finding, finding.occurrences[i],
                                   rules.IndexOf(finding), indices[i]));
    }
  }
  const auto keys = ViolationKeys(report);
  for (std::size_t i = 0; i < keys.size(); ++i) {
    const Violation& violation = report.violations[i];
    results.push_back(ResultJson(violation, rules.IndexOf(violation), keys[i]));
  }
  const Coverage& coverage = report.coverage;
  Json run;
  run["tool"] = Json{{"driver", Json{{"name", kToolName},
                                     {"semanticVersion", ToolVersion()},
                                     {"rules", rules.ToJson()}}}};
  run["columnKind"] = "unicodeCodePoints";
  run["invocations"] = Json::array({InvocationJson(report)});
  run["results"] = std::move(results);
  run["properties"] = Json{{"catalogue", report.catalogue},
                           {"coverage", Json{{"files", coverage.files},
                                             {"bytes", coverage.bytes},
                                             {"blobs", coverage.blobs},
                                             {"commits", coverage.commits}}},
                           {"belowConfidence", report.below_confidence}};
  Json log;
  log["$schema"] = kSchemaUri;
  log["version"] = "2.1.0";
  log["runs"] = Json::array({std::move(run)});
  return Dump(log, 2) + "\n";
}

}  // namespace keytidy::report
