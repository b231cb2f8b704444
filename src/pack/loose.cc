// SPDX-License-Identifier: Apache-2.0
#include "pack/loose.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <utility>

#include "base/text.h"

namespace keytidy::pack {
namespace {

constexpr std::size_t kMostHead = 32;  // as git has it

Result<LooseHead> ParseHead(std::string_view head) {
  const std::size_t space = head.find(' ');
  const auto type = ParseObjectType(head.substr(0, space));
  if (space == std::string_view::npos || !type) {
    return Fail(ErrorCode::kDamaged, "loose object: no such type");
  }
  LooseHead out;
  out.type = *type;
  const std::string_view digits = head.substr(space + 1);
  const auto [end, error] =
      std::from_chars(digits.data(), digits.data() + digits.size(), out.size);
  if (error != std::errc() || end != digits.data() + digits.size() ||
      (digits.size() > 1 && digits[0] == '0')) {
    return Fail(ErrorCode::kDamaged, "loose object: its size is no number");
  }
  return out;
}

}  // namespace

Result<LooseObject> LooseObject::Open(const std::string& path) {
  auto file = MappedFile::Open(path, MappedFile::Access::kNormal);
  if (!file) return Fail(file.error());
  auto out = Parse(file->bytes());
  if (!out) return out;
  out->file_ = *std::move(file);
  return out;
}

Result<LooseObject> LooseObject::Parse(std::string_view bytes) {
  LooseObject out;
  out.bytes_ = bytes;
  InflateStream stream(bytes);
  std::array<char, kMostHead> start{};
  std::size_t size = 0;
  while (size < start.size()) {
    auto n = stream.Read(start.data() + size, start.size() - size);
    if (!n) return Fail(n.error());
    if (*n == 0) break;
    size += *n;
  }
  const std::string_view text(start.data(), size);
  const std::size_t nul = text.find('\0');
  if (nul == std::string_view::npos) {
    return Fail(ErrorCode::kDamaged, "loose object: its head has no end");
  }
  auto head = ParseHead(text.substr(0, nul));
  if (!head) return Fail(head.error());
  out.head_ = *head;
  out.head_size_ = nul + 1;
  if (!CouldInflateTo(bytes.size(), out.head_.size)) {
    return Fail(ErrorCode::kDamaged,
                "loose object: states a size that it cannot have");
  }
  return out;
}

Result<std::size_t> LooseObject::Reader::Read(char* out, std::size_t size) {
  while (head_ > 0) {
    std::array<char, kMostHead> skipped{};
    auto n = stream_.Read(skipped.data(), std::min(head_, skipped.size()));
    if (!n) return n;
    if (*n == 0) break;
    head_ -= *n;
  }
  if (size == 0) return 0;
  if (left_ == 0) {
    // Reads on to the end, where the data's own checksum stands.
    char more = 0;
    auto n = stream_.Read(&more, 1);
    if (!n) return n;
    if (*n > 0) {
      return Fail(ErrorCode::kDamaged,
                  "loose object: longer than the size it states");
    }
    return 0;
  }
  auto n = stream_.Read(
      out, static_cast<std::size_t>(std::min<std::uint64_t>(size, left_)));
  if (!n) return n;
  if (*n == 0) {
    return Fail(ErrorCode::kDamaged,
                "loose object: shorter than the size it states");
  }
  left_ -= *n;
  return n;
}

Result<std::string> LooseObject::ReadAll(std::uint64_t limit) const {
  if (head_.size > limit) {
    return Fail(ErrorCode::kLimit, "larger than {} bytes",
                WithThousands(limit));
  }
  std::string out(head_.size, '\0');
  Reader reader = Content();
  std::size_t done = 0;
  for (;;) {
    char end = 0;
    char* const to = done < out.size() ? out.data() + done : &end;
    auto n = reader.Read(to, std::max<std::size_t>(out.size() - done, 1));
    if (!n) return Fail(n.error());
    if (*n == 0) return out;
    done += *n;
  }
}

}  // namespace keytidy::pack
