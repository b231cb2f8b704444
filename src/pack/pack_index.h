// SPDX-License-Identifier: Apache-2.0
//
// The table that says where in a pack each object is: an .idx file of version 1
// or 2. Format: gitformat-pack(5).
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "base/result.h"
#include "pack/object_id.h"

namespace keytidy::pack {

// How much of a file is checked when it is opened. Nothing that is read later
// depends on it for its safety, only for being right.
enum class Check {
  kAll,    // every entry, and the file's own checksum: linear in its size
  kShape,  // what is needed to find single objects, whose content is hashed
};

// A view of bytes that the caller keeps. Immutable; any thread.
class PackIndex {
 public:
  // Sizes and fan-out; with kAll the order of ids, large offsets and the
  // checksum too. kDamaged, kUnsupported; the message names no file.
  static Result<PackIndex> Parse(std::string_view bytes, HashKind kind,
                                 Check check);

  // Objects are numbered by ascending id.
  std::uint32_t count() const { return count_; }
  ObjectId IdAt(std::uint32_t i) const { return ObjectId(RawIdAt(i), kind_); }
  // 0, where no object is, when the table does not say.
  std::uint64_t OffsetAt(std::uint32_t i) const;
  // CRC-32 of the entry's bytes in the pack; version 1 has none.
  std::optional<std::uint32_t> CrcAt(std::uint32_t i) const;
  std::optional<std::uint32_t> Find(const ObjectId& id) const;
  // The first object whose id is not less than `id`; count() if there is none.
  std::uint32_t LowerBound(const ObjectId& id) const;
  // The checksum at the end of the pack this is for; raw bytes.
  std::string_view pack_checksum() const;

 private:
  const std::uint8_t* RawIdAt(std::uint32_t i) const;
  std::uint32_t FanOut(unsigned first_byte) const;

  std::string_view bytes_;
  HashKind kind_ = HashKind::kSha1;
  bool version2_ = false;
  std::uint32_t count_ = 0;
  std::uint64_t large_count_ = 0;
};

}  // namespace keytidy::pack
