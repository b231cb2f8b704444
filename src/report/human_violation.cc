// SPDX-License-Identifier: Apache-2.0
//
// A violation as a person reads it:
//
//   .cursor/mcp.json:7: critical: git tracks a file with a key [FILE-TRACKED]
//     in:   cursor, server kryton, headers.Authorization
//     fix:  Replace the key, then run `git rm --cached .cursor/mcp.json`.
//     see:  OWASP NHI2
//     id:   kt-8d1f0c2e9b7a4c55
#include <fmt/format.h>

#include "base/text.h"
#include "report/finding_text.h"
#include "report/human_parts.h"
#include "report/terminal_text.h"

namespace keytidy::report {
namespace {

constexpr std::size_t kHeadIndent = 4;
constexpr std::size_t kLabelIndent = 8;  // "  fix:  "

std::string PlaceText(const Violation& violation, const Style& style) {
  if (violation.path.empty()) return {};
  const std::string path = ShownPath(violation.path, style);
  if (violation.line == 0) return path + ":";
  return fmt::format("{}:{}:", path, violation.line);
}

void AddHead(std::string* out, const Paint& paint, const Violation& violation,
             const Style& style) {
  const std::string place = PlaceText(violation, style);
  const std::string severity = fmt::format("{}:", Name(violation.severity));
  const std::string tag = "[" + ForTerminal(violation.check) + "]";
  const std::size_t column =
      place.empty() ? severity.size() + 1
                    : DisplayWidth(place) + 1 + severity.size() + 1;
  std::string text =
      WrapFrom(ForTerminal(violation.message) + " " + tag, column, kHeadIndent);
  if (text.ends_with(tag)) {
    text.resize(text.size() - tag.size());
    text = paint.Bold(text) + paint.Dim(tag);
  }
  if (!place.empty()) *out += paint.Bold(place) + " ";
  *out += paint.For(violation.severity, severity) + " " + text + "\n";
}

}  // namespace

void AddViolation(std::string* out, const Paint& paint, const Style& style,
                  const Violation& violation) {
  AddHead(out, paint, violation, style);
  if (violation.client) {
    AddLabelled(out, paint, "in", ForTerminal(ClientText(*violation.client)),
                false);
  }
  if (!violation.fix.empty()) {
    *out += paint.Dim("  fix:  ") + HowText(violation.fix, kLabelIndent) + "\n";
  }
  if (!violation.references.empty()) {
    AddLabelled(out, paint, "see", ForTerminal(ReferencesText(violation)),
                true);
  }
  if (violation.decision.action == Action::kWarn) {
    std::string text = "does not fail";
    if (!violation.decision.because.empty()) {
      text += ": " + ForTerminal(violation.decision.because);
    }
    AddLabelled(out, paint, "note", text, true);
  }
  if (!violation.finding.empty()) {
    AddLabelled(out, paint, "id", ForTerminal(violation.finding), true);
  }
  *out += '\n';
}

}  // namespace keytidy::report
