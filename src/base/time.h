// SPDX-License-Identifier: Apache-2.0
//
// Times as reports write them.
#pragma once

#include <cstdint>
#include <string>

namespace keytidy {

// "2026-03-31T10:00:00Z" for seconds since 1970; what no four digits of a year
// can say becomes the nearest that they can.
std::string IsoTime(std::int64_t seconds);

}  // namespace keytidy
