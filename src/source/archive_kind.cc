// SPDX-License-Identifier: Apache-2.0
#include "source/archive_kind.h"

namespace keytidy::source {
namespace {

using std::string_view_literals::operator""sv;

constexpr std::string_view kLocalHeader = "PK\3\4"sv;

bool IsZip(std::string_view head) {
  if (head.starts_with(kLocalHeader)) return true;
  if (head.starts_with("PK\5\6"sv)) return true;  // no members
  // Written as one part of several, of which there is only one.
  if (head.starts_with("PK\7\10PK\3\4"sv)) return true;
  if (head.starts_with("PK00PK\3\4"sv)) return true;
  if (!head.starts_with("#!")) return false;
  const std::size_t line = head.find('\n');
  return line != std::string_view::npos &&
         head.substr(line + 1).starts_with(kLocalHeader);
}

// bzip2 begins with its level and then a block, or the end when it is empty.
bool IsBzip2(std::string_view head) {
  if (head.size() < 10 || !head.starts_with("BZh")) return false;
  if (head[3] < '1' || head[3] > '9') return false;
  const std::string_view mark = head.substr(4, 6);
  return mark == "\x31\x41\x59\x26\x53\x59"sv ||
         mark == "\x17\x72\x45\x38\x50\x90"sv;
}

bool IsGzip(std::string_view head) {
  constexpr unsigned char kReservedFlags = 0xE0;
  return head.size() >= 10 && head.starts_with("\x1F\x8B\x08"sv) &&
         (static_cast<unsigned char>(head[3]) & kReservedFlags) == 0;
}

// Early writers added up the bytes as signed numbers; both sums are fine.
bool IsTar(std::string_view head) {
  constexpr std::size_t kHeaderSize = 512;
  constexpr std::size_t kSumAt = 148;
  constexpr std::size_t kSumSize = 8;
  if (head.size() < kHeaderSize) return false;
  long stated = 0;
  bool digits = false;
  for (const char c : head.substr(kSumAt, kSumSize)) {
    if (c >= '0' && c <= '7') {
      stated = stated * 8 + (c - '0');
      digits = true;
    } else if (c != ' ' || digits) {
      if (c == ' ' || c == '\0') break;
      return false;
    }
  }
  if (!digits) return false;
  long as_unsigned = 0;
  long as_signed = 0;
  for (std::size_t i = 0; i < kHeaderSize; ++i) {
    const char c = i - kSumAt < kSumSize ? ' ' : head[i];
    as_unsigned += static_cast<unsigned char>(c);
    as_signed += static_cast<signed char>(c);
  }
  return stated == as_unsigned || stated == as_signed;
}

}  // namespace

ArchiveKind DetectArchive(std::string_view head) {
  if (IsZip(head)) return ArchiveKind::kZip;
  if (IsGzip(head)) return ArchiveKind::kGzip;
  if (IsBzip2(head)) return ArchiveKind::kBzip2;
  if (head.starts_with("7z\xBC\xAF\x27\x1C"sv)) return ArchiveKind::kSevenZip;
  if (head.starts_with("\xFD"
                       "7zXZ\0"sv))
    return ArchiveKind::kXz;
  if (head.starts_with("\x28\xB5\x2F\xFD"sv)) return ArchiveKind::kZstd;
  if (head.starts_with("\x04\x22\x4D\x18"sv)) return ArchiveKind::kLz4;
  return IsTar(head) ? ArchiveKind::kTar : ArchiveKind::kNone;
}

}  // namespace keytidy::source
