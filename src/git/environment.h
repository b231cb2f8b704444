// SPDX-License-Identifier: Apache-2.0
//
// Values of git's environment variables that are more than one path.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace keytidy::git {

// GIT_ALTERNATE_OBJECT_DIRECTORIES: paths between ":", those that begin with a
// double quote in git's quoting of C, those that begin with "#" left out.
std::vector<std::string> SplitAlternates(std::string_view value);

// The length of the longest folder of GIT_CEILING_DIRECTORIES that is above
// `path`, or -1. The search for a repository does not look into that folder
// nor above it. `path` is absolute and without symbolic links; so is each
// folder made, up to an empty one in the list.
int LongestCeiling(std::string_view path, std::string_view ceilings);

}  // namespace keytidy::git
