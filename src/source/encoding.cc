// SPDX-License-Identifier: Apache-2.0
#include "source/encoding.h"

#include <algorithm>
#include <cstring>
#include <utility>

namespace keytidy::source {
namespace {

constexpr char32_t kReplacement = 0xFFFD;
constexpr std::size_t kPiece = 64 << 10;

// UTF-32 before UTF-16: its little-endian mark begins with the other's.
constexpr std::pair<std::string_view, Encoding> kMarks[] = {
    {{"\xFF\xFE\0\0", 4}, Encoding::kUtf32Le},
    {{"\0\0\xFE\xFF", 4}, Encoding::kUtf32Be},
    {{"\xFF\xFE", 2}, Encoding::kUtf16Le},
    {{"\xFE\xFF", 2}, Encoding::kUtf16Be},
};

bool Is32(Encoding encoding) {
  return encoding == Encoding::kUtf32Le || encoding == Encoding::kUtf32Be;
}

char32_t Unit(Encoding encoding, const char* p) {
  const auto byte = [p](int i) {
    return static_cast<char32_t>(static_cast<unsigned char>(p[i]));
  };
  switch (encoding) {
    case Encoding::kUtf16Le:
      return byte(0) | (byte(1) << 8);
    case Encoding::kUtf16Be:
      return (byte(0) << 8) | byte(1);
    case Encoding::kUtf32Le:
      return byte(0) | (byte(1) << 8) | (byte(2) << 16) | (byte(3) << 24);
    case Encoding::kUtf32Be:
      return (byte(0) << 24) | (byte(1) << 16) | (byte(2) << 8) | byte(3);
    case Encoding::kBytes:
      break;
  }
  return byte(0);
}

bool IsHighSurrogate(char32_t c) { return c >= 0xD800 && c <= 0xDBFF; }
bool IsLowSurrogate(char32_t c) { return c >= 0xDC00 && c <= 0xDFFF; }

void AppendUtf8(char32_t c, std::string* out) {
  const auto put = [out](char32_t byte) {
    out->push_back(static_cast<char>(byte));
  };
  if (c < 0x80) {
    put(c);
  } else if (c < 0x800) {
    put(0xC0 | (c >> 6));
    put(0x80 | (c & 0x3F));
  } else if (c < 0x10000) {
    put(0xE0 | (c >> 12));
    put(0x80 | ((c >> 6) & 0x3F));
    put(0x80 | (c & 0x3F));
  } else {
    put(0xF0 | (c >> 18));
    put(0x80 | ((c >> 12) & 0x3F));
    put(0x80 | ((c >> 6) & 0x3F));
    put(0x80 | (c & 0x3F));
  }
}

}  // namespace

Detected DetectEncoding(std::string_view head) {
  for (const auto& [mark, encoding] : kMarks) {
    if (head.substr(0, mark.size()) == mark) return {encoding, mark.size()};
  }
  return {};
}

bool LooksBinary(std::string_view head) {
  return head.substr(0, kBinaryLook).find('\0') != std::string_view::npos;
}

std::uint64_t RawWidth(Encoding encoding, std::string_view utf8) {
  if (encoding == Encoding::kBytes) return utf8.size();
  std::uint64_t width = 0;
  for (const char c : utf8) {
    const auto byte = static_cast<unsigned char>(c);
    if ((byte & 0xC0) == 0x80) continue;
    width += Is32(encoding) || byte >= 0xF0 ? 4 : 2;
  }
  return width;
}

Result<std::size_t> TextReader::Read(char* data, std::size_t size) {
  if (encoding_ == Encoding::kBytes) return input_.Read(data, size);
  while (position_ == decoded_.size() && !ended_) {
    decoded_.clear();
    position_ = 0;
    const std::size_t kept = raw_.size();
    raw_.resize(kept + kPiece);
    auto n = input_.Read(raw_.data() + kept, kPiece);
    raw_.resize(kept + (n ? *n : 0));
    if (!n) return Fail(n.error());
    ended_ = *n == 0;
    Decode(ended_);
  }
  const std::size_t n = std::min(size, decoded_.size() - position_);
  std::memcpy(data, decoded_.data() + position_, n);
  position_ += n;
  return n;
}

void TextReader::Decode(bool at_end) {
  const std::size_t unit = Is32(encoding_) ? 4 : 2;
  std::size_t i = 0;
  while (raw_.size() - i >= unit) {
    char32_t c = Unit(encoding_, raw_.data() + i);
    std::size_t used = unit;
    if (unit == 2 && IsHighSurrogate(c)) {
      if (raw_.size() - i < 4 && !at_end) break;
      const char32_t next =
          raw_.size() - i < 4 ? 0 : Unit(encoding_, raw_.data() + i + 2);
      if (IsLowSurrogate(next)) {
        c = 0x10000 + ((c - 0xD800) << 10) + (next - 0xDC00);
        used = 4;
      }
    }
    if (c > 0x10FFFF || IsHighSurrogate(c) || IsLowSurrogate(c)) {
      c = kReplacement;
    }
    AppendUtf8(c, &decoded_);
    i += used;
  }
  raw_.erase(0, i);
  if (at_end && !raw_.empty()) {
    AppendUtf8(kReplacement, &decoded_);
    raw_.clear();
  }
}

}  // namespace keytidy::source
