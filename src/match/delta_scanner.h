// SPDX-License-Identifier: Apache-2.0
//
// Scans texts that are mostly made of stretches of a text scanned before, as
// git's packs store them: only what is new is looked at.
//
// Why the result is the same as of a scan of the whole text. Whether an anchor
// ends at a place depends on Engine::anchor_width() bytes before it alone. So
// the anchors whose place and so many bytes before it lie in one copied
// stretch are the parent's, moved; all other places are scanned. Whether an
// anchor is part of a match depends on Engine::ReachOf bytes around it; where
// these lie in one copied stretch too, the parent's matches are taken over, and
// otherwise stage 2 judges the anchor in the new text.
#pragma once

#include <span>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "match/engine.h"

namespace keytidy::match {

// text[to, to + size) == parent[from, from + size). As of pack/delta.h, which
// this folder does not know.
struct CopiedStretch {
  std::size_t to = 0;
  std::size_t from = 0;
  std::size_t size = 0;
};

// All anchors and matches of one text; kept as long as texts are made from it.
struct ScannedText {
  std::size_t size = 0;        // of the text
  std::vector<Hit> hits;       // sorted by (end, shape)
  std::vector<Match> matches;  // sorted by (shape, whole.start)
};

// One thread's.
class DeltaScanner {
 public:
  static Result<DeltaScanner> Make(const Engine& engine);

  Status ScanWhole(std::string_view text, ScannedText* out);
  // `copies` ascend by `to` and do not overlap there.
  Status ScanDelta(std::string_view text, const ScannedText& parent,
                   std::span<const CopiedStretch> copies, ScannedText* out);

  // Bytes that stage 1 has read so far.
  std::uint64_t stage1_bytes() const { return stage1_bytes_; }

 private:
  DeltaScanner(const Engine& engine, Scanner scanner);
  Status ScanPart(std::string_view text, std::size_t from, std::size_t to,
                  std::vector<Hit>* hits);
  void Carry(std::string_view text, const ScannedText& parent,
             const CopiedStretch& copy, std::size_t after, ScannedText* out);
  void Finish(std::string_view text, ScannedText* out);

  const Engine* engine_;
  Scanner scanner_;
  std::vector<Engine::Reach> reach_;  // by shape
  std::vector<Hit> to_judge_;
  std::uint64_t stage1_bytes_ = 0;
};

}  // namespace keytidy::match
