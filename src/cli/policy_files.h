// SPDX-License-Identifier: Apache-2.0
//
// Which policies apply, and from which files.
#pragma once

#include <CLI/CLI.hpp>
#include <string>
#include <vector>

#include "base/result.h"
#include "core/policy.h"

namespace keytidy::cli {

struct PolicyFileArgs {
  std::string config;  // "" for the user's own
  bool no_repo_config = false;
};

void AddPolicyFileOptions(CLI::App* command, PolicyFileArgs* args);

// First that of --config or of the user's own file, then that of the nearest
// keytidy.toml at or above the working directory, up to the top of its
// repository. A file without a [policy] has none. What is wrong with any of
// them is an error, as is a --config that is not there.
Result<std::vector<Policy>> LoadPolicies(const PolicyFileArgs& args);

}  // namespace keytidy::cli
