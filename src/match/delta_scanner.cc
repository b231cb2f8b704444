// SPDX-License-Identifier: Apache-2.0
#include "match/delta_scanner.h"

#include <algorithm>
#include <tuple>
#include <utility>

namespace keytidy::match {
namespace {

// Shorter stretches are cheaper scanned than carried.
constexpr std::size_t kLeastCarried = 128;

bool HitBefore(const Hit& a, const Hit& b) {
  return std::tie(a.end, a.shape) < std::tie(b.end, b.shape);
}

bool MatchBefore(const Match& a, const Match& b) {
  return std::tie(a.shape, a.whole) < std::tie(b.shape, b.whole);
}

}  // namespace

Result<DeltaScanner> DeltaScanner::Make(const Engine& engine) {
  auto scanner = Scanner::Make(engine);
  if (!scanner) return Fail(scanner.error());
  return DeltaScanner(engine, *std::move(scanner));
}

DeltaScanner::DeltaScanner(const Engine& engine, Scanner scanner)
    : engine_(&engine), scanner_(std::move(scanner)) {
  reach_.reserve(engine.shape_count());
  for (std::uint32_t i = 0; i < engine.shape_count(); ++i) {
    reach_.push_back(engine.ReachOf(i));
  }
}

Status DeltaScanner::ScanPart(std::string_view text, std::size_t from,
                              std::size_t to, std::vector<Hit>* hits) {
  const std::size_t width = engine_->anchor_width();
  stage1_bytes_ += to - (from > width ? from - width : 0);
  return scanner_.FindAnchors(text, from, to, hits);
}

Status DeltaScanner::ScanWhole(std::string_view text, ScannedText* out) {
  out->size = text.size();
  out->hits.clear();
  out->matches.clear();
  if (auto ok = ScanPart(text, 0, text.size(), &out->hits); !ok) return ok;
  to_judge_ = out->hits;
  Finish(text, out);
  return {};
}

Status DeltaScanner::ScanDelta(std::string_view text, const ScannedText& parent,
                               std::span<const CopiedStretch> copies,
                               ScannedText* out) {
  out->size = text.size();
  out->hits.clear();
  out->matches.clear();
  to_judge_.clear();
  std::size_t done = 0;  // every anchor that ends up to here is known
  const auto scan_to = [&](std::size_t to) -> Status {
    if (to <= done) return {};
    const std::size_t known = out->hits.size();
    if (auto ok = ScanPart(text, done, to, &out->hits); !ok) return ok;
    to_judge_.insert(to_judge_.end(),
                     out->hits.begin() + static_cast<std::ptrdiff_t>(known),
                     out->hits.end());
    done = to;
    return {};
  };
  for (const CopiedStretch& copy : copies) {
    const bool from_start = copy.to == 0 && copy.from == 0;
    const std::size_t first =
        from_start ? 0 : copy.to + engine_->anchor_width();
    const std::size_t end = copy.to + copy.size;
    if (end < first + kLeastCarried) continue;
    if (auto ok = scan_to(first); !ok) return ok;
    Carry(text, parent, copy, first, out);
    done = end;
  }
  if (auto ok = scan_to(text.size()); !ok) return ok;
  Finish(text, out);
  return {};
}

// Takes over the parent's anchors that end in the copy and, in the new text,
// behind `after`.
void DeltaScanner::Carry(std::string_view text, const ScannedText& parent,
                         const CopiedStretch& copy, std::size_t after,
                         ScannedText* out) {
  const std::size_t end = copy.to + copy.size;
  const bool from_start = copy.to == 0 && copy.from == 0;
  const bool to_end =
      end == text.size() && copy.from + copy.size == parent.size;
  const std::size_t parent_after = after - copy.to + copy.from;
  auto it = std::upper_bound(
      parent.hits.begin(), parent.hits.end(), parent_after,
      [](std::size_t value, const Hit& hit) { return value < hit.end; });
  // An anchor of no width could end at the very start.
  if (from_start) it = parent.hits.begin();
  for (; it != parent.hits.end() && it->end <= copy.from + copy.size; ++it) {
    Hit hit = *it;
    hit.end = hit.end - copy.from + copy.to;
    out->hits.push_back(hit);
    const Engine::Reach& reach = reach_[hit.shape];
    const bool decided = (from_start || hit.end >= copy.to + reach.before) &&
                         (to_end || hit.end + reach.after <= end);
    if (!decided) {
      to_judge_.push_back(hit);
      continue;
    }
    if (parent.matches.empty()) continue;
    const Scanner::Starts starts = scanner_.StartsOf(*it, parent.size);
    Match least;
    least.shape = it->shape;
    least.whole = {starts.first, 0};
    for (auto match = std::lower_bound(
             parent.matches.begin(), parent.matches.end(), least, MatchBefore);
         match != parent.matches.end() && match->shape == it->shape &&
         match->whole.start <= starts.last;
         ++match) {
      Match moved = *match;
      for (Span* span : {&moved.whole, &moved.secret}) {
        span->start = span->start - copy.from + copy.to;
        span->end = span->end - copy.from + copy.to;
      }
      out->matches.push_back(moved);
    }
  }
}

void DeltaScanner::Finish(std::string_view text, ScannedText* out) {
  std::sort(out->hits.begin(), out->hits.end(), HitBefore);
  std::sort(to_judge_.begin(), to_judge_.end(), HitBefore);
  scanner_.Judge(text, to_judge_, &out->matches);
  // Two anchors may be part of one match.
  std::sort(out->matches.begin(), out->matches.end(), MatchBefore);
  out->matches.erase(std::unique(out->matches.begin(), out->matches.end(),
                                 [](const Match& a, const Match& b) {
                                   return a.shape == b.shape &&
                                          a.whole == b.whole;
                                 }),
                     out->matches.end());
}

}  // namespace keytidy::match
