// SPDX-License-Identifier: Apache-2.0
#include "match/engine.h"

#include <re2/re2.h>

#include <algorithm>
#include <array>

#include "match/checksum.h"
#include "match/judge.h"

namespace keytidy::match {
namespace {

constexpr int kMaxGroups = 10;
// Bytes beyond a match at which its boundaries are looked for: the longest
// escape that may stand there (judge.h).
constexpr std::size_t kBoundary = 16;

RE2::Options PatternOptions() {
  RE2::Options options(RE2::Latin1);  // bytes
  options.set_log_errors(false);
  options.set_max_mem(16 << 20);
  return options;
}

std::string_view GroupText(const re2::StringPiece& group) {
  return {group.data(), group.size()};
}

}  // namespace

Engine::Engine(std::span<const Rule> rules, Database database)
    : rules_(rules), database_(std::move(database)) {
  for (std::uint32_t r = 0; r < rules_.size(); ++r) {
    for (const Shape& shape : rules_[r].shapes) {
      shapes_.push_back({r, &shape, std::make_unique<LazyPattern>()});
      const std::size_t widest =
          std::size_t{shape.reach} + shape.anchor_max + shape.max_length;
      const std::size_t near =
          shape.anchor_is_context
              ? std::size_t{shape.context.within} + shape.max_length
              : 0;
      margin_ =
          std::max(margin_, widest + near + shape.context.within + kBoundary);
      anchor_width_ = std::max<std::size_t>(anchor_width_, shape.anchor_max);
    }
  }
}

Engine::Reach Engine::ReachOf(std::uint32_t index) const {
  const Shape& shape = ShapeAt(index);
  const std::size_t around = std::size_t{shape.context.within} + kBoundary;
  if (shape.anchor_is_context) {
    const std::size_t both =
        std::size_t{shape.context.within} + shape.max_length + around;
    return {both, both};
  }
  return {std::size_t{shape.reach} + shape.anchor_max + around,
          shape.max_length + around};
}

Engine::~Engine() = default;

const re2::RE2& Engine::PatternOf(std::uint32_t shape) const {
  LazyPattern& lazy = *shapes_[shape].lazy;
  std::call_once(lazy.once, [&] {
    const std::string_view text = shapes_[shape].shape->pattern;
    lazy.pattern = std::make_unique<RE2>(
        re2::StringPiece(text.data(), text.size()), PatternOptions());
  });
  return *lazy.pattern;
}

bool MatchAt(const Engine& engine, std::uint32_t shape_index,
             std::string_view text, std::size_t start,
             std::vector<Match>* matches) {
  const Shape& shape = engine.ShapeAt(shape_index);
  const Rule& rule = engine.RuleOf(shape_index);
  const RE2& pattern = engine.PatternOf(shape_index);
  if (shape.group == 0 && !StandsAloneBefore(text, start, shape.before)) {
    return false;
  }
  const std::size_t end =
      std::min(text.size(), start + std::size_t{shape.max_length});
  std::array<re2::StringPiece, kMaxGroups> groups;
  const int wanted = std::min(
      kMaxGroups, 1 + std::max({int{shape.group}, int{rule.checksum.body},
                                int{rule.checksum.digits}}));
  if (!pattern.Match(re2::StringPiece(text.data(), text.size()), start, end,
                     RE2::ANCHOR_START, groups.data(), wanted)) {
    return false;
  }
  const auto span_of = [&](const re2::StringPiece& group) {
    const auto at = static_cast<std::uint64_t>(group.data() - text.data());
    return Span{at, at + group.size()};
  };
  const re2::StringPiece& secret = groups[shape.group];
  if (secret.data() == nullptr || secret.empty()) return false;
  Match match;
  match.rule = engine.RuleIndexOf(shape_index);
  match.shape = shape_index;
  match.whole = span_of(groups[0]);
  match.secret = span_of(secret);
  if (!StandsAloneBefore(text, match.secret.start, shape.before) ||
      !StandsAloneAfter(text, match.secret.end, shape.after)) {
    return false;
  }
  const std::string_view value = GroupText(secret);
  if (IsPlaceholder(value, rule.known_prefix, rule.placeholders)) return false;
  const std::string_view body =
      value.substr(std::min<std::size_t>(rule.known_prefix, value.size()));
  if (rule.entropy > 0 && Entropy(body) < rule.entropy) return false;

  match.confidence = rule.confidence;
  switch (FitContext(text, match.whole.start, match.whole.end, shape.context)) {
    case ContextFit::kExcluded:
      return false;
    case ContextFit::kAbsent:
      if (shape.context.required) return false;
      break;
    case ContextFit::kPresent:
      if (!shape.context.required) match.confidence = Raised(match.confidence);
      break;
  }
  if (rule.checksum.kind != ChecksumKind::kNone) {
    const bool holds = ChecksumHolds(rule.checksum.kind, GroupText(groups[0]),
                                     GroupText(groups[rule.checksum.body]),
                                     GroupText(groups[rule.checksum.digits]));
    match.confidence = holds ? Confidence::kHigh : Lowered(match.confidence);
  }
  if (IsSequence(body)) match.confidence = Lowered(match.confidence);
  matches->push_back(match);
  return true;
}

Scanner::Scanner(const Engine& engine, Scratch scratch)
    : engine_(&engine),
      scratch_(std::move(scratch)),
      tried_(engine.shape_count(), 0) {}

Result<Scanner> Scanner::Make(const Engine& engine) {
  auto scratch = Scratch::Make(engine.database());
  if (!scratch) return Fail(scratch.error());
  return Scanner(engine, *std::move(scratch));
}

Status Scanner::Scan(std::string_view text, std::size_t from, std::size_t to,
                     std::vector<Match>* matches) {
  hits_.clear();
  if (auto ok = FindAnchors(text, from, to, &hits_); !ok) return ok;
  Judge(text, hits_, matches);
  return {};
}

Status Scanner::FindAnchors(std::string_view text, std::size_t from,
                            std::size_t to, std::vector<Hit>* hits) {
  const std::size_t width = engine_->anchor_width();
  const std::size_t begin = from > width ? from - width : 0;
  const std::size_t known = hits->size();
  if (auto ok = scratch_.Scan(engine_->database(),
                              text.substr(begin, to - begin), hits);
      !ok) {
    return ok;
  }
  std::size_t kept = known;
  for (std::size_t i = known; i < hits->size(); ++i) {
    Hit hit = (*hits)[i];
    hit.end += begin;
    if (hit.end > from || from == 0) (*hits)[kept++] = hit;
  }
  hits->resize(kept);
  return {};
}

void Scanner::Judge(std::string_view text, std::span<const Hit> hits,
                    std::vector<Match>* matches) {
  if (hits.empty()) return;
  std::fill(tried_.begin(), tried_.end(), 0);
  for (const Hit& hit : hits) Confirm(text, hit, matches);
}

Scanner::Starts Scanner::StartsOf(const Hit& hit, std::size_t text_size) const {
  const Shape& shape = engine_->ShapeAt(hit.shape);
  const auto back = [&](std::size_t width) {
    return hit.end > width ? hit.end - width : 0;
  };
  if (shape.anchor_is_context) {
    // The word is before the match or after it.
    return {back(std::size_t{shape.context.within} + shape.max_length),
            std::min(text_size, hit.end + shape.context.within)};
  }
  return {back(std::size_t{shape.anchor_max} + shape.reach),
          back(shape.anchor_min)};
}

// Tries every start that an anchor ending at hit.end allows. With a fixed
// width and no reach that is one place; otherwise RE2 finds the candidates in
// the window, and MatchAt judges each.
void Scanner::Confirm(std::string_view text, const Hit& hit,
                      std::vector<Match>* matches) {
  const Shape& shape = engine_->ShapeAt(hit.shape);
  const auto [first, last] = StartsOf(hit, text.size());
  std::size_t& tried = tried_[hit.shape];
  std::size_t start = std::max(first, tried);
  if (start > last) return;
  tried = last + 1;
  if (start == last) {
    stage2_bytes_ += 1;
    if (MatchAt(*engine_, hit.shape, text, start, matches)) {
      stage2_bytes_ += matches->back().whole.size();
    }
    return;
  }
  const RE2& pattern = engine_->PatternOf(hit.shape);
  const std::size_t end =
      std::min(text.size(), last + std::size_t{shape.max_length});
  while (start <= last) {
    re2::StringPiece found;
    stage2_bytes_ += end - start;
    if (!pattern.Match(re2::StringPiece(text.data(), text.size()), start, end,
                       RE2::UNANCHORED, &found, 1)) {
      return;
    }
    start = static_cast<std::size_t>(found.data() - text.data());
    if (start > last) return;
    MatchAt(*engine_, hit.shape, text, start, matches);
    ++start;
  }
}

}  // namespace keytidy::match
