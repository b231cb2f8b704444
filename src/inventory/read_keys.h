// SPDX-License-Identifier: Apache-2.0
//
// Keys with all that belongs to them, out of the tables.
#pragma once

#include <functional>
#include <string_view>

#include "base/result.h"
#include "core/inventory.h"
#include "inventory/database.h"

namespace keytidy::inventory {

// All keys in order of fingerprints, or the one of `fingerprint` where it is
// not empty. Inside a transaction, so that the tables are of one moment.
Status ReadKeys(Database& database, std::string_view fingerprint,
                const std::function<void(InventoryKey)>& use);

}  // namespace keytidy::inventory
