// SPDX-License-Identifier: Apache-2.0
#include "scan/excerpt.h"

#include <algorithm>
#include <tuple>

#include "core/rule.h"

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

std::vector<Mask> MasksNear(std::string_view text, Span secret,
                            const std::vector<Mask>& masks, std::size_t reach) {
  // Values this close may stand in the excerpt again.
  constexpr std::uint64_t kClose = 128;
  const std::uint64_t from = secret.start > reach ? secret.start - reach : 0;
  const std::uint64_t to =
      std::min<std::uint64_t>(text.size(), secret.end + reach);
  const auto first =
      std::partition_point(masks.begin(), masks.end(), [&](const Mask& mask) {
        return mask.span.start + kMaxMatchLength < from;
      });
  std::vector<Mask> out;
  for (auto it = first; it != masks.end() && it->span.start < to; ++it) {
    if (it->span.end > from) out.push_back(*it);
  }
  const std::vector<Mask> known = out;
  for (const Mask& mask : known) {
    if (mask.span.end + kClose < secret.start ||
        mask.span.start > secret.end + kClose) {
      continue;
    }
    const std::string_view value =
        text.substr(static_cast<std::size_t>(mask.span.start),
                    static_cast<std::size_t>(mask.span.size()));
    // No farther than a copy can begin: there may be very many keys.
    const std::string_view in_reach = text.substr(
        0, std::min<std::size_t>(text.size(),
                                 static_cast<std::size_t>(to) + value.size()));
    for (std::size_t at = in_reach.find(value, static_cast<std::size_t>(from));
         at < to; at = in_reach.find(value, at + 1)) {
      if (at != mask.span.start) {
        out.push_back({{at, at + value.size()}, mask.redacted});
      }
    }
  }
  std::sort(out.begin(), out.end(), [](const Mask& a, const Mask& b) {
    return std::tie(a.span, a.redacted) < std::tie(b.span, b.redacted);
  });
  return out;
}

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
  const std::size_t newline =
      text.substr(floor, start - floor).find_last_of('\n');
  const bool cut_before =
      newline == std::string_view::npos && floor > 0 && text[floor - 1] != '\n';
  std::size_t begin =
      newline == std::string_view::npos ? floor : floor + newline + 1;
  if (cut_before) {
    begin = floor;
    while (begin < start && IsContinuation(text[begin])) ++begin;
  }
  const auto after = static_cast<std::size_t>(secret.end);
  const std::size_t ceiling = std::min(text.size(), after + kAfter);
  const std::size_t line_end =
      std::min(text.substr(0, ceiling).find('\n', start), ceiling);
  std::size_t end = line_end;
  const bool cut_after = line_end == ceiling && ceiling < text.size() &&
                         text[ceiling] != '\n' &&
                         text.substr(ceiling, 2) != "\r\n";
  while (cut_after && end > after && IsContinuation(text[end])) --end;
  if (end > begin && text[end - 1] == '\r') --end;

  Excerpt out;
  if (cut_before) out.text += kCut;
  std::size_t at = begin;
  Span written;  // where in out.text the last mask stands
  for (const Mask& mask : masks) {
    const auto mask_start = static_cast<std::size_t>(mask.span.start);
    const auto mask_end = static_cast<std::size_t>(mask.span.end);
    if (mask_end <= at) continue;
    if (mask_start >= end) break;
    if (mask_start > at) out.text += text.substr(at, mask_start - at);
    // A mask that began before the part shown still hides the rest of itself;
    // one that overlaps its predecessor adds nothing of its own.
    if (mask_start >= at || at == begin) {
      written = {out.text.size(), out.text.size() + mask.redacted.size()};
      out.text += mask.redacted;
    }
    if (mask_start <= start && start < mask_end && out.caret_width == 0) {
      out.caret = static_cast<std::uint32_t>(written.start);
      out.caret_width = static_cast<std::uint32_t>(written.size());
    }
    at = std::max(at, mask_end);
  }
  if (at < end) out.text += text.substr(at, end - at);
  if (cut_after) out.text += kCut;
  return out;
}

}  // namespace keytidy::scan
