// SPDX-License-Identifier: Apache-2.0
//
// What is in a directory.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace keytidy::source {

enum class EntryKind { kFile, kDirectory, kSymlink, kPipe, kSocket, kDevice };
// "symbolic link", "pipe" …
std::string_view Name(EntryKind kind);

struct Entry {
  std::string name;
  EntryKind kind = EntryKind::kFile;
};

// The entries of a directory, without `.` and `..`, sorted by name. Nothing is
// opened but the directory itself, and never through a symbolic link.
Result<std::vector<Entry>> ListDirectory(const std::string& path);

}  // namespace keytidy::source
