// SPDX-License-Identifier: Apache-2.0
//
// Which key a person means.
#pragma once

#include <string>
#include <string_view>

#include "base/result.h"
#include "inventory/database.h"

namespace keytidy::inventory {

// The fingerprint of the key whose id or fingerprint is `which`, or begins so.
// kNotFound; kInvalid with the candidates where there are several.
Result<std::string> ResolveKey(Database& database, std::string_view which);

}  // namespace keytidy::inventory
