// SPDX-License-Identifier: Apache-2.0
//
// What kind of archive a file is, told by its first bytes alone.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace keytidy::source {

enum class ArchiveKind : std::uint8_t {
  kNone,
  kZip,  // also with a `#!` line before it, as runnable zips have
  kSevenZip,
  kTar,  // any tar, known by the checksum of its first header
  // One compressed stream: of a tar, or of a single file.
  kGzip,
  kBzip2,
  kXz,
  kZstd,
  kLz4,
};

// As many bytes as DetectArchive looks at.
inline constexpr std::size_t kArchiveHeadSize = 512;

// `head` is how the file begins, as much of it as there is.
ArchiveKind DetectArchive(std::string_view head);

}  // namespace keytidy::source
