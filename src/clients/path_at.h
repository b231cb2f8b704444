// SPDX-License-Identifier: Apache-2.0
//
// What a place in a configuration file is called.
#pragma once

#include <string>

#include "config/node.h"
#include "core/finding.h"

namespace keytidy::clients {

// The way to the scalar that holds `span`: "accounts.default.access",
// "headers.Authorization", "keys[2]". Empty: none does.
std::string PathAt(const config::Node& root, Span span);

}  // namespace keytidy::clients
