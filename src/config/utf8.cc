// SPDX-License-Identifier: Apache-2.0
#include "config/utf8.h"

namespace keytidy::config {

void AppendCharacter(std::uint32_t point, std::string* out) {
  if (point > 0x10FFFF || (point >= 0xD800 && point < 0xE000)) point = 0xFFFD;
  const auto byte = [out](std::uint32_t value) {
    *out += static_cast<char>(value);
  };
  const auto rest = [byte](std::uint32_t value) {
    byte(0x80 | (value & 0x3F));
  };
  if (point < 0x80) {
    byte(point);
  } else if (point < 0x800) {
    byte(0xC0 | point >> 6);
    rest(point);
  } else if (point < 0x10000) {
    byte(0xE0 | point >> 12);
    rest(point >> 6);
    rest(point);
  } else {
    byte(0xF0 | point >> 18);
    rest(point >> 12);
    rest(point >> 6);
    rest(point);
  }
}

}  // namespace keytidy::config
