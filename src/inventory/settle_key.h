// SPDX-License-Identifier: Apache-2.0
//
// Which key an inventory's fingerprints are made with, and where it is kept:
// in a file, or in a table of the inventory's own, for whoever may use it. The
// first run settles it for good.
#pragma once

#include <string>

#include "base/result.h"
#include "inventory/database.h"
#include "inventory/fingerprint.h"

namespace keytidy::inventory {

// `path` is of the file, empty where the database keeps the key. A new
// inventory gets a new key, or the one of the file; of several runs at once
// one makes it and all have the same. kInvalid: this inventory's key is kept
// the other way. kDamaged: it is missing, or is another one: all fingerprints
// would be new, and every key there twice.
Result<FingerprintKey> SettleKey(Database& database, const std::string& path);

}  // namespace keytidy::inventory
