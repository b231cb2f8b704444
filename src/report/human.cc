// SPDX-License-Identifier: Apache-2.0
//
// The report of a scan as a person reads it: each finding and each violation
// like a compiler's diagnostic, then what was read and how the run ended. An
// audit has its own first screen (audit_text.h).
//
// Every text that comes from outside goes through ForTerminal on its way out.
#include "report/audit_text.h"
#include "report/human_parts.h"
#include "report/writer.h"

namespace keytidy::report {

std::string WriteHuman(const Report& report, const Style& style) {
  if (report.audit) return AuditText(report, style);
  const Paint paint(style.color);
  const Tally tally = TallyOf(report);
  std::string out;
  for (const Finding& finding : report.findings) {
    const auto places = VisiblePlaces(finding);
    if (!places.empty()) AddFinding(&out, paint, style, finding, places);
  }
  for (const Violation& violation : report.violations) {
    if (IsVisible(violation)) AddViolation(&out, paint, style, violation);
  }
  AddNotes(&out, paint, report);
  const Outcome outcome = OutcomeOf(report, tally);
  if (!style.quiet) {
    AddFound(&out, paint, report, tally);
    AddSummaryLine(&out, paint, "skipped", SkippedText(report));
  }
  // What could not be read is said even to those who want it quiet: it is why
  // the run does not end well.
  if (!style.quiet || outcome.label == "INCOMPLETE") {
    AddOutcome(&out, paint, report, style, outcome);
  } else if (out.ends_with("\n\n")) {
    out.pop_back();
  }
  return out;
}

}  // namespace keytidy::report
