// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

namespace keytidy::cli {

// Seconds since 1970; SOURCE_DATE_EPOCH makes runs alike.
std::int64_t Now();

// The true time, for what goes to others: requests, their record, delays.
std::int64_t TrueNow();

}  // namespace keytidy::cli
