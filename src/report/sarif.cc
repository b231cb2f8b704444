// SPDX-License-Identifier: Apache-2.0
//
// SARIF 2.1.0 with Errata 01: one run, one result per occurrence.
//
// Columns: ours count bytes; SARIF knows UTF-16 code units and Unicode code
// points. The run declares code points and gives those. byteOffset and
// byteLength are in bytes of the file.
#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "base/text.h"
#include "report/json_finding.h"
#include "report/summary.h"
#include "report/tool.h"
#include "report/writer.h"

namespace keytidy::report {
namespace {

constexpr std::string_view kSchemaUri =
    "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/"
    "sarif-schema-2.1.0.json";

std::string_view Level(Severity severity) {
  if (severity >= Severity::kHigh) return "error";
  return severity == Severity::kMedium ? "warning" : "note";
}

// The scale of code scanning services: from 9.0 critical, from 7.0 high, from
// 4.0 medium, above zero low.
std::string_view SecuritySeverity(Severity severity) {
  constexpr std::string_view kScores[] = {"0.0", "3.0", "5.5", "8.0", "9.5"};
  return kScores[static_cast<std::size_t>(severity)];
}

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

// `severity` is the highest of the rule's findings: what was configured counts
// more than what the catalogue says.
Json RuleJson(const Rule& rule, Severity severity) {
  Json json;
  json["id"] = rule.id;
  json["name"] = PascalCase(rule.id);
  json["shortDescription"] = Json{{"text", rule.title}};
  json["fullDescription"] =
      Json{{"text", fmt::format("{} in clear text.", rule.title)}};
  json["help"] = HelpJson(rule);
  json["defaultConfiguration"] = Json{{"level", Level(severity)}};
  json["properties"] = Json{{"security-severity", SecuritySeverity(severity)},
                            {"tags", Json::array({"security", "secret"})}};
  return json;
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
  json["level"] = Level(finding.severity);
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
  struct Entry {
    const Rule* rule = nullptr;
    Severity severity = Severity::kInfo;
    std::size_t index = 0;
  };
  std::map<std::string_view, Entry> entries;  // sorted by id
  for (const Finding& finding : report.findings) {
    Entry& entry = entries[finding.rule->id];
    entry.rule = finding.rule;
    entry.severity = std::max(entry.severity, finding.severity);
  }
  Json rules = Json::array();
  for (auto& [id, entry] : entries) {
    entry.index = rules.size();
    rules.push_back(RuleJson(*entry.rule, entry.severity));
  }
  Json results = Json::array();
  for (const Finding& finding : report.findings) {
    const auto indices = IndexInPath(finding);
    for (std::size_t i = 0; i < finding.occurrences.size(); ++i) {
      results.push_back(ResultJson(finding, finding.occurrences[i],
                                   entries[finding.rule->id].index,
                                   indices[i]));
    }
  }
  const Coverage& coverage = report.coverage;
  Json run;
  run["tool"] = Json{{"driver", Json{{"name", kToolName},
                                     {"semanticVersion", ToolVersion()},
                                     {"rules", std::move(rules)}}}};
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
