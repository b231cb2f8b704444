// SPDX-License-Identifier: Apache-2.0
#include "pack/inflate.h"

#include <libdeflate.h>
#include <zlib.h>

#include <algorithm>
#include <limits>
#include <new>

namespace keytidy::pack {

void Inflater::Free::operator()(libdeflate_decompressor* decompressor) const {
  libdeflate_free_decompressor(decompressor);
}

Inflater::Inflater() : decompressor_(libdeflate_alloc_decompressor()) {
  if (!decompressor_) throw std::bad_alloc();
}

Result<std::size_t> Inflater::Inflate(std::string_view in, char* out,
                                      std::size_t size) {
  std::size_t used = 0;
  std::size_t made = 0;
  const auto result = libdeflate_zlib_decompress_ex(
      decompressor_.get(), in.data(), in.size(), out, size, &used, &made);
  if (result == LIBDEFLATE_SUCCESS && made == size) return used;
  if (result == LIBDEFLATE_BAD_DATA) {
    return Fail(ErrorCode::kDamaged, "its compressed data is damaged");
  }
  return Fail(ErrorCode::kDamaged,
              "its compressed data does not make the {} bytes it states", size);
}

struct InflateStream::State {
  z_stream zlib = {};
  std::string_view in;
  bool open = false;
  bool ended = false;
  State() = default;
  State(const State&) = delete;
  State& operator=(const State&) = delete;
  ~State() {
    if (open) inflateEnd(&zlib);
  }
};

InflateStream::InflateStream(std::string_view in)
    : state_(std::make_unique<State>()) {
  state_->in = in;
  state_->open = inflateInit(&state_->zlib) == Z_OK;
}

InflateStream::~InflateStream() = default;
InflateStream::InflateStream(InflateStream&&) noexcept = default;

Result<std::size_t> InflateStream::Read(char* out, std::size_t size) {
  State& now = *state_;
  if (!now.open) return Fail(ErrorCode::kInternal, "zlib did not start");
  constexpr std::size_t kMost = std::numeric_limits<uInt>::max();
  z_stream& zlib = now.zlib;
  zlib.next_out = reinterpret_cast<Bytef*>(out);
  zlib.avail_out = static_cast<uInt>(std::min(size, kMost));
  const uInt room = zlib.avail_out;
  while (!now.ended && zlib.avail_out == room && room > 0) {
    const std::size_t piece = std::min(now.in.size(), kMost);
    zlib.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(now.in.data()));
    zlib.avail_in = static_cast<uInt>(piece);
    const int result = inflate(&zlib, Z_NO_FLUSH);
    now.in.remove_prefix(piece - zlib.avail_in);
    now.ended = result == Z_STREAM_END;
    if (result != Z_OK && result != Z_STREAM_END) {
      return Fail(ErrorCode::kDamaged, "{}",
                  now.in.empty() ? "its compressed data is cut short"
                                 : "its compressed data is damaged");
    }
  }
  return room - zlib.avail_out;
}

}  // namespace keytidy::pack
