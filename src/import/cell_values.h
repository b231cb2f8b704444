// SPDX-License-Identifier: Apache-2.0
//
// What the cells of exports say.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "import/provider_row.h"

namespace keytidy::imports {

// "", "-", "n/a", "none", "null", "not used" …: the cell tells nothing.
bool TellsNothing(std::string_view cell);

// "never", "no expiration" …: in a column of times, that there is none.
bool MeansNever(std::string_view cell);

// ISO 8601 with or without a zone, a day, seconds or milliseconds since 1970
// between 1990 and 2199; nothing for anything else. Without a zone it is UTC.
std::optional<std::int64_t> TimeIn(std::string_view cell);

RowState StateIn(std::string_view cell, bool inverted);

// Split at commas, semicolons, bars and line ends; where there is none of
// these, at blanks. A hundred at most.
std::vector<std::string> ScopesIn(std::string_view cell);

// A line of valid UTF-8 of 256 bytes at most, without blanks around it.
std::string CleanText(std::string_view cell);

// Without blanks around it.
std::string_view Trimmed(std::string_view cell);

// What a provider shows instead of a key.
struct ShownKey {
  std::vector<RowHint> hints;
  bool whole = false;  // it is no hint, but a key
};

// "****ab12", "...ab12cd34", "sk_live_…ab12", "kmcp_abcd", …: what is left and
// right of the mask, cut to kLongestHint. `side` is of texts without a mask.
ShownKey ShownIn(std::string_view cell, Side side);

}  // namespace keytidy::imports
