// SPDX-License-Identifier: Apache-2.0
#include "pack/pack_file.h"

#include <algorithm>
#include <utility>

#include "pack/byte_order.h"

namespace keytidy::pack {
namespace {

constexpr std::size_t kHeadSize = 12;

// The index beside the pack, into `pack`'s own members.
Result<PackIndex> OpenIndex(const std::string& path, HashKind kind, Check check,
                            MappedFile* file) {
  auto opened = MappedFile::Open(path, MappedFile::Access::kNormal);
  if (!opened) return Fail(opened.error());
  *file = *std::move(opened);
  auto index = PackIndex::Parse(file->bytes(), kind, check);
  if (!index) {
    return Fail(index.error().code, "{}: {}", path, index.error().message);
  }
  return index;
}

}  // namespace

Result<PackFile> PackFile::Open(const std::string& path, HashKind kind,
                                const MultiPackIndex* multi, Check check) {
  PackFile out;
  out.path_ = path;
  out.kind_ = kind;
  auto pack = MappedFile::Open(path, check == Check::kAll
                                         ? MappedFile::Access::kWhole
                                         : MappedFile::Access::kNormal);
  if (!pack) return Fail(pack.error());
  out.pack_ = *std::move(pack);
  const std::string_view bytes = out.pack_.bytes();
  if (bytes.size() < kHeadSize + IdSize(kind) || bytes.substr(0, 4) != "PACK") {
    return Fail(ErrorCode::kDamaged, "{}: not a pack, or cut short", path);
  }
  const std::uint32_t version = Read32(bytes, 4);
  if (version != 2 && version != 3) {
    return Fail(ErrorCode::kUnsupported, "{}: pack version {} is not known",
                path, version);
  }
  const std::uint32_t stated = Read32(bytes, 8);
  const std::string index_path = path.substr(0, path.size() - 5) + ".idx";
  auto index = OpenIndex(index_path, kind, check, &out.index_file_);
  if (index) {
    if (index->count() != stated) {
      return Fail(ErrorCode::kDamaged,
                  "{}: holds {} objects, and its index has {}", path, stated,
                  index->count());
    }
    if (index->pack_checksum() != out.checksum()) {
      return Fail(ErrorCode::kDamaged,
                  "{}: its checksum is not the one in its index: cut short, or "
                  "the index is of another pack",
                  path);
    }
    out.index_ = *index;
    out.count_ = index->count();
  } else {
    if (multi == nullptr) return Fail(index.error());
    std::string name(out.name());
    name.replace(name.size() - 5, 5, ".idx");
    const auto& packs = multi->packs();
    const auto found = std::find(packs.begin(), packs.end(), name);
    if (found == packs.end()) return Fail(index.error());
    const auto number = static_cast<std::uint32_t>(found - packs.begin());
    for (std::uint32_t i = 0; i < multi->count(); ++i) {
      if (multi->PackAt(i) == number) out.in_multi_.push_back(i);
    }
    out.multi_ = multi;
    out.count_ = static_cast<std::uint32_t>(out.in_multi_.size());
    out.index_error_ = index.error().message;
  }
  if (check == Check::kShape) return out;
  for (std::uint32_t i = 0; i < out.count_; ++i) {
    const std::uint64_t offset = out.OffsetAt(i);
    if (offset < kHeadSize || offset >= out.end()) {
      return Fail(ErrorCode::kDamaged, "{}: object {} is outside of it", path,
                  out.IdAt(i).Hex());
    }
  }
  return out;
}

std::string_view PackFile::name() const {
  return std::string_view(path_).substr(path_.rfind('/') + 1);
}

ObjectId PackFile::IdAt(std::uint32_t i) const {
  return index_ ? index_->IdAt(i) : multi_->IdAt(in_multi_[i]);
}

std::uint64_t PackFile::OffsetAt(std::uint32_t i) const {
  return index_ ? index_->OffsetAt(i) : multi_->OffsetAt(in_multi_[i]);
}

std::optional<std::uint32_t> PackFile::CrcAt(std::uint32_t i) const {
  return index_ ? index_->CrcAt(i) : std::nullopt;
}

std::uint32_t PackFile::LowerBound(const ObjectId& id) const {
  if (index_) return index_->LowerBound(id);
  const auto it = std::lower_bound(in_multi_.begin(), in_multi_.end(), id,
                                   [&](std::uint32_t i, const ObjectId& key) {
                                     return multi_->IdAt(i) < key;
                                   });
  return static_cast<std::uint32_t>(it - in_multi_.begin());
}

std::optional<std::uint32_t> PackFile::Find(const ObjectId& id) const {
  const std::uint32_t i = LowerBound(id);
  if (i == count_ || IdAt(i) != id) return std::nullopt;
  return i;
}

Result<Entry> PackFile::EntryAt(std::uint64_t offset) const {
  if (offset < kHeadSize || offset >= end()) {
    return Fail(ErrorCode::kDamaged, "pack entry: outside of the pack");
  }
  return ParseEntry(bytes().substr(offset, end() - offset), offset, kind_);
}

}  // namespace keytidy::pack
