// SPDX-License-Identifier: Apache-2.0
//
// The parts that a scan and an audit share in their human form. Texts that are
// handed in have gone through ForTerminal, unless said.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "core/report.h"
#include "report/paint.h"
#include "report/summary.h"
#include "report/writer.h"

namespace keytidy::report {

// The path for a person, and for a terminal: below Style::home it begins with
// `~`.
std::string ShownPath(std::string_view path, const Style& style);

// "  note: text", the text wrapped under its own beginning. `dim` for what may
// be read later.
void AddLabelled(std::string* out, const Paint& paint, std::string_view label,
                 std::string_view text, bool dim);

// What to do, with `indent` spaces in front of every line but the first. Not
// through ForTerminal yet. Lines that begin with a space are commands and stay
// as they are; others are wrapped.
std::string HowText(std::string_view how, std::size_t indent);

// "label:    text", wrapped; nothing where `text`, which is cleaned here, is
// empty.
void AddSummaryLine(std::string* out, const Paint& paint,
                    std::string_view label, std::string_view text);

// Notes of the report, and an empty line after them.
void AddNotes(std::string* out, const Paint& paint, const Report& report);

// What was found, by severity, in a line for keys and one for violations.
void AddFound(std::string* out, const Paint& paint, const Report& report,
              const Tally& tally);

// What was not read, and how the run ended.
void AddOutcome(std::string* out, const Paint& paint, const Report& report,
                const Style& style, const Outcome& outcome);

// One finding with its visible places (there is at least one), as a compiler's
// diagnostic, and an empty line.
void AddFinding(std::string* out, const Paint& paint, const Style& style,
                const Finding& finding,
                const std::vector<const Occurrence*>& places);

// One violation in the same form, and an empty line.
void AddViolation(std::string* out, const Paint& paint, const Style& style,
                  const Violation& violation);

}  // namespace keytidy::report
