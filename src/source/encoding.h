// SPDX-License-Identifier: Apache-2.0
//
// Telling text from binary, and reading text of any encoding with a byte-order
// mark as UTF-8.
//
// The stated rule: a file that begins with the byte-order mark of UTF-16 or
// UTF-32 is text in that encoding. Otherwise it is binary when one of its first
// 8,000 bytes is NUL (as git has it), and is scanned as the bytes it has.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "source/byte_reader.h"

namespace keytidy::source {

enum class Encoding { kBytes, kUtf16Le, kUtf16Be, kUtf32Le, kUtf32Be };

inline constexpr std::size_t kBinaryLook = 8000;

struct Detected {
  Encoding encoding = Encoding::kBytes;
  std::size_t mark = 0;  // length of the byte-order mark; 0 for kBytes
};
Detected DetectEncoding(std::string_view head);
bool LooksBinary(std::string_view head);

// How many bytes of the file the given stretch of decoded text came from. The
// stretch may begin and end anywhere; a character counts where its first byte
// is. Replacement characters stand for what could not be decoded, one for each
// code unit, so that this needs no table.
std::uint64_t RawWidth(Encoding encoding, std::string_view utf8);

// Reads `input`, which stands after the byte-order mark, as UTF-8. With kBytes
// the bytes pass through untouched.
class TextReader final : public ByteReader {
 public:
  TextReader(ByteReader& input, Encoding encoding)
      : input_(input), encoding_(encoding) {}
  Result<std::size_t> Read(char* data, std::size_t size) override;

 private:
  void Decode(bool at_end);

  ByteReader& input_;
  Encoding encoding_;
  std::string raw_;      // not decoded yet
  std::string decoded_;  // not handed out yet, from position_
  std::size_t position_ = 0;
  bool ended_ = false;
};

}  // namespace keytidy::source
