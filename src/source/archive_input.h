// SPDX-License-Identifier: Apache-2.0
//
// Hands the bytes of a ByteReader to libarchive.
#pragma once

#include <archive.h>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "source/archive_budget.h"
#include "source/byte_reader.h"

namespace keytidy::source {

struct FreeArchive {
  void operator()(archive* a) const { archive_read_free(a); }
};
using ArchiveHandle = std::unique_ptr<archive, FreeArchive>;

// libarchive's last error in one line, without control characters; never
// empty.
std::string WhyOf(archive* a);

// Not shared between threads.
class ArchiveInput {
 public:
  // libarchive looks ahead in memory for as long as a header asks it to, and
  // some headers have no bound (the name in a gzip header). So reading stops
  // when more than `look_ahead` bytes are handed over without any of them
  // getting through to the format. `outermost`: `reader` is over what the
  // budget compares with.
  ArchiveInput(ByteReader& reader, ArchiveBudget& budget, bool outermost,
               std::size_t chunk_size, std::uint64_t look_ahead)
      : reader_(reader),
        budget_(budget),
        outermost_(outermost),
        chunk_(chunk_size),
        look_ahead_(look_ahead) {}
  ArchiveInput(const ArchiveInput&) = delete;
  ArchiveInput& operator=(const ArchiveInput&) = delete;

  // Opens `a`, which has its formats and filters. `seekable`: let it seek.
  // The input must outlive it. Returns libarchive's code.
  int Open(archive* a, bool seekable);

  // From now on at most `bytes` more are handed over; nullopt: as many as
  // there are.
  void Allow(std::optional<std::uint64_t> bytes) { allowed_ = bytes; }

  // Set when the ByteReader itself failed.
  const std::optional<Error>& failure() const { return failure_; }
  // Whether reading was stopped here because of the limits above. libarchive
  // takes that for the end at some places, and so it must be asked for.
  bool stopped() const { return stopped_; }
  // What WhyOf says then.
  static constexpr char kStopped[] = "its header is too long";
  // How many bytes of the input, as far as is known without reading on, `a`
  // has left when it is done.
  std::uint64_t Leftover(archive* a) const;

 private:
  static la_ssize_t OnRead(archive* a, void* self, const void** block);
  static la_int64_t OnSeek(archive* a, void* self, la_int64_t offset,
                           int whence);
  la_ssize_t Read(archive* a, const void** block);
  la_int64_t Seek(archive* a, la_int64_t offset, int whence);

  ByteReader& reader_;
  ArchiveBudget& budget_;
  const bool outermost_;
  std::vector<char> chunk_;
  const std::uint64_t look_ahead_;
  std::optional<std::uint64_t> allowed_;
  std::uint64_t offset_ = 0;
  std::uint64_t ahead_ = 0;  // handed over since the format last took any
  la_int64_t taken_ = 0;     // by the format, so far
  std::optional<Error> failure_;
  bool stopped_ = false;
};

}  // namespace keytidy::source
