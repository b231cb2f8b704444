// SPDX-License-Identifier: Apache-2.0
//
// One run of keytidy keys import.
#pragma once

#include <string>
#include <vector>

#include "cli/inventory_args.h"
#include "cli/verify_args.h"

namespace keytidy::cli {

struct ImportArgs {
  std::string from;
  std::string provider;  // of an export
  std::string api;       // the provider that is asked
  std::string server;    // its server
  std::vector<std::string> columns;
  std::vector<std::string> rules;
  std::string format = "human";
  bool dry_run = false;
  InventoryArgs inventory;
  VerifyArgs verify;
};

// Reads the export, or asks the provider, and says what became of each row. The
// exit code.
int RunImport(const ImportArgs& args);

}  // namespace keytidy::cli
