// SPDX-License-Identifier: Apache-2.0
//
// What a report comes to, counted once and put into words, for the formats
// that people read. Texts hold no line breaks, but are not yet safe for a
// terminal: reasons come from elsewhere.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "core/report.h"

namespace keytidy::report {

// A finding is visible when its decision is not to ignore it and at least one
// of its places is not allowed. Formats for people show nothing else.
std::vector<const Occurrence*> VisiblePlaces(const Finding& finding);

// A violation is visible when its decision is not to ignore it.
bool IsVisible(const Violation& violation);

// The path as people read it: "stdin" for standard input.
std::string_view PlaceName(const Occurrence& occurrence);

// For each occurrence of `finding`, how many earlier ones are in the same
// path: a number that stays when lines move.
std::vector<std::size_t> IndexInPath(const Finding& finding);

// For each violation of `report`, a text that names it among them and stays
// when lines move: 16 hexadecimal digits, a colon, and how many before it have
// the same.
std::vector<std::string> ViolationKeys(const Report& report);

struct Tally {
  std::array<std::uint64_t, 5> by_severity = {};  // visible, by Severity
  std::uint64_t visible = 0;
  std::uint64_t failing = 0;
  std::uint64_t files = 0;  // distinct paths of the visible places
  std::uint64_t allowed_places = 0;
  std::uint64_t ignored = 0;  // findings ignored though a place is not allowed
  std::array<std::uint64_t, 5> violations_by_severity = {};  // visible
  std::uint64_t violations = 0;                              // visible
  std::uint64_t failing_violations = 0;
  std::uint64_t ignored_violations = 0;
  std::uint64_t unread = 0;  // incomplete skips
  std::uint64_t empty = 0;   // roots that held nothing to read
};
Tally TallyOf(const Report& report);

// "34,567 bytes (33.8 KiB)".
std::string BytesText(std::uint64_t bytes);

// "12 files, 34,567 bytes (33.8 KiB)", with blobs and commits where there are
// any.
std::string ReadText(const Coverage& coverage);

// "1 critical, 2 low"; empty when nothing is visible.
std::string SeverityText(const Tally& tally);
std::string ViolationSeverityText(const Tally& tally);

// What was found and is not shown: "4 allowed places, 1 ignored finding";
// empty when there is nothing.
std::string HiddenText(const Report& report, const Tally& tally);

// What stated rules left out, by reason: "3 binary, 1 too large". The most
// frequent six reasons, the others summed up; empty when nothing was.
std::string SkippedText(const Report& report);

// What was asked for and not read, each with the reason: the incomplete skips
// and the roots that held nothing. Views into `report`.
struct NotRead {
  std::string_view path;
  std::string_view reason;
};
std::vector<NotRead> NotReadIn(const Report& report);
inline constexpr std::string_view kHeldNothing = "held nothing to read";

// How the run ended, in one sentence; the label is one of "clean", "complete"
// and "INCOMPLETE". Only a complete run with no visible finding and no
// visible violation is "clean". The first two say how much was read; INCOMPLETE
// says what was not, and wants ReadText beside it.
struct Outcome {
  std::string_view label;
  std::string text;
};
Outcome OutcomeOf(const Report& report, const Tally& tally);

}  // namespace keytidy::report
