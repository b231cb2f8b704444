// SPDX-License-Identifier: Apache-2.0
//
// What an inventory keeps in place of a key.
#pragma once

#include <string>
#include <vector>

#include "core/finding.h"
#include "core/known_key.h"
#include "inventory/fingerprint.h"

namespace keytidy::cli {

struct KeyTrace {
  std::string fingerprint;  // "" for a key that is not to be recorded
  std::vector<std::string> hints;
};

// Of a finding whose key is known; of none ("") where `key` is null. Kinds that
// can be guessed are traced by the finding's id.
KeyTrace TraceOf(const inventory::FingerprintKey& prints,
                 const Finding& finding, const KnownKey* key);

}  // namespace keytidy::cli
