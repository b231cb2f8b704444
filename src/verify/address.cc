// SPDX-License-Identifier: Apache-2.0
#include "verify/address.h"

#include <arpa/inet.h>
#include <netinet/in.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstring>
#include <iterator>

namespace keytidy::verify {
namespace {

struct Range4 {
  std::uint32_t network;
  int bits;
};

constexpr std::uint32_t Ip(std::uint32_t a, std::uint32_t b, std::uint32_t c,
                           std::uint32_t d) {
  return a << 24 | b << 16 | c << 8 | d;
}

constexpr Range4 kNotPublic4[] = {
    {Ip(0, 0, 0, 0), 8},      {Ip(10, 0, 0, 0), 8},
    {Ip(100, 64, 0, 0), 10},  {Ip(127, 0, 0, 0), 8},
    {Ip(169, 254, 0, 0), 16}, {Ip(172, 16, 0, 0), 12},
    {Ip(192, 0, 0, 0), 24},   {Ip(192, 0, 2, 0), 24},
    {Ip(192, 88, 99, 0), 24}, {Ip(192, 168, 0, 0), 16},
    {Ip(198, 18, 0, 0), 15},  {Ip(198, 51, 100, 0), 24},
    {Ip(203, 0, 113, 0), 24}, {Ip(224, 0, 0, 0), 4},
    {Ip(240, 0, 0, 0), 4},
};

bool IsPublic4(std::uint32_t address) {
  return std::none_of(
      std::begin(kNotPublic4), std::end(kNotPublic4), [&](const Range4& range) {
        return (address ^ range.network) >> (32 - range.bits) == 0;
      });
}

using Bytes = std::array<std::uint8_t, 16>;

std::uint32_t Inner4(const Bytes& bytes, std::size_t at) {
  return Ip(bytes[at], bytes[at + 1], bytes[at + 2], bytes[at + 3]);
}

bool ZeroUntil(const Bytes& bytes, std::size_t end) {
  return std::all_of(bytes.begin(), bytes.begin() + static_cast<long>(end),
                     [](std::uint8_t b) { return b == 0; });
}

bool IsPublic6(const Bytes& b) {
  if (ZeroUntil(b, 10) && b[10] == 0xFF && b[11] == 0xFF) {
    return IsPublic4(Inner4(b, 12));
  }
  if (b[0] == 0x00 && b[1] == 0x64 && b[2] == 0xFF && b[3] == 0x9B) {
    const bool translated =
        std::all_of(b.begin() + 4, b.begin() + 12,
                    [](std::uint8_t byte) { return byte == 0; });
    return translated && IsPublic4(Inner4(b, 12));
  }
  if (b[0] == 0x20 && b[1] == 0x02) return IsPublic4(Inner4(b, 2));
  // Of what is left only 2000::/3 is given out; parts of it are not.
  if ((b[0] & 0xE0) != 0x20) return false;
  const bool special = b[0] == 0x20 && b[1] == 0x01 &&
                       (b[2] < 0x02 || (b[2] == 0x0D && b[3] == 0xB8));
  const bool documentation = b[0] == 0x3F && b[1] == 0xFF && b[2] < 0x10;
  return !special && !documentation;
}

Bytes Bytes6(const sockaddr* address) {
  sockaddr_in6 in6;
  std::memcpy(&in6, address, sizeof in6);
  Bytes bytes;
  std::memcpy(bytes.data(), &in6.sin6_addr, bytes.size());
  return bytes;
}

std::uint32_t Word4(const sockaddr* address) {
  sockaddr_in in;
  std::memcpy(&in, address, sizeof in);
  return ntohl(in.sin_addr.s_addr);
}

}  // namespace

bool IsPublicAddress(const sockaddr* address) {
  if (address->sa_family == AF_INET) return IsPublic4(Word4(address));
  if (address->sa_family == AF_INET6) return IsPublic6(Bytes6(address));
  return false;
}

bool IsLoopbackAddress(const sockaddr* address) {
  if (address->sa_family == AF_INET) return Word4(address) >> 24 == 127;
  if (address->sa_family != AF_INET6) return false;
  const Bytes bytes = Bytes6(address);
  return ZeroUntil(bytes, 15) && bytes[15] == 1;
}

}  // namespace keytidy::verify
