// SPDX-License-Identifier: Apache-2.0
//
// The report as a person reads it: each finding like a compiler's diagnostic,
// then what was read and how the run ended. A finding:
//
//   .cursor/mcp.json:7:32: high: Kryton API key [kryton-api-key]
//       7 |     "Authorization": "Bearer kryton_3f9c…"
//         |                              ^~~~~~~~~~~~
//     also: .env:3:14
//     next: Delete the key under Settings, API Keys, and create a new one.
//     id:   kt-8d1f0c2e9b7a4c55
//
// Every text that comes from outside goes through ForTerminal on its way out.
#include <fmt/format.h>

#include <algorithm>

#include "base/text.h"
#include "base/time.h"
#include "report/finding_text.h"
#include "report/summary.h"
#include "report/terminal_text.h"
#include "report/writer.h"

namespace keytidy::report {
namespace {

constexpr std::size_t kMaxAlso = 5;
constexpr std::size_t kMaxUnread = 20;
constexpr std::size_t kLeastAfter = 8;      // columns kept after a key
constexpr std::size_t kLabelWidth = 8;      // "  also: "
constexpr std::size_t kSummaryIndent = 10;  // "complete: "

// Wraps text in colours, or leaves it alone.
class Paint {
 public:
  explicit Paint(bool color) : color_(color) {}
  std::string Bold(std::string_view s) const { return In("1", s); }
  std::string Dim(std::string_view s) const { return In("2", s); }
  std::string Red(std::string_view s) const { return In("1;31", s); }
  std::string Green(std::string_view s) const { return In("1;32", s); }
  std::string Yellow(std::string_view s) const { return In("1;33", s); }
  std::string For(Severity severity, std::string_view s) const {
    if (severity >= Severity::kHigh) return Red(s);
    return severity == Severity::kMedium ? Yellow(s) : std::string(s);
  }

 private:
  std::string In(std::string_view code, std::string_view s) const {
    if (!color_) return std::string(s);
    return fmt::format("\x1b[{}m{}\x1b[0m", code, s);
  }
  bool color_;
};

std::string PlaceText(const Occurrence& place) {
  return fmt::format("{}:{}:{}", ForTerminal(PlaceName(place)),
                     place.range.line, place.range.column);
}

// "  note: text", the text wrapped under its own beginning. `dim` for what may
// be read later.
void AddLabelled(std::string* out, const Paint& paint, std::string_view label,
                 std::string_view text, bool dim) {
  const std::string head = fmt::format("  {:<6}", fmt::format("{}:", label));
  const std::string body = Wrap(text, kLabelWidth);
  *out += dim ? paint.Dim(head + body) : paint.Dim(head) + body;
  *out += '\n';
}

// Cuts what stands before and after the key so that the line fits; the key
// stays whole.
void FitToTerminal(std::size_t margin, std::size_t key_width,
                   std::string* before, std::string* after) {
  const std::size_t taken = margin + key_width;
  const std::size_t room = kTerminalWidth > taken ? kTerminalWidth - taken : 0;
  const std::size_t after_width = DisplayWidth(*after);
  if (DisplayWidth(*before) + after_width <= room) return;
  const std::size_t kept_after = std::min({after_width, kLeastAfter, room});
  *before = KeepEnd(*before, room - kept_after);
  *after = KeepStart(*after, room - DisplayWidth(*before));
}

void AddExcerpt(std::string* out, const Paint& paint, const Occurrence& place,
                bool fails) {
  const std::string_view text = place.excerpt.text;
  const std::size_t caret =
      std::min<std::size_t>(place.excerpt.caret, text.size());
  const std::string_view key = text.substr(caret, place.excerpt.caret_width);
  const std::string_view rest = text.substr(caret + key.size());

  std::string before = ExpandTabs(ForTerminal(text.substr(0, caret), true), 0);
  std::size_t column = DisplayWidth(before);
  const std::string shown = ExpandTabs(ForTerminal(key, true), column);
  const std::size_t width = DisplayWidth(shown);
  std::string after = ExpandTabs(ForTerminal(rest, true), column + width);
  after.erase(after.find_last_not_of(' ') + 1);

  const std::string number = fmt::format("{:>5}", place.range.line);
  FitToTerminal(number.size() + 3, width, &before, &after);
  column = DisplayWidth(before);
  const std::string marks =
      "^" + std::string(std::max<std::size_t>(width, 1) - 1, '~');
  *out += paint.Dim(number + " |") + " " + before + shown + after + "\n";
  *out += paint.Dim(std::string(number.size(), ' ') + " |") +
          std::string(column + 1, ' ') +
          (fails ? paint.Red(marks) : paint.Green(marks)) + "\n";
}

void AddAlso(std::string* out, const Paint& paint,
             const std::vector<const Occurrence*>& places) {
  const std::size_t listed = std::min(places.size() - 1, kMaxAlso);
  for (std::size_t i = 1; i <= listed; ++i) {
    std::string text = PlaceText(*places[i]);
    const std::string source = SourceText(*places[i]);
    if (!source.empty()) text += paint.Dim(" (" + source + ")");
    *out += paint.Dim(i == 1 ? "  also: " : "        ") + text + "\n";
  }
  const std::size_t more = places.size() - 1 - listed;
  if (more > 0) {
    *out += "        and " + Count(more, "more place") + "\n";
  }
}

void AddKey(std::string* out, const Paint& paint, const Finding& finding,
            bool has_excerpt) {
  if (!finding.shown) {
    if (has_excerpt) return;
    *out += paint.Dim("  key:  ") + ForTerminal(finding.redacted) + ", " +
            Count(finding.length, "byte") + "\n";
    return;
  }
  std::string_view rest = *finding.shown;
  std::string_view label = "  key:  ";
  while (!rest.empty()) {
    const std::size_t end = std::min(rest.find('\n'), rest.size());
    *out += paint.Dim(label) + ForTerminal(rest.substr(0, end)) + "\n";
    rest.remove_prefix(std::min(end + 1, rest.size()));
    label = "        ";
  }
}

std::vector<std::string> NotesOn(const Finding& finding,
                                 const Occurrence& first) {
  std::vector<std::string> notes;
  const std::string source = SourceText(first);
  if (!source.empty() && !first.commit) notes.push_back(source);
  if (first.commit) {
    if (auto reach = ReachText(*first.commit); !reach.empty()) {
      notes.push_back(std::move(reach));
    }
  }
  if (first.range.end_line > first.range.line) {
    notes.push_back(
        fmt::format("the key goes on until line {}", first.range.end_line));
  }
  if (finding.rule->is_public) {
    notes.push_back("public by design, and here for completeness");
  }
  if (finding.confidence == Confidence::kMedium) {
    notes.push_back("confidence medium: looks like one, but nothing proves it");
  } else if (finding.confidence == Confidence::kLow) {
    notes.push_back("confidence low: may well be something else");
  }
  if (finding.decision.action == Action::kWarn) {
    std::string text = "does not fail";
    if (!finding.decision.because.empty()) {
      text += ": " + ForTerminal(finding.decision.because);
    }
    notes.push_back(std::move(text));
  }
  return notes;
}

void AddFinding(std::string* out, const Paint& paint, const Finding& finding,
                const std::vector<const Occurrence*>& places) {
  const Occurrence& first = *places.front();
  const bool has_excerpt = !first.excerpt.text.empty();
  *out +=
      paint.Bold(PlaceText(first) + ":") + " " +
      paint.For(finding.severity, fmt::format("{}:", Name(finding.severity))) +
      " " + paint.Bold(ForTerminal(finding.rule->title)) + " " +
      paint.Dim("[" + ForTerminal(finding.rule->id) + "]") + "\n";
  if (has_excerpt) {
    AddExcerpt(out, paint, first, finding.decision.action == Action::kFail);
  }
  AddKey(out, paint, finding, has_excerpt);
  AddAlso(out, paint, places);
  if (first.commit) {
    AddLabelled(out, paint, "from", "commit " + CommitText(*first.commit),
                false);
  }
  if (const std::string age = AgeText(finding.age); !age.empty()) {
    AddLabelled(out, paint, "age", age, false);
  }
  if (const std::string live = LiveText(finding.verdict); !live.empty()) {
    AddLabelled(out, paint, "live", ForTerminal(live), false);
  }
  if (const std::string who = FactsText(finding.verdict.facts); !who.empty()) {
    AddLabelled(out, paint, "who", ForTerminal(who), false);
  }
  for (const std::string& note : NotesOn(finding, first)) {
    AddLabelled(out, paint, "note", note, true);
  }
  if (!finding.rule->advice.empty()) {
    AddLabelled(out, paint, "next", ForTerminal(finding.rule->advice), false);
  }
  AddLabelled(out, paint, "id", ForTerminal(finding.id), true);
  *out += '\n';
}

void AddSummaryLine(std::string* out, const Paint& paint,
                    std::string_view label, std::string_view text) {
  if (text.empty()) return;
  *out += paint.Dim(fmt::format("{:<{}}", fmt::format("{}:", label),
                                kSummaryIndent)) +
          Wrap(ForTerminal(text), kSummaryIndent) + "\n";
}

void AddUnread(std::string* out, const Paint& paint, const Report& report) {
  const auto list = NotReadIn(report);
  const std::size_t listed = std::min(list.size(), kMaxUnread);
  for (std::size_t i = 0; i < listed; ++i) {
    *out += paint.Dim(i == 0 ? "unread:   " : "          ") +
            ForTerminal(list[i].path) + ": " + ForTerminal(list[i].reason) +
            "\n";
  }
  if (listed < list.size()) {
    *out += "          and " + Count(list.size() - listed, "more thing") + "\n";
  }
}

void AddFound(std::string* out, const Paint& paint, const Tally& tally) {
  if (tally.visible == 0) return;
  AddSummaryLine(out, paint, "findings",
                 fmt::format("{} in {} ({})", WithThousands(tally.visible),
                             Count(tally.files, "file"), SeverityText(tally)));
}

void AddOutcome(std::string* out, const Paint& paint, const Outcome& outcome) {
  const std::string head =
      fmt::format("{:<{}}", fmt::format("{}:", outcome.label), kSummaryIndent);
  if (outcome.label == "INCOMPLETE") {
    *out += paint.Red(head) + " ";
  } else {
    *out += outcome.label == "clean" ? paint.Green(head) : paint.Dim(head);
  }
  *out += outcome.text + "\n";
}

}  // namespace

std::string WriteHuman(const Report& report, const Style& style) {
  const Paint paint(style.color);
  const Tally tally = TallyOf(report);
  std::string out;
  for (const Finding& finding : report.findings) {
    const auto places = VisiblePlaces(finding);
    if (!places.empty()) AddFinding(&out, paint, finding, places);
  }
  for (const std::string& note : report.notes) {
    out += paint.Dim("note: " + Wrap(ForTerminal(note), 6)) + "\n";
  }
  if (!report.notes.empty()) out += '\n';
  const Outcome outcome = OutcomeOf(report, tally);
  if (!style.quiet) {
    AddFound(&out, paint, tally);
    AddSummaryLine(&out, paint, "hidden", HiddenText(report, tally));
    AddSummaryLine(&out, paint, "skipped", SkippedText(report));
  }
  // What could not be read is said even to those who want it quiet: it is why
  // the run does not end well.
  if (!style.quiet || outcome.label == "INCOMPLETE") {
    AddUnread(&out, paint, report);
    if (outcome.label == "INCOMPLETE") {
      AddSummaryLine(&out, paint, "read", ReadText(report.coverage));
    }
    AddOutcome(&out, paint, outcome);
  } else if (out.ends_with("\n\n")) {
    out.pop_back();
  }
  return out;
}

}  // namespace keytidy::report
