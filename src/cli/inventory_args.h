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
#include "cli/key_trace.h"
#include "core/inventory.h"
#include "core/report.h"
#include "inventory/inventory.h"

namespace keytidy::cli {

struct InventoryArgs {
  bool record = false;
  std::string path;      // or the address of a server; "" for the user's own
  std::string key_file;  // "" for where the inventory keeps it
  std::string machine;   // "" for the host's name
};

// --inventory and --inventory-key, for those that read it; with --record and
// --machine for those that write.
void AddInventoryOption(CLI::App* command, InventoryArgs* args);
void AddRecordOptions(CLI::App* command, InventoryArgs* args);
void AddMachineOption(CLI::App* command, InventoryArgs* args);

// What the inventory calls this machine.
std::string MachineName(const InventoryArgs& args);

// With --record it is made where it is missing; kNotFound otherwise.
Result<std::unique_ptr<inventory::Inventory>> OpenInventory(
    const InventoryArgs& args);

// The inventory of --record; null without it. One that cannot be reached or
// written is said, and null too: the run's own result stands, but that it was
// to be recorded makes it incomplete. An error is one that
// will not go away: a wrong address, a damaged or a foreign inventory.
Result<std::unique_ptr<inventory::Inventory>> OpenToRecord(
    const InventoryArgs& args);

// Writes what a report found: the places of keys, and what their provider said
// of them. `scope` says where the run looked.
Status Record(inventory::Inventory& inventory, const InventoryArgs& args,
              const Report& report, const std::string& scope, std::int64_t now,
              const std::function<KeyTrace(const Finding&)>& trace);

// A path as the inventory keeps it: absolute.
std::string AbsolutePath(const std::string& path);

}  // namespace keytidy::cli
