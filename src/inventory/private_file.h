// SPDX-License-Identifier: Apache-2.0
//
// The files of an inventory are the user's alone.
#pragma once

#include <string>
#include <string_view>

#include "base/result.h"

namespace keytidy::inventory {

// Makes the folders above `path`, mode 0700, where they are missing, and gives
// `path` again with the folder's links resolved.
Result<std::string> MakeFolders(const std::string& path);

// What stands at `path` must be a regular file of this user that nobody else
// may read or write; kNotFound where there is nothing. Never opens it: closing
// a file again would drop the locks that SQLite holds on it in this process.
Status CheckPrivate(const std::string& path);

// Makes `path` with `bytes`, mode 0600, whole at once. False where it was there
// before, which is then left as it is.
Result<bool> MakeOnce(const std::string& path, std::string_view bytes);

}  // namespace keytidy::inventory
