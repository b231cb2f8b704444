// SPDX-License-Identifier: Apache-2.0
//
// One table for several packs, "multi-pack-index". Every pack has a table of
// its own too, so this one is read only where that is missing or damaged.
// Format: gitformat-pack(5).
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/mapped_file.h"
#include "base/result.h"
#include "pack/object_id.h"

namespace keytidy::pack {

// Immutable; any thread.
class MultiPackIndex {
 public:
  // Messages name the file.
  static Result<MultiPackIndex> Open(const std::string& path, HashKind kind);
  // `bytes` must outlive it. kDamaged, kUnsupported.
  static Result<MultiPackIndex> Parse(std::string_view bytes, HashKind kind);

  // "pack-1234….idx", as the file has them.
  const std::vector<std::string>& packs() const { return packs_; }
  std::uint32_t count() const { return count_; }
  ObjectId IdAt(std::uint32_t i) const;
  std::uint32_t PackAt(std::uint32_t i) const;
  std::uint64_t OffsetAt(std::uint32_t i) const;

 private:
  MappedFile file_;
  HashKind kind_ = HashKind::kSha1;
  std::vector<std::string> packs_;
  std::uint32_t count_ = 0;
  std::string_view ids_;
  std::string_view offsets_;
  std::string_view large_offsets_;
};

}  // namespace keytidy::pack
