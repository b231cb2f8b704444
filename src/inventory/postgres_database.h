// SPDX-License-Identifier: Apache-2.0
//
// An inventory on a PostgreSQL server, in a schema of its own.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "base/result.h"
#include "inventory/database.h"

namespace keytidy::inventory {

// postgres://... or postgresql://...
bool IsPostgresAddress(std::string_view text);

// Opens the schema "keytidy" of the database that the address names, and makes
// it where it is missing and that is wanted. Texts sort by their bytes there,
// as in SQLite. Writers wait for each other for up to a minute.
//
// kInvalid: the address cannot be read. kUnsupported: no libpq, not UTF8, or
// the schema is another program's. kNotFound: MissingError(). kPermission, kIo:
// as the server says. In none of these cases is anything changed. A server
// that goes away later is kIo, and leaves nothing half done.
Result<std::unique_ptr<Database>> OpenPostgres(const std::string& address,
                                               IfMissing if_missing);

}  // namespace keytidy::inventory
