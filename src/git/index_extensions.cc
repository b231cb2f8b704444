// SPDX-License-Identifier: Apache-2.0
#include "git/index_extensions.h"

#include <algorithm>
#include <cstdint>
#include <limits>
#include <tuple>
#include <utility>

#include "pack/byte_order.h"

namespace keytidy::git {
namespace {

// A signature and a size.
constexpr std::size_t kExtensionHead = 8;

// Deeper folders are not listed, so that a few bytes for each cannot add up to
// paths without end. Linux has no longer paths.
constexpr std::size_t kLongestFolder = 4096;

constexpr std::uint32_t kFolderMode = 0040000;

auto Damaged(std::size_t offset, std::string_view what) {
  return Fail(ErrorCode::kDamaged, "extension at offset {}: {}", offset, what);
}

Result<SplitLink> ParseLink(const ExtensionData& data, pack::HashKind kind) {
  const std::size_t id_size = pack::IdSize(kind);
  std::string_view rest = data.bytes;
  if (rest.size() < id_size) return Damaged(data.offset, "link is cut short");
  SplitLink out;
  out.shared = pack::ObjectId(pack::Raw(rest, 0), kind);
  rest.remove_prefix(id_size);
  if (rest.empty()) return out;
  for (EwahBitmap* bitmap : {&out.deleted, &out.replaced}) {
    const std::optional<EwahBitmap> taken = EwahBitmap::Take(&rest);
    if (!taken) return Damaged(data.offset, "link with a damaged bitmap");
    *bitmap = *taken;
  }
  if (!rest.empty()) return Damaged(data.offset, "link is too long");
  return out;
}

// Reads the nodes of "TREE", each before its children.
class CachedTreeReader {
 public:
  CachedTreeReader(const ExtensionData& data, pack::HashKind kind,
                   const std::vector<IndexEntry>& entries)
      : data_(data), kind_(kind), entries_(entries) {
    for (std::size_t i = 0; i < entries.size(); ++i) {
      if (entries[i].intent_to_add || entries[i].stage != 0) {
        in_no_tree_.push_back(i);
      }
      if (entries[i].mode == kFolderMode) sparse_ = true;
    }
  }

  Result<std::vector<CachedTree>> Read();

 private:
  // A folder whose children are being read.
  struct Folder {
    std::uint32_t children_left;
    std::size_t prefix;        // the length of its path and a slash
    std::size_t first, count;  // where the entries below it are
  };

  Result<Folder> ReadNode(const Folder* parent);
  bool TakeNumber(char end, std::int64_t* out);
  std::optional<std::pair<std::size_t, std::size_t>> Below(
      const Folder& within, std::size_t count) const;
  bool IsSparse(const Folder& within, std::string_view path) const;
  bool HoldsAll(std::size_t first, std::size_t count) const;
  auto Wrong(std::string_view what) const {
    return Damaged(data_.offset + position_, what);
  }

  ExtensionData data_;
  pack::HashKind kind_;
  const std::vector<IndexEntry>& entries_;
  std::vector<std::size_t> in_no_tree_;
  bool sparse_ = false;
  std::size_t position_ = 0;
  std::string prefix_;  // of the folder being read, with a slash at its end
  std::vector<CachedTree> trees_;
};

Result<std::vector<CachedTree>> CachedTreeReader::Read() {
  if (data_.bytes.empty()) return trees_;
  std::vector<Folder> open;
  do {
    const Result<Folder> folder =
        ReadNode(open.empty() ? nullptr : &open.back());
    if (!folder) return Fail(folder.error());
    if (!open.empty()) --open.back().children_left;
    open.push_back(*folder);
    while (!open.empty() && open.back().children_left == 0) open.pop_back();
    prefix_.resize(open.empty() ? 0 : open.back().prefix);
  } while (!open.empty());
  if (position_ != data_.bytes.size()) return Wrong("TREE is too long");
  return std::move(trees_);
}

Result<CachedTreeReader::Folder> CachedTreeReader::ReadNode(
    const Folder* parent) {
  const std::size_t name_end = data_.bytes.find('\0', position_);
  if (name_end == std::string_view::npos) return Wrong("TREE is cut short");
  const std::string_view name =
      data_.bytes.substr(position_, name_end - position_);
  if (name.empty() != (parent == nullptr) ||
      name.find('/') != std::string_view::npos) {
    return Wrong("TREE with a name that cannot be");
  }
  position_ = name_end + 1;
  std::int64_t count = 0;
  std::int64_t children = 0;
  if (!TakeNumber(' ', &count) || !TakeNumber('\n', &children) ||
      children < 0) {
    return Wrong("TREE with a number that cannot be");
  }
  if (parent != nullptr) prefix_.append(name).push_back('/');
  const Folder outer =
      parent != nullptr ? *parent : Folder{0, 0, 0, entries_.size()};
  Folder folder{static_cast<std::uint32_t>(children), prefix_.size(),
                outer.first, outer.count};
  if (count < 0) return folder;  // not known: something below it has changed

  const std::size_t id_size = pack::IdSize(kind_);
  if (data_.bytes.size() - position_ < id_size) {
    return Wrong("TREE is cut short");
  }
  const pack::ObjectId id(pack::Raw(data_.bytes, position_), kind_);
  position_ += id_size;
  if (prefix_.size() > kLongestFolder) return folder;
  const std::string_view path(prefix_.data(),
                              prefix_.size() - (parent != nullptr ? 1 : 0));
  if (sparse_ && count == 1 && IsSparse(outer, path)) return folder;
  const auto below = Below(outer, static_cast<std::size_t>(count));
  if (!below) return Wrong("TREE with another count than there are entries");
  std::tie(folder.first, folder.count) = *below;
  if (HoldsAll(folder.first, folder.count)) {
    trees_.push_back({std::string(path), id, folder.first, folder.count});
  }
  return folder;
}

bool CachedTreeReader::TakeNumber(char end, std::int64_t* out) {
  const bool negative =
      position_ < data_.bytes.size() && data_.bytes[position_] == '-';
  if (negative) ++position_;
  const std::size_t first = position_;
  std::int64_t value = 0;
  for (; position_ < data_.bytes.size(); ++position_) {
    const char c = data_.bytes[position_];
    if (c == end && position_ > first) {
      ++position_;
      *out = negative ? -value : value;
      return !negative || value != 0;
    }
    if (c < '0' || c > '9') return false;
    value = 10 * value + (c - '0');
    if (value > std::numeric_limits<std::int32_t>::max()) return false;
  }
  return false;
}

// The entries whose paths begin with prefix_, if there are `count` of them.
std::optional<std::pair<std::size_t, std::size_t>> CachedTreeReader::Below(
    const Folder& within, std::size_t count) const {
  const auto at = [this](std::size_t i) {
    return entries_.begin() + static_cast<std::ptrdiff_t>(i);
  };
  const std::size_t end = within.first + within.count;
  const std::size_t first = static_cast<std::size_t>(
      std::lower_bound(at(within.first), at(end), std::string_view(prefix_),
                       [](const IndexEntry& entry, std::string_view path) {
                         return entry.path < path;
                       }) -
      entries_.begin());
  const auto is_below = [&](std::size_t i) {
    return i < end && entries_[i].path.starts_with(prefix_);
  };
  if (count > end - first || is_below(first + count) ||
      (count > 0 && !is_below(first + count - 1))) {
    return std::nullopt;
  }
  return std::pair(first, count);
}

// Whether the folder stands in the index as one entry.
bool CachedTreeReader::IsSparse(const Folder& within,
                                std::string_view path) const {
  const auto first =
      entries_.begin() + static_cast<std::ptrdiff_t>(within.first);
  const auto end = first + static_cast<std::ptrdiff_t>(within.count);
  const auto found = std::lower_bound(
      first, end, path, [](const IndexEntry& entry, std::string_view name) {
        return entry.path < name;
      });
  return found != end && found->path == path && found->mode == kFolderMode;
}

// Whether every one of these entries goes into a tree.
bool CachedTreeReader::HoldsAll(std::size_t first, std::size_t count) const {
  const auto next =
      std::lower_bound(in_no_tree_.begin(), in_no_tree_.end(), first);
  return next == in_no_tree_.end() || *next >= first + count;
}

}  // namespace

Result<Extensions> ParseExtensions(std::string_view bytes, std::size_t offset,
                                   pack::HashKind kind) {
  Extensions out;
  while (offset < bytes.size()) {
    if (bytes.size() - offset < kExtensionHead) {
      return Damaged(offset, "cut short");
    }
    const std::string_view signature = bytes.substr(offset, 4);
    const std::size_t size = pack::Read32(bytes, offset + 4);
    if (size > bytes.size() - offset - kExtensionHead) {
      return Damaged(offset, "longer than the file");
    }
    const ExtensionData data{bytes.substr(offset + kExtensionHead, size),
                             offset + kExtensionHead};
    if (signature == "TREE") {
      if (out.tree) return Damaged(offset, "a second TREE");
      out.tree = data;
    } else if (signature == "link") {
      if (out.link) return Damaged(offset, "a second link");
      Result<SplitLink> link = ParseLink(data, kind);
      if (!link) return Fail(std::move(link.error()));
      out.link = *link;
    } else if (signature == "sdir") {
      out.sparse = true;
    } else if (signature[0] < 'A' || signature[0] > 'Z') {
      return Fail(ErrorCode::kUnsupported,
                  "extension at offset {}: required and not known", offset);
    }
    offset += kExtensionHead + size;
  }
  return out;
}

Result<std::vector<CachedTree>> ParseCachedTrees(
    const ExtensionData& tree, pack::HashKind kind,
    const std::vector<IndexEntry>& entries) {
  return CachedTreeReader(tree, kind, entries).Read();
}

}  // namespace keytidy::git
