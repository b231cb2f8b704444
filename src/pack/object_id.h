// SPDX-License-Identifier: Apache-2.0
//
// The name of a git object: a SHA-1 or SHA-256 of its type, size and content.
#pragma once

#include <array>
#include <compare>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <optional>
#include <string>
#include <string_view>

namespace keytidy::pack {

enum class HashKind : std::uint8_t { kSha1, kSha256 };

// In bytes; in hexadecimal it is twice as long.
constexpr std::size_t IdSize(HashKind kind) {
  return kind == HashKind::kSha1 ? 20 : 32;
}

// A plain value. Shorter ids are filled up with zeros, and all ids of one
// repository are of one kind, so that comparing all bytes compares the ids.
class ObjectId {
 public:
  ObjectId() = default;
  // Reads IdSize(kind) bytes.
  ObjectId(const std::uint8_t* bytes, HashKind kind) : kind_(kind) {
    std::memcpy(bytes_.data(), bytes, IdSize(kind));
  }
  // From exactly 40 or 64 hexadecimal digits, of either case.
  static std::optional<ObjectId> FromHex(std::string_view hex);

  HashKind kind() const { return kind_; }
  std::size_t size() const { return IdSize(kind_); }
  const std::uint8_t* data() const { return bytes_.data(); }
  std::string Hex() const;
  // All zeros: git's way to say "none".
  bool IsZero() const;

  // The first eight bytes, for tables: as good as random.
  std::uint64_t Prefix() const {
    std::uint64_t out = 0;
    std::memcpy(&out, bytes_.data(), sizeof out);
    return out;
  }

  friend bool operator==(const ObjectId& a, const ObjectId& b) {
    return a.bytes_ == b.bytes_;
  }
  friend auto operator<=>(const ObjectId& a, const ObjectId& b) {
    return std::memcmp(a.bytes_.data(), b.bytes_.data(), a.bytes_.size()) <=> 0;
  }

 private:
  std::array<std::uint8_t, 32> bytes_{};
  HashKind kind_ = HashKind::kSha1;
};

struct ObjectIdHash {
  std::size_t operator()(const ObjectId& id) const {
    return static_cast<std::size_t>(id.Prefix());
  }
};

}  // namespace keytidy::pack
