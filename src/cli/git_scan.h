// SPDX-License-Identifier: Apache-2.0
//
// The scans that read git's objects in place of files: --history, --staged,
// --range and --since.
#pragma once

#include <optional>
#include <stop_token>
#include <string>
#include <vector>

#include "base/result.h"
#include "core/report.h"
#include "git/repository.h"
#include "match/engine.h"
#include "scan/options.h"

namespace keytidy::cli {

// As typed.
struct GitArgs {
  bool history = false;
  bool staged = false;
  bool all_lines = false;
  std::string range;  // "-": lines on standard input, as git gives hooks
  std::string remote;
  std::string since;
  // Unset; or set, and then the file for the state ("": the usual place).
  std::optional<std::string> since_last;
  bool no_submodules = false;

  bool Any() const {
    return history || staged || !range.empty() || !since.empty();
  }
};

// What goes together and how many PATHs there may be. kInvalid.
Status CheckGitArgs(const GitArgs& args, const std::vector<std::string>& paths);

// The repository that the one PATH is in, or the working directory and the
// environment say.
Result<git::Repository> FindRepository(const std::vector<std::string>& paths);

// The folder whose keytidy.toml holds for it.
std::string ConfigFolder(const git::Repository& repository);

// `roots` is the one root of that folder. kInvalid, kNotFound: what was typed
// is wrong.
Result<Report> RunGitScan(const match::Engine& engine,
                          const std::string& catalogue,
                          const git::Repository& repository,
                          const GitArgs& args, std::vector<scan::Root> roots,
                          const scan::Options& options,
                          scan::Progress* progress,
                          const std::stop_token& stop);

// A report of a repository that could not be opened: nothing was read.
Report UnreadRepository(const match::Engine& engine, const Error& error);

}  // namespace keytidy::cli
