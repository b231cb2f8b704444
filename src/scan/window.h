// SPDX-License-Identifier: Apache-2.0
//
// A stretch of a text that is too long to hold whole, which knows where in the
// file, and on which line, each of its bytes is.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <stop_token>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "core/finding.h"
#include "source/byte_reader.h"
#include "source/encoding.h"

namespace keytidy::scan {

// One thread's; reused from file to file.
class Window {
 public:
  // Begins a new text. `raw_start` is where it begins in the file (behind a
  // byte-order mark).
  void Reset(std::size_t capacity);
  // No offset in the file is given beyond `raw_size`.
  void SetEncoding(source::Encoding encoding, std::uint64_t raw_start,
                   std::uint64_t raw_size = ~std::uint64_t{0});

  // Reads until the window is full or the text ends; says whether it ended.
  // `expected` stops the read at a known length, to spare a system call. After
  // an error the window holds what was read before it.
  // Ends with kCancelled when `stop` is requested.
  Result<bool> Fill(source::ByteReader& reader, std::uint64_t expected,
                    const std::stop_token& stop = {});

  // Forgets the first `n` bytes.
  void Drop(std::size_t n);

  std::string_view text() const { return {buffer_.get(), size_}; }
  // Where text()[0] is in the decoded text.
  std::uint64_t base() const { return base_; }

  // Whether text() is the file, byte for byte (once it has ended).
  bool holds_whole_file() const {
    return base_ == 0 && encoding_ == source::Encoding::kBytes;
  }

  // Where a span of text() is in the file, and on which lines.
  Span RawSpan(Span span);
  TextRange RangeOf(Span span);

 private:
  // A position and its offset in the file; moves on from where it was.
  struct Cursor {
    std::size_t position = 0;
    std::uint64_t raw = 0;
  };
  std::uint64_t RawAt(std::size_t position, Cursor* cursor) const;
  void IndexLines();
  struct Spot {
    std::uint64_t line = 0;
    std::uint64_t column = 0;
    std::uint64_t character_column = 0;
  };
  Spot SpotOf(std::size_t position);

  std::unique_ptr<char[]> buffer_;
  std::size_t capacity_ = 0;
  std::size_t allocated_ = 0;
  std::size_t size_ = 0;
  source::Encoding encoding_ = source::Encoding::kBytes;
  std::uint64_t base_ = 0;
  std::uint64_t raw_size_ = ~std::uint64_t{0};
  std::uint64_t raw_base_ = 0;
  std::uint64_t lines_before_ = 0;       // newlines before base_
  std::uint64_t raw_line_start_ = 0;     // of the line that base_ is on
  std::uint64_t characters_before_ = 0;  // on that line, before base_
  bool indexed_ = false;
  std::vector<std::size_t> newlines_;  // in text(), once indexed
  Cursor cursor_;
  Cursor line_cursor_;
};

}  // namespace keytidy::scan
