// SPDX-License-Identifier: Apache-2.0
#include "cli/clock.h"

#include <cstdlib>
#include <ctime>

namespace keytidy::cli {

std::int64_t Now() {
  if (const char* fixed = std::getenv("SOURCE_DATE_EPOCH")) {
    char* end = nullptr;
    const long long value = std::strtoll(fixed, &end, 10);
    if (end != fixed && *end == '\0') return value;
  }
  return static_cast<std::int64_t>(std::time(nullptr));
}

std::int64_t TrueNow() { return static_cast<std::int64_t>(std::time(nullptr)); }

}  // namespace keytidy::cli
