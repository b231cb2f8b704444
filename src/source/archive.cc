// SPDX-License-Identifier: Apache-2.0
#include "source/archive.h"

#include <archive.h>
#include <archive_entry.h>
#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <utility>

#include "base/text.h"
#include "source/archive_container.h"
#include "source/archive_input.h"
#include "source/archive_kind.h"
#include "source/archive_member.h"
#include "source/seven_zip.h"

namespace keytidy::source {
namespace {

// Small, because a whole chunk may be unpacked before limits are looked at
// again.
constexpr std::size_t kChunk = std::size_t{16} << 10;
// See ArchiveInput. A block of bzip2 or lz4 has up to 8 MiB. gzip hands over
// 64 KiB for, at most, a little more; and what it hands over may be gzip again.
constexpr std::uint64_t kLookAhead = std::uint64_t{9} << 20;
constexpr std::uint64_t kGzipLookAhead = std::uint64_t{256} << 10;

// Each filter is asked for by itself, and none that libarchive would run a
// program for: that is what a warning here means.
int Support(archive* a, ArchiveKind kind) {
  int code = ARCHIVE_FAILED;
  if (kind == ArchiveKind::kGzip) code = archive_read_support_filter_gzip(a);
  if (kind == ArchiveKind::kBzip2) code = archive_read_support_filter_bzip2(a);
  if (kind == ArchiveKind::kXz) code = archive_read_support_filter_xz(a);
  if (kind == ArchiveKind::kZstd) code = archive_read_support_filter_zstd(a);
  if (kind == ArchiveKind::kLz4) code = archive_read_support_filter_lz4(a);
  if (code == ARCHIVE_OK) code = archive_read_support_format_raw(a);
  // For what unpacks to nothing.
  if (code == ARCHIVE_OK) code = archive_read_support_format_empty(a);
  return code;
}

// The name of the file that was compressed: the stored one unless it is odd
// (libarchive says "data" when none is), or else what the display path gives.
std::string PlainName(const char* stored, std::string_view display_path) {
  const std::string_view name = stored == nullptr ? "" : stored;
  bool simple = !name.empty() && name.size() <= 255 && name != "data" &&
                name != "." && name != "..";
  for (const char c : name) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte < 0x20 || byte == 0x7F || c == '/' || c == '!') simple = false;
  }
  if (simple) return std::string(name);
  const std::size_t slash = display_path.find_last_of("/!");
  if (slash != std::string_view::npos) display_path.remove_prefix(slash + 1);
  const std::size_t dot = display_path.rfind('.');
  if (dot == std::string_view::npos || dot == 0) return "content";
  return std::string(display_path.substr(0, dot));
}

// Appends to `out` until it has `size` bytes, or fewer at the end.
Status ReadUpTo(ByteReader& input, std::uint64_t size, std::string& out) {
  constexpr std::size_t kStep = std::size_t{64} << 10;
  while (out.size() < size) {
    const std::size_t before = out.size();
    out.resize(before + static_cast<std::size_t>(
                            std::min<std::uint64_t>(kStep, size - before)));
    Result<std::size_t> n = input.Read(&out[before], out.size() - before);
    out.resize(before + (n ? *n : 0));
    if (!n) return Fail(std::move(n.error()));
    if (*n == 0) break;
  }
  return {};
}

// One archive.
class Session {
 public:
  Session(const std::string& path, ArchiveBudget& budget,
          ArchiveVisitor& visitor)
      : path_(path), budget_(budget), visitor_(visitor) {}

  void Run(ByteReader& input) {
    std::string head;
    if (Status read = ReadUpTo(input, kArchiveHeadSize, head); !read) {
      return ReportInput(read.error());
    }
    if (!input.CanSeek()) {
      PrefixedReader whole(head, input);
      return Dispatch(DetectArchive(head), whole);
    }
    if (Status sought = input.SeekTo(0); !sought) {
      return ReportInput(sought.error());
    }
    Dispatch(DetectArchive(head), input);
  }

  void ReportDepth() {
    visitor_.OnSkip(
        {path_,
         fmt::format("archive nested deeper than {}", budget_.limits().depth),
         std::nullopt, true});
  }

 private:
  void Dispatch(ArchiveKind kind, ByteReader& input) {
    switch (kind) {
      case ArchiveKind::kNone:
        return visitor_.OnSkip(CannotUnpack(path_, "not an archive"));
      case ArchiveKind::kZip:
        return WithSeeking(input, &Session::ReadZip, &Session::StreamZip);
      case ArchiveKind::kSevenZip:
        return WithSeeking(input, &Session::ReadSevenZip,
                           &Session::RefuseSevenZip);
      case ArchiveKind::kTar:
        return Report(Read(ContainerFormat::kTar, input));
      default:
        return ReadCompressed(kind, input);
    }
  }

  ContainerOutcome Read(ContainerFormat format, ByteReader& input,
                        bool charge = true) {
    return ReadContainer(format, input, path_, budget_, visitor_, charge);
  }

  // Calls `seeking` with a reader that can seek, over bytes held in memory if
  // need be; or `streaming` when there are too many.
  void WithSeeking(ByteReader& input, void (Session::*seeking)(ByteReader&),
                   void (Session::*streaming)(ByteReader&)) {
    if (input.CanSeek()) return (this->*seeking)(input);
    ArchiveBudget::Held held(budget_);
    const std::uint64_t limit = held.limit();
    if (input.Size().value_or(0) > limit) return (this->*streaming)(input);
    std::string bytes;
    held.Set(limit);
    Status read = ReadUpTo(input, limit + 1, bytes);
    if (!read) ReportInput(read.error());
    held.Set(std::min<std::uint64_t>(bytes.size(), limit));
    if (budget_.depth() == 1) budget_.SetPacked(bytes.size());
    if (bytes.size() <= limit) {
      MemoryReader memory(bytes);
      return (this->*seeking)(memory);
    }
    PrefixedReader whole(bytes, input);
    (this->*streaming)(whole);
  }

  void ReadZip(ByteReader& input) {
    ContainerOutcome outcome = Read(ContainerFormat::kSeekableZip, input);
    if (outcome.entries > 0 || outcome.damage.empty() || budget_.exceeded()) {
      return Report(outcome);
    }
    // Its directory, at its end, is damaged or missing, but most of what that
    // says stands before each member as well.
    if (Status sought = input.SeekTo(0); !sought) {
      return ReportInput(sought.error());
    }
    ContainerOutcome again = Read(ContainerFormat::kStreamedZip, input);
    if (again.entries == 0 && again.damage.empty() && IsEmptyZip(input)) return;
    if (again.damage.empty() && !again.reported) {
      again.damage = "its directory is damaged or missing";
    }
    Report(again);
  }

  // libarchive does not find the directory of a zip that is nothing else.
  static bool IsEmptyZip(ByteReader& input) {
    constexpr std::uint64_t kEndRecordSize = 22;
    return input.Size() == kEndRecordSize;
  }

  void StreamZip(ByteReader& input) {
    Report(Read(ContainerFormat::kStreamedZip, input));
  }

  void ReadSevenZip(ByteReader& input) {
    Status sound = CheckSevenZip(input, budget_);
    if (sound) sound = input.SeekTo(0);
    if (sound) return Report(Read(ContainerFormat::kSevenZip, input));
    switch (sound.error().code) {
      case ErrorCode::kLimit:
        return;
      case ErrorCode::kDamaged:
      case ErrorCode::kUnsupported:
        return Damage(path_, sound.error().message);
      default:
        return ReportInput(sound.error());
    }
  }

  void RefuseSevenZip(ByteReader& input) {
    Damage(path_,
           fmt::format("7z is read back and forth, and this one is not in a "
                       "file and larger than {} bytes",
                       WithThousands(budget_.limits().buffered_bytes)),
           input.Size());
  }

  void ReadCompressed(ArchiveKind kind, ByteReader& reader) {
    ArchiveInput input(
        reader, budget_, budget_.depth() == 1, kChunk,
        kind == ArchiveKind::kGzip ? kGzipLookAhead : kLookAhead);
    const ArchiveHandle a(archive_read_new());
    archive_entry* entry = nullptr;
    int code = a == nullptr ? ARCHIVE_FATAL : Support(a.get(), kind);
    if (code != ARCHIVE_OK) {
      return Damage(path_, "this build has no support for it");
    }
    code = input.Open(a.get(), false);
    if (code == ARCHIVE_OK) code = archive_read_next_header(a.get(), &entry);
    if (code == ARCHIVE_EOF) return;
    if (code != ARCHIVE_OK) {
      if (input.failure()) return ReportInput(*input.failure());
      return Damage(path_, WhyOf(a.get()));
    }
    // What was compressed twice is unpacked twice in one go.
    const auto layers =
        static_cast<unsigned>(archive_filter_count(a.get())) - 1;
    if (budget_.depth() + layers - 1 > budget_.limits().depth) {
      return ReportDepth();
    }
    if (!budget_.AddEntries(1)) return;
    ReadUnpacked(a.get(), entry, input);
  }

  void ReadUnpacked(archive* a, archive_entry* entry, ArchiveInput& input) {
    MemberReader member(a, entry, budget_, true);
    std::string head;
    // When it fails, so does every Read after it.
    (void)ReadUpTo(member, kArchiveHeadSize, head);
    PrefixedReader whole(head, member);
    std::string place = path_;
    if (DetectArchive(head) == ArchiveKind::kTar) {
      ContainerOutcome outcome = Read(ContainerFormat::kTar, whole, false);
      outcome.input_failure.reset();
      Report(outcome);
    } else {
      place += '!';
      place += PlainName(archive_entry_pathname(entry), path_);
      visitor_.OnMember(place, whole);
    }
    if (input.failure()) return ReportInput(*input.failure());
    if (!member.damage().empty()) return Damage(place, member.damage());
    if (input.stopped()) return Damage(place, ArchiveInput::kStopped);
    const std::uint64_t leftover = member.at_end() ? input.Leftover(a) : 0;
    if (leftover > 0) {
      visitor_.OnSkip({path_, "bytes after the end of the compressed data",
                       leftover, false});
    }
  }

  void Report(const ContainerOutcome& outcome) {
    if (outcome.input_failure) return ReportInput(*outcome.input_failure);
    if (!outcome.damage.empty()) Damage(path_, outcome.damage);
  }

  void Damage(const std::string& place, std::string_view why,
              std::optional<std::uint64_t> bytes = std::nullopt) {
    if (budget_.exceeded() || input_failed_) return;
    if (why == "encrypted") {
      visitor_.OnSkip({place, std::string(why), bytes, true});
    } else {
      visitor_.OnSkip(CannotUnpack(place, why, bytes));
    }
  }

  // Further in, the input is a member, whose own archive reports its failure.
  void ReportInput(const Error& error) {
    input_failed_ = true;
    if (budget_.depth() > 1 || budget_.exceeded()) return;
    visitor_.OnSkip({path_, fmt::format("cannot be read: {}", error.message),
                     std::nullopt, true});
  }

  const std::string& path_;
  ArchiveBudget& budget_;
  ArchiveVisitor& visitor_;
  bool input_failed_ = false;
};

}  // namespace

bool LooksLikeArchive(std::string_view head) {
  return DetectArchive(head.substr(0, kArchiveHeadSize)) != ArchiveKind::kNone;
}

void ReadArchive(ByteReader& input, const std::string& display_path,
                 ArchiveBudget& budget, ArchiveVisitor& visitor) {
  if (budget.exceeded()) return;
  const ArchiveBudget::Level level(budget);
  Session session(display_path, budget, visitor);
  if (level.too_deep()) return session.ReportDepth();
  session.Run(input);
  if (level.outermost() && budget.exceeded()) {
    visitor.OnSkip({display_path, budget.why(), std::nullopt, true});
  }
}

}  // namespace keytidy::source
