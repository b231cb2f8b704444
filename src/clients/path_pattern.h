// SPDX-License-Identifier: Apache-2.0
//
// The paths of client files: `~/.cursor/mcp.json`, `{config}/Zed/*.json`,
// `$CODEX_HOME/config.toml`, `.vscode/mcp.json`. docs/clients.md has the table
// of their beginnings.
#pragma once

#include <compare>
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "core/client.h"

namespace keytidy::clients {

enum class PathBase {
  kHome,
  kConfig,
  kData,
  kState,
  kCache,
  kAppSupport,
  kLibrary,
  kAppData,
  kLocalAppData,
  kBin,
  kProgramData,
  kProgramFiles,
  kVariable,
  kMachine,
  kProject,
  kUnknown,
};

struct PathPattern {
  PathBase base = PathBase::kUnknown;
  std::string_view variable;  // of kVariable
  std::string_view tail;      // below the base; "" only for a variable alone
};

// Views into `text`.
PathPattern ParsePattern(std::string_view text);

// The folders that a base stands for, in a home folder of this platform, as
// paths below the home (`.config`) or, with a `/` in front, of the machine.
// Variables of the environment are not looked at. Empty: kVariable, kProject.
std::vector<std::string_view> FoldersOf(PathBase base);

// Whether the end of `path` fits the pattern. What has no tail, or is only a
// variable's, fits nothing.
bool FitsTail(const PathPattern& pattern, std::string_view path);

// How much a pattern says of the paths that fit it: names say more than stars.
struct Weight {
  std::size_t names = 0;       // without a star
  std::size_t characters = 0;  // of names, but for stars
  int minus_stars = 0;         // the fewer the better

  friend auto operator<=>(const Weight&, const Weight&) = default;
};
Weight WeightOf(const PathPattern& pattern);

}  // namespace keytidy::clients
