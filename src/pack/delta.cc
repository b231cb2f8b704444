// SPDX-License-Identifier: Apache-2.0
#include "pack/delta.h"

#include <cstring>

namespace keytidy::pack {
namespace {

// Seven bits a byte, least significant first.
bool ReadSize(std::string_view bytes, std::size_t* at, std::uint64_t* out) {
  std::uint64_t value = 0;
  for (unsigned shift = 0; shift <= 56; shift += 7) {
    if (*at == bytes.size()) return false;
    const auto byte = static_cast<unsigned char>(bytes[(*at)++]);
    value |= std::uint64_t{byte & 0x7Fu} << shift;
    if ((byte & 0x80) == 0) {
      *out = value;
      return true;
    }
  }
  return false;
}

}  // namespace

Result<DeltaSizes> ReadDeltaSizes(std::string_view delta) {
  DeltaSizes out;
  if (!ReadSize(delta, &out.instructions, &out.base) ||
      !ReadSize(delta, &out.instructions, &out.result)) {
    return Fail(ErrorCode::kDamaged, "delta: its sizes cannot be read");
  }
  return out;
}

Status ApplyDelta(std::string_view delta, const DeltaSizes& sizes,
                  std::string_view base, char* out, std::vector<Copy>* copies) {
  if (copies != nullptr) copies->clear();
  if (base.size() != sizes.base) {
    return Fail(ErrorCode::kDamaged,
                "delta: made for a base of {} bytes, not {}", sizes.base,
                base.size());
  }
  const auto* in = reinterpret_cast<const unsigned char*>(delta.data());
  const unsigned char* const end = in + delta.size();
  in += sizes.instructions;
  const std::size_t size = sizes.result;
  std::size_t done = 0;
  Copy run;  // of copies that belong together
  const auto keep_run = [&] {
    if (copies != nullptr && run.size >= kLeastCopy) copies->push_back(run);
  };
  while (in < end) {
    const unsigned op = *in++;
    if ((op & 0x80) != 0) {
      std::uint64_t from = 0;
      std::uint64_t length = 0;
      for (unsigned i = 0; i < 7; ++i) {
        if ((op & (1u << i)) == 0) continue;
        if (in == end) return Fail(ErrorCode::kDamaged, "delta: cut short");
        if (i < 4) {
          from |= std::uint64_t{*in++} << (8 * i);
        } else {
          length |= std::uint64_t{*in++} << (8 * (i - 4));
        }
      }
      if (length == 0) length = 0x10000;
      if (from > base.size() || length > base.size() - from ||
          length > size - done) {
        return Fail(ErrorCode::kDamaged,
                    "delta: copies from or to where nothing is");
      }
      std::memcpy(out + done, base.data() + from, length);
      if (run.to + run.size == done && run.from + run.size == from) {
        run.size += length;
      } else {
        keep_run();
        run = {done, from, length};
      }
      done += length;
    } else {
      if (op == 0 || op > static_cast<std::size_t>(end - in) ||
          op > size - done) {
        return Fail(ErrorCode::kDamaged,
                    "delta: an instruction that cannot be");
      }
      std::memcpy(out + done, in, op);
      in += op;
      done += op;
    }
  }
  keep_run();
  if (done != size) {
    return Fail(ErrorCode::kDamaged, "delta: makes {} bytes, not {}", done,
                size);
  }
  return {};
}

}  // namespace keytidy::pack
