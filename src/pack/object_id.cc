// SPDX-License-Identifier: Apache-2.0
#include "pack/object_id.h"

#include <algorithm>

#include "base/digest.h"

namespace keytidy::pack {
namespace {

int HexValue(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

}  // namespace

std::optional<ObjectId> ObjectId::FromHex(std::string_view hex) {
  ObjectId out;
  if (hex.size() == 2 * IdSize(HashKind::kSha256)) {
    out.kind_ = HashKind::kSha256;
  } else if (hex.size() != 2 * IdSize(HashKind::kSha1)) {
    return std::nullopt;
  }
  for (std::size_t i = 0; i < out.size(); ++i) {
    const int high = HexValue(hex[2 * i]);
    const int low = HexValue(hex[2 * i + 1]);
    if (high < 0 || low < 0) return std::nullopt;
    out.bytes_[i] = static_cast<std::uint8_t>(high * 16 + low);
  }
  return out;
}

std::string ObjectId::Hex() const { return ToHex(bytes_.data(), size()); }

bool ObjectId::IsZero() const {
  return std::all_of(bytes_.begin(), bytes_.end(),
                     [](std::uint8_t byte) { return byte == 0; });
}

}  // namespace keytidy::pack
