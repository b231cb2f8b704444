// SPDX-License-Identifier: Apache-2.0
//
// The first byte is the size of a base, which follows; the rest is a delta.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "check.h"
#include "pack/delta.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data,
                                      std::size_t size) {
  using keytidy::Check;
  if (size == 0) return 0;
  const std::string bytes(data, data + size);
  const std::size_t base_size = std::min<std::size_t>(data[0], size - 1);
  // Of just this size each, so that a byte outside of them is found out.
  const std::vector<char> base(
      bytes.begin() + 1,
      bytes.begin() + 1 + static_cast<std::ptrdiff_t>(base_size));
  const std::vector<char> delta(
      bytes.begin() + 1 + static_cast<std::ptrdiff_t>(base_size), bytes.end());
  const std::string_view base_text(base.data(), base.size());
  const std::string_view delta_text(delta.data(), delta.size());
  const auto sizes = keytidy::pack::ReadDeltaSizes(delta_text);
  if (!sizes || sizes->result > 1 << 20) return 0;
  const auto out = std::make_unique<char[]>(sizes->result);
  std::vector<keytidy::pack::Copy> copies;
  const auto done = keytidy::pack::ApplyDelta(delta_text, *sizes, base_text,
                                              out.get(), &copies);
  const auto again = std::make_unique<char[]>(sizes->result);
  const auto redone = keytidy::pack::ApplyDelta(delta_text, *sizes, base_text,
                                                again.get(), nullptr);
  Check(bool{done} == bool{redone}, "the same with copies and without", bytes);
  if (!done) {
    Check(keytidy::IsShowable(done.error().message), "the message", bytes);
    return 0;
  }
  const std::string_view made(out.get(), sizes->result);
  Check(made == std::string_view(again.get(), sizes->result), "the same",
        bytes);
  std::size_t end = 0;
  for (const auto& copy : copies) {
    Check(copy.size > 0 && copy.to >= end && copy.to <= made.size() &&
              copy.size <= made.size() - copy.to && copy.from <= base.size() &&
              copy.size <= base.size() - copy.from,
          "copies ascend and are within", bytes);
    Check(made.substr(copy.to, copy.size) ==
              base_text.substr(copy.from, copy.size),
          "copies are true", bytes);
    end = copy.to + copy.size;
  }
  return 0;
}
