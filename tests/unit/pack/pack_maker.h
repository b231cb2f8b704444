// SPDX-License-Identifier: Apache-2.0
//
// Writes packs, their indexes and loose objects byte by byte, so that a test
// can make those that git would not.
#pragma once

#include <zlib.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/digest.h"
#include "base/hasher.h"
#include "pack/object.h"

namespace keytidy::pack {

inline std::string Number32(std::uint64_t value) {
  std::string out;
  for (int shift = 24; shift >= 0; shift -= 8) {
    out.push_back(static_cast<char>(value >> shift));
  }
  return out;
}

inline std::string Number64(std::uint64_t value) {
  return Number32(value >> 32) + Number32(value);
}

inline std::string Deflated(std::string_view bytes, int level = 6) {
  uLongf size = compressBound(bytes.size());
  std::string out(size, '\0');
  if (compress2(reinterpret_cast<Bytef*>(out.data()), &size,
                reinterpret_cast<const Bytef*>(bytes.data()), bytes.size(),
                level) != Z_OK) {
    std::abort();
  }
  out.resize(size);
  return out;
}

inline std::string Checksum(std::string_view bytes, HashKind kind) {
  Hasher hasher(kind == HashKind::kSha1 ? Hasher::Kind::kSha1
                                        : Hasher::Kind::kSha256);
  hasher.Update(bytes);
  return hasher.Finish();
}

inline std::string_view BytesOf(const ObjectId& id) {
  return {reinterpret_cast<const char*>(id.data()), id.size()};
}

// An id of the given first bytes, filled up with `rest`.
inline ObjectId MadeId(std::string first, char rest = '\0',
                       HashKind kind = HashKind::kSha1) {
  first.resize(IdSize(kind), rest);
  return ObjectId(reinterpret_cast<const std::uint8_t*>(first.data()), kind);
}

inline std::string EntryHead(unsigned type, std::uint64_t size) {
  std::string out;
  unsigned byte = (type << 4) | (size & 15);
  for (size >>= 4; size != 0; size >>= 7) {
    out.push_back(static_cast<char>(byte | 0x80));
    byte = size & 0x7F;
  }
  out.push_back(static_cast<char>(byte));
  return out;
}

inline std::string Distance(std::uint64_t distance) {
  std::string out(1, static_cast<char>(distance & 0x7F));
  while (distance >>= 7) {
    --distance;
    out.insert(out.begin(), static_cast<char>(0x80 | (distance & 0x7F)));
  }
  return out;
}

inline std::string DeltaSize(std::uint64_t size) {
  std::string out;
  for (; size >= 0x80; size >>= 7) {
    out.push_back(static_cast<char>(0x80 | (size & 0x7F)));
  }
  out.push_back(static_cast<char>(size));
  return out;
}

inline std::string DeltaHead(std::uint64_t base, std::uint64_t result) {
  return DeltaSize(base) + DeltaSize(result);
}

inline std::string InsertOp(std::string_view text) {
  return std::string(1, static_cast<char>(text.size())) + std::string(text);
}

inline std::string CopyOp(std::uint64_t from, std::uint64_t size) {
  unsigned op = 0x80;
  std::string out;
  for (unsigned i = 0; i < 4; ++i) {
    if ((from >> (8 * i) & 0xFF) == 0) continue;
    op |= 1u << i;
    out.push_back(static_cast<char>(from >> (8 * i)));
  }
  if (size == 0x10000) size = 0;
  for (unsigned i = 0; i < 3; ++i) {
    if ((size >> (8 * i) & 0xFF) == 0) continue;
    op |= 0x10u << i;
    out.push_back(static_cast<char>(size >> (8 * i)));
  }
  return static_cast<char>(op) + out;
}

// A delta that puts `added` before the whole of a base of `size` bytes, which
// is at least 1 and less than 2^16.
inline std::string PutBefore(std::string_view added, std::size_t size) {
  return DeltaHead(size, size + added.size()) + InsertOp(added) +
         CopyOp(0, size);
}

inline std::string LooseBytes(std::string_view type, std::string_view content) {
  std::string text = std::string(type) + " " + std::to_string(content.size());
  text.push_back('\0');
  return Deflated(text += content);
}

inline ObjectId IdOf(ObjectType type, std::string_view content,
                     HashKind kind = HashKind::kSha1) {
  return ObjectHasher(kind).IdOf(type, content);
}

class PackMaker {
 public:
  struct Item {
    ObjectId id;
    std::uint64_t offset = 0;
    std::uint32_t crc = 0;
  };

  explicit PackMaker(HashKind kind = HashKind::kSha1) : kind_(kind) {}

  // Each gives the number of the entry.
  std::size_t Add(std::string_view content,
                  ObjectType type = ObjectType::kBlob) {
    return AddRaw(EntryHead(static_cast<unsigned>(type), content.size()) +
                      Deflated(content),
                  IdOf(type, content, kind_));
  }
  std::size_t AddOffsetDelta(std::size_t base, std::string_view delta,
                             const ObjectId& id) {
    return AddRaw(EntryHead(6, delta.size()) +
                      Distance(Next() - items_[base].offset) + Deflated(delta),
                  id);
  }
  std::size_t AddIdDelta(const ObjectId& base, std::string_view delta,
                         const ObjectId& id) {
    return AddRaw(EntryHead(7, delta.size()) + std::string(BytesOf(base)) +
                      Deflated(delta),
                  id);
  }
  std::size_t AddRaw(std::string_view bytes, const ObjectId& id) {
    items_.push_back({id, Next(), Crc32(bytes)});
    body_ += bytes;
    return items_.size() - 1;
  }

  std::uint64_t Next() const { return 12 + body_.size(); }
  std::vector<Item>& items() { return items_; }

  std::string Pack() const {
    std::string out = "PACK" + Number32(2) + Number32(items_.size()) + body_;
    return out + Checksum(out, kind_);
  }

  // With `large`, every offset stands in the table of large ones.
  std::string Index(int version = 2, bool large = false) const {
    std::vector<Item> sorted = items_;
    std::stable_sort(sorted.begin(), sorted.end(),
                     [](const Item& a, const Item& b) { return a.id < b.id; });
    std::string out = version == 1 ? "" : "\377tOc" + Number32(2);
    std::size_t before = 0;
    for (unsigned first = 0; first < 256; ++first) {
      while (before < sorted.size() && sorted[before].id.data()[0] <= first) {
        ++before;
      }
      out += Number32(before);
    }
    std::string ids, sums, offsets, large_offsets;
    for (std::size_t i = 0; i < sorted.size(); ++i) {
      if (version == 1) ids += Number32(sorted[i].offset);
      ids += BytesOf(sorted[i].id);
      sums += Number32(sorted[i].crc);
      offsets += Number32(large ? 0x80000000 | i : sorted[i].offset);
      if (large) large_offsets += Number64(sorted[i].offset);
    }
    out += ids;
    if (version != 1) out += sums + offsets + large_offsets;
    const std::string pack = Pack();
    out += pack.substr(pack.size() - IdSize(kind_));
    return out + Checksum(out, kind_);
  }

 private:
  HashKind kind_;
  std::string body_;
  std::vector<Item> items_;
};

struct MultiRow {
  ObjectId id;
  std::uint32_t pack = 0;
  std::uint64_t offset = 0;
};

// A multi-pack-index of these; offsets from 2^31 on stand in the table of
// large ones.
inline std::string MultiBytes(const std::vector<std::string>& packs,
                              std::vector<MultiRow> rows,
                              HashKind kind = HashKind::kSha1) {
  std::sort(rows.begin(), rows.end(),
            [](const MultiRow& a, const MultiRow& b) { return a.id < b.id; });
  const bool large =
      std::any_of(rows.begin(), rows.end(),
                  [](const MultiRow& row) { return row.offset >= 0x80000000; });
  std::string names, fan_out, ids, offsets, large_offsets;
  for (const std::string& name : packs) {
    names += name;
    names.push_back('\0');
  }
  names.resize((names.size() + 3) / 4 * 4, '\0');
  std::size_t before = 0;
  for (unsigned first = 0; first < 256; ++first) {
    while (before < rows.size() && rows[before].id.data()[0] <= first) ++before;
    fan_out += Number32(before);
  }
  for (const MultiRow& row : rows) {
    ids += BytesOf(row.id);
    offsets += Number32(row.pack);
    if (row.offset >= 0x80000000) {
      offsets += Number32(0x80000000 | (large_offsets.size() / 8));
      large_offsets += Number64(row.offset);
    } else {
      offsets += Number32(row.offset);
    }
  }
  std::vector<std::pair<std::string, std::string>> chunks = {
      {"PNAM", names}, {"OIDF", fan_out}, {"OIDL", ids}, {"OOFF", offsets}};
  if (large) chunks.emplace_back("LOFF", large_offsets);
  std::string out = "MIDX";
  out += static_cast<char>(1);
  out += static_cast<char>(kind == HashKind::kSha1 ? 1 : 2);
  out += static_cast<char>(chunks.size());
  out += '\0';
  out += Number32(packs.size());
  std::uint64_t at = out.size() + 12 * (chunks.size() + 1);
  for (const auto& [tag, bytes] : chunks) {
    out += tag + Number64(at);
    at += bytes.size();
  }
  out += Number32(0) + Number64(at);
  for (const auto& [tag, bytes] : chunks) out += bytes;
  return out + Checksum(out, kind);
}

}  // namespace keytidy::pack
