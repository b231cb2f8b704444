// SPDX-License-Identifier: Apache-2.0
#include "scan/window.h"

#include <algorithm>
#include <cstring>

namespace keytidy::scan {
namespace {

// What is no continuation byte of UTF-8 begins a character.
std::uint64_t Characters(std::string_view text) {
  return static_cast<std::uint64_t>(std::count_if(
      text.begin(), text.end(),
      [](char c) { return (static_cast<unsigned char>(c) & 0xC0) != 0x80; }));
}

}  // namespace

void Window::Reset(std::size_t capacity) {
  capacity_ = capacity;
  size_ = 0;
  base_ = 0;
  lines_before_ = 0;
  SetEncoding(source::Encoding::kBytes, 0);
}

void Window::SetEncoding(source::Encoding encoding, std::uint64_t raw_start,
                         std::uint64_t raw_size) {
  encoding_ = encoding;
  raw_size_ = raw_size;
  raw_base_ = raw_start;
  raw_line_start_ = 0;
  characters_before_ = 0;
  indexed_ = false;
  cursor_ = {};
  line_cursor_ = {};
}

Result<bool> Window::Fill(source::ByteReader& reader, std::uint64_t expected,
                          const std::stop_token& stop) {
  indexed_ = false;
  cursor_ = {};
  line_cursor_ = {};
  if (allocated_ < capacity_) {
    // Not zero-filled: pages that are never written cost nothing.
    std::unique_ptr<char[]> bigger(new char[capacity_]);
    if (size_ > 0) std::memcpy(bigger.get(), buffer_.get(), size_);
    buffer_ = std::move(bigger);
    allocated_ = capacity_;
  }
  while (size_ < capacity_) {
    if (stop.stop_requested()) {
      return Fail(ErrorCode::kCancelled, "interrupted");
    }
    auto n = reader.Read(buffer_.get() + size_, capacity_ - size_);
    if (!n) return Fail(n.error());
    if (*n == 0) return true;
    size_ += *n;
    if (base_ + size_ == expected) return true;
  }
  return false;
}

void Window::Drop(std::size_t n) {
  const std::string_view dropped = text().substr(0, n);
  const std::size_t last = dropped.rfind('\n');
  if (last != std::string_view::npos) {
    lines_before_ += static_cast<std::uint64_t>(
        std::count(dropped.begin(), dropped.end(), '\n'));
    raw_line_start_ =
        raw_base_ + source::RawWidth(encoding_, dropped.substr(0, last + 1));
    characters_before_ = 0;
  }
  characters_before_ +=
      Characters(dropped.substr(last == std::string_view::npos ? 0 : last + 1));
  raw_base_ += source::RawWidth(encoding_, dropped);
  base_ += n;
  size_ -= n;
  std::memmove(buffer_.get(), buffer_.get() + n, size_);
  indexed_ = false;
  cursor_ = {};
  line_cursor_ = {};
}

std::uint64_t Window::RawAt(std::size_t position, Cursor* cursor) const {
  if (encoding_ == source::Encoding::kBytes) return raw_base_ + position;
  if (cursor->raw == 0 || position < cursor->position) *cursor = {0, raw_base_};
  cursor->raw += source::RawWidth(
      encoding_, text().substr(cursor->position, position - cursor->position));
  cursor->position = position;
  return std::min(cursor->raw, raw_size_);
}

Span Window::RawSpan(Span span) {
  const std::uint64_t start =
      RawAt(static_cast<std::size_t>(span.start), &cursor_);
  return {start, RawAt(static_cast<std::size_t>(span.end), &cursor_)};
}

void Window::IndexLines() {
  if (indexed_) return;
  indexed_ = true;
  newlines_.clear();
  const std::string_view all = text();
  for (std::size_t at = all.find('\n'); at != std::string_view::npos;
       at = all.find('\n', at + 1)) {
    newlines_.push_back(at);
  }
}

Window::Spot Window::SpotOf(std::size_t position) {
  const auto next =
      std::lower_bound(newlines_.begin(), newlines_.end(), position);
  const bool first = next == newlines_.begin();
  const std::size_t line_start = first ? 0 : *(next - 1) + 1;
  Spot out;
  out.line =
      lines_before_ + 1 + static_cast<std::uint64_t>(next - newlines_.begin());
  out.column = RawAt(position, &cursor_) + 1 -
               (first ? raw_line_start_ : RawAt(line_start, &line_cursor_));
  out.character_column =
      (first ? characters_before_ : 0) + 1 +
      Characters(text().substr(line_start, position - line_start));
  return out;
}

TextRange Window::RangeOf(Span span) {
  IndexLines();
  const Spot start = SpotOf(static_cast<std::size_t>(span.start));
  const Spot end = SpotOf(static_cast<std::size_t>(span.end));
  return {start.line, start.column,           end.line,
          end.column, start.character_column, end.character_column};
}

}  // namespace keytidy::scan
