// SPDX-License-Identifier: Apache-2.0
//
// Scans every blob of repositories, whatever names it: packs, loose objects,
// borrowed objects. Then says which commit brought each blob that holds a key.
#pragma once

#include <cstddef>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

#include "base/result.h"
#include "core/report.h"
#include "git/repository.h"
#include "match/engine.h"
#include "scan/options.h"

namespace keytidy::scan {

struct HistorySource {
  git::Repository repository;
  // What stands before paths in reports: "" for the repository that was asked
  // for, the path of a submodule with a "/" for that.
  std::string prefix;
  std::size_t root = 0;  // whose settings hold
  // Where to remember which blobs were scanned, for the next run to leave them
  // out; see scan/history_state.h.
  std::optional<std::string> state;
  // What the rules and options come to: a state made under others is of no use.
  std::string state_digest;
};

// As scan/scan.h's Run. What belongs together by its identity (a blob that
// stands in several packs) is scanned once. What cannot be read is in the
// coverage; what was read is reported all the same.
Result<Report> RunHistory(const match::Engine& engine,
                          const std::vector<Root>& roots,
                          const std::vector<HistorySource>& sources,
                          const Options& options, Progress* progress,
                          const std::stop_token& stop);

}  // namespace keytidy::scan
