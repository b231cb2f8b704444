// SPDX-License-Identifier: Apache-2.0
#include "source/archive_container.h"

#include <archive.h>
#include <archive_entry.h>
#include <fmt/format.h>
#include <locale.h>

#include <utility>

#include "source/archive_input.h"
#include "source/archive_member.h"

namespace keytidy::source {
namespace {

constexpr std::size_t kChunk = std::size_t{64} << 10;
// A tar header has up to 1 MiB, one of 7z up to kMaxSevenZipHeader.
constexpr std::uint64_t kLookAhead = std::uint64_t{17} << 20;
// How much of a zip may be read before its first member, which is its
// directory: libarchive takes some six times as much memory for that.
constexpr std::uint64_t kMaxZipDirectory = std::uint64_t{32} << 20;

// Names that are stored as UTF-8 or UTF-16 are only handed over when the
// locale's character set has all characters. Changes this thread alone.
class Utf8Locale {
 public:
  Utf8Locale() : utf8_(newlocale(LC_CTYPE_MASK, "C.UTF-8", locale_t{})) {}
  ~Utf8Locale() {
    if (utf8_ != locale_t{}) freelocale(utf8_);
  }
  Utf8Locale(const Utf8Locale&) = delete;
  Utf8Locale& operator=(const Utf8Locale&) = delete;

  template <class Function>
  auto Within(Function function) const {
    if (utf8_ == locale_t{}) return function();
    const locale_t before = uselocale(utf8_);
    auto result = function();
    uselocale(before);
    return result;
  }

 private:
  const locale_t utf8_;
};

int Support(archive* a, ContainerFormat format) {
  switch (format) {
    case ContainerFormat::kSeekableZip:
      return archive_read_support_format_zip_seekable(a);
    case ContainerFormat::kStreamedZip:
      return archive_read_support_format_zip_streamable(a);
    case ContainerFormat::kSevenZip:
      return archive_read_support_format_7zip(a);
    case ContainerFormat::kTar: {
      const int code = archive_read_support_format_tar(a);
      if (code != ARCHIVE_OK) return code;
      // What was appended after the end mark is read too.
      return archive_read_set_format_option(a, "tar",
                                            "read_concatenated_archives", "1");
    }
  }
  return ARCHIVE_FAILED;
}

class Container {
 public:
  Container(ContainerFormat format, ByteReader& input,
            const std::string& display_path, ArchiveBudget& budget,
            ArchiveVisitor& visitor, bool charge)
      : format_(format),
        seekable_(input.CanSeek()),
        display_path_(display_path),
        budget_(budget),
        visitor_(visitor),
        charge_(charge),
        input_(input, budget, charge && budget.depth() == 1, kChunk,
               kLookAhead),
        archive_(archive_read_new()) {}

  ContainerOutcome Read() {
    if (Open()) ReadEntries();
    if (input_.failure()) {
      outcome_.input_failure = input_.failure();
      outcome_.damage.clear();
    } else if (input_.stopped() && outcome_.damage.empty()) {
      outcome_.damage = ArchiveInput::kStopped;
    }
    return std::move(outcome_);
  }

 private:
  bool Open() {
    archive* const a = archive_.get();
    if (a == nullptr || Support(a, format_) != ARCHIVE_OK) {
      outcome_.damage = "this build has no support for it";
      return false;
    }
    if (format_ == ContainerFormat::kSeekableZip) {
      input_.Allow(kMaxZipDirectory);
    }
    const int code = input_.Open(a, seekable_);
    if (code != ARCHIVE_OK) outcome_.damage = WhyOf(a);
    return code == ARCHIVE_OK;
  }

  void ReadEntries() {
    archive* const a = archive_.get();
    la_int64_t stuck_at = -1;
    while (!budget_.exceeded()) {
      archive_entry* entry = nullptr;
      const int code =
          locale_.Within([&] { return archive_read_next_header(a, &entry); });
      if (code == ARCHIVE_EOF) return;
      input_.Allow(std::nullopt);
      if (code == ARCHIVE_OK || code == ARCHIVE_WARN) {
        if (!budget_.AddEntries(1)) return;
        ++outcome_.entries;
        if (!ReadEntry(entry) || !Advance()) return;
        continue;
      }
      // One report for a whole stretch of damage.
      if (outcome_.damage.empty()) outcome_.damage = WhyOf(a);
      const la_int64_t at = archive_filter_bytes(a, 0);
      if (code == ARCHIVE_FATAL || at == stuck_at) return;
      stuck_at = at;
    }
  }

  // False when nothing after this entry can be read.
  bool ReadEntry(archive_entry* entry) {
    const std::string path = PathOf(entry);
    if (IsLeftOut(entry, path)) return true;
    MemberReader member(archive_.get(), entry, budget_, charge_);
    visitor_.OnMember(path, member);
    if (format_ == ContainerFormat::kStreamedZip ||
        format_ == ContainerFormat::kSevenZip) {
      // To skip it libarchive would have to unpack it as well, uncounted.
      member.Drain();
    }
    if (!member.damage().empty() && !budget_.exceeded() && !input_.failure()) {
      outcome_.reported = true;
      visitor_.OnSkip(CannotUnpack(
          path,
          fmt::format("{}{}", member.damage(),
                      member.fatal() ? "; nothing after it can be read" : ""),
          member.Size()));
    }
    return !member.fatal();
  }

  bool Advance() {
    if (budget_.exceeded()) return false;
    if (archive_read_data_skip(archive_.get()) != ARCHIVE_FATAL) return true;
    outcome_.damage = WhyOf(archive_.get());
    return false;
  }

  std::string PathOf(archive_entry* entry) {
    const char* name =
        locale_.Within([&] { return archive_entry_pathname(entry); });
    if (name != nullptr && *name != '\0') {
      return fmt::format("{}!{}", display_path_, name);
    }
    return fmt::format("{}!member-{}", display_path_, outcome_.entries);
  }

  // Whether the entry has no content of its own, or none that can be read.
  bool IsLeftOut(archive_entry* entry, const std::string& path) {
    const std::optional<std::uint64_t> size = StatedSize(entry);
    const auto leave_out = [&](std::string_view reason) {
      visitor_.OnSkip({path, std::string(reason), std::nullopt, false});
      return true;
    };
    switch (archive_entry_filetype(entry)) {
      case AE_IFDIR:
        if (size.value_or(0) == 0) return true;
        outcome_.reported = true;
        visitor_.OnSkip(CannotUnpack(path, "a directory with content", size));
        return true;
      case AE_IFLNK:
        return leave_out("symbolic link in archive");
      case AE_IFCHR:
      case AE_IFBLK:
      case AE_IFIFO:
      case AE_IFSOCK:
        return leave_out("special file in archive");
      default:
        break;
    }
    if (archive_entry_hardlink(entry) != nullptr && size.value_or(0) == 0) {
      return leave_out("hard link in archive");
    }
    if (archive_entry_is_encrypted(entry) == 0) return false;
    outcome_.reported = true;
    visitor_.OnSkip({path, "encrypted", size, true});
    return true;
  }

  const ContainerFormat format_;
  const bool seekable_;
  const std::string& display_path_;
  ArchiveBudget& budget_;
  ArchiveVisitor& visitor_;
  const bool charge_;
  const Utf8Locale locale_;
  ArchiveInput input_;
  ArchiveHandle archive_;
  ContainerOutcome outcome_;
};

}  // namespace

ContainerOutcome ReadContainer(ContainerFormat format, ByteReader& input,
                               const std::string& display_path,
                               ArchiveBudget& budget, ArchiveVisitor& visitor,
                               bool charge) {
  return Container(format, input, display_path, budget, visitor, charge).Read();
}

Skip CannotUnpack(std::string path, std::string_view why,
                  std::optional<std::uint64_t> bytes) {
  return {std::move(path), fmt::format("cannot be unpacked: {}", why), bytes,
          true};
}

}  // namespace keytidy::source
