// SPDX-License-Identifier: Apache-2.0
//
// RFC 4180, one record per line. Four kinds, told apart by the first column:
// `occurrence`, one per place of a finding; `violation`; `skipped`, one per
// thing left out or not read; `coverage`, the last one, with how the run ended.
// Columns are only ever added, at the end. Never a key in clear, whatever the
// report shows: tables are passed around.
#include <fmt/format.h>

#include <array>
#include <optional>
#include <string_view>

#include "base/text.h"
#include "report/finding_text.h"
#include "report/summary.h"
#include "report/writer.h"

namespace keytidy::report {
namespace {

enum Column : std::size_t {
  kRecord,
  kId,    // of a finding
  kRule,  // or the check
  kProvider,
  kTitle,  // of the rule; what a violation is, in a sentence
  kSeverity,
  kConfidence,
  kRedacted,
  kBytes,  // of the key, of what was skipped, or read in all
  kVerdict,
  kAction,
  kBecause,  // of the decision, of the skip, or how the run ended
  kSource,
  kPath,
  kLine,
  kColumn,
  kEndLine,
  kEndColumn,
  kStart,
  kEnd,
  kBlob,
  kAllowed,
  kCommit,
  kCommitted,
  kClient,
  kServer,
  kSlot,
  kTimes,
  kFiles,
  kFix,
  kReferences,
  kColumnCount
};

using Row = std::array<std::string, kColumnCount>;

// A spreadsheet takes a cell that begins with one of four characters for a
// formula; an apostrophe in front makes it text. Control characters are
// spelled out, so a record never spans lines.
std::string Cell(std::string_view bytes) {
  std::string text = ForTerminal(bytes);
  if (!text.empty() &&
      std::string_view("=+-@").find(text[0]) != std::string_view::npos) {
    text.insert(0, 1, '\'');
  }
  if (text.find_first_of("\",") == std::string::npos) return text;
  std::string quoted = "\"";
  for (const char c : text) {
    if (c == '"') quoted += '"';
    quoted += c;
  }
  return quoted + "\"";
}

void AddRow(std::string* out, const Row& row) {
  for (std::size_t i = 0; i < row.size(); ++i) {
    if (i > 0) *out += ',';
    *out += Cell(row[i]);
  }
  *out += "\r\n";
}

Row HeaderRow() {
  return {"record",    "id",         "rule",       "provider",  "title",
          "severity",  "confidence", "redacted",   "bytes",     "verdict",
          "action",    "because",    "source",     "path",      "line",
          "column",    "end_line",   "end_column", "start",     "end",
          "blob",      "allowed",    "commit",     "committed", "client",
          "server",    "slot",       "times",      "files",     "fix",
          "references"};
}

void SetClient(Row* row, const std::optional<ClientPlace>& client) {
  if (!client) return;
  (*row)[kClient] = client->name;
  (*row)[kServer] = client->server;
  (*row)[kSlot] = client->slot;
}

Row OccurrenceRow(const Finding& finding, const Occurrence& occurrence) {
  Row row;
  row[kRecord] = "occurrence";
  row[kId] = finding.id;
  row[kRule] = finding.rule->id;
  row[kProvider] = finding.rule->provider;
  row[kTitle] = finding.rule->title;
  row[kSeverity] = Name(finding.severity);
  row[kConfidence] = Name(finding.confidence);
  row[kRedacted] = finding.redacted;
  row[kBytes] = std::to_string(finding.length);
  row[kVerdict] = Name(finding.verdict.state);
  row[kAction] = Name(finding.decision.action);
  row[kBecause] = finding.decision.because;
  row[kSource] = Name(occurrence.source);
  row[kPath] = occurrence.path;
  row[kLine] = std::to_string(occurrence.range.line);
  row[kColumn] = std::to_string(occurrence.range.column);
  row[kEndLine] = std::to_string(occurrence.range.end_line);
  row[kEndColumn] = std::to_string(occurrence.range.end_column);
  row[kStart] = std::to_string(occurrence.span.start);
  row[kEnd] = std::to_string(occurrence.span.end);
  row[kBlob] = occurrence.blob;
  row[kAllowed] = occurrence.allowed.value_or("");
  if (occurrence.commit) {
    row[kCommit] = occurrence.commit->id;
    row[kCommitted] = occurrence.commit->date;
  }
  SetClient(&row, occurrence.client);
  row[kTimes] = std::to_string(occurrence.times);
  row[kFiles] = std::to_string(occurrence.files);
  return row;
}

Row ViolationRow(const Violation& violation) {
  Row row;
  row[kRecord] = "violation";
  row[kId] = violation.finding;
  row[kRule] = violation.check;
  row[kTitle] = violation.message;
  row[kSeverity] = Name(violation.severity);
  row[kAction] = Name(violation.decision.action);
  row[kBecause] = violation.decision.because;
  row[kPath] = violation.path;
  if (violation.line > 0) row[kLine] = std::to_string(violation.line);
  SetClient(&row, violation.client);
  row[kFix] = violation.fix;
  row[kReferences] = ReferencesText(violation);
  return row;
}

Row SkipRow(const Skip& skip) {
  Row row;
  row[kRecord] = "skipped";
  row[kBytes] = skip.bytes ? std::to_string(*skip.bytes) : "";
  row[kAction] = skip.incomplete ? "incomplete" : "left-out";
  row[kBecause] = skip.reason;
  row[kPath] = skip.path;
  return row;
}

Row CoverageRow(const Report& report) {
  const Outcome outcome = OutcomeOf(report, TallyOf(report));
  Row row;
  row[kRecord] = "coverage";
  row[kBytes] = std::to_string(report.coverage.bytes);
  row[kAction] = outcome.label == "INCOMPLETE" ? "incomplete" : "complete";
  row[kBecause] = fmt::format("{}: {}", outcome.label, outcome.text);
  if (outcome.label == "INCOMPLETE") {
    row[kBecause] += fmt::format("; {} read", ReadText(report.coverage));
  }
  return row;
}

}  // namespace

std::string WriteCsv(const Report& report) {
  std::string out;
  AddRow(&out, HeaderRow());
  for (const Finding& finding : report.findings) {
    for (const Occurrence& occurrence : finding.occurrences) {
      AddRow(&out, OccurrenceRow(finding, occurrence));
    }
  }
  for (const Violation& violation : report.violations) {
    AddRow(&out, ViolationRow(violation));
  }
  for (const Skip& skip : report.coverage.skipped) AddRow(&out, SkipRow(skip));
  for (const std::string& root : report.empty_roots) {
    AddRow(&out, SkipRow({root, std::string(kHeldNothing), {}, true}));
  }
  AddRow(&out, CoverageRow(report));
  return out;
}

}  // namespace keytidy::report
