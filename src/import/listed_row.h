// SPDX-License-Identifier: Apache-2.0
//
// A row of a provider's API, made what a row of an export is.
#pragma once

#include <cstdint>
#include <string>

#include "core/recipe.h"
#include "import/key_tests.h"
#include "import/provider_row.h"
#include "verify/row_reader.h"

namespace keytidy::imports {

// `dropped`: set where a text held a key, and is left out.
ProviderRow RowOf(const verify::ListedKey& key, std::uint64_t number,
                  const Recipe& recipe, const KeyTests& tests, bool* dropped);

}  // namespace keytidy::imports
