// SPDX-License-Identifier: Apache-2.0
//
// The places of a key as a plan names them, and the keys that are to take its
// place there.
#pragma once

#include <string>
#include <vector>

#include "clients/client_book.h"
#include "core/inventory.h"
#include "rotate/rotation_plan.h"

namespace keytidy::rotate {

struct PlanPlaces {
  std::vector<Place> all;  // in the inventory's order; without those gone
  std::vector<NewKey> keys;
  // "Quit and start Cursor again.", each once, with the machines in front where
  // there are several.
  std::vector<std::string> restarts;
  // How a client keeps a key out of its file, each client once.
  std::vector<std::string> fixes;
  std::vector<std::string> machines;  // sorted
};

PlanPlaces PlacesOf(const InventoryKey& key, clients::ClientBook& clients);

// "cursor-laptop-kryton": lower case, words joined by hyphens.
std::string NewName(std::string_view client, std::string_view machine,
                    std::string_view purpose);

}  // namespace keytidy::rotate
