// SPDX-License-Identifier: Apache-2.0
//
// Reading archives: zip (jar and its other names), 7z, tar, tar or a single
// file compressed with gzip, bzip2, xz, zstd or lz4. Told by content, never by
// name. Nothing is written anywhere and no program is started.
//
// A member's path is "outer.zip!inner/path"; names are taken as they are
// (absolute, with `..`, not UTF-8), since nothing is ever opened by them. What
// is compressed without being a tar has one member: "notes.txt.gz!notes.txt".
//
// Memory: one chunk of input, libarchive's own buffers, and what
// ArchiveLimits::buffered_bytes allows. The window of a decompressor is asked
// for by the archive and taken as it fills, so it is bounded by what the
// limits let unpack: zstd up to 128 MiB, xz and lzma (in zip and 7z too) up to
// 4 GiB, the rest a few MiB. libarchive holds the directory of a zip or 7z
// whole; both are looked at first (zip: at most 32 MiB of it; 7z: see
// seven_zip.h).
//
// A stream that is cut off or damaged loses what the decompressor had not
// handed over: up to 64 KiB of unpacked bytes (zstd 128 KiB) before the place.
#pragma once

#include <string>
#include <string_view>

#include "core/report.h"
#include "source/archive_budget.h"
#include "source/byte_reader.h"

namespace keytidy::source {

// True when `head`, the first bytes of a file (512 of them are useful), begins
// an archive that ReadArchive reads.
bool LooksLikeArchive(std::string_view head);

class ArchiveVisitor {
 public:
  virtual ~ArchiveVisitor() = default;

  // A member with content. `content` is valid during the call; what is not
  // read is skipped. Its Size() is what the archive states, and may be wrong.
  // When its Read fails, what came before is all there is of it: the failure
  // is reported through OnSkip by whoever failed, so it needs no other report.
  // For an archive in the archive, call ReadArchive from here, with the same
  // budget and `path` as its display path.
  virtual void OnMember(const std::string& path, ByteReader& content) = 0;

  // Something that is left out, and why. Directories and empty archives are
  // not mentioned.
  virtual void OnSkip(Skip skip) = 0;
};

// Reads all members, in the order of the archive. Every failure becomes an
// OnSkip, and whatever can still be read is read. When a limit is reached,
// reading ends at all levels, and the outermost call reports one Skip of its
// `display_path` that begins with "archive limit: ".
//
// `input` is at its start. `budget` is a fresh one for an outermost archive.
void ReadArchive(ByteReader& input, const std::string& display_path,
                 ArchiveBudget& budget, ArchiveVisitor& visitor);

}  // namespace keytidy::source
