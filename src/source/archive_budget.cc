// SPDX-License-Identifier: Apache-2.0
#include "source/archive_budget.h"

#include <fmt/format.h>

#include <algorithm>
#include <limits>

#include "base/text.h"

namespace keytidy::source {
namespace {

std::uint64_t SaturatingAdd(std::uint64_t a, std::uint64_t b) {
  constexpr std::uint64_t kMost = std::numeric_limits<std::uint64_t>::max();
  return b > kMost - a ? kMost : a + b;
}

}  // namespace

bool ArchiveBudget::AddEntries(std::uint64_t count) {
  entries_ = SaturatingAdd(entries_, count);
  if (entries_ > limits_.entries && why_.empty()) {
    why_ = fmt::format("archive limit: more than {} entries",
                       WithThousands(limits_.entries));
  }
  return why_.empty();
}

bool ArchiveBudget::AddUnpacked(std::uint64_t bytes) {
  unpacked_ = SaturatingAdd(unpacked_, bytes);
  if (!why_.empty()) return false;
  if (unpacked_ > limits_.total_bytes) {
    why_ = fmt::format("archive limit: unpacks to more than {} bytes",
                       WithThousands(limits_.total_bytes));
  } else if (unpacked_ > kRatioJudgedAfter &&
             unpacked_ / std::max<std::uint64_t>(packed_, 1) >= limits_.ratio) {
    why_ = fmt::format("archive limit: unpacks to more than {} times its size",
                       WithThousands(limits_.ratio));
  }
  return why_.empty();
}

void ArchiveBudget::SetPacked(std::uint64_t offset) {
  packed_ = std::max(packed_, offset);
}

}  // namespace keytidy::source
