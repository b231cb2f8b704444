// SPDX-License-Identifier: Apache-2.0
#include "report/human_parts.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/text.h"
#include "report/terminal_text.h"

namespace keytidy::report {
namespace {

constexpr std::size_t kMaxUnread = 20;
constexpr std::size_t kLabelWidth = 8;      // "  also: "
constexpr std::size_t kSummaryIndent = 10;  // "complete: "

void AddUnread(std::string* out, const Paint& paint, const Report& report,
               const Style& style) {
  const auto list = NotReadIn(report);
  const std::size_t listed = std::min(list.size(), kMaxUnread);
  for (std::size_t i = 0; i < listed; ++i) {
    *out += paint.Dim(i == 0 ? "unread:   " : "          ") +
            ShownPath(list[i].path, style) + ": " +
            ForTerminal(list[i].reason) + "\n";
  }
  if (listed < list.size()) {
    *out += "          and " + Count(list.size() - listed, "more thing") + "\n";
  }
}

}  // namespace

std::string ShownPath(std::string_view path, const Style& style) {
  std::string_view home = style.home;
  while (home.ends_with('/')) home.remove_suffix(1);
  if (!home.empty() && path.starts_with(home)) {
    const std::string_view rest = path.substr(home.size());
    if (rest.empty() || rest.front() == '/') return "~" + ForTerminal(rest);
  }
  return ForTerminal(path);
}

void AddLabelled(std::string* out, const Paint& paint, std::string_view label,
                 std::string_view text, bool dim) {
  const std::string head = fmt::format("  {:<6}", fmt::format("{}:", label));
  const std::string body = Wrap(text, kLabelWidth);
  *out += dim ? paint.Dim(head + body) : paint.Dim(head) + body;
  *out += '\n';
}

std::string HowText(std::string_view how, std::size_t indent) {
  std::string out;
  while (how.ends_with('\n')) how.remove_suffix(1);
  while (!how.empty()) {
    const std::size_t end = std::min(how.find('\n'), how.size());
    const std::string line = ForTerminal(how.substr(0, end));
    how.remove_prefix(std::min(end + 1, how.size()));
    if (!out.empty()) {
      out += '\n';
      if (!line.empty()) out.append(indent, ' ');
    }
    out += line.starts_with(' ') ? line : Wrap(line, indent);
  }
  return out;
}

void AddSummaryLine(std::string* out, const Paint& paint,
                    std::string_view label, std::string_view text) {
  if (text.empty()) return;
  *out += paint.Dim(fmt::format("{:<{}}", fmt::format("{}:", label),
                                kSummaryIndent)) +
          Wrap(ForTerminal(text), kSummaryIndent) + "\n";
}

void AddNotes(std::string* out, const Paint& paint, const Report& report) {
  for (const std::string& note : report.notes) {
    *out += paint.Dim("note: " + Wrap(ForTerminal(note), 6)) + "\n";
  }
  if (!report.notes.empty()) *out += '\n';
}

void AddFound(std::string* out, const Paint& paint, const Report& report,
              const Tally& tally) {
  if (tally.visible > 0) {
    AddSummaryLine(
        out, paint, "findings",
        fmt::format("{} in {} ({})", WithThousands(tally.visible),
                    Count(tally.files, "file"), SeverityText(tally)));
  }
  if (tally.violations > 0) {
    AddSummaryLine(out, paint, "checks",
                   fmt::format("{} ({})", Count(tally.violations, "violation"),
                               ViolationSeverityText(tally)));
  }
  AddSummaryLine(out, paint, "hidden", HiddenText(report, tally));
}

void AddOutcome(std::string* out, const Paint& paint, const Report& report,
                const Style& style, const Outcome& outcome) {
  AddUnread(out, paint, report, style);
  const std::string head =
      fmt::format("{:<{}}", fmt::format("{}:", outcome.label), kSummaryIndent);
  if (outcome.label == "INCOMPLETE") {
    AddSummaryLine(out, paint, "read", ReadText(report.coverage));
    *out += paint.Red(head) + " ";
  } else {
    *out += outcome.label == "clean" ? paint.Green(head) : paint.Dim(head);
  }
  *out += outcome.text + "\n";
}

}  // namespace keytidy::report
