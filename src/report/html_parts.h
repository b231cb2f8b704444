// SPDX-License-Identifier: Apache-2.0
//
// The smallest parts of the page. Every function takes texts as they come from
// outside and returns markup that is balanced and well-formed whatever they
// hold: control characters, bidirectional overrides, invisible characters and
// piles of combining marks are written out as \xNN or \u{NNNN}.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "core/finding.h"
#include "core/severity.h"

namespace keytidy::report {

// Lengths are in characters; a longer text is cut, and says how much is
// missing. A name that is too long ends with an ellipsis.
inline constexpr std::size_t kMaxHtmlText = 1000;
inline constexpr std::size_t kMaxHtmlName = 120;
inline constexpr std::size_t kMaxHtmlCode = 400;

// Running text, also for an attribute in double quotes.
std::string HtmlText(std::string_view bytes);
// The same, but at most `width` characters with an ellipsis for the rest.
std::string HtmlShort(std::string_view bytes, std::size_t width);
// As <code>; a long one loses its middle.
std::string HtmlCode(std::string_view bytes);
// Running text on one line in which what stands between backticks is code.
std::string HtmlProse(std::string_view bytes);
// What to do: paragraphs, and lines that begin with a space as <pre>, never
// cut, without the spaces that all of a block begin with.
std::string HtmlHow(std::string_view how);
// "high", with its colour.
std::string HtmlSeverity(Severity severity);
// The path as code; below `home` it begins with `~`.
std::string HtmlPath(std::string_view path, std::string_view home);
// The same with ":line", where `line` is not 0.
std::string HtmlPlace(std::string_view path, std::uint64_t line,
                      std::string_view home);
// The key as it may be seen: redacted, or in full where that was asked for.
std::string_view SeenKey(const Finding& finding);
// The id of a finding where it is one that can be linked to, else "".
std::string_view HtmlAnchor(std::string_view id);

}  // namespace keytidy::report
