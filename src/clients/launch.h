// SPDX-License-Identifier: Apache-2.0
//
// What a server's command starts: which package or image, and whether that is
// pinned. Read, never run.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "clients/wrappers.h"  // for those who need the words too

namespace keytidy::clients {

struct Launch {
  std::string runner;   // "npx", "uvx", "docker" …; "" for a plain program
  std::string package;  // without the version; "" where it is a local file
  std::string version;  // as written; "" where none is
  // An exact version, digest or commit; true also for what is no package.
  bool pinned = true;
  // Installs without asking: told so (`npx -y`), or the runner never asks.
  bool unasked = false;
  // A shell runs it and replaces `$X` itself.
  bool shell = false;
  // A password manager runs it and replaces `op://` and the like.
  bool store = false;
};

// Images are found as well as it goes (clients/container_run.h).
Launch ReadLaunch(std::string_view command,
                  const std::vector<std::string>& arguments);

}  // namespace keytidy::clients
