// SPDX-License-Identifier: Apache-2.0
//
// Both stages together: text in, matches out.
//
// A match of a shape begins at a byte where the shape's pattern matches at
// most max_length bytes, and is judged there (boundaries, placeholders,
// entropy, checksum, context). Nothing else decides, so the result does not
// depend on how the text is cut, as long as every cut comes with `margin()`
// bytes of what is around it.
#pragma once

#include <cstdint>
#include <memory>
#include <mutex>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "core/finding.h"
#include "core/rule.h"
#include "match/database.h"

namespace re2 {
class RE2;
}

namespace keytidy::match {

// A key that was found. Offsets are into the text that was scanned.
struct Match {
  std::uint32_t rule = 0;   // index into Engine::rules()
  std::uint32_t shape = 0;  // index over all shapes of all rules
  Span whole;               // the pattern's match
  Span secret;              // the group that is the key, inside `whole`
  Confidence confidence = Confidence::kHigh;
  std::size_t tag = 0;  // the caller's own
};

// Immutable after it is made (patterns are compiled for RE2 when they are
// first needed, under a lock); shared by all threads.
class Engine {
 public:
  // The rules and what they point to must outlive the engine.
  Engine(std::span<const Rule> rules, Database database);
  ~Engine();
  Engine(const Engine&) = delete;
  Engine& operator=(const Engine&) = delete;

  std::span<const Rule> rules() const { return rules_; }
  const Database& database() const { return database_; }

  // How far from the end of an anchor anything is looked at, on either side.
  std::size_t margin() const { return margin_; }

  // The widest anchor: whether one ends somewhere depends on so many bytes
  // before that place, and on nothing else.
  std::size_t anchor_width() const { return anchor_width_; }

  // What of the text around an anchor's end decides whether there is a match:
  // nothing before `end - before` and nothing from `end + after` on.
  struct Reach {
    std::size_t before = 0;
    std::size_t after = 0;
  };
  Reach ReachOf(std::uint32_t shape) const;

  // The rule and shape behind a stage-1 number.
  const Rule& RuleOf(std::uint32_t shape) const {
    return rules_[shapes_[shape].rule];
  }
  std::uint32_t RuleIndexOf(std::uint32_t shape) const {
    return shapes_[shape].rule;
  }
  const Shape& ShapeAt(std::uint32_t shape) const {
    return *shapes_[shape].shape;
  }
  std::size_t shape_count() const { return shapes_.size(); }
  const re2::RE2& PatternOf(std::uint32_t shape) const;

 private:
  struct LazyPattern {
    std::once_flag once;
    std::unique_ptr<re2::RE2> pattern;
  };
  struct ShapeEntry {
    std::uint32_t rule = 0;
    const Shape* shape = nullptr;
    std::unique_ptr<LazyPattern> lazy;
  };

  std::span<const Rule> rules_;
  Database database_;
  std::vector<ShapeEntry> shapes_;
  std::size_t margin_ = 0;
  std::size_t anchor_width_ = 0;
};

// Stage 2 at one place: does a match of this shape begin at `start`? Appends
// it if so. This is the definition that Scanner is fast at; the reference of
// the differential test calls it for every byte.
bool MatchAt(const Engine& engine, std::uint32_t shape, std::string_view text,
             std::size_t start, std::vector<Match>* matches);

// One thread's scanner.
class Scanner {
 public:
  static Result<Scanner> Make(const Engine& engine);

  // Appends every match that has an anchor ending in (from, to], in no
  // particular order and each once. What lies outside is context: give at
  // least margin() bytes on either side, or all there is.
  Status Scan(std::string_view text, std::size_t from, std::size_t to,
              std::vector<Match>* matches);

  // Stage 1 alone: appends every anchor that ends in (from, to], ascending.
  Status FindAnchors(std::string_view text, std::size_t from, std::size_t to,
                     std::vector<Hit>* hits);
  // Stage 2 alone: appends the matches that these anchors, sorted by their
  // ends, are part of; each once.
  void Judge(std::string_view text, std::span<const Hit> hits,
             std::vector<Match>* matches);
  // Where matches may begin that an anchor ending at hit.end is part of.
  struct Starts {
    std::size_t first = 0;
    std::size_t last = 0;
  };
  Starts StartsOf(const Hit& hit, std::size_t text_size) const;

  // Bytes that stage 2 has read so far: the measure of a rule's worst case.
  std::uint64_t stage2_bytes() const { return stage2_bytes_; }

 private:
  Scanner(const Engine& engine, Scratch scratch);
  void Confirm(std::string_view text, const Hit& hit,
               std::vector<Match>* matches);

  const Engine* engine_;
  Scratch scratch_;
  std::vector<Hit> hits_;
  // For each shape, the first start not yet tried in this text.
  std::vector<std::size_t> tried_;
  std::uint64_t stage2_bytes_ = 0;
};

// Of matches whose secrets overlap (or that were found twice) one stays: a
// generic rule yields to every other, a rule to those it names; then the surer
// one, then the one with a known prefix, the longer, the earlier, the first by
// id. Sorts by (secret start, end, rule).
void ResolveOverlaps(std::span<const Rule> rules, std::vector<Match>* matches);

}  // namespace keytidy::match
