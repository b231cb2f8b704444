// SPDX-License-Identifier: Apache-2.0
//
// For tests: makes archives in memory, and records what ReadArchive visits.
#pragma once

#include <archive.h>
#include <archive_entry.h>
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <cstddef>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "source/archive.h"
#include "source/byte_reader.h"

namespace keytidy::source {

// Chooses format, filters and options of a new archive_write.
using Configure = std::function<void(archive*)>;

struct Entry {
  std::string name;
  std::string content = {};
  unsigned type = AE_IFREG;
  std::string link = {};  // of a symbolic link, or of a hard link when AE_IFREG
  // The parts that are no holes: offset and size.
  std::vector<std::pair<la_int64_t, la_int64_t>> parts = {};
};

inline std::string MakeArchive(const Configure& configure,
                               const std::vector<Entry>& entries) {
  std::string out;
  const auto write = [](archive*, void* to, const void* data,
                        std::size_t size) -> la_ssize_t {
    static_cast<std::string*>(to)->append(static_cast<const char*>(data), size);
    return static_cast<la_ssize_t>(size);
  };
  archive* const a = archive_write_new();
  configure(a);
  archive_write_set_bytes_per_block(a, 512);
  archive_write_set_bytes_in_last_block(a, 1);
  EXPECT_EQ(archive_write_open(a, &out, nullptr, write, nullptr), ARCHIVE_OK)
      << archive_error_string(a);
  for (const Entry& given : entries) {
    archive_entry* const entry = archive_entry_new();
    archive_entry_set_pathname(entry, given.name.c_str());
    archive_entry_set_filetype(entry, given.type);
    archive_entry_set_perm(entry, 0644);
    archive_entry_set_mtime(entry, 1000000000, 0);
    if (given.type == AE_IFLNK) {
      archive_entry_set_symlink(entry, given.link.c_str());
    } else if (!given.link.empty()) {
      archive_entry_set_hardlink(entry, given.link.c_str());
    } else {
      archive_entry_set_size(entry,
                             static_cast<la_int64_t>(given.content.size()));
    }
    for (const auto& [offset, size] : given.parts) {
      archive_entry_sparse_add_entry(entry, offset, size);
    }
    EXPECT_GE(archive_write_header(a, entry), ARCHIVE_WARN)
        << archive_error_string(a);
    if (given.type == AE_IFREG && given.link.empty()) {
      archive_write_data(a, given.content.data(), given.content.size());
    }
    archive_entry_free(entry);
  }
  EXPECT_EQ(archive_write_close(a), ARCHIVE_OK) << archive_error_string(a);
  archive_write_free(a);
  return out;
}

inline std::string Zip(const std::vector<Entry>& entries) {
  return MakeArchive(archive_write_set_format_zip, entries);
}
inline std::string StoredZip(const std::vector<Entry>& entries) {
  return MakeArchive(
      [](archive* a) {
        archive_write_set_format_zip(a);
        archive_write_zip_set_compression_store(a);
      },
      entries);
}
inline std::string SevenZip(const std::vector<Entry>& entries) {
  return MakeArchive(archive_write_set_format_7zip, entries);
}
inline std::string Tar(const std::vector<Entry>& entries) {
  return MakeArchive(archive_write_set_format_ustar, entries);
}
inline std::string TarWith(const Configure& filter,
                           const std::vector<Entry>& entries) {
  return MakeArchive(
      [&](archive* a) {
        archive_write_set_format_ustar(a);
        filter(a);
      },
      entries);
}
// One compressed stream of `content`.
inline std::string Compressed(const Configure& filter,
                              const std::string& content) {
  return MakeArchive(
      [&](archive* a) {
        archive_write_set_format_raw(a);
        filter(a);
      },
      {{"data", content}});
}
inline std::string Gzip(const std::string& content) {
  return Compressed(archive_write_add_filter_gzip, content);
}

// Reads nothing back and forth, as standard input or a member does.
class ForwardReader final : public ByteReader {
 public:
  explicit ForwardReader(std::string_view bytes) : memory_(bytes) {}
  Result<std::size_t> Read(char* data, std::size_t size) override {
    return memory_.Read(data, size);
  }

 private:
  MemoryReader memory_;
};

// Opens archives in archives, as a scan does. What it reads is one line for a
// member ("path: content", or "path: content..." when it broke off) and one for
// what is left out ("path: reason", with a `?` before it when incomplete).
class Recorder final : public ArchiveVisitor {
 public:
  explicit Recorder(ArchiveBudget& budget) : budget_(budget) {}

  void OnMember(const std::string& path, ByteReader& content) override {
    std::string head(512, '\0');
    std::size_t size = 0;
    bool broken = false;
    while (size < head.size()) {
      const Result<std::size_t> n =
          content.Read(&head[size], head.size() - size);
      broken = !n.has_value();
      if (broken || *n == 0) break;
      size += *n;
    }
    head.resize(size);
    if (LooksLikeArchive(head)) {
      PrefixedReader whole(head, content);
      ReadArchive(whole, path, budget_, *this);
      return;
    }
    char chunk[4096];
    while (!broken && !only_heads) {
      const Result<std::size_t> n = content.Read(chunk, sizeof(chunk));
      broken = !n.has_value();
      if (broken || *n == 0) break;
      bytes += *n;
      if (head.size() < keep) head.append(chunk, *n);
    }
    bytes += size;
    members.emplace_back(path, head);
    lines.push_back(fmt::format("{}: {}{}", path, head, broken ? "..." : ""));
  }

  void OnSkip(Skip skip) override {
    incomplete |= skip.incomplete;
    lines.push_back(fmt::format("{}{}: {}", skip.incomplete ? "?" : "",
                                skip.path, skip.reason));
    skips.push_back(std::move(skip));
  }

  std::vector<std::string> lines;
  std::vector<std::pair<std::string, std::string>> members;
  std::vector<Skip> skips;
  bool incomplete = false;
  std::uint64_t bytes = 0;
  std::size_t keep = std::size_t{1} << 20;  // of each member
  bool only_heads = false;

 private:
  ArchiveBudget& budget_;
};

// All that `archive` gives, when its display path is `path`.
inline std::vector<std::string> Lines(const std::string& archive,
                                      const std::string& path,
                                      const ArchiveLimits& limits = {}) {
  ArchiveBudget budget(limits);
  Recorder recorder(budget);
  MemoryReader reader(archive);
  ReadArchive(reader, path, budget, recorder);
  return recorder.lines;
}
inline std::vector<std::string> ForwardLines(const std::string& archive,
                                             const std::string& path,
                                             const ArchiveLimits& limits = {}) {
  ArchiveBudget budget(limits);
  Recorder recorder(budget);
  ForwardReader reader(archive);
  ReadArchive(reader, path, budget, recorder);
  return recorder.lines;
}

}  // namespace keytidy::source
