// SPDX-License-Identifier: Apache-2.0
#include "report/audit_text.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <string_view>
#include <utility>
#include <vector>

#include "base/text.h"
#include "report/human_parts.h"
#include "report/summary.h"
#include "report/terminal_text.h"

namespace keytidy::report {
namespace {

constexpr std::size_t kMaxSteps = 10;
constexpr std::size_t kMaxWhere = 3;
constexpr std::size_t kStepIndent = 4;  // " 1. "
constexpr std::size_t kWhereIndent = 6;

// "1 key is", "2 keys are".
std::string Keys(std::uint64_t n) {
  return Count(n, "key") + (n == 1 ? " is" : " are");
}

std::string LookedAt(const Report& report) {
  const AuditSummary& audit = *report.audit;
  std::string text = Count(report.coverage.files, "file");
  if (audit.clients == 1) {
    text += " of 1 client or tool";
  } else if (audit.clients > 1) {
    text +=
        fmt::format(" of {} clients and tools", WithThousands(audit.clients));
  }
  if (audit.servers > 0) {
    text += fmt::format(", with {} server {}", WithThousands(audit.servers),
                        audit.servers == 1 ? "entry" : "entries");
  }
  return text;
}

void AddCounts(std::string* out, const Paint& paint, const Report& report) {
  const AuditSummary& audit = *report.audit;
  const auto add = [&](std::string_view label, std::uint64_t n,
                       const std::string& text) {
    if (n > 0) AddSummaryLine(out, paint, label, text);
  };
  AddSummaryLine(out, paint, "read", LookedAt(report));
  add("keys", audit.keys,
      Count(audit.keys, "key") + " in " + Count(audit.places, "place"));
  add("shared", audit.shared,
      Keys(audit.shared) + " in more than one client or tool");
  add("tracked", audit.tracked,
      Keys(audit.tracked) + " in files that git tracks");
  add("astray", audit.astray,
      Keys(audit.astray) +
          (audit.astray == 1 ? " sent to a host that is not its provider's"
                             : " sent to hosts that are not their providers'"));
  add("leaked", audit.leaked,
      Keys(audit.leaked) + " in transcripts, histories or logs");
  *out += '\n';
}

void AddStep(std::string* out, const Paint& paint, const Style& style,
             const FirstStep& step, std::size_t number) {
  const std::string head = fmt::format("{:>2}. ", number);
  const std::string severity = fmt::format("{}:", Name(step.severity));
  *out += paint.Dim(head) + paint.For(step.severity, severity) + " " +
          paint.Bold(WrapFrom(ForTerminal(step.what),
                              head.size() + severity.size() + 1, kStepIndent)) +
          "\n";
  const std::string indent(kWhereIndent, ' ');
  const std::size_t listed = std::min(step.where.size(), kMaxWhere);
  for (std::size_t i = 0; i < listed; ++i) {
    *out += indent + ShownPath(step.where[i], style) + "\n";
  }
  if (listed < step.where.size()) {
    *out += fmt::format("{}and {} more\n", indent,
                        WithThousands(step.where.size() - listed));
  }
  if (!step.how.empty()) {
    *out +=
        std::string(kStepIndent, ' ') + HowText(step.how, kStepIndent) + "\n";
  }
  *out += '\n';
}

void AddSteps(std::string* out, const Paint& paint, const Style& style,
              const std::vector<FirstStep>& steps) {
  if (steps.empty()) return;
  *out += paint.Bold("Do first") + "\n\n";
  const std::size_t listed = std::min(steps.size(), kMaxSteps);
  for (std::size_t i = 0; i < listed; ++i) {
    AddStep(out, paint, style, steps[i], i + 1);
  }
}

// Those of one file together, in the order of each file's first.
std::vector<const Violation*> ByFile(const Report& report) {
  std::map<std::string_view, std::size_t> order;
  std::vector<std::pair<std::size_t, const Violation*>> list;
  for (const Violation& violation : report.violations) {
    if (!IsVisible(violation)) continue;
    const auto it = order.emplace(violation.path, order.size()).first;
    list.emplace_back(it->second, &violation);
  }
  std::stable_sort(list.begin(), list.end(), [](const auto& a, const auto& b) {
    return a.first < b.first;
  });
  std::vector<const Violation*> sorted;
  sorted.reserve(list.size());
  for (const auto& [file, violation] : list) sorted.push_back(violation);
  return sorted;
}

void AddAll(std::string* out, const Paint& paint, const Style& style,
            const Report& report, const Tally& tally) {
  if (tally.violations > 0) {
    *out += paint.Bold("Violations, by file") + "\n\n";
    for (const Violation* violation : ByFile(report)) {
      AddViolation(out, paint, style, *violation);
    }
  }
  if (tally.visible > 0) {
    *out += paint.Bold("Findings") + "\n\n";
    for (const Finding& finding : report.findings) {
      const auto places = VisiblePlaces(finding);
      if (!places.empty()) AddFinding(out, paint, style, finding, places);
    }
  }
  AddNotes(out, paint, report);
}

// The steps name the first few places only, so this counts everything.
std::string InAll(const Report& report, const Tally& tally) {
  std::string text;
  const auto add = [&](const std::string& part) {
    if (!text.empty()) text += ", ";
    text += part;
  };
  if (tally.violations > 0) {
    add(fmt::format("{} ({})", Count(tally.violations, "violation"),
                    ViolationSeverityText(tally)));
  }
  if (tally.visible > 0) {
    add(fmt::format("{} ({})", Count(tally.visible, "finding"),
                    SeverityText(tally)));
  }
  if (!report.notes.empty()) add(Count(report.notes.size(), "note"));
  return text.empty() ? text : text + "; `--all` shows them";
}

// Where there is nothing to do.
std::string Reassurance(const Report& report, const Tally& tally,
                        bool incomplete) {
  if (incomplete) {
    return "Nothing is amiss in what was read, but not everything was.";
  }
  if (!HiddenText(report, tally).empty()) {
    return "Nothing is left to do; what the policy hides is counted below.";
  }
  if (report.coverage.files == 0) {
    return "No client or tool that keytidy knows keeps a file here.";
  }
  return "No key was found in clear in these files, and every check passes.";
}

}  // namespace

std::string AuditText(const Report& report, const Style& style) {
  const Paint paint(style.color);
  const Tally tally = TallyOf(report);
  const Outcome outcome = OutcomeOf(report, tally);
  const bool incomplete = outcome.label == "INCOMPLETE";
  const bool nothing = tally.visible == 0 && tally.violations == 0 &&
                       report.audit->first.empty();
  std::string out;
  if (!style.quiet) {
    out += paint.Bold("How keys are kept in " +
                      ShownPath(report.audit->home, style)) +
           "\n\n";
    AddCounts(&out, paint, report);
  }
  AddSteps(&out, paint, style, report.audit->first);
  if (style.all) AddAll(&out, paint, style, report, tally);
  if (!style.quiet) {
    if (nothing) {
      const std::string text = Reassurance(report, tally, incomplete);
      out += (incomplete ? text : paint.Green(text)) + "\n\n";
    }
    if (style.all) {
      AddFound(&out, paint, report, tally);
      AddSummaryLine(&out, paint, "skipped", SkippedText(report));
    } else {
      AddSummaryLine(&out, paint, "in all", InAll(report, tally));
      AddSummaryLine(&out, paint, "hidden", HiddenText(report, tally));
    }
  }
  if (!style.quiet || incomplete) {
    AddOutcome(&out, paint, report, style, outcome);
  } else if (out.ends_with("\n\n")) {
    out.pop_back();
  }
  return out;
}

}  // namespace keytidy::report
