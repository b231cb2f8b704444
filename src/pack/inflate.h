// SPDX-License-Identifier: Apache-2.0
//
// zlib data to bytes (RFC 1950): at once with libdeflate where the size is
// known and fits in memory, in pieces with zlib where it does not.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string_view>

#include "base/result.h"

struct libdeflate_decompressor;

namespace keytidy::pack {

// Whether so many compressed bytes can inflate to `size` at all. Deflate makes
// at most 258 bytes of two bits, so a size that lies is found out before any
// memory is taken for it.
constexpr bool CouldInflateTo(std::size_t compressed, std::uint64_t size) {
  return size / 1032 <= compressed;
}

// One thread's.
class Inflater {
 public:
  Inflater();

  // Writes exactly `size` bytes; `in` may be longer than the data. Says how
  // much of it was read. kDamaged.
  Result<std::size_t> Inflate(std::string_view in, char* out, std::size_t size);

 private:
  struct Free {
    void operator()(libdeflate_decompressor* decompressor) const;
  };
  std::unique_ptr<libdeflate_decompressor, Free> decompressor_;
};

// Over bytes that the caller keeps.
class InflateStream {
 public:
  explicit InflateStream(std::string_view in);
  ~InflateStream();
  InflateStream(InflateStream&&) noexcept;

  // Up to `size` bytes; 0 only at the end of the data. kDamaged.
  Result<std::size_t> Read(char* out, std::size_t size);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace keytidy::pack
