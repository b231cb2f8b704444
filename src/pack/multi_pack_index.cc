// SPDX-License-Identifier: Apache-2.0
#include "pack/multi_pack_index.h"

#include <cstring>
#include <utility>

#include "base/hasher.h"
#include "pack/byte_order.h"

namespace keytidy::pack {
namespace {

constexpr std::size_t kHeadSize = 12;
constexpr std::size_t kChunkRow = 12;
constexpr std::uint32_t kLarge = 0x80000000;

constexpr std::uint32_t Tag(const char (&name)[5]) {
  std::uint32_t out = 0;
  for (int i = 0; i < 4; ++i) {
    out = out << 8 | static_cast<unsigned char>(name[i]);
  }
  return out;
}

tl::unexpected<Error> Damaged(std::string_view what) {
  return Fail(ErrorCode::kDamaged, "multi-pack-index: {}", what);
}

}  // namespace

Result<MultiPackIndex> MultiPackIndex::Open(const std::string& path,
                                            HashKind kind) {
  auto file = MappedFile::Open(path, MappedFile::Access::kNormal);
  if (!file) return Fail(file.error());
  auto out = Parse(file->bytes(), kind);
  if (!out) {
    return Fail(out.error().code, "{}: {}", path, out.error().message);
  }
  out->file_ = *std::move(file);
  return out;
}

Result<MultiPackIndex> MultiPackIndex::Parse(std::string_view bytes,
                                             HashKind kind) {
  MultiPackIndex out;
  out.kind_ = kind;
  const std::size_t id = IdSize(kind);
  if (bytes.size() < kHeadSize + kChunkRow + id) return Damaged("cut short");
  if (bytes.substr(0, 4) != "MIDX" || bytes[4] != 1) {
    return Fail(ErrorCode::kUnsupported,
                "multi-pack-index: not of a known version");
  }
  if (bytes[5] != (kind == HashKind::kSha1 ? 1 : 2)) {
    return Damaged("made for another kind of ids");
  }
  const std::size_t body = bytes.size() - id;
  Hasher hasher(kind == HashKind::kSha1 ? Hasher::Kind::kSha1
                                        : Hasher::Kind::kSha256);
  hasher.Update(bytes.substr(0, body));
  if (hasher.Finish() != bytes.substr(body)) {
    return Damaged("its checksum does not hold");
  }
  const std::size_t chunks = static_cast<unsigned char>(bytes[6]);
  const std::uint32_t pack_count = Read32(bytes, 8);
  if (kHeadSize + (chunks + 1) * kChunkRow > body) return Damaged("cut short");
  std::string_view names;
  std::string_view fan_out;
  for (std::size_t i = 0; i < chunks; ++i) {
    const std::size_t row = kHeadSize + i * kChunkRow;
    const std::uint64_t begin = Read64(bytes, row + 4);
    const std::uint64_t end = Read64(bytes, row + kChunkRow + 4);
    if (begin > end || end > body) return Damaged("a part is out of place");
    const std::string_view part = bytes.substr(begin, end - begin);
    switch (Read32(bytes, row)) {
      case Tag("PNAM"):
        names = part;
        break;
      case Tag("OIDF"):
        fan_out = part;
        break;
      case Tag("OIDL"):
        out.ids_ = part;
        break;
      case Tag("OOFF"):
        out.offsets_ = part;
        break;
      case Tag("LOFF"):
        out.large_offsets_ = part;
        break;
      default:
        break;
    }
  }
  if (fan_out.size() != 1024) return Damaged("its counts are missing");
  out.count_ = Read32(fan_out, 1020);
  if (out.ids_.size() != id * out.count_ ||
      out.offsets_.size() != std::size_t{8} * out.count_) {
    return Damaged("its parts are not of one size");
  }
  for (std::uint32_t i = 0; i < pack_count; ++i) {
    const std::size_t end = names.find('\0');
    if (end == std::string_view::npos) return Damaged("names are missing");
    out.packs_.emplace_back(names.substr(0, end));
    names.remove_prefix(end + 1);
  }
  for (std::uint32_t i = 0; i < out.count_; ++i) {
    if (out.PackAt(i) >= pack_count) return Damaged("a pack is missing");
    const std::uint32_t offset = Read32(out.offsets_, std::size_t{8} * i + 4);
    if (!out.large_offsets_.empty() && (offset & kLarge) != 0 &&
        (offset & ~kLarge) >= out.large_offsets_.size() / 8) {
      return Damaged("an offset is missing");
    }
    if (i > 0 && std::memcmp(out.ids_.data() + id * (i - 1),
                             out.ids_.data() + id * i, id) >= 0) {
      return Damaged("ids are out of order");
    }
  }
  return out;
}

ObjectId MultiPackIndex::IdAt(std::uint32_t i) const {
  return ObjectId(Raw(ids_, IdSize(kind_) * i), kind_);
}

std::uint32_t MultiPackIndex::PackAt(std::uint32_t i) const {
  return Read32(offsets_, std::size_t{8} * i);
}

std::uint64_t MultiPackIndex::OffsetAt(std::uint32_t i) const {
  const std::uint32_t offset = Read32(offsets_, std::size_t{8} * i + 4);
  if (large_offsets_.empty() || (offset & kLarge) == 0) return offset;
  return Read64(large_offsets_, std::size_t{8} * (offset & ~kLarge));
}

}  // namespace keytidy::pack
