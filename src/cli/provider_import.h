// SPDX-License-Identifier: Apache-2.0
//
// The rows of a provider, and the inventory that they are brought into.
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "base/result.h"
#include "import/import_report.h"
#include "import/key_tests.h"
#include "inventory/inventory.h"
#include "match/engine.h"

namespace keytidy::cli {

// All outlive it. One thread.
class ProviderImport {
 public:
  static Result<std::unique_ptr<ProviderImport>> Make(
      const match::Engine& engine, inventory::Inventory& inventory);

  const imports::KeyTests& tests() const { return tests_; }

  // Finds the key of each row of the report and, with `write`, adds what the
  // rows say to what is known of the keys, as of `now`.
  Status Bring(imports::ImportReport* report, bool write, std::int64_t now);

 private:
  ProviderImport(const match::Engine& engine, inventory::Inventory& inventory,
                 match::Scanner scanner);
  std::vector<match::Match> KeysIn(std::string_view text);
  imports::KeyIndex Index();
  Status Write(const imports::ProviderRow& row, const imports::IndexedKey& key,
               std::int64_t now);

  const match::Engine& engine_;
  inventory::Inventory& inventory_;
  match::Scanner scanner_;
  imports::KeyTests tests_;
};

}  // namespace keytidy::cli
