// SPDX-License-Identifier: Apache-2.0
//
// Scans one blob: decides whether it is an archive, text or binary, reads it in
// overlapping pieces, and turns matches into places that may be shown.
#pragma once

#include <memory>
#include <stop_token>
#include <string>
#include <vector>

#include "core/report.h"
#include "core/secret.h"
#include "match/engine.h"
#include "scan/config_record.h"
#include "scan/excerpt.h"
#include "scan/options.h"
#include "scan/window.h"
#include "source/byte_reader.h"

namespace keytidy::scan {

// One place of one key, before places are grouped into findings.
struct Found {
  std::uint32_t rule = 0;
  Confidence confidence = Confidence::kHigh;
  Severity severity = Severity::kMedium;  // set when all are collected
  std::string id;
  std::string redacted;
  std::uint64_t length = 0;
  std::optional<std::string> shown;
  std::size_t root = 0;
  std::string below_settings;  // the path that allow rules see
  Occurrence place;
  // For what is scanned before its path is known: the key, and the text of the
  // match around it (see match::Identifier).
  std::optional<Secret> secret;
  std::string around;
  std::vector<AgeEvidence> evidence;
};

// What one thread collects.
struct Collected {
  std::vector<Found> found;
  Coverage coverage;
  std::vector<std::string> notes;
  std::vector<std::uint64_t> bytes_of_root;  // read below each root
};

// What is scanned, by name.
struct BlobName {
  SourceKind source = SourceKind::kFile;
  std::string path;            // as reports show it
  std::string below_settings;  // as allow rules see it
  std::size_t root = 0;
  // The blob's id where it is known, so that it need not be computed.
  std::string blob;
  // The path is not final: what is found keeps its secret, see Found.
  bool unnamed = false;
};

// One thread's. The options, roots and engine outlive it and are shared.
class BlobScanner {
 public:
  static Result<std::unique_ptr<BlobScanner>> Make(
      const match::Engine& engine, const Options& options,
      const std::vector<Root>& roots, Progress* progress);

  // Scans everything `reader` yields; what cannot be read becomes an entry of
  // the coverage. Stops early, without one, when `stop` is requested.
  void Scan(source::ByteReader& reader, const BlobName& name,
            const std::stop_token& stop);

  // Reports the matches of a text that was scanned elsewhere.
  void Report(std::string_view text, std::vector<match::Match> matches,
              const BlobName& name);

  void Skip(std::string path, std::string reason, bool incomplete,
            std::optional<std::uint64_t> bytes = std::nullopt);

  Collected& collected() { return collected_; }

 private:
  class ArchiveMembers;

  BlobScanner(const match::Engine& engine, const Options& options,
              const std::vector<Root>& roots, Progress* progress,
              match::Scanner scanner);

  bool Fill(Window& window, source::ByteReader& reader, std::uint64_t expected,
            const BlobName& name, const std::stop_token& stop);
  void ScanArchive(source::ByteReader& reader, std::string_view head,
                   const BlobName& name, const std::stop_token& stop);
  // `reader` yields the decoded text, `file` the bytes it comes from.
  void ScanText(source::ByteReader& reader, source::ByteReader& file,
                Window& window, bool ended, const BlobName& name,
                std::uint64_t raw_size, const std::stop_token& stop);
  // Judges the anchors that end in (from, to] of the window.
  Status ScanWindow(Window& window, std::size_t from, std::size_t to,
                    const BlobName& name);
  // `all` are the matches of the whole window, for masking.
  void Describe(Window& window, std::vector<match::Match> matches,
                const std::vector<match::Match>& all, const BlobName& name);
  Found Describe(const match::Match& match, Window& window,
                 const BlobName& name, const std::vector<Mask>& masks,
                 ConfigText* config);
  void CheckMarkers(std::string_view text, Span secret, const BlobName& name,
                    const std::vector<Mask>& masks, Found* found);
  // Closes the blob: overlaps, blob id.
  void Finish(source::ByteReader& file, const Window& window,
              const BlobName& name, bool whole);
  static std::string HashAgain(source::ByteReader& file);

  const match::Engine& engine_;
  const Options& options_;
  const std::vector<Root>& roots_;
  Progress* progress_;
  match::Scanner scanner_;
  // What is kept around each piece of a text: enough that matches, and the
  // matches that stand in the excerpts and beside the markers of matches, are
  // judged as they would be in the whole.
  const std::size_t overlap_;
  Collected collected_;

  // One window for each level of archives inside archives.
  std::vector<std::unique_ptr<Window>> windows_;
  std::size_t depth_ = 0;
  std::unique_ptr<source::ArchiveBudget> budget_;

  // Of the blob at hand; matches have offsets in the decoded text, and tags
  // that index found_.
  bool broken_ = false;  // reading it failed
  std::vector<match::Match> matches_;
  std::vector<Found> found_;
};

}  // namespace keytidy::scan
