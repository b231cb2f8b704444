// SPDX-License-Identifier: Apache-2.0
//
// Scans blobs of a repository as the walk over its packs makes them, each with
// what is known of the one it is made from.
#pragma once

#include <cstdint>
#include <memory>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "match/delta_scanner.h"
#include "match/engine.h"
#include "pack/delta_forest.h"
#include "pack/walk.h"
#include "scan/blob_scanner.h"
#include "scan/options.h"

namespace keytidy::scan {

// A blob in which something was found. Paths are not known yet: they begin
// with PlaceholderPath(id).
struct HitBlob {
  pack::ObjectId id;
  std::vector<Found> found;
};

// "blob:0123…": stands for a blob where no path is known.
std::string PlaceholderPath(const pack::ObjectId& id);

// What was left out by a rule, summed up: too many to name each.
struct LeftOut {
  std::uint64_t count = 0;
  std::uint64_t bytes = 0;
};

// One thread's.
class ObjectScanner final : public pack::WalkVisitor {
 public:
  static Result<std::unique_ptr<ObjectScanner>> Make(
      const match::Engine& engine, const Options& options,
      const std::vector<Root>& roots, Progress* progress,
      const std::stop_token& stop);

  // Which pack is walked next, and which root its findings belong to.
  void Begin(std::size_t root, const pack::DeltaForest* forest);

  void OnObject(const pack::WalkedObject& object) override;
  void OnLarge(std::uint32_t node, std::uint64_t size,
               pack::InflateStream& content) override;
  void OnFailure(std::uint32_t node, const Error& error) override;

  // A blob that is not walked.
  void OnWhole(const pack::ObjectId& id, std::string_view content);
  // One that is too large to be whole in memory. An error is reported.
  void OnStream(const pack::ObjectId& id, std::uint64_t size,
                source::ByteReader& content);

  // One that could not be read at all.
  void OnLost(const pack::ObjectId& id, const Error& error) {
    failures_.push_back({id, error});
  }

  struct Failure {
    pack::ObjectId id;
    Error error;
  };
  // Takes what was gathered since the last call.
  std::vector<HitBlob> TakeHits() { return std::exchange(hits_, {}); }
  std::vector<Failure> TakeFailures() { return std::exchange(failures_, {}); }
  // Without findings, which are in the hits.
  Collected& collected() { return blobs_->collected(); }
  LeftOut binary, pointers, large;

 private:
  ObjectScanner(std::unique_ptr<BlobScanner> blobs, match::DeltaScanner delta,
                const Options& options, Progress* progress,
                const std::stop_token& stop);
  // Whether it is text as it stands; notes what is left out by a rule.
  enum class Kind { kText, kLeftOut, kOther };
  Kind Classify(std::string_view content, bool counts);
  void Count(std::uint64_t bytes);
  BlobName NameOf(const pack::ObjectId& id) const;
  void TakeFound(const pack::ObjectId& id);
  pack::ObjectId IdOf(std::uint32_t node) const;

  std::unique_ptr<BlobScanner> blobs_;
  match::DeltaScanner delta_;
  const Options& options_;
  Progress* progress_;
  std::stop_token stop_;
  std::size_t root_ = 0;
  const pack::DeltaForest* forest_ = nullptr;
  // By slot: what is known of the objects that others are made from; nothing
  // for what is not plain text.
  struct Slot {
    bool known = false;
    match::ScannedText text;
  };
  std::vector<Slot> slots_;
  match::ScannedText alone_;
  std::vector<match::CopiedStretch> copies_;
  std::vector<HitBlob> hits_;
  std::vector<Failure> failures_;
};

// One entry of the coverage for each kind of thing that the scanners left out,
// and starts their counts anew.
void ReportLeftOut(const std::vector<ObjectScanner*>& scanners,
                   const std::string& prefix, std::vector<Skip>* skipped);

// What was found in a blob, at a path where the blob is. `placeholder` is what
// the found path begins with.
Found AtPath(const Found& found, const std::string& path,
             std::string_view placeholder, std::optional<CommitInfo> commit,
             const match::Engine& engine, const Options& options);

}  // namespace keytidy::scan
