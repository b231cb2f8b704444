// SPDX-License-Identifier: Apache-2.0
#include "pack/entry.h"

#include "pack/byte_order.h"

namespace keytidy::pack {
namespace {

tl::unexpected<Error> CutShort() {
  return Fail(ErrorCode::kDamaged, "pack entry: cut short");
}

// Seven bits a byte, most significant first, each continued one adding one:
// how an offset delta says how far back its base is.
Status ReadDistance(std::string_view bytes, std::size_t* at,
                    std::uint64_t* out) {
  std::uint64_t value = 0;
  for (bool first = true;; first = false) {
    if (*at == bytes.size()) return CutShort();
    const auto byte = static_cast<unsigned char>(bytes[(*at)++]);
    if (value >> 56 != 0) {
      return Fail(ErrorCode::kDamaged, "pack entry: its base is too far away");
    }
    value = (first ? 0 : (value + 1) << 7) | (byte & 0x7Fu);
    if ((byte & 0x80) == 0) break;
  }
  *out = value;
  return {};
}

}  // namespace

Result<Entry> ParseEntry(std::string_view bytes, std::uint64_t offset,
                         HashKind kind) {
  if (bytes.empty()) return CutShort();
  Entry out;
  std::size_t at = 0;
  auto byte = static_cast<unsigned char>(bytes[at++]);
  const unsigned type = (byte >> 4) & 7;
  out.size = byte & 0x0F;
  for (unsigned shift = 4; (byte & 0x80) != 0; shift += 7) {
    if (at == bytes.size()) return CutShort();
    byte = static_cast<unsigned char>(bytes[at++]);
    if (shift > 56) {
      return Fail(ErrorCode::kDamaged, "pack entry: its size has no end");
    }
    out.size |= std::uint64_t{byte & 0x7Fu} << shift;
  }
  switch (type) {
    case 1:
      out.type = ObjectType::kCommit;
      break;
    case 2:
      out.type = ObjectType::kTree;
      break;
    case 3:
      out.type = ObjectType::kBlob;
      break;
    case 4:
      out.type = ObjectType::kTag;
      break;
    case 6: {
      out.base = Entry::Base::kOffset;
      std::uint64_t distance = 0;
      if (auto ok = ReadDistance(bytes, &at, &distance); !ok) {
        return Fail(ok.error());
      }
      if (distance == 0 || distance >= offset) {
        return Fail(ErrorCode::kDamaged,
                    "pack entry: its base is outside the pack");
      }
      out.base_offset = offset - distance;
      break;
    }
    case 7:
      out.base = Entry::Base::kId;
      if (bytes.size() - at < IdSize(kind)) return CutShort();
      out.base_id = ObjectId(Raw(bytes, at), kind);
      at += IdSize(kind);
      break;
    default:
      return Fail(ErrorCode::kDamaged, "pack entry: no such type ({})", type);
  }
  out.data = at;
  return out;
}

}  // namespace keytidy::pack
