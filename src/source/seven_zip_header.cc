// SPDX-License-Identifier: Apache-2.0
#include "source/seven_zip_header.h"

#include <algorithm>
#include <utility>

namespace keytidy::source {
namespace {

using std::string_view_literals::operator""sv;

constexpr std::string_view kAesCoder = "\x06\xF1\x07\x01"sv;

auto Damaged() { return Fail(ErrorCode::kDamaged, "damaged 7z header"); }
auto Unsupported() {
  return Fail(ErrorCode::kUnsupported, "7z header of an unsupported form");
}

}  // namespace

std::string_view SevenZipCursor::Take(std::uint64_t size) {
  if (size > bytes_.size() - position_) failed_ = true;
  if (failed_) return {};
  const std::string_view bytes =
      bytes_.substr(position_, static_cast<std::size_t>(size));
  position_ += bytes.size();
  return bytes;
}

std::uint8_t SevenZipCursor::Byte() {
  const std::string_view byte = Take(1);
  return byte.empty() ? std::uint8_t{0} : static_cast<std::uint8_t>(byte[0]);
}

std::uint64_t SevenZipCursor::Fixed(std::size_t size) {
  std::uint64_t value = 0;
  for (std::size_t i = 0; i < size; ++i) {
    value |= std::uint64_t{Byte()} << (8 * i);
  }
  return value;
}

std::uint64_t SevenZipCursor::Number() {
  const std::uint8_t first = Byte();
  std::size_t more = 0;
  while (more < 8 && (first & (0x80 >> more)) != 0) ++more;
  const std::uint64_t low = Fixed(more);
  if (more >= 7) return low;
  const std::uint64_t high = first & (0x7Fu >> more);
  return low | high << (8 * more);
}

std::uint64_t SevenZipCursor::CountFlags(std::uint64_t count) {
  if (Byte() != 0) return count;  // all of them, and no flags follow
  std::uint64_t set = 0;
  for (std::uint64_t i = 0; i < count && !failed_; i += 8) {
    unsigned bits = Byte();
    if (count - i < 8) bits &= 0xFF00u >> (count - i);
    for (; bits != 0; bits &= bits - 1) ++set;
  }
  return set;
}

// For a count that libarchive allocates by.
bool SevenZipHeader::Fits(std::uint64_t count) const {
  return !cursor_.failed() && count <= 4 * limits_.entries;
}

Result<std::uint64_t> SevenZipHeader::ReadFileCount() {
  SevenZipId id = cursor_.Id();
  if (id == SevenZipId::kMainStreamsInfo) {
    if (Result<SevenZipStreams> streams = ReadStreams(); !streams) {
      return Fail(std::move(streams.error()));
    }
    id = cursor_.Id();
  }
  if (cursor_.failed()) return Damaged();
  if (id == SevenZipId::kEnd) return std::uint64_t{0};
  if (id != SevenZipId::kFilesInfo) return Unsupported();
  const std::uint64_t files = cursor_.Number();
  if (cursor_.failed()) return Damaged();
  return files;
}

Result<SevenZipStreams> SevenZipHeader::ReadStreams() {
  SevenZipStreams streams;
  SevenZipId id = cursor_.Id();
  if (id == SevenZipId::kPackInfo) {
    if (!ReadPackInfo(streams)) return Damaged();
    id = cursor_.Id();
  }
  if (id == SevenZipId::kUnpackInfo) {
    if (Status folders = ReadFolders(streams); !folders) {
      return Fail(std::move(folders.error()));
    }
    id = cursor_.Id();
  }
  if (id == SevenZipId::kSubStreamsInfo) {
    if (!ReadSubStreams(streams)) return Damaged();
    id = cursor_.Id();
  }
  if (cursor_.failed() || id != SevenZipId::kEnd) return Damaged();
  return streams;
}

bool SevenZipHeader::ReadPackInfo(SevenZipStreams& streams) {
  streams.pack_position = cursor_.Number();
  const std::uint64_t count = cursor_.Number();
  if (!Fits(count) || cursor_.Id() != SevenZipId::kSize) return false;
  for (std::uint64_t i = 0; i < count && !cursor_.failed(); ++i) {
    streams.pack_sizes.push_back(cursor_.Number());
  }
  SevenZipId id = cursor_.Id();
  if (id == SevenZipId::kCrc) {
    cursor_.SkipDigests(count);
    id = cursor_.Id();
  }
  return !cursor_.failed() && id == SevenZipId::kEnd;
}

Status SevenZipHeader::ReadFolders(SevenZipStreams& streams) {
  if (cursor_.Id() != SevenZipId::kFolder) return Damaged();
  const std::uint64_t count = cursor_.Number();
  if (cursor_.Byte() != 0 || !Fits(count)) return Unsupported();
  std::size_t packed = 0;
  for (std::uint64_t i = 0; i < count; ++i) {
    Result<SevenZipFolder> folder = ReadFolder();
    if (!folder) return Fail(std::move(folder.error()));
    packed += folder->packed;
    streams.folders.push_back(std::move(*folder));
  }
  if (packed > streams.pack_sizes.size()) return Damaged();
  if (cursor_.Id() != SevenZipId::kCodersUnpackSize) return Damaged();
  for (SevenZipFolder& folder : streams.folders) {
    for (std::size_t i = 0; i < folder.outputs; ++i) {
      folder.sizes.push_back(cursor_.Number());
    }
  }
  SevenZipId id = cursor_.Id();
  if (id == SevenZipId::kCrc) {
    if (!ReadFolderDigests(streams)) return Unsupported();
    id = cursor_.Id();
  }
  if (cursor_.failed() || id != SevenZipId::kEnd) return Damaged();
  return CheckSplits(streams);
}

// For all folders or for none, as is usual; a mixture would only be harder to
// follow.
bool SevenZipHeader::ReadFolderDigests(SevenZipStreams& streams) {
  const std::uint64_t count = streams.folders.size();
  const std::uint64_t set = cursor_.CountFlags(count);
  cursor_.Take(4 * set);
  for (SevenZipFolder& folder : streams.folders) {
    folder.has_digest = set == count;
  }
  return set == count || set == 0;
}

Result<SevenZipFolder> SevenZipHeader::ReadFolder() {
  constexpr std::uint64_t kMostCoders = 4;
  constexpr std::uint64_t kMostProperties = 64;
  const std::size_t begin = cursor_.position();
  SevenZipFolder folder;
  const std::uint64_t coders = cursor_.Number();
  if (coders == 0 || coders > kMostCoders) return Unsupported();
  folder.coders = static_cast<std::size_t>(coders);
  for (std::size_t i = 0; i < folder.coders; ++i) {
    const std::uint8_t flags = cursor_.Byte();
    if ((flags & 0xC0) != 0) return Unsupported();
    folder.encrypted |= cursor_.Take(flags & 0x0F) == kAesCoder;
    if ((flags & 0x10) != 0) {
      if (cursor_.Number() != 4 || cursor_.Number() != 1) return Unsupported();
      folder.splits = true;
      folder.inputs += 4;
    } else {
      folder.inputs += 1;
    }
    folder.outputs += 1;
    if ((flags & 0x20) != 0) {
      const std::uint64_t size = cursor_.Number();
      if (size > kMostProperties) return Unsupported();
      cursor_.Take(size);
    }
  }
  if (!ReadBindings(folder)) return Damaged();
  folder.bytes = header_.substr(begin, cursor_.position() - begin);
  return folder;
}

// Which output goes into which input, and which inputs are packed streams.
bool SevenZipHeader::ReadBindings(SevenZipFolder& folder) {
  std::vector<bool> bound(folder.outputs, false);
  for (std::size_t i = 0; i + 1 < folder.outputs; ++i) {
    const std::uint64_t input = cursor_.Number();
    const std::uint64_t output = cursor_.Number();
    if (input >= folder.inputs || output >= folder.outputs) return false;
    bound[static_cast<std::size_t>(output)] = true;
  }
  // The folder's output is the one that goes nowhere; libarchive takes the
  // last such.
  std::size_t last = folder.outputs;
  while (last > 0 && bound[last - 1]) --last;
  if (last == 0) return false;
  folder.main_output = last - 1;
  folder.packed = folder.inputs - (folder.outputs - 1);
  for (std::size_t i = 0; folder.packed > 1 && i < folder.packed; ++i) {
    if (cursor_.Number() >= folder.inputs) return false;
  }
  return !cursor_.failed();
}

// libarchive holds three of the four streams in memory.
Status SevenZipHeader::CheckSplits(const SevenZipStreams& streams) const {
  std::size_t stream = 0;
  for (const SevenZipFolder& folder : streams.folders) {
    std::uint64_t most = 0;
    if (folder.splits) {
      for (std::size_t i = 1; i < folder.packed; ++i) {
        most = std::max(most, streams.pack_sizes[stream + i]);
      }
      for (std::size_t i = 0; folder.coders > 2 && i < 2; ++i) {
        most = std::max(most, folder.sizes[i]);
      }
    }
    if (most > limits_.buffered_bytes) {
      return Fail(ErrorCode::kUnsupported,
                  "7z with more executable code than can be held in memory");
    }
    stream += folder.packed;
  }
  return {};
}

bool SevenZipHeader::ReadSubStreams(const SevenZipStreams& streams) {
  SevenZipId id = cursor_.Id();
  std::vector<std::uint64_t> counts(streams.folders.size(), 1);
  std::uint64_t total = 0;
  if (id == SevenZipId::kNumUnpackStream) {
    for (std::uint64_t& count : counts) {
      count = cursor_.Number();
      if (!Fits(count) || !Fits(total += count)) return false;
    }
    id = cursor_.Id();
  }
  const bool sized = id == SevenZipId::kSize;
  std::uint64_t digests = 0;
  for (std::size_t i = 0; i < counts.size(); ++i) {
    const SevenZipFolder& folder = streams.folders[i];
    // All sizes but the last are stated; the last takes what is left, which
    // libarchive does not check.
    std::uint64_t left = folder.sizes[folder.main_output];
    for (std::uint64_t n = 1; sized && n < counts[i]; ++n) {
      const std::uint64_t size = cursor_.Number();
      if (cursor_.failed() || size > left) return false;
      left -= size;
    }
    if (counts[i] != 1 || !folder.has_digest) digests += counts[i];
  }
  if (sized) id = cursor_.Id();
  if (id == SevenZipId::kCrc) {
    cursor_.SkipDigests(digests);
    id = cursor_.Id();
  }
  return !cursor_.failed() && id == SevenZipId::kEnd;
}

}  // namespace keytidy::source
