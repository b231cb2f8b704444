// SPDX-License-Identifier: Apache-2.0
#include "base/time.h"

#include <algorithm>
#include <ctime>

namespace keytidy {

std::string IsoTime(std::int64_t seconds) {
  // Years that people can mean; others would need more digits.
  constexpr std::int64_t kMost = 253402300799;  // the end of the year 9999
  const auto time =
      static_cast<std::time_t>(std::clamp<std::int64_t>(seconds, 0, kMost));
  std::tm parts{};
  gmtime_r(&time, &parts);
  char text[32];
  const std::size_t n =
      std::strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%SZ", &parts);
  return std::string(text, n);
}

}  // namespace keytidy
