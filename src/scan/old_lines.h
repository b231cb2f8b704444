// SPDX-License-Identifier: Apache-2.0
//
// Telling the keys that a change adds from those that were there before.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "scan/blob_scanner.h"

namespace keytidy::scan {

// What makes two places of a key the same before and after a change: rule,
// bytes of the lines it is on, and where on them. For keys inside an archive:
// rule, id and the member's path. Digests; nothing of a key can be read from
// them. In the order of `found`, whose places are in `content`.
std::vector<std::string> PlaceKeys(std::string_view content,
                                   const std::vector<Found>& found,
                                   std::string_view path);

using KeyCounts = std::map<std::string, std::size_t>;

// Of places with these keys, in ascending order of offset, which ones are new:
// of those that occur more often than in `before`, the last.
std::vector<bool> NewPlaces(const std::vector<std::string>& keys,
                            const KeyCounts& before);

// Whether a file is the other one with changes: half of the lines of the
// smaller one, or more, are in both.
bool LooksRenamed(std::string_view before, std::string_view after);

}  // namespace keytidy::scan
