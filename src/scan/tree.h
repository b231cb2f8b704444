// SPDX-License-Identifier: Apache-2.0
//
// Walks a directory tree and spawns the scans of its files.
#pragma once

#include <stop_token>
#include <string>
#include <vector>

#include "base/executor.h"
#include "base/file.h"
#include "scan/blob_scanner.h"
#include "source/ignore.h"

namespace keytidy::scan {

// Shared by all tasks of a run; each worker has its own scanner.
class TreeWalk {
 public:
  TreeWalk(const Options& options, const std::vector<Root>& roots,
           std::vector<std::unique_ptr<BlobScanner>>* scanners,
           Executor* executor, std::stop_token stop);

  // Spawns the walk of a root that is a directory. Call from the main thread.
  void Start(std::size_t root);

  // Scans one regular file on the worker's thread.
  void ScanFile(std::size_t worker, std::size_t root, const std::string& path,
                const std::string& display, const std::string& below_settings,
                Links links);

 private:
  // A directory below a root; paths with "" for the root itself.
  struct Directory {
    std::size_t root = 0;
    std::string below_root;
    // In force where it stands, without what it says itself.
    source::IgnoreStack ignores;
    source::IgnoreStack excludes;
    bool in_git = false;  // inside a .git directory
  };

  void Walk(std::size_t worker, const Directory& directory);
  source::IgnoreStack IgnoresAbove(const Root& root);
  // The ignore files that stand in a directory of the disk.
  source::IgnoreStack::Files ReadIgnoreFiles(BlobScanner& scanner,
                                             const std::string& path,
                                             const std::string& display);

  const Options& options_;
  const std::vector<Root>& roots_;
  std::vector<std::unique_ptr<BlobScanner>>& scanners_;
  Executor& executor_;
  std::stop_token stop_;
};

// "a/b", with either side possibly empty.
std::string JoinPath(std::string_view above, std::string_view below);

}  // namespace keytidy::scan
