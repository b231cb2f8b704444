// SPDX-License-Identifier: Apache-2.0
//
// The few colours of the human report. What they colour reads the same without.
#pragma once

#include <fmt/format.h>

#include <string>
#include <string_view>

#include "core/severity.h"

namespace keytidy::report {

// Wraps text in colours, or leaves it alone.
class Paint {
 public:
  explicit Paint(bool color) : color_(color) {}
  std::string Bold(std::string_view s) const { return In("1", s); }
  std::string Dim(std::string_view s) const { return In("2", s); }
  std::string Red(std::string_view s) const { return In("1;31", s); }
  std::string Green(std::string_view s) const { return In("1;32", s); }
  std::string Yellow(std::string_view s) const { return In("1;33", s); }
  std::string For(Severity severity, std::string_view s) const {
    if (severity >= Severity::kHigh) return Red(s);
    return severity == Severity::kMedium ? Yellow(s) : std::string(s);
  }

 private:
  std::string In(std::string_view code, std::string_view s) const {
    if (!color_) return std::string(s);
    return fmt::format("\x1b[{}m{}\x1b[0m", code, s);
  }
  bool color_;
};

}  // namespace keytidy::report
