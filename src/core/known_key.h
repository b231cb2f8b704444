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
  // One of the words stands near it that settle whose it is, or a person said
  // so.
  bool settled = false;
};

}  // namespace keytidy
