// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

namespace keytidy::cli {

// Seconds since 1970; SOURCE_DATE_EPOCH makes runs alike.
std::int64_t Now();

}  // namespace keytidy::cli
