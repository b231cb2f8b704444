// SPDX-License-Identifier: Apache-2.0
//
// From the PATHs of a command line to roots of a scan: what each one is, which
// keytidy.toml holds there, and where its repository begins.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "scan/options.h"

namespace keytidy::cli {

struct RootOptions {
  // --config: holds for every root, in place of the repositories' own.
  std::optional<std::string> config;
  bool no_repo_config = false;
};

// One root for each different PATH, in order. A PATH that is not there is a
// root all the same, and becomes an entry of the coverage when it is opened.
// kInvalid: a configuration file is wrong.
Result<std::vector<scan::Root>> ResolveRoots(
    const std::vector<std::string>& paths, const RootOptions& options);

}  // namespace keytidy::cli
