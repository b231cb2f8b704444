// SPDX-License-Identifier: Apache-2.0
#include "cli/place_stages.h"

#include <utility>

#include "clients/client_book.h"

namespace keytidy::cli {
namespace {

using audit::Stage;

std::string_view LastPart(std::string_view* path) {
  while (path->ends_with('/')) path->remove_suffix(1);
  const std::size_t slash = path->rfind('/');
  const std::string_view out = path->substr(slash + 1);
  *path = slash == std::string_view::npos ? "" : path->substr(0, slash);
  return out;
}

// A home folder has the name of a person.
bool HoldsHomes(std::string_view folder) {
  return folder == "/home" || folder == "/Users" || folder.ends_with(":/Users");
}

}  // namespace

Result<PlaceStages> PlaceStages::Make() {
  auto knowledge = audit::ReadKnowledge(
      "audit.toml", std::string(clients::EmbeddedAuditFacts()));
  if (!knowledge) return Fail(knowledge.error());
  return PlaceStages(*std::move(knowledge));
}

Stage PlaceStages::StageOfWord(std::string_view name) {
  const auto [it, is_new] = known_.try_emplace(std::string(name));
  if (is_new) it->second = audit::StageOfName(knowledge_, name);
  return it->second;
}

std::string PlaceStages::EnvironmentOf(const InventoryKey& key,
                                       const InventoryPlace& place) {
  std::string_view rest = place.path;
  const std::string_view file = LastPart(&rest);
  if (!place.client.empty() && !file.starts_with(".env")) return {};
  Stage stage = StageOfWord(file);
  if (stage == Stage::kUnknown) {
    const std::string_view folder = LastPart(&rest);
    if (!HoldsHomes(rest)) stage = StageOfWord(folder);
  }
  if (stage == Stage::kUnknown) return {};
  if (!key.environment.empty()) {
    // A person's own word may be one of no known kind.
    const Stage own = StageOfWord(key.environment);
    if (own == Stage::kUnknown || own == stage) return {};
  }
  return stage == Stage::kProduction ? "production" : "development";
}

}  // namespace keytidy::cli
