// SPDX-License-Identifier: Apache-2.0
//
// keytidy keys import.
#pragma once

#include "cli/command.h"

namespace keytidy::cli {

void AddKeysImport(CLI::App* keys, Action* action);

}  // namespace keytidy::cli
