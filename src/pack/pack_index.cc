// SPDX-License-Identifier: Apache-2.0
#include "pack/pack_index.h"

#include <algorithm>
#include <cstring>

#include "base/hasher.h"
#include "pack/byte_order.h"

namespace keytidy::pack {
namespace {

constexpr std::string_view kMagic = "\377tOc";
constexpr std::size_t kFanOutSize = 256 * 4;
constexpr std::uint32_t kLarge = 0x80000000;

bool ChecksumHolds(std::string_view bytes, HashKind kind) {
  Hasher hasher(kind == HashKind::kSha1 ? Hasher::Kind::kSha1
                                        : Hasher::Kind::kSha256);
  const std::size_t body = bytes.size() - IdSize(kind);
  hasher.Update(bytes.substr(0, body));
  return hasher.Finish() == bytes.substr(body);
}

}  // namespace

Result<PackIndex> PackIndex::Parse(std::string_view bytes, HashKind kind,
                                   Check check) {
  PackIndex out;
  out.bytes_ = bytes;
  out.kind_ = kind;
  out.version2_ = bytes.substr(0, 4) == kMagic;
  const std::size_t head = out.version2_ ? 8 : 0;
  const std::size_t id = IdSize(kind);
  if (bytes.size() < head + kFanOutSize + 2 * id) {
    return Fail(ErrorCode::kDamaged, "pack index: cut short");
  }
  if (out.version2_ && Read32(bytes, 4) != 2) {
    return Fail(ErrorCode::kUnsupported, "pack index: version {} is not known",
                Read32(bytes, 4));
  }
  std::uint32_t before = 0;
  for (unsigned i = 0; i < 256; ++i) {
    const std::uint32_t n = Read32(bytes, head + std::size_t{4} * i);
    if (n < before) {
      return Fail(ErrorCode::kDamaged, "pack index: its counts go down");
    }
    before = n;
  }
  out.count_ = before;
  const std::uint64_t fixed = head + kFanOutSize + 2 * id;
  const std::uint64_t each = out.version2_ ? id + 8 : id + 4;
  const std::uint64_t least = fixed + each * out.count_;
  // One table of large offsets follows, for as many as need it.
  const bool fits = out.version2_ ? bytes.size() >= least &&
                                        (bytes.size() - least) % 8 == 0 &&
                                        (bytes.size() - least) / 8 <= out.count_
                                  : bytes.size() == least;
  if (!fits) {
    return Fail(ErrorCode::kDamaged,
                "pack index: {} bytes are not right for {} objects",
                bytes.size(), out.count_);
  }
  if (out.version2_) out.large_count_ = (bytes.size() - least) / 8;
  if (check == Check::kShape) return out;
  if (!ChecksumHolds(bytes, kind)) {
    return Fail(ErrorCode::kDamaged, "pack index: its checksum does not hold");
  }
  for (std::uint32_t i = 0; i < out.count_; ++i) {
    const std::uint8_t* raw = out.RawIdAt(i);
    if (i > 0 && std::memcmp(out.RawIdAt(i - 1), raw, id) > 0) {
      return Fail(ErrorCode::kDamaged, "pack index: ids are out of order");
    }
    if (i >= out.FanOut(*raw) || (*raw > 0 && i < out.FanOut(*raw - 1u))) {
      return Fail(ErrorCode::kDamaged, "pack index: its counts are wrong");
    }
    if (!out.version2_) continue;
    const std::size_t table = head + kFanOutSize + (id + 4) * out.count_;
    const std::uint32_t offset = Read32(bytes, table + std::size_t{4} * i);
    if ((offset & kLarge) != 0 && (offset & ~kLarge) >= out.large_count_) {
      return Fail(ErrorCode::kDamaged, "pack index: an offset is missing");
    }
  }
  return out;
}

std::uint32_t PackIndex::FanOut(unsigned first_byte) const {
  return Read32(bytes_, (version2_ ? 8u : 0u) + std::size_t{4} * first_byte);
}

const std::uint8_t* PackIndex::RawIdAt(std::uint32_t i) const {
  const std::size_t id = IdSize(kind_);
  return version2_ ? Raw(bytes_, 8 + kFanOutSize + id * i)
                   : Raw(bytes_, kFanOutSize + (id + 4) * i + 4);
}

std::uint64_t PackIndex::OffsetAt(std::uint32_t i) const {
  const std::size_t id = IdSize(kind_);
  if (!version2_) return Read32(bytes_, kFanOutSize + (id + 4) * i);
  const std::size_t table = 8 + kFanOutSize + (id + 4) * count_;
  const std::uint32_t offset = Read32(bytes_, table + std::size_t{4} * i);
  if ((offset & kLarge) == 0) return offset;
  if ((offset & ~kLarge) >= large_count_) return 0;
  return Read64(bytes_, table + std::size_t{4} * count_ +
                            std::size_t{8} * (offset & ~kLarge));
}

std::optional<std::uint32_t> PackIndex::CrcAt(std::uint32_t i) const {
  if (!version2_) return std::nullopt;
  const std::size_t table = 8 + kFanOutSize + IdSize(kind_) * count_;
  return Read32(bytes_, table + std::size_t{4} * i);
}

// Ids are as good as random, so where one stands can be guessed: a few guesses
// leave a handful of places for the binary search.
std::uint32_t PackIndex::LowerBound(const ObjectId& id) const {
  const unsigned first = *id.data();
  std::uint32_t low = first == 0 ? 0 : FanOut(first - 1);
  std::uint32_t high = FanOut(first);
  // All ids in [low, high) have keys in [low_key, high_key).
  const auto key_of = [](const std::uint8_t* raw) {
    return Read64({reinterpret_cast<const char*>(raw), 8}, 0) << 8;
  };
  const std::uint64_t key = key_of(id.data());
  std::uint64_t low_key = 0;
  std::uint64_t high_key = ~std::uint64_t{0};
  for (int guesses = 0; guesses < 3 && high - low > 16; ++guesses) {
    const double share = static_cast<double>(key - low_key) /
                         (static_cast<double>(high_key - low_key) + 1.0);
    const auto span = static_cast<double>(high - low);
    const auto guess = low + std::min(high - low - 1,
                                      static_cast<std::uint32_t>(share * span));
    const std::uint64_t found = key_of(RawIdAt(guess));
    if (found < key) {
      low = guess + 1;
      low_key = found;
    } else if (found > key) {
      high = guess;
      high_key = found;
    } else {
      break;
    }
  }
  while (low < high) {
    const std::uint32_t middle = low + (high - low) / 2;
    if (std::memcmp(RawIdAt(middle), id.data(), IdSize(kind_)) < 0) {
      low = middle + 1;
    } else {
      high = middle;
    }
  }
  return low;
}

std::optional<std::uint32_t> PackIndex::Find(const ObjectId& id) const {
  const std::uint32_t i = LowerBound(id);
  if (i == count_ || std::memcmp(RawIdAt(i), id.data(), id.size()) != 0) {
    return std::nullopt;
  }
  return i;
}

std::string_view PackIndex::pack_checksum() const {
  const std::size_t id = IdSize(kind_);
  return bytes_.substr(bytes_.size() - 2 * id, id);
}

}  // namespace keytidy::pack
