// SPDX-License-Identifier: Apache-2.0
//
// The home folder that an audit looks at, and the machine around it.
#pragma once

#include <algorithm>
#include <cstddef>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "core/client.h"

namespace keytidy::audit {

struct Machine {
  Platform platform = Platform::kLinux;
  std::string home;          // to open; absolute or as given, no "/" at the end
  std::string home_display;  // as reports show it
  std::string real_home;     // without symbolic links
  // What "/" is: "" for this machine, the home folder itself for a copy.
  std::string top;
  std::string top_display;
  // This user's own home, not a copy of one: variables count, and so does which
  // programs are installed.
  bool own = true;
  std::map<std::string, std::string, std::less<>> variables;
};

// This user's home. kNotFound: there is none.
Result<Machine> OwnMachine();

// A copy of a home folder. kNotFound, kPermission: as it says.
Result<Machine> CopyOf(const std::string& folder, Platform platform);

// A path to open, and how to show it.
struct ShownPath {
  std::string path;
  std::string display;
  std::size_t base = 0;  // how much of `path` is before the pattern's own part
  std::string_view rest() const {
    return std::string_view(path).substr(std::min(base, path.size()));
  }
};

// The folders or files that the beginning of a pattern stands for here, each
// with the pattern's rest behind it, `*` and all. Nothing for a project's.
std::vector<ShownPath> Expand(const Machine& machine, std::string_view pattern);

// What a client recorded as a project's folder (a path or a file: URI, perhaps
// of the machine a copy was made of) as a folder here. Empty: it is none.
std::string ProjectFolder(const Machine& machine, std::string_view recorded);

}  // namespace keytidy::audit
