// SPDX-License-Identifier: Apache-2.0
//
// Macaroons are tokens that carry their own restrictions. Read here for one of
// them: from when until when they hold. Bytes of anybody's.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace keytidy::match {

// Seconds since 1970.
struct TimeWindow {
  std::int64_t from = 0;
  std::int64_t until = 0;
};

// Of the second format of libmacaroons, with the caveats of PyPI:
// [0,until,from] among others. nullopt: no caveat bounds the time, or it is no
// such token.
std::optional<TimeWindow> WindowOfMacaroon(std::string_view bytes);

// Of Fly.io's format, a MessagePack.
std::optional<TimeWindow> WindowOfFlyMacaroon(std::string_view bytes);

}  // namespace keytidy::match
