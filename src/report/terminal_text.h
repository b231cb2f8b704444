// SPDX-License-Identifier: Apache-2.0
//
// Laying text out in columns of a terminal. Every function takes valid UTF-8
// without control characters, as keytidy::ForTerminal returns it. Pure
// functions; no locale.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace keytidy::report {

inline constexpr std::size_t kTerminalWidth = 80;

// How many columns `text` takes: East Asian wide characters and emoji take
// two, combining marks none. An approximation by ranges, without a table of
// all of Unicode.
std::size_t DisplayWidth(std::string_view text);

// Tabs become spaces up to the next multiple of four, for a text that begins
// at display column `column` (from 0).
std::string ExpandTabs(std::string_view text, std::size_t column);

// The last, or the first, `width` columns of `text`, with an ellipsis for the
// rest; all of it when it fits.
std::string KeepEnd(std::string_view text, std::size_t width);
std::string KeepStart(std::string_view text, std::size_t width);

// Breaks `text` at spaces so that no line is wider than kTerminalWidth when
// the first begins at column `indent`; the later ones get `indent` spaces in
// front. A word that is too wide stays whole, a number stays with its noun, and
// what stands between backticks stays together: someone may paste it.
std::string Wrap(std::string_view text, std::size_t indent);

// The same where the first line begins at `column` and the later ones at
// `indent`.
std::string WrapFrom(std::string_view text, std::size_t column,
                     std::size_t indent);

}  // namespace keytidy::report
