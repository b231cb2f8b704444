// SPDX-License-Identifier: Apache-2.0
#include "source/seven_zip.h"

#include <archive_entry.h>

#include <string>
#include <string_view>
#include <utility>

#include "base/digest.h"
#include "source/archive_input.h"
#include "source/archive_member.h"
#include "source/seven_zip_header.h"

namespace keytidy::source {
namespace {

using std::string_view_literals::operator""sv;

constexpr std::size_t kStartHeaderSize = 32;

auto Damaged() { return Fail(ErrorCode::kDamaged, "damaged 7z header"); }
auto Truncated() { return Fail(ErrorCode::kDamaged, "truncated 7z file"); }
auto Unsupported() {
  return Fail(ErrorCode::kUnsupported, "7z header of an unsupported form");
}

Result<std::string> ReadAt(ByteReader& input, std::uint64_t offset,
                           std::uint64_t size) {
  const std::uint64_t whole = input.Size().value_or(0);
  if (offset > whole || size > whole - offset) return Truncated();
  if (size > kMaxSevenZipHeader) return Unsupported();
  if (Status sought = input.SeekTo(offset); !sought) {
    return Fail(std::move(sought.error()));
  }
  std::string out(static_cast<std::size_t>(size), '\0');
  for (std::size_t at = 0; at < out.size();) {
    Result<std::size_t> n = input.Read(&out[at], out.size() - at);
    if (!n) return Fail(std::move(n.error()));
    if (*n == 0) return Truncated();
    at += *n;
  }
  return out;
}

class ArchiveMaker {
 public:
  // An archive whose one file is `packed`, to be unpacked as `folder` says.
  static std::string Make(std::string_view packed,
                          const SevenZipFolder& folder) {
    using Id = SevenZipId;
    ArchiveMaker header;
    header.Add(Id::kHeader, Id::kMainStreamsInfo);
    header.Add(Id::kPackInfo).Number(0).Number(1);
    header.Add(Id::kSize).Number(packed.size()).Add(Id::kEnd);
    header.Add(Id::kUnpackInfo, Id::kFolder).Number(1).Fixed(0, 1);
    header.out_ += folder.bytes;
    header.Add(Id::kCodersUnpackSize).Number(folder.sizes[0]).Add(Id::kEnd);
    header.Add(Id::kSubStreamsInfo, Id::kEnd).Add(Id::kEnd);
    header.Add(Id::kFilesInfo).Number(1);
    header.Add(Id::kNames).Number(5).Fixed(0, 1).Fixed('h', 4);
    header.Add(Id::kEnd, Id::kEnd);

    ArchiveMaker place;
    place.Fixed(packed.size(), 8).Fixed(header.out_.size(), 8);
    place.Fixed(Crc32(header.out_), 4);
    ArchiveMaker archive;
    archive.out_ = "7z\xBC\xAF\x27\x1C\x00\x04"sv;
    archive.Fixed(Crc32(place.out_), 4);
    archive.out_.append(place.out_).append(packed).append(header.out_);
    return std::move(archive.out_);
  }

 private:
  template <class... Ids>
  ArchiveMaker& Add(Ids... ids) {
    (Fixed(static_cast<std::uint8_t>(ids), 1), ...);
    return *this;
  }
  // In its longest form.
  ArchiveMaker& Number(std::uint64_t value) {
    return Fixed(0xFF, 1).Fixed(value, 8);
  }
  ArchiveMaker& Fixed(std::uint64_t value, std::size_t size) {
    for (std::size_t i = 0; i < size; ++i) {
      out_ += static_cast<char>(value >> (8 * i) & 0xFF);
    }
    return *this;
  }

  std::string out_;
};

// A packed header is unpacked by giving libarchive a small archive made up
// around it, in which it is a file.
Result<std::string> Unpack(std::string_view packed,
                           const SevenZipFolder& folder) {
  const std::string made = ArchiveMaker::Make(packed, folder);
  ArchiveBudget budget;
  MemoryReader reader(made);
  ArchiveInput input(reader, budget, false, std::size_t{64} << 10, made.size());
  const ArchiveHandle a(archive_read_new());
  archive_entry* entry = nullptr;
  if (a == nullptr || archive_read_support_format_7zip(a.get()) != ARCHIVE_OK ||
      input.Open(a.get(), true) != ARCHIVE_OK ||
      archive_read_next_header(a.get(), &entry) != ARCHIVE_OK) {
    return Damaged();
  }
  MemberReader member(a.get(), entry, budget, false);
  std::string out(static_cast<std::size_t>(folder.sizes[0]), '\0');
  for (std::size_t at = 0; at < out.size();) {
    const Result<std::size_t> n = member.Read(&out[at], out.size() - at);
    if (!n || *n == 0) return Damaged();
    at += *n;
  }
  return out;
}

// `header_offset` counts from the end of the start header, as the streams'
// positions do.
Result<std::string> ReadPackedHeader(ByteReader& input,
                                     SevenZipHeader& description,
                                     std::uint64_t header_offset) {
  Result<SevenZipStreams> streams = description.ReadStreams();
  if (!streams) return Fail(std::move(streams.error()));
  if (streams->folders.size() != 1) return Unsupported();
  const SevenZipFolder& folder = streams->folders[0];
  if (folder.encrypted) return Fail(ErrorCode::kUnsupported, "encrypted");
  if (folder.outputs != 1 || folder.packed != 1 ||
      folder.sizes[0] > kMaxSevenZipHeader ||
      streams->pack_position > header_offset) {
    return Unsupported();
  }
  Result<std::string> packed = ReadAt(
      input, kStartHeaderSize + streams->pack_position, streams->pack_sizes[0]);
  if (!packed) return packed;
  return Unpack(*packed, folder);
}

}  // namespace

Status CheckSevenZip(ByteReader& input, ArchiveBudget& budget) {
  Result<std::string> start = ReadAt(input, 0, kStartHeaderSize);
  if (!start) return Fail(std::move(start.error()));
  SevenZipCursor place(std::string_view(*start).substr(8));
  const std::uint64_t checksum = place.Fixed(4);
  const std::uint64_t offset = place.Fixed(8);
  const std::uint64_t size = place.Fixed(8);
  if (size == 0) {  // an archive of nothing
    if (Crc32(std::string_view(*start).substr(12)) != checksum) {
      return Damaged();
    }
    return {};
  }
  if (offset > input.Size().value_or(0)) return Truncated();
  Result<std::string> header = ReadAt(input, kStartHeaderSize + offset, size);
  if (!header) return Fail(std::move(header.error()));

  SevenZipHeader outer(*header, budget.limits());
  SevenZipId id = outer.Id();
  Result<std::uint64_t> files = std::uint64_t{0};
  if (id == SevenZipId::kEncodedHeader) {
    Result<std::string> unpacked = ReadPackedHeader(input, outer, offset);
    if (!unpacked) return Fail(std::move(unpacked.error()));
    SevenZipHeader inner(*unpacked, budget.limits());
    id = inner.Id();
    files = inner.ReadFileCount();
  } else {
    files = outer.ReadFileCount();
  }
  if (id != SevenZipId::kHeader) return Damaged();
  if (!files) return Fail(std::move(files.error()));
  if (*files > budget.limits().entries) {
    budget.AddEntries(*files);
    return Fail(ErrorCode::kLimit, "{}", budget.why());
  }
  return {};
}

}  // namespace keytidy::source
