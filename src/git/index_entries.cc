// SPDX-License-Identifier: Apache-2.0
#include "git/index_entries.h"

#include <algorithm>
#include <string>
#include <utility>

#include "base/text.h"
#include "pack/byte_order.h"

namespace keytidy::git {
namespace {

constexpr std::size_t kHeader = 12;

// Ten numbers of stat(2), of which the mode is the seventh, then the id and
// the flags.
constexpr std::size_t kModeAt = 24;
constexpr std::size_t kIdAt = 40;

constexpr std::uint32_t kExtended = 0x4000;
constexpr std::uint32_t kNameMask = 0x0FFF;
constexpr std::uint32_t kSkipWorktree = 0x4000;
constexpr std::uint32_t kIntentToAdd = 0x2000;

constexpr std::uint32_t kFolder = 0040000;

// In version 4 a few bytes can stand for a path of any length. As many as this
// for each byte of the file are enough for 4096 in every entry.
constexpr std::uint64_t kPathBytesPerByte = 64;

// The mode a tree would have, or 0 where no tree has such.
std::uint32_t TreeMode(std::uint32_t mode) {
  if (mode > 0xFFFF) return 0;
  switch (mode & 0170000) {
    case 0100000:
      return (mode & 0100) != 0 ? 0100755 : 0100644;
    case 0120000:
    case 0160000:
    case kFolder:
      return mode & 0170000;
    default:
      return 0;
  }
}

bool IsAllowedName(std::string_view name) {
  if (name.empty()) return false;
  if (name[0] != '.') return true;
  return name != "." && name != ".." &&
         !(name.size() == 4 && ToLower(name[1]) == 'g' &&
           ToLower(name[2]) == 'i' && ToLower(name[3]) == 't');
}

bool IsAllowedPath(std::string_view path) {
  for (std::size_t start = 0;;) {
    const std::size_t slash = path.find('/', start);
    if (!IsAllowedName(path.substr(start, slash - start))) return false;
    if (slash == std::string_view::npos) return true;
    start = slash + 1;
  }
}

// Reads one entry after the other.
class EntryReader {
 public:
  EntryReader(std::string_view bytes, std::uint32_t version,
              pack::HashKind kind)
      : bytes_(bytes), version_(version), kind_(kind) {}

  std::size_t least_size() const {
    // The shortest path, its end, and in version 4 its count.
    return kIdAt + pack::IdSize(kind_) + 4;
  }
  Status Read(EntryTable* out);
  std::size_t position() const { return position_; }

 private:
  Status ReadPath(std::size_t start, std::uint32_t length);
  Status ReadPlainPath(std::size_t start, std::uint32_t length);
  Status ReadShortenedPath(std::uint32_t length);
  bool IsAfterPrevious(unsigned stage) const;
  auto Wrong(std::string_view what) const {
    return Fail(ErrorCode::kDamaged, "entry at offset {}: {}", entry_, what);
  }

  std::string_view bytes_;
  std::uint32_t version_;
  pack::HashKind kind_;
  std::size_t position_ = kHeader;
  std::size_t entry_ = kHeader;  // where the one being read begins
  // As in the file: a sparse folder has a slash at its end.
  std::string path_, previous_;
  std::size_t shared_ = 0;  // how many bytes are known to be the same in both
  unsigned previous_stage_ = 0;
  std::uint64_t path_bytes_ = 0;
};

Status EntryReader::Read(EntryTable* out) {
  entry_ = position_;
  if (bytes_.size() - entry_ < least_size()) return Wrong("cut short");
  IndexEntry entry;
  entry.mode = TreeMode(pack::Read32(bytes_, entry_ + kModeAt));
  if (entry.mode == 0) return Wrong("a mode that cannot be");
  entry.id = pack::ObjectId(pack::Raw(bytes_, entry_ + kIdAt), kind_);
  position_ = entry_ + kIdAt + pack::IdSize(kind_);
  const std::uint32_t words = pack::Read32(bytes_, position_);
  const std::uint32_t flags = words >> 16;
  position_ += 2;
  entry.stage = flags >> 12 & 3;
  if ((flags & kExtended) != 0) {
    if (version_ == 2) return Wrong("flags that version 2 does not have");
    const std::uint32_t more = words & 0xFFFF;
    if ((more & ~(kSkipWorktree | kIntentToAdd)) != 0) {
      return Fail(ErrorCode::kUnsupported,
                  "entry at offset {}: flags that are not known", entry_);
    }
    entry.intent_to_add = (more & kIntentToAdd) != 0;
    position_ += 2;
  }

  if (Status read = ReadPath(entry_, flags & kNameMask); !read) return read;
  path_bytes_ += path_.size();
  if (path_bytes_ > kPathBytesPerByte * bytes_.size()) {
    return Fail(ErrorCode::kLimit, "entry at offset {}: the paths are too long",
                entry_);
  }
  if (path_.empty()) {
    if (out->nameless != out->entries.size()) return Wrong("an empty path");
    ++out->nameless;
    out->entries.push_back(std::move(entry));
    return {};
  }
  if (out->nameless != out->entries.size() && !IsAfterPrevious(entry.stage)) {
    return Wrong("out of order");
  }
  std::string_view path = path_;
  if (entry.mode == kFolder) {
    if (path.back() != '/' || entry.stage != 0) {
      return Wrong("a folder that cannot be");
    }
    path.remove_suffix(1);
    out->sparse = true;
  }
  if (!IsAllowedPath(path)) return Wrong("a path that git would refuse");
  entry.path = path;
  out->entries.push_back(std::move(entry));
  previous_stage_ = out->entries.back().stage;
  std::swap(path_, previous_);
  return {};
}

// Leaves the path in path_, and position_ after it. `length` is what the flags
// say, kNameMask for that and more.
Status EntryReader::ReadPath(std::size_t start, std::uint32_t length) {
  return version_ == 4 ? ReadShortenedPath(length)
                       : ReadPlainPath(start, length);
}

Status EntryReader::ReadPlainPath(std::size_t start, std::uint32_t length) {
  const std::size_t end =
      bytes_
          .substr(0, length < kNameMask
                         ? std::min(bytes_.size(), position_ + length + 1)
                         : bytes_.size())
          .find('\0', position_);
  if (end == std::string_view::npos) return Wrong("a path without an end");
  if (length < kNameMask ? end - position_ != length
                         : end - position_ < length) {
    return Wrong("a path of another length");
  }
  path_ = bytes_.substr(position_, end - position_);
  shared_ = 0;
  // One to eight zeros, to a multiple of eight.
  const std::size_t size = (end - start + 8) / 8 * 8;
  if (size > bytes_.size() - start) return Wrong("cut short");
  position_ = start + size;
  return {};
}

// Version 4: how many bytes to take off the end of the path before, and what to
// put in their place.
Status EntryReader::ReadShortenedPath(std::uint32_t length) {
  std::uint64_t cut = 0;
  for (bool more = true, first = true; more; first = false) {
    if (position_ == bytes_.size()) return Wrong("cut short");
    const unsigned byte = static_cast<unsigned char>(bytes_[position_++]);
    more = (byte & 0x80) != 0;
    cut = first ? byte & 0x7F : (cut + 1) << 7 | (byte & 0x7F);
    if (cut > previous_.size()) return Wrong("a shortening that cannot be");
  }
  const std::size_t end = bytes_.find('\0', position_);
  if (end == std::string_view::npos) return Wrong("a path without an end");
  shared_ = previous_.size() - static_cast<std::size_t>(cut);
  const std::size_t size = shared_ + (end - position_);
  if (length < kNameMask ? size != length : size < length) {
    return Wrong("a path of another length");
  }
  path_.assign(previous_, 0, shared_);
  path_.append(bytes_.substr(position_, end - position_));
  position_ = end + 1;
  return {};
}

bool EntryReader::IsAfterPrevious(unsigned stage) const {
  const int order = std::string_view(previous_).substr(shared_).compare(
      std::string_view(path_).substr(shared_));
  if (order != 0) return order < 0;
  return previous_stage_ != 0 && previous_stage_ < stage;
}

}  // namespace

Result<EntryTable> ParseEntries(std::string_view bytes, std::uint32_t version,
                                std::uint32_t count, pack::HashKind kind) {
  EntryReader reader(bytes, version, kind);
  if (count > (bytes.size() - kHeader) / reader.least_size()) {
    return Fail(ErrorCode::kDamaged,
                "offset 8: {} entries are more than the file can hold", count);
  }
  EntryTable out;
  out.entries.reserve(count);
  for (std::uint32_t i = 0; i < count; ++i) {
    if (Status read = reader.Read(&out); !read) return Fail(read.error());
  }
  out.end = reader.position();
  return out;
}

bool Precedes(const IndexEntry& a, const IndexEntry& b) {
  const int order = a.path.compare(b.path);
  return order != 0 ? order < 0 : a.stage < b.stage;
}

bool MayFollow(const IndexEntry& a, const IndexEntry& b) {
  const int order = a.path.compare(b.path);
  return order != 0 ? order < 0 : a.stage != 0 && a.stage < b.stage;
}

}  // namespace keytidy::git
