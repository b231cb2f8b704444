// SPDX-License-Identifier: Apache-2.0
//
// Which keys fit all that a provider shows of one. An inventory keeps digests
// of a few lengths only (inventory/hints.h), so what is shown is compared as
// far as the longest of them, and a match rests on four bytes at least that
// only this key has at that place.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "import/match_rows.h"

namespace keytidy::imports {

// Sorted by fingerprint.
Result<std::vector<IndexedKey>> KeysFitting(std::string_view provider,
                                            const std::vector<RowHint>& hints,
                                            const KeyIndex& index);

// Whether the hints are enough to know a key by, whatever keys there are.
bool TellsApart(const std::vector<RowHint>& hints);

}  // namespace keytidy::imports
