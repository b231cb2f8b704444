// SPDX-License-Identifier: Apache-2.0
#include <utility>

#include "base/time.h"
#include "report/json_finding.h"
#include "report/tool.h"
#include "report/writer.h"

namespace keytidy::report {
namespace {

Json CommitJson(const CommitInfo& commit) {
  return Json{{"id", commit.id},           {"author", commit.author},
              {"email", commit.email},     {"date", commit.date},
              {"subject", commit.subject}, {"refs", commit.refs}};
}

Json AgeJson(const Age& age) {
  Json json;
  json["at_least_days"] = age.at_least_days ? Json(*age.at_least_days) : Json();
  json["at_most_days"] = age.at_most_days ? Json(*age.at_most_days) : Json();
  json["evidence"] = Json::array();
  for (const AgeEvidence& one : age.evidence) {
    json["evidence"].push_back(
        Json{{"source", one.source}, {"at", IsoTime(one.at)}});
  }
  return json;
}

Json OccurrenceJson(const Occurrence& occurrence) {
  Json json;
  json["source"] = Name(occurrence.source);
  json["path"] = occurrence.path;
  json["line"] = occurrence.range.line;
  json["column"] = occurrence.range.column;
  json["end_line"] = occurrence.range.end_line;
  json["end_column"] = occurrence.range.end_column;
  json["start"] = occurrence.span.start;
  json["end"] = occurrence.span.end;
  json["blob"] = occurrence.blob.empty() ? Json() : Json(occurrence.blob);
  json["commit"] = occurrence.commit ? CommitJson(*occurrence.commit) : Json();
  json["client"] = ClientJson(occurrence.client);
  json["allowed"] = occurrence.allowed ? Json(*occurrence.allowed) : Json();
  if (occurrence.times > 1 || occurrence.files > 1) {
    json["times"] = occurrence.times;
    json["files"] = occurrence.files;
  }
  return json;
}

Json TimeOrNull(const std::optional<std::int64_t>& at) {
  return at ? Json(IsoTime(*at)) : Json();
}

Json VerdictJson(const Verdict& verdict) {
  Json json;
  json["state"] = Name(verdict.state);
  json["evidence"] = TextOrNull(verdict.evidence);
  json["checked_at"] = TimeOrNull(verdict.checked_at);
  const KeyFacts& facts = verdict.facts;
  if (facts == KeyFacts()) return json;
  json["key"] = Json{{"id", TextOrNull(facts.key_id)},
                     {"name", TextOrNull(facts.name)},
                     {"owner", TextOrNull(facts.owner)},
                     {"account", TextOrNull(facts.account)},
                     {"scopes", facts.scopes},
                     {"created", TimeOrNull(facts.created)},
                     {"expires", TimeOrNull(facts.expires)},
                     {"last_used", TimeOrNull(facts.last_used)}};
  return json;
}

Json SecretJson(const Finding& finding) {
  Json json;
  json["redacted"] = finding.redacted;
  json["length"] = finding.length;
  if (finding.shown) json["value"] = *finding.shown;
  return json;
}

}  // namespace

Json ToolJson(const Report& report) {
  Json json;
  json["name"] = kToolName;
  json["version"] = ToolVersion();
  json["catalogue"] = report.catalogue;
  return json;
}

Json FindingJson(const Finding& finding) {
  Json json;
  json["id"] = finding.id;
  json["rule"] = finding.rule->id;
  json["provider"] = finding.rule->provider;
  json["title"] = finding.rule->title;
  json["severity"] = Name(finding.severity);
  json["confidence"] = Name(finding.confidence);
  json["secret"] = SecretJson(finding);
  json["verdict"] = VerdictJson(finding.verdict);
  json["age"] = AgeJson(finding.age);
  json["occurrences"] = Json::array();
  for (const Occurrence& occurrence : finding.occurrences) {
    json["occurrences"].push_back(OccurrenceJson(occurrence));
  }
  json["decision"] = Json{{"action", Name(finding.decision.action)},
                          {"because", finding.decision.because}};
  return json;
}

Json SkipJson(const Skip& skip) {
  Json json;
  json["path"] = skip.path;
  json["reason"] = skip.reason;
  json["bytes"] = skip.bytes ? Json(*skip.bytes) : Json();
  json["incomplete"] = skip.incomplete;
  return json;
}

std::string Dump(const Json& json, int indent) {
  return json.dump(indent, ' ', false, Json::error_handler_t::replace);
}

std::string WriteJson(const Report& report) {
  const Coverage& coverage = report.coverage;
  Json json;
  json["schema"] = kReportSchema;
  json["tool"] = ToolJson(report);
  json["complete"] = report.complete;
  json["coverage"] = Json{{"files", coverage.files},
                          {"bytes", coverage.bytes},
                          {"blobs", coverage.blobs},
                          {"commits", coverage.commits},
                          {"skipped", Json::array()}};
  for (const Skip& skip : coverage.skipped) {
    json["coverage"]["skipped"].push_back(SkipJson(skip));
  }
  json["coverage"]["empty_roots"] = report.empty_roots;
  json["below_confidence"] = report.below_confidence;
  json["notes"] = report.notes;
  json["findings"] = Json::array();
  for (const Finding& finding : report.findings) {
    json["findings"].push_back(FindingJson(finding));
  }
  json["violations"] = Json::array();
  for (const Violation& violation : report.violations) {
    json["violations"].push_back(ViolationJson(violation));
  }
  if (report.audit) json["audit"] = AuditJson(*report.audit);
  return Dump(json, 2) + "\n";
}

}  // namespace keytidy::report
