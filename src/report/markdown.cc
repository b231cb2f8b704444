// SPDX-License-Identifier: Apache-2.0
//
// A comment for a pull request: how the run ended, a table of the findings,
// what to do about each kind, a table of violations, and what was left out.
// Bounded, because comments are; what did not fit is counted.
#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "base/text.h"
#include "report/finding_text.h"
#include "report/markdown_text.h"
#include "report/summary.h"
#include "report/writer.h"

namespace keytidy::report {
namespace {

constexpr std::size_t kMaxRows = 100;
constexpr std::size_t kMaxViolations = 50;
constexpr std::size_t kMaxUnread = 20;

std::string Place(const Occurrence& place) {
  return fmt::format("{}:{}:{}", PlaceName(place), place.range.line,
                     place.range.column);
}

std::string Row(const Finding& finding,
                const std::vector<const Occurrence*>& places) {
  const std::string_view action =
      finding.decision.action == Action::kFail ? "" : " (does not fail)";
  const Occurrence& first = *places.front();
  std::string where = MarkdownCode(Place(first));
  if (first.client) {
    where += fmt::format(" ({})", MarkdownText(ShortClientText(*first.client)));
  }
  if (const std::string times = TimesText(first); !times.empty()) {
    where += ", " + times;
  }
  if (places.size() > 1) {
    where += fmt::format(" and {}", Count(places.size() - 1, "more place"));
  }
  return fmt::format("| {}{} | {} | {} | {} | {} |\n", Name(finding.severity),
                     action, MarkdownText(finding.rule->title), where,
                     MarkdownCode(finding.redacted), MarkdownCode(finding.id));
}

std::string Table(const Report& report) {
  std::string rows;
  std::size_t listed = 0;
  std::uint64_t more = 0;
  for (const Finding& finding : report.findings) {
    const auto places = VisiblePlaces(finding);
    if (places.empty()) continue;
    if (listed == kMaxRows) {
      ++more;
      continue;
    }
    rows += Row(finding, places);
    ++listed;
  }
  if (rows.empty()) return rows;
  std::string out = "| severity | kind | place | key | id |\n";
  out += "|---|---|---|---|---|\n" + rows;
  if (more > 0) out += "\nand " + Count(more, "more finding") + "\n";
  return out + "\n";
}

std::string Alive(const Report& report) {
  std::string out;
  std::size_t listed = 0;
  for (const Finding& finding : report.findings) {
    const std::string live = LiveText(finding.verdict);
    if (live.empty() || VisiblePlaces(finding).empty()) continue;
    if (++listed > kMaxRows) break;
    out +=
        fmt::format("- {} {}\n", MarkdownCode(finding.id), MarkdownText(live));
  }
  return out.empty() ? out : "**Alive?**\n\n" + out + "\n";
}

std::string Advice(const Report& report) {
  std::set<std::string_view> seen;
  std::string out;
  for (const Finding& finding : report.findings) {
    const Rule& rule = *finding.rule;
    if (rule.advice.empty() || VisiblePlaces(finding).empty()) continue;
    if (seen.size() == kMaxRows || !seen.insert(rule.id).second) continue;
    out += fmt::format("- {}: {}\n", MarkdownText(rule.title),
                       MarkdownText(rule.advice));
  }
  return out.empty() ? out : "**What to do**\n\n" + out + "\n";
}

std::string Row(const Violation& violation) {
  const std::string_view action =
      violation.decision.action == Action::kFail ? "" : " (does not fail)";
  std::string where;
  if (!violation.path.empty()) {
    where =
        MarkdownCode(violation.line > 0
                         ? fmt::format("{}:{}", violation.path, violation.line)
                         : violation.path);
  }
  if (violation.client) {
    if (!where.empty()) where += ' ';
    where +=
        fmt::format("({})", MarkdownText(ShortClientText(*violation.client)));
  }
  return fmt::format("| {}{} | {} | {} | {} | {} |\n", Name(violation.severity),
                     action, MarkdownText(violation.message), where,
                     MarkdownProse(violation.fix),
                     MarkdownCode(violation.check));
}

std::string Kept(const Report& report, const Tally& tally) {
  if (tally.violations == 0) return {};
  std::string out =
      "**How keys are kept**\n\n"
      "| severity | what is wrong | place | what to do | check |\n"
      "|---|---|---|---|---|\n";
  std::size_t listed = 0;
  for (const Violation& violation : report.violations) {
    if (!IsVisible(violation)) continue;
    if (++listed > kMaxViolations) break;
    out += Row(violation);
  }
  if (tally.violations > kMaxViolations) {
    out += fmt::format("\nand {}\n", Count(tally.violations - kMaxViolations,
                                           "more violation"));
  }
  return out + "\n";
}

std::string Unread(const Report& report) {
  const auto list = NotReadIn(report);
  if (list.empty()) return {};
  std::string out = "**Could not be read**\n\n";
  const std::size_t listed = std::min(list.size(), kMaxUnread);
  for (std::size_t i = 0; i < listed; ++i) {
    out += fmt::format("- {}: {}\n", MarkdownCode(list[i].path),
                       MarkdownText(list[i].reason));
  }
  if (listed < list.size()) {
    out += fmt::format("- and {}\n", Count(list.size() - listed, "more thing"));
  }
  return out + "\n";
}

std::string Line(std::string_view label, std::string_view text) {
  if (text.empty()) return {};
  return fmt::format("{}: {}\n\n", label, MarkdownText(text));
}

}  // namespace

std::string WriteMarkdown(const Report& report) {
  const Tally tally = TallyOf(report);
  const Outcome outcome = OutcomeOf(report, tally);
  std::string out = "### keytidy: ";
  if (tally.visible > 0) {
    out += fmt::format("{} ({})", Count(tally.visible, "finding"),
                       SeverityText(tally));
  } else {
    out += "no keys found";
  }
  if (tally.violations > 0) {
    out += fmt::format(", {} ({})", Count(tally.violations, "violation"),
                       ViolationSeverityText(tally));
  }
  if (outcome.label == "INCOMPLETE") out += ", but the scan is incomplete";
  out += "\n\n" + Table(report) + Alive(report) + Advice(report) +
         Kept(report, tally) + Unread(report);
  for (const std::string& note : report.notes) out += Line("Note", note);
  out += Line("Hidden", HiddenText(report, tally));
  out += Line("Skipped", SkippedText(report));
  if (outcome.label == "INCOMPLETE") {
    out += Line("Read", ReadText(report.coverage));
  }
  out += fmt::format("**{}**: {}\n", outcome.label, MarkdownText(outcome.text));
  return out;
}

}  // namespace keytidy::report
