// SPDX-License-Identifier: Apache-2.0
//
// An inventory in one file of SQLite.
#pragma once

#include <memory>
#include <string>

#include "base/result.h"
#include "inventory/database.h"

namespace keytidy::inventory {

// Opens the file, or makes an empty one; folders above it are made where they
// are missing (mode 0700). Write-ahead log, mode 0600. Writers wait for each
// other for up to a minute.
//
// kInvalid: a symbolic link, no regular file, or not the user's alone.
// kUnsupported: a file that no keytidy made. kDamaged: not whole. kPermission,
// kIo: as the system says. In none of these cases is the file changed.
Result<std::unique_ptr<Database>> OpenSqlite(const std::string& path);

}  // namespace keytidy::inventory
