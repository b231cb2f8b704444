// SPDX-License-Identifier: Apache-2.0
//
// Which inventory, and what a run writes into it.
#pragma once

#include <CLI/CLI.hpp>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "base/result.h"
#include "core/inventory.h"
#include "core/report.h"
#include "inventory/inventory.h"

namespace keytidy::cli {

struct InventoryArgs {
  bool record = false;
  std::string path;     // "" for the user's own
  std::string machine;  // "" for the host's name
};

// --inventory, for those that read it; with --record and --machine for those
// that write.
void AddInventoryOption(CLI::App* command, InventoryArgs* args);
void AddRecordOptions(CLI::App* command, InventoryArgs* args);

// With --record it is made where it is missing; kNotFound otherwise.
Result<std::unique_ptr<inventory::Inventory>> OpenInventory(
    const InventoryArgs& args);

// Writes what a report found. `scope` says where the run looked;
// `fingerprint` gives "" for a key that is not to be recorded.
Status Record(inventory::Inventory& inventory, const InventoryArgs& args,
              const Report& report, const std::string& scope, std::int64_t now,
              const std::function<std::string(const Finding&)>& fingerprint);

// A path as the inventory keeps it: absolute.
std::string AbsolutePath(const std::string& path);

}  // namespace keytidy::cli
