// SPDX-License-Identifier: Apache-2.0
#include "git/index_file.h"

#include <algorithm>
#include <iterator>
#include <utility>

#include "base/digest.h"
#include "base/file.h"
#include "git/index_entries.h"
#include "git/index_extensions.h"
#include "pack/byte_order.h"

namespace keytidy::git {
namespace {

using Entries = std::vector<IndexEntry>;

constexpr std::size_t kHeader = 12;
constexpr std::size_t kLargestIndex = std::size_t{2} << 30;

// What one file has. Has views of its bytes.
struct Parts {
  EntryTable table;
  Extensions extensions;
  pack::ObjectId checksum;  // zero: none was written
};

bool ChecksumHolds(std::string_view bytes, const pack::ObjectId& checksum) {
  if (checksum.IsZero()) return true;
  if (checksum.kind() == pack::HashKind::kSha1) {
    return pack::ObjectId(Sha1(bytes).data(), checksum.kind()) == checksum;
  }
  return pack::ObjectId(Sha256(bytes).data(), checksum.kind()) == checksum;
}

// The shared part of a split index, if it has one.
const SplitLink* LinkOf(const Parts& parts) {
  const auto& link = parts.extensions.link;
  return link && !link->shared.IsZero() ? &*link : nullptr;
}

// Folders were in order by paths with a slash at the end.
Status SortSparse(Entries& entries) {
  std::sort(entries.begin(), entries.end(), Precedes);
  const auto wrong =
      std::adjacent_find(entries.begin(), entries.end(),
                         [](const IndexEntry& a, const IndexEntry& b) {
                           return !MayFollow(a, b);
                         });
  if (wrong == entries.end()) return {};
  return Fail(ErrorCode::kDamaged,
              "offset {}: a file and a folder have the same path", kHeader);
}

Result<Parts> ParseParts(std::string_view bytes, pack::HashKind kind) {
  const std::size_t id_size = pack::IdSize(kind);
  if (bytes.size() < kHeader + id_size) {
    return Fail(ErrorCode::kDamaged, "offset {}: cut short", bytes.size());
  }
  if (!bytes.starts_with("DIRC")) {
    return Fail(ErrorCode::kDamaged, "offset 0: not a git index");
  }
  const std::uint32_t version = pack::Read32(bytes, 4);
  if (version < 2 || version > 4) {
    return Fail(ErrorCode::kUnsupported, "offset 4: index version {}", version);
  }
  Parts out;
  const std::size_t end = bytes.size() - id_size;
  out.checksum = pack::ObjectId(pack::Raw(bytes, end), kind);
  const std::string_view content = bytes.substr(0, end);
  if (!ChecksumHolds(content, out.checksum)) {
    return Fail(ErrorCode::kDamaged, "offset {}: the checksum does not hold",
                end);
  }

  Result<EntryTable> table =
      ParseEntries(content, version, pack::Read32(bytes, 8), kind);
  if (!table) return Fail(std::move(table.error()));
  out.table = *std::move(table);
  Result<Extensions> extensions = ParseExtensions(content, out.table.end, kind);
  if (!extensions) return Fail(std::move(extensions.error()));
  out.extensions = *std::move(extensions);

  const SplitLink* link = LinkOf(out);
  if (out.table.nameless != (link != nullptr ? link->replaced.count() : 0)) {
    return Fail(ErrorCode::kDamaged,
                "offset {}: {} entries without a path, which is not as many as "
                "replace others",
                kHeader, out.table.nameless);
  }
  if (out.table.sparse) {
    if (!out.extensions.sparse) {
      return Fail(ErrorCode::kDamaged,
                  "offset {}: folders, and no extension that allows them",
                  kHeader);
    }
    if (link != nullptr) {  // git never writes one that is both
      return Fail(ErrorCode::kUnsupported,
                  "offset {}: both a split and a sparse index", kHeader);
    }
    if (Status sorted = SortSparse(out.table.entries); !sorted) {
      return Fail(std::move(sorted.error()));
    }
  }
  return out;
}

// The entries of the shared part as `link` changes them, and those that are
// new. `own` begins with the ones without a path.
Result<Entries> Merge(Entries shared, Entries own, std::size_t nameless,
                      const SplitLink& link) {
  const auto deleted = link.deleted.Expand(shared.size());
  const auto replaced = link.replaced.Expand(shared.size());
  if (!deleted || !replaced) {
    return Fail(ErrorCode::kDamaged,
                "changes an entry that its shared part does not have");
  }
  Entries out;
  out.reserve(shared.size() + own.size() - nameless);
  auto by = own.begin();
  auto added = own.begin() + static_cast<std::ptrdiff_t>(nameless);
  for (std::size_t i = 0; i < shared.size(); ++i) {
    IndexEntry& entry = shared[i];
    if ((*replaced)[i]) {
      by->path = std::move(entry.path);
      entry = std::move(*by++);
    }
    if ((*deleted)[i]) continue;
    while (added != own.end() && Precedes(*added, entry)) {
      out.push_back(std::move(*added++));
    }
    // A new entry takes the place of one that is not said to be deleted.
    if (added != own.end() && !Precedes(entry, *added)) continue;
    out.push_back(std::move(entry));
  }
  std::move(added, own.end(), std::back_inserter(out));
  const auto wrong = std::adjacent_find(
      out.begin(), out.end(), [](const IndexEntry& a, const IndexEntry& b) {
        return !MayFollow(a, b);
      });
  if (wrong != out.end()) {
    return Fail(ErrorCode::kDamaged,
                "entries are out of order together with its shared part");
  }
  return out;
}

Status AddTrees(const Extensions& extensions, pack::HashKind kind,
                IndexFile& out) {
  if (!extensions.tree) return {};
  Result<std::vector<CachedTree>> trees =
      ParseCachedTrees(*extensions.tree, kind, out.entries);
  if (!trees) return Fail(std::move(trees.error()));
  out.trees = *std::move(trees);
  return {};
}

template <class T>
auto At(const std::string& path, const Result<T>& failed) {
  return Fail(failed.error().code, "{}: {}", path, failed.error().message);
}

}  // namespace

Result<IndexFile> ParseIndex(std::string_view bytes, pack::HashKind kind) {
  Result<Parts> parts = ParseParts(bytes, kind);
  if (!parts) return Fail(std::move(parts.error()));
  IndexFile out;
  out.entries = std::move(parts->table.entries);
  if (const SplitLink* link = LinkOf(*parts)) {
    out.shared = "sharedindex." + link->shared.Hex();
    out.entries.erase(out.entries.begin(),
                      out.entries.begin() +
                          static_cast<std::ptrdiff_t>(parts->table.nameless));
    return out;
  }
  if (Status added = AddTrees(parts->extensions, kind, out); !added) {
    return Fail(std::move(added.error()));
  }
  return out;
}

Result<IndexFile> ReadIndex(const std::string& path, pack::HashKind kind) {
  const Result<std::string> bytes = ReadSmallFile(path, kLargestIndex);
  if (!bytes) {
    if (bytes.error().code == ErrorCode::kNotFound) return IndexFile();
    return Fail(bytes.error());
  }
  Result<Parts> parts = ParseParts(*bytes, kind);
  if (!parts) return At(path, parts);
  IndexFile out;
  out.entries = std::move(parts->table.entries);
  if (const SplitLink* link = LinkOf(*parts)) {
    out.shared = "sharedindex." + link->shared.Hex();
    const std::string shared_path =
        path.substr(0, path.rfind('/') + 1) + *out.shared;
    const Result<std::string> shared_bytes =
        ReadSmallFile(shared_path, kLargestIndex);
    if (!shared_bytes) {
      // An index without what it is made of is damaged, not empty.
      return Fail(shared_bytes.error().code == ErrorCode::kNotFound
                      ? ErrorCode::kDamaged
                      : shared_bytes.error().code,
                  "{}", shared_bytes.error().message);
    }
    Result<Parts> shared = ParseParts(*shared_bytes, kind);
    if (!shared) return At(shared_path, shared);
    if (shared->checksum != link->shared || LinkOf(*shared) != nullptr) {
      return Fail(ErrorCode::kDamaged,
                  "{}: not the shared part that its name says", shared_path);
    }
    Result<Entries> merged =
        Merge(std::move(shared->table.entries), std::move(out.entries),
              parts->table.nameless, *link);
    if (!merged) return At(path, merged);
    out.entries = *std::move(merged);
  }
  if (const Status added = AddTrees(parts->extensions, kind, out); !added) {
    return At(path, added);
  }
  return out;
}

}  // namespace keytidy::git
