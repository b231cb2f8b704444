// SPDX-License-Identifier: Apache-2.0
//
// The header of a 7z archive, as far as it says how much there is: packed
// streams, then folders (each a chain of coders that turns some of the streams
// into one), then how the folders' output is cut into files, then the number
// of files. Forms that 7z programs do not write are refused.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "source/archive_budget.h"

namespace keytidy::source {

// What the parts of a header begin with.
enum class SevenZipId : std::uint8_t {
  kEnd = 0x00,
  kHeader = 0x01,
  kMainStreamsInfo = 0x04,
  kFilesInfo = 0x05,
  kPackInfo = 0x06,
  kUnpackInfo = 0x07,
  kSubStreamsInfo = 0x08,
  kSize = 0x09,
  kCrc = 0x0A,
  kFolder = 0x0B,
  kCodersUnpackSize = 0x0C,
  kNumUnpackStream = 0x0D,
  kNames = 0x11,
  kEncodedHeader = 0x17,
};

// Reads numbers; after the first step past the end everything reads as zero
// and failed() is true.
class SevenZipCursor {
 public:
  explicit SevenZipCursor(std::string_view bytes) : bytes_(bytes) {}
  bool failed() const { return failed_; }
  std::size_t position() const { return position_; }

  std::string_view Take(std::uint64_t size);
  std::uint8_t Byte();
  SevenZipId Id() { return static_cast<SevenZipId>(Byte()); }
  // Little-endian, of `size` bytes.
  std::uint64_t Fixed(std::size_t size);
  // The leading one bits of the first byte say how many bytes follow; its
  // other bits are the highest ones of the number.
  std::uint64_t Number();
  // A flag for each of `count`; how many are set.
  std::uint64_t CountFlags(std::uint64_t count);
  void SkipDigests(std::uint64_t count) { Take(4 * CountFlags(count)); }

 private:
  std::string_view bytes_;
  std::size_t position_ = 0;
  bool failed_ = false;
};

struct SevenZipFolder {
  std::string_view bytes;  // its description, as it stands in the header
  std::size_t coders = 0;
  std::size_t inputs = 0;
  std::size_t outputs = 0;
  std::size_t packed = 0;  // how many packed streams it takes
  std::size_t main_output = 0;
  bool encrypted = false;
  bool splits = false;  // has the coder that takes four streams (BCJ2)
  bool has_digest = false;
  std::vector<std::uint64_t> sizes;  // of each output
};

struct SevenZipStreams {
  std::uint64_t pack_position = 0;
  std::vector<std::uint64_t> pack_sizes;  // enough for all folders
  std::vector<SevenZipFolder> folders;
};

class SevenZipHeader {
 public:
  // `header` must stay alive, also for the folders.
  SevenZipHeader(std::string_view header, const ArchiveLimits& limits)
      : header_(header), cursor_(header), limits_(limits) {}

  SevenZipId Id() { return cursor_.Id(); }
  // What follows kMainStreamsInfo or kEncodedHeader.
  Result<SevenZipStreams> ReadStreams();
  // What follows kHeader; the number of files.
  Result<std::uint64_t> ReadFileCount();

 private:
  bool Fits(std::uint64_t count) const;
  bool ReadPackInfo(SevenZipStreams& streams);
  Status ReadFolders(SevenZipStreams& streams);
  Result<SevenZipFolder> ReadFolder();
  bool ReadBindings(SevenZipFolder& folder);
  bool ReadFolderDigests(SevenZipStreams& streams);
  Status CheckSplits(const SevenZipStreams& streams) const;
  bool ReadSubStreams(const SevenZipStreams& streams);

  const std::string_view header_;
  SevenZipCursor cursor_;
  const ArchiveLimits& limits_;
};

}  // namespace keytidy::source
