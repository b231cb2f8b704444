// SPDX-License-Identifier: Apache-2.0
//
// One pack and the table of what is in it.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/mapped_file.h"
#include "base/result.h"
#include "pack/entry.h"
#include "pack/multi_pack_index.h"
#include "pack/object_id.h"
#include "pack/pack_index.h"

namespace keytidy::pack {

// Immutable; any thread.
class PackFile {
 public:
  // `path` ends in ".pack"; its index stands beside it. Where that is missing
  // or damaged and `multi` knows the pack, that is used (`index_error` then
  // says what was wrong). Checks what joins the two: signature, version,
  // number of objects, checksum, offsets.
  // kDamaged, kUnsupported, and the errors of opening; messages name the file.
  static Result<PackFile> Open(const std::string& path, HashKind kind,
                               const MultiPackIndex* multi, Check check);

  const std::string& path() const { return path_; }
  HashKind kind() const { return kind_; }
  // "pack-1234….pack"
  std::string_view name() const;
  // The whole file, and where its entries end.
  std::string_view bytes() const { return pack_.bytes(); }
  std::uint64_t end() const { return pack_.bytes().size() - IdSize(kind_); }
  // The checksum at its end: names the pack's content.
  std::string_view checksum() const { return pack_.bytes().substr(end()); }
  const std::optional<std::string>& index_error() const { return index_error_; }

  std::uint32_t count() const { return count_; }
  ObjectId IdAt(std::uint32_t i) const;
  std::uint64_t OffsetAt(std::uint32_t i) const;
  std::optional<std::uint32_t> CrcAt(std::uint32_t i) const;
  std::optional<std::uint32_t> Find(const ObjectId& id) const;
  // The first object whose id is not less.
  std::uint32_t LowerBound(const ObjectId& id) const;

  // The entry that begins at `offset`, which is in [12, end()).
  Result<Entry> EntryAt(std::uint64_t offset) const;

 private:
  PackFile() = default;

  std::string path_;
  HashKind kind_ = HashKind::kSha1;
  MappedFile pack_;
  MappedFile index_file_;
  std::uint32_t count_ = 0;
  std::optional<PackIndex> index_;
  // Without an index of its own: objects of `multi_`, by ascending id.
  const MultiPackIndex* multi_ = nullptr;
  std::vector<std::uint32_t> in_multi_;
  std::optional<std::string> index_error_;
};

}  // namespace keytidy::pack
