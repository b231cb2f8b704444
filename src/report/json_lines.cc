// SPDX-License-Identifier: Apache-2.0
#include <utility>

#include "report/json_finding.h"
#include "report/writer.h"

namespace keytidy::report {
namespace {

// One line: `fields` with the type in front.
std::string Line(std::string_view type, const Json& fields) {
  Json json;
  json["type"] = type;
  for (const auto& [name, value] : fields.items()) json[name] = value;
  return Dump(json, -1) + "\n";
}

Json Summary(const Report& report) {
  const Coverage& coverage = report.coverage;
  Json json;
  json["complete"] = report.complete;
  json["coverage"] = Json{{"files", coverage.files},
                          {"bytes", coverage.bytes},
                          {"blobs", coverage.blobs},
                          {"commits", coverage.commits},
                          {"skipped", coverage.skipped.size()},
                          {"empty_roots", report.empty_roots.size()}};
  json["findings"] = report.findings.size();
  json["violations"] = report.violations.size();
  json["below_confidence"] = report.below_confidence;
  return json;
}

}  // namespace

std::string WriteJsonLines(const Report& report) {
  std::string out =
      Line("run", Json{{"schema", kReportSchema}, {"tool", ToolJson(report)}});
  for (const Finding& finding : report.findings) {
    out += Line("finding", FindingJson(finding));
  }
  for (const Violation& violation : report.violations) {
    out += Line("violation", ViolationJson(violation));
  }
  for (const Skip& skip : report.coverage.skipped) {
    out += Line("skipped", SkipJson(skip));
  }
  for (const std::string& root : report.empty_roots) {
    out += Line("empty-root", Json{{"path", root}});
  }
  for (const std::string& note : report.notes) {
    out += Line("note", Json{{"message", note}});
  }
  if (report.audit) out += Line("audit", AuditJson(*report.audit));
  out += Line("summary", Summary(report));
  return out;
}

}  // namespace keytidy::report
