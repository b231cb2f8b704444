// SPDX-License-Identifier: Apache-2.0
//
// Times as reports write them.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace keytidy {

// "2026-03-31T10:00:00Z" for seconds since 1970; what no four digits of a year
// can say becomes the nearest that they can.
std::string IsoTime(std::int64_t seconds);

// Seconds since 1970 for what other programs write: RFC 3339 ("2026-03-31",
// "2026-03-31T10:00:00.5+02:00", "2026-03-31 10:00:00 UTC"), the date of HTTP
// ("Sun, 06 Nov 1994 08:49:37 GMT"), seconds or milliseconds since 1970.
// Without a zone the time counts as UTC.
std::optional<std::int64_t> ParseTime(std::string_view text);

}  // namespace keytidy
