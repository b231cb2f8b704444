// SPDX-License-Identifier: Apache-2.0
#include "config/places.h"

#include <algorithm>

#include "base/text.h"

namespace keytidy::config {
namespace {

constexpr std::size_t kBlock = 256;

}  // namespace

Places::Places(std::string_view text) : text_(text) {
  lines_.push_back(text.starts_with(kByteOrderMark)
                       ? static_cast<std::uint32_t>(kByteOrderMark.size())
                       : 0);
  std::uint32_t count = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (i % kBlock == 0) counts_.push_back(count);
    count += BeginsCharacter(text[i]);
    if (text[i] == '\n') lines_.push_back(static_cast<std::uint32_t>(i + 1));
  }
  counts_.push_back(count);
}

std::uint32_t Places::CharactersBefore(std::size_t offset) const {
  const std::size_t block = offset / kBlock;
  if (offset == text_.size()) return counts_.back();
  const auto within = text_.substr(block * kBlock, offset % kBlock);
  return counts_[block] + static_cast<std::uint32_t>(std::count_if(
                              within.begin(), within.end(), BeginsCharacter));
}

Place Places::At(std::size_t offset) const {
  offset = std::clamp<std::size_t>(
      offset, lines_.front(),
      std::max<std::size_t>(text_.size(), lines_.front()));
  const auto next = std::upper_bound(lines_.begin(), lines_.end(), offset);
  return {static_cast<std::uint32_t>(next - lines_.begin()),
          CharactersBefore(offset) - CharactersBefore(*(next - 1)) + 1};
}

}  // namespace keytidy::config
