// SPDX-License-Identifier: Apache-2.0
//
// Scans what commits add: the blobs they hold where no parent held the same,
// and of those only the keys that were not on the same line before.
//
// A key is old where a blob that the change replaces (at the same path, or at
// the path a renamed file had) holds it on a line of the same bytes. Where such
// a line stands more often than before, the last copies are the new ones.
#pragma once

#include <optional>
#include <stop_token>
#include <string>
#include <vector>

#include "base/result.h"
#include "core/report.h"
#include "git/changes.h"
#include "git/refs.h"
#include "git/repository.h"
#include "match/engine.h"
#include "scan/options.h"

namespace keytidy::scan {

// What `--range`, `--since` and hooks ask for; empty for the index.
struct CommitList {
  std::vector<pack::ObjectId> commits;  // newest first
  // References to a blob or a tree, by way of tags or not: all of it is new.
  std::vector<git::Ref> others;
  std::vector<Skip> skipped;
};

// One repository and what of it is scanned; the store and reader are its own
// and outlive the run.
struct ChangeSource {
  const git::Repository* repository = nullptr;
  pack::ObjectStore* store = nullptr;
  pack::ObjectReader* reader = nullptr;
  std::size_t root = 0;
};

// The index against HEAD and, in a merge, the commits that are merged.
// `all_lines`: also keys that were there before, in files that change.
Result<Report> RunStaged(const match::Engine& engine,
                         const std::vector<Root>& roots,
                         const ChangeSource& source,
                         const std::vector<pack::ObjectId>& parents,
                         bool all_lines, const Options& options,
                         Progress* progress, const std::stop_token& stop);

// Each commit against its parents.
Result<Report> RunCommits(const match::Engine& engine,
                          const std::vector<Root>& roots,
                          const ChangeSource& source, CommitList commits,
                          bool all_lines, const Options& options,
                          Progress* progress, const std::stop_token& stop);

}  // namespace keytidy::scan
