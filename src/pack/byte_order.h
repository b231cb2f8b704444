// SPDX-License-Identifier: Apache-2.0
//
// Numbers as git's binary files have them: most significant byte first.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace keytidy::pack {

// The caller has made sure that the bytes are there.
inline std::uint32_t Read32(std::string_view bytes, std::size_t at) {
  const auto byte = [&](std::size_t i) {
    return std::uint32_t{static_cast<unsigned char>(bytes[at + i])};
  };
  return byte(0) << 24 | byte(1) << 16 | byte(2) << 8 | byte(3);
}

inline std::uint64_t Read64(std::string_view bytes, std::size_t at) {
  return std::uint64_t{Read32(bytes, at)} << 32 | Read32(bytes, at + 4);
}

inline const std::uint8_t* Raw(std::string_view bytes, std::size_t at) {
  return reinterpret_cast<const std::uint8_t*>(bytes.data() + at);
}

}  // namespace keytidy::pack
