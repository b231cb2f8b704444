// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "core/secret.h"

namespace keytidy {

// A key that was found, in clear, for those who verify it.
struct KnownKey {
  Secret secret;
  // Addresses that stand beside the key, in one of the variables that its
  // provider uses for them; each once, sorted.
  std::vector<std::string> bases;
};

}  // namespace keytidy
