// SPDX-License-Identifier: Apache-2.0
#include "match/checksum.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstdint>

#include "base/digest.h"
#include "base/text.h"

namespace keytidy::match {
namespace {

constexpr std::string_view kBase62 =
    "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
constexpr std::string_view kBase36 = "0123456789abcdefghijklmnopqrstuvwxyz";
constexpr std::string_view kBech32 = "qpzry9x8gf2tvdw0s3jn54khce6mua7l";
constexpr std::string_view kBase64Url =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
constexpr std::size_t kBech32ChecksumLength = 6;

std::string InBase(std::uint32_t value, std::string_view alphabet,
                   std::size_t width) {
  std::string out;
  const auto base = static_cast<std::uint32_t>(alphabet.size());
  for (; value != 0; value /= base)
    out.insert(out.begin(), alphabet[value % base]);
  if (out.size() < width) out.insert(0, width - out.size(), alphabet[0]);
  return out;
}

std::uint32_t SwapBytes(std::uint32_t v) {
  return (v >> 24) | ((v >> 8) & 0xFF00) | ((v << 8) & 0xFF0000) | (v << 24);
}

// One step of the checksum's polynomial (BIP-173).
std::uint32_t Bech32Step(std::uint32_t state, std::uint32_t value) {
  constexpr std::array<std::uint32_t, 5> kGenerator = {
      0x3b6a57b2, 0x26508e6d, 0x1ea119fa, 0x3d4233dd, 0x2a1462b3};
  const std::uint32_t top = state >> 25;
  state = ((state & 0x1ffffff) << 5) ^ value;
  for (std::uint32_t i = 0; i < 5; ++i) {
    if (((top >> i) & 1) != 0) state ^= kGenerator[i];
  }
  return state;
}

std::uint32_t Bech32Start(std::string_view prefix) {
  std::uint32_t state = 1;
  for (const char c : prefix) {
    state = Bech32Step(state, static_cast<unsigned char>(ToLower(c)) >> 5);
  }
  state = Bech32Step(state, 0);
  for (const char c : prefix) {
    state = Bech32Step(state, static_cast<unsigned char>(ToLower(c)) & 31);
  }
  return state;
}

bool Bech32Holds(std::string_view text) {
  const std::size_t separator = text.rfind('1');
  if (separator == std::string_view::npos || separator == 0 ||
      text.size() - separator - 1 < kBech32ChecksumLength) {
    return false;
  }
  const std::string_view prefix = text.substr(0, separator);
  const bool printable = std::all_of(prefix.begin(), prefix.end(), [](char c) {
    return c > 0x20 && c < 0x7F;
  });
  const bool mixed = std::any_of(text.begin(), text.end(), IsLower) &&
                     std::any_of(text.begin(), text.end(), IsUpper);
  if (!printable || mixed) return false;
  std::uint32_t state = Bech32Start(prefix);
  for (const char c : text.substr(separator + 1)) {
    const std::size_t value = kBech32.find(ToLower(c));
    if (value == std::string_view::npos) return false;
    state = Bech32Step(state, static_cast<std::uint32_t>(value));
  }
  return state == 1;
}

// A JSON object with "alg" in it. Only the outline is looked at: the bytes
// come from anywhere, and a full parser would add nothing.
bool IsJwtHeader(std::string_view body) {
  const auto json = DecodeBase64Url(body);
  return json && json->size() > 2 && json->front() == '{' &&
         json->back() == '}' && json->find("\"alg\"") != std::string::npos;
}

}  // namespace

std::string Bech32Encode(std::string_view prefix, std::string_view data) {
  std::uint32_t state = Bech32Start(prefix);
  for (const char c : data) {
    state =
        Bech32Step(state, static_cast<std::uint32_t>(kBech32.find(ToLower(c))));
  }
  for (std::size_t i = 0; i < kBech32ChecksumLength; ++i) {
    state = Bech32Step(state, 0);
  }
  state ^= 1;
  std::string out = fmt::format("{}1{}", prefix, data);
  for (std::size_t i = 0; i < kBech32ChecksumLength; ++i) {
    out.push_back(ToUpper(kBech32[(state >> (5 * (5 - i))) & 31]));
  }
  return out;
}

std::optional<std::string> DecodeBase64Url(std::string_view text) {
  if (text.size() % 4 == 1) return std::nullopt;
  std::string out;
  std::uint32_t bits = 0;
  int count = 0;
  for (const char c : text) {
    const std::size_t value = kBase64Url.find(c);
    if (value == std::string_view::npos) return std::nullopt;
    bits = (bits << 6) | static_cast<std::uint32_t>(value);
    count += 6;
    if (count >= 8) {
      count -= 8;
      out.push_back(static_cast<char>((bits >> count) & 0xFF));
    }
  }
  return out;
}

std::optional<std::string> ChecksumDigits(ChecksumKind kind,
                                          std::string_view body,
                                          std::size_t width) {
  switch (kind) {
    case ChecksumKind::kCrc32Base62:
      return InBase(Crc32(body), kBase62, width);
    case ChecksumKind::kCrc32Base36:
      return InBase(Crc32(body), kBase36, width);
    case ChecksumKind::kCrc32Hex:
      return fmt::format("{:08x}", Crc32(body));
    case ChecksumKind::kCrc32HexLe:
      return fmt::format("{:08x}", SwapBytes(Crc32(body)));
    case ChecksumKind::kNone:
    case ChecksumKind::kBech32:
    case ChecksumKind::kBase64Url256:
    case ChecksumKind::kJwt:
      return std::nullopt;
  }
  return std::nullopt;
}

bool ChecksumHolds(ChecksumKind kind, std::string_view whole,
                   std::string_view body, std::string_view digits) {
  switch (kind) {
    case ChecksumKind::kNone:
      return true;
    case ChecksumKind::kCrc32Base62:
      return ChecksumDigits(kind, body, digits.size()) == digits;
    case ChecksumKind::kCrc32Base36:
    case ChecksumKind::kCrc32Hex:
    case ChecksumKind::kCrc32HexLe:
      return ChecksumDigits(kind, body, digits.size()) == Lowercase(digits);
    case ChecksumKind::kBech32:
      return Bech32Holds(whole);
    case ChecksumKind::kBase64Url256:
      // 43 characters hold 258 bits; the last two are padding and zero.
      return body.size() == 43 && (kBase64Url.find(body.back()) & 3) == 0;
    case ChecksumKind::kJwt:
      return IsJwtHeader(body);
  }
  return false;
}

}  // namespace keytidy::match
