// SPDX-License-Identifier: Apache-2.0
#include "source/archive_member.h"

#include <algorithm>
#include <cstring>

#include "source/archive_input.h"

namespace keytidy::source {

std::optional<std::uint64_t> StatedSize(archive_entry* entry) {
  if (!archive_entry_size_is_set(entry)) return std::nullopt;
  const la_int64_t size = archive_entry_size(entry);
  if (size < 0) return std::nullopt;
  return static_cast<std::uint64_t>(size);
}

Result<std::size_t> MemberReader::Read(char* data, std::size_t size) {
  if (size == 0) return std::size_t{0};
  while (!failure_) {
    if (hole_ > 0) {
      const std::size_t n = std::min<std::uint64_t>(size, hole_);
      std::memset(data, 0, n);
      hole_ -= n;
      Charge(n);
      return n;
    }
    if (!block_.empty()) {
      const std::size_t n = std::min(size, block_.size());
      std::memcpy(data, block_.data(), n);
      block_.remove_prefix(n);
      if (charge_) Charge(n);
      return n;
    }
    if (at_end_) return std::size_t{0};
    NextBlock();
  }
  return Fail(*failure_);
}

void MemberReader::Drain() {
  while (!failure_ && !at_end_) {
    if (charge_) Charge(block_.size());
    hole_ = 0;
    block_ = {};
    if (!failure_) NextBlock();
  }
}

void MemberReader::NextBlock() {
  const void* data = nullptr;
  std::size_t size = 0;
  la_int64_t offset = 0;
  const int code = archive_read_data_block(archive_, &data, &size, &offset);
  if (code == ARCHIVE_EOF) {
    at_end_ = true;
    // A hole at the end is not worth unpacking; but where the archive promised
    // more, something is odd (a file type that libarchive does not know).
    const bool hole = offset > 0 && static_cast<std::uint64_t>(offset) >= size_;
    if (size_ && position_ < *size_ && !hole && damage_.empty()) {
      damage_ = "its content is shorter than the archive says";
    }
    return;
  }
  if (code != ARCHIVE_OK && damage_.empty()) damage_ = WhyOf(archive_);
  const bool usable = code == ARCHIVE_OK || code == ARCHIVE_WARN;
  if (usable && offset >= 0 &&
      static_cast<std::uint64_t>(offset) >= position_) {
    // A warning comes with the last block: a wrong checksum, mostly.
    hole_ = static_cast<std::uint64_t>(offset) - position_;
    block_ = std::string_view(static_cast<const char*>(data), size);
    position_ += hole_ + size;
    return;
  }
  if (usable && damage_.empty()) damage_ = "its parts are out of order";
  fatal_ = code == ARCHIVE_FATAL;
  failure_ = Error{ErrorCode::kDamaged, damage_};
}

void MemberReader::Charge(std::uint64_t bytes) {
  if (budget_.AddUnpacked(bytes)) return;
  failure_ = Error{ErrorCode::kLimit, budget_.why()};
}

}  // namespace keytidy::source
