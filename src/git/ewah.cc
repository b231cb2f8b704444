// SPDX-License-Identifier: Apache-2.0
#include "git/ewah.h"

#include <algorithm>
#include <bit>

#include "pack/byte_order.h"

namespace keytidy::git {
namespace {

// In front are the number of bits and that of words; at the end is the place of
// the last marker, which only a writer needs.
constexpr std::size_t kHead = 8;
constexpr std::size_t kTail = 4;
constexpr std::size_t kWord = 8;

}  // namespace

// Each marker has, from the lowest bit: the value of a run (1 bit), its length
// in words (32), and how many words follow as they are (31). Calls
// on_run(first, end) for runs of ones and on_word(first, word) for words, with
// positions of bits; they say whether to go on.
template <class OnRun, class OnWord>
bool EwahBitmap::Walk(OnRun on_run, OnWord on_word) const {
  const std::size_t count = words_.size() / kWord;
  const std::uint64_t size = (std::uint64_t{bits_} + 63) / 64;
  std::uint64_t done = 0;
  for (std::size_t i = 0; i < count;) {
    const std::uint64_t marker = pack::Read64(words_, kWord * i++);
    const std::uint64_t run = marker >> 1 & 0xFFFFFFFFu;
    const std::uint64_t plain = marker >> 33;
    if (plain > count - i || run + plain > size - done) return false;
    if ((marker & 1) != 0 && run > 0 && !on_run(64 * done, 64 * (done + run))) {
      return false;
    }
    done += run;
    for (const std::uint64_t end = done + plain; done < end; ++done) {
      if (!on_word(64 * done, pack::Read64(words_, kWord * i++))) return false;
    }
  }
  return true;
}

std::optional<EwahBitmap> EwahBitmap::Take(std::string_view* bytes) {
  if (bytes->size() < kHead + kTail) return std::nullopt;
  EwahBitmap out;
  out.bits_ = pack::Read32(*bytes, 0);
  const std::size_t count = pack::Read32(*bytes, 4);
  if (count > (bytes->size() - kHead - kTail) / kWord) return std::nullopt;
  out.words_ = bytes->substr(kHead, kWord * count);
  bytes->remove_prefix(kHead + kWord * count + kTail);

  const bool holds = out.Walk(
      [&](std::uint64_t first, std::uint64_t end) {
        out.count_ += end - first;
        return end <= out.bits_;
      },
      [&](std::uint64_t first, std::uint64_t word) {
        out.count_ += static_cast<unsigned>(std::popcount(word));
        return first + static_cast<unsigned>(std::bit_width(word)) <= out.bits_;
      });
  if (!holds) return std::nullopt;
  return out;
}

std::optional<std::vector<bool>> EwahBitmap::Expand(std::size_t size) const {
  std::vector<bool> out(size);
  const bool fits = Walk(
      [&](std::uint64_t first, std::uint64_t end) {
        if (end > size) return false;
        std::fill(out.begin() + static_cast<std::ptrdiff_t>(first),
                  out.begin() + static_cast<std::ptrdiff_t>(end), true);
        return true;
      },
      [&](std::uint64_t first, std::uint64_t word) {
        for (; word != 0; word &= word - 1) {
          const std::uint64_t at =
              first + static_cast<unsigned>(std::countr_zero(word));
          if (at >= size) return false;
          out[static_cast<std::size_t>(at)] = true;
        }
        return true;
      });
  if (!fits) return std::nullopt;
  return out;
}

}  // namespace keytidy::git
