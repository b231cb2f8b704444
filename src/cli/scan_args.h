// SPDX-License-Identifier: Apache-2.0
//
// The options of `keytidy scan`, as typed, and what they mean.
#pragma once

#include <CLI/CLI.hpp>
#include <cstdint>
#include <string>
#include <vector>

#include "base/result.h"
#include "cli/git_scan.h"
#include "cli/inventory_args.h"
#include "cli/verify_args.h"
#include "policy/decide.h"
#include "report/writer.h"
#include "scan/options.h"
#include "source/archive.h"

namespace keytidy::cli {

// As typed.
struct ScanArgs {
  std::vector<std::string> paths;
  std::string format = "human";
  std::string output;
  std::string fail_on;
  std::string min_confidence;
  std::string config;
  bool no_repo_config = false;
  std::vector<std::string> rules;
  bool no_ignore = false;
  bool binary = false;
  bool no_archives = false;
  std::uint64_t max_file_size = 0;
  unsigned max_archive_depth = source::ArchiveLimits{}.depth;
  bool no_markers = false;
  bool foreign_markers = false;
  std::string key_file;
  unsigned jobs = 0;
  std::string color = "auto";
  bool show_secrets = false;
  bool quiet = false;
  bool no_progress = false;
  bool allow_incomplete = false;
  bool allow_empty = false;
  GitArgs git;
  std::string since_last;
  bool no_delta = false;
  std::uint64_t memory_limit = 0;
  VerifyArgs verify;
  InventoryArgs inventory;
};

// What every command that makes a report takes.
void AddReportOptions(CLI::App* command, ScanArgs* args);
// And what `scan` takes besides.
void AddScanOptions(CLI::App* scan, ScanArgs* args);

// What it means.
struct ScanPlan {
  std::vector<scan::Root> roots;
  scan::Options options;
  policy::Thresholds thresholds;
  report::Format format = report::Format::kHuman;
  report::Style style;
  bool progress = false;
};

// `paths`: of files and folders, or of the repository.
Result<ScanPlan> Resolve(const ScanArgs& args,
                         const std::vector<std::string>& paths);

int ExitCodeFor(const Report& report, const ScanArgs& args);

}  // namespace keytidy::cli
