// SPDX-License-Identifier: Apache-2.0
//
// A finding as a person reads it:
//
//   .cursor/mcp.json:7:32: high: Kryton API key [kryton-api-key]
//       7 |     "Authorization": "Bearer kryton_3f9c…"
//         |                              ^~~~~~~~~~~~
//     in:   cursor, server kryton, headers.Authorization
//     also: .env:3:14
//     next: Delete the key under Settings, API Keys, and create a new one.
//     id:   kt-8d1f0c2e9b7a4c55
#include <fmt/format.h>

#include <algorithm>

#include "base/text.h"
#include "report/finding_text.h"
#include "report/human_parts.h"
#include "report/terminal_text.h"

namespace keytidy::report {
namespace {

constexpr std::size_t kMaxAlso = 5;
constexpr std::size_t kAlsoIndent = 8;
constexpr std::size_t kLeastAfter = 8;  // columns kept after a key

std::string PlaceText(const Occurrence& place, const Style& style) {
  return fmt::format("{}:{}:{}", ShownPath(PlaceName(place), style),
                     place.range.line, place.range.column);
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

// A place, and in brackets what is to know about it: on the next line where
// this one would be too wide.
std::string AlsoText(const Paint& paint, const Style& style,
                     const Occurrence& place) {
  std::string text = PlaceText(place, style);
  std::size_t column = kAlsoIndent + DisplayWidth(text);
  const auto add = [&](const std::string& about) {
    if (about.empty()) return;
    const std::string more = "(" + about + ")";
    const std::size_t width = DisplayWidth(more);
    if (column + 1 + width > kTerminalWidth) {
      text += "\n" + std::string(kAlsoIndent + 2, ' ');
      column = kAlsoIndent + 2 + width;
    } else {
      text += ' ';
      column += 1 + width;
    }
    text += paint.Dim(more);
  };
  if (place.client) add(ForTerminal(ShortClientText(*place.client)));
  add(SourceText(place));
  add(TimesText(place));
  return text;
}

void AddAlso(std::string* out, const Paint& paint, const Style& style,
             const std::vector<const Occurrence*>& places) {
  const std::size_t listed = std::min(places.size() - 1, kMaxAlso);
  for (std::size_t i = 1; i <= listed; ++i) {
    *out += paint.Dim(i == 1 ? "  also: " : "        ") +
            AlsoText(paint, style, *places[i]) + "\n";
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
  if (const std::string times = TimesText(first); !times.empty()) {
    notes.push_back(times + ", of which this is the first");
  }
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

}  // namespace

void AddFinding(std::string* out, const Paint& paint, const Style& style,
                const Finding& finding,
                const std::vector<const Occurrence*>& places) {
  const Occurrence& first = *places.front();
  const bool has_excerpt = !first.excerpt.text.empty();
  *out +=
      paint.Bold(PlaceText(first, style) + ":") + " " +
      paint.For(finding.severity, fmt::format("{}:", Name(finding.severity))) +
      " " + paint.Bold(ForTerminal(finding.rule->title)) + " " +
      paint.Dim("[" + ForTerminal(finding.rule->id) + "]") + "\n";
  if (has_excerpt) {
    AddExcerpt(out, paint, first, finding.decision.action == Action::kFail);
  }
  AddKey(out, paint, finding, has_excerpt);
  if (first.client) {
    AddLabelled(out, paint, "in", ForTerminal(ClientText(*first.client)),
                false);
  }
  AddAlso(out, paint, style, places);
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

}  // namespace keytidy::report
