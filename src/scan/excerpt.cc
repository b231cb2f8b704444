// SPDX-License-Identifier: Apache-2.0
#include "scan/excerpt.h"

#include <algorithm>

namespace keytidy::scan {
namespace {

// How much of the line is shown on either side of the key, in bytes.
constexpr std::size_t kBefore = 60;
constexpr std::size_t kAfter = 40;
constexpr std::string_view kCut = "\xE2\x80\xA6";

bool IsContinuation(char c) {
  return (static_cast<unsigned char>(c) & 0xC0) == 0x80;
}

}  // namespace

std::string ApplyMasks(std::string_view text, Span range,
                       const std::vector<Mask>& masks) {
  std::string out;
  auto at = static_cast<std::size_t>(range.start);
  const auto end = static_cast<std::size_t>(range.end);
  for (const Mask& mask : masks) {
    const auto mask_start = static_cast<std::size_t>(mask.span.start);
    const auto mask_end = static_cast<std::size_t>(mask.span.end);
    if (mask_end <= at) continue;
    if (mask_start >= end) break;
    if (mask_start > at) out += text.substr(at, mask_start - at);
    out += mask.redacted;
    at = mask_end;
  }
  if (at < end) out += text.substr(at, end - at);
  return out;
}

Excerpt MakeExcerpt(std::string_view text, Span secret,
                    const std::vector<Mask>& masks) {
  const auto start = static_cast<std::size_t>(secret.start);
  const std::size_t floor = start > kBefore ? start - kBefore : 0;
  std::size_t begin = text.substr(0, start).find_last_of('\n');
  begin = begin == std::string_view::npos ? 0 : begin + 1;
  const bool cut_before = begin < floor;
  if (cut_before) {
    begin = floor;
    while (begin < start && IsContinuation(text[begin])) ++begin;
  }
  const auto after = static_cast<std::size_t>(secret.end);
  const std::size_t line_end = std::min(text.find('\n', start), text.size());
  const std::size_t ceiling = std::min(text.size(), after + kAfter);
  std::size_t end = std::min(line_end, ceiling);
  const bool cut_after = end < line_end;
  while (cut_after && end > after && IsContinuation(text[end])) --end;
  if (end > begin && text[end - 1] == '\r') --end;

  Excerpt out;
  if (cut_before) out.text += kCut;
  std::size_t at = begin;
  for (const Mask& mask : masks) {
    const auto mask_start = static_cast<std::size_t>(mask.span.start);
    const auto mask_end = static_cast<std::size_t>(mask.span.end);
    if (mask_end <= at) continue;
    if (mask_start >= end) break;
    if (mask_start > at) out.text += text.substr(at, mask_start - at);
    const std::size_t place = out.text.size();
    // A mask that began before the part shown still hides the rest of itself;
    // one that overlaps its predecessor adds nothing of its own.
    const bool covered = mask_start < at && at > begin;
    if (!covered) out.text += mask.redacted;
    if (mask_start <= start && start < mask_end && out.caret_width == 0) {
      out.caret = static_cast<std::uint32_t>(
          covered ? place - std::min(place, mask.redacted.size()) : place);
      out.caret_width = static_cast<std::uint32_t>(mask.redacted.size());
    }
    at = std::max(at, mask_end);
  }
  if (at < end) out.text += text.substr(at, end - at);
  if (cut_after) out.text += kCut;
  return out;
}

}  // namespace keytidy::scan
