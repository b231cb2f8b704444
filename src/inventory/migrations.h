// SPDX-License-Identifier: Apache-2.0
//
// Brings the tables of an inventory to the form that this program knows.
#pragma once

#include <span>
#include <string_view>

#include "base/result.h"
#include "inventory/database.h"

namespace keytidy::inventory {

// The texts of src/inventory/schema, in order; the first makes version 1.
std::span<const std::string_view> Migrations();

// Runs, in one transaction, those that have not been run on this database.
// kUnsupported: it is of a newer program. kDamaged: its version cannot be read.
// Several programs may do this at once.
Status Migrate(Database& database, std::span<const std::string_view> scripts);

}  // namespace keytidy::inventory
