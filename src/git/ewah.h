// SPDX-License-Identifier: Apache-2.0
//
// Bitmaps as git compresses them: 64-bit words, of which runs of all zeros or
// all ones are only counted. Format: "Appendix A" of gitformat-bitmap(5).
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

namespace keytidy::git {

// A view of the bytes it was taken from; without any it has no bit set.
class EwahBitmap {
 public:
  EwahBitmap() = default;

  // Takes one from the front of `bytes`. nullopt: cut short, or its parts do
  // not agree with each other.
  static std::optional<EwahBitmap> Take(std::string_view* bytes);

  // How many bits are set. A few bytes can stand for 2^32 of them.
  std::uint64_t count() const { return count_; }

  // The first `size` bits. nullopt: one beyond them is set.
  std::optional<std::vector<bool>> Expand(std::size_t size) const;

 private:
  template <class OnRun, class OnWord>
  bool Walk(OnRun on_run, OnWord on_word) const;

  std::uint32_t bits_ = 0;
  std::string_view words_;
  std::uint64_t count_ = 0;
};

}  // namespace keytidy::git
