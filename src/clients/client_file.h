// SPDX-License-Identifier: Apache-2.0
//
// Reads one file of patterns/clients. docs/clients.md explains every field.
#pragma once

#include <string>

#include "base/result.h"
#include "core/client.h"

namespace keytidy::clients {

// kInvalid: everything that is wrong, with line and caret.
Result<Client> ReadClient(std::string name, std::string text);

}  // namespace keytidy::clients
