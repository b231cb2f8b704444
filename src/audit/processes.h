// SPDX-License-Identifier: Apache-2.0
//
// The user's own running programs, as /proc shows them: their variables and
// command lines. Only read, and only when asked for.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "audit/find_files.h"
#include "clients/contents.h"

namespace keytidy::audit {

// environ and cmdline of every program of this user, by number of the process;
// none where the system has no /proc.
std::vector<FoundFile> FindProcesses();

// What stands in one of those. `text` is the file's.
clients::Contents ReadProcess(const FoundFile& file, std::string_view text);

}  // namespace keytidy::audit
