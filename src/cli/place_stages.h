// SPDX-License-Identifier: Apache-2.0
//
// Which environment the path of a place speaks of.
#pragma once

#include <string>
#include <string_view>
#include <unordered_map>

#include "audit/knowledge.h"
#include "audit/stage.h"
#include "base/result.h"
#include "core/inventory.h"

namespace keytidy::cli {

class PlaceStages {
 public:
  // From the embedded words.
  static Result<PlaceStages> Make();

  // "development" or "production", by the name of the file and that of its
  // folder; "" where they say neither, or what the key's own environment says
  // already. Settings of programs are named by their makers, so only their
  // .env files are looked at.
  std::string EnvironmentOf(const InventoryKey& key,
                            const InventoryPlace& place);

 private:
  explicit PlaceStages(audit::Knowledge knowledge)
      : knowledge_(std::move(knowledge)) {}

  audit::Stage StageOfWord(std::string_view name);

  audit::Knowledge knowledge_;
  std::unordered_map<std::string, audit::Stage> known_;  // by name
};

}  // namespace keytidy::cli
