// SPDX-License-Identifier: Apache-2.0
//
// Any bytes as an archive, in a file and as a stream, with everything nested
// in it read to its end.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>
#include <utility>

#include "source/archive.h"
#include "source/byte_reader.h"

namespace {

using keytidy::Result;
using keytidy::Skip;
using keytidy::source::ArchiveBudget;
using keytidy::source::ArchiveLimits;
using keytidy::source::ByteReader;
using keytidy::source::LooksLikeArchive;
using keytidy::source::MemoryReader;
using keytidy::source::PrefixedReader;
using keytidy::source::ReadArchive;

class Everything final : public keytidy::source::ArchiveVisitor {
 public:
  explicit Everything(ArchiveBudget& budget) : budget_(budget) {}

  void OnMember(const std::string& path, ByteReader& content) override {
    char chunk[4096];
    const Result<std::size_t> head = content.Read(chunk, 512);
    if (!head) return;
    if (LooksLikeArchive(std::string_view(chunk, *head))) {
      const std::string start(chunk, *head);
      PrefixedReader whole(start, content);
      ReadArchive(whole, path, budget_, *this);
      return;
    }
    for (;;) {
      const Result<std::size_t> n = content.Read(chunk, sizeof(chunk));
      if (!n || *n == 0) break;
      bytes_ += *n;
      // A chunk for each level may come after a limit was reached.
      if (bytes_ > (std::uint64_t{17} << 20)) std::abort();
    }
  }

  void OnSkip(Skip skip) override {
    if (skip.reason.empty()) std::abort();
  }

 private:
  ArchiveBudget& budget_;
  std::uint64_t bytes_ = 0;
};

void ReadAll(ByteReader& reader) {
  ArchiveLimits limits;
  limits.depth = 4;
  limits.entries = 500;
  limits.total_bytes = std::uint64_t{16} << 20;
  limits.buffered_bytes = std::uint64_t{1} << 20;
  ArchiveBudget budget(limits);
  Everything everything(budget);
  ReadArchive(reader, "fuzz", budget, everything);
  if (budget.depth() != 0) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data,
                                      std::size_t size) {
  const std::string bytes(data, data + size);
  MemoryReader seekable(bytes);
  ReadAll(seekable);
  MemoryReader memory(bytes);
  PrefixedReader stream("", memory);
  ReadAll(stream);
  return 0;
}
