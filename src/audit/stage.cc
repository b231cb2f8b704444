// SPDX-License-Identifier: Apache-2.0
#include "audit/stage.h"

#include <string>

#include "base/text.h"

namespace keytidy::audit {
namespace {

bool SaysStage(std::string_view name) {
  return IsOneOf(
      name, {"NODE_ENV", "APP_ENV", "ENV", "ENVIRONMENT", "RAILS_ENV", "STAGE",
             "DEPLOY_ENV", "RACK_ENV", "FLASK_ENV", "ASPNETCORE_ENVIRONMENT"});
}

}  // namespace

Stage StageOfName(const Knowledge& knowledge, std::string_view name) {
  bool development = false;
  bool production = false;
  for (const std::string& word : WordsOf(name)) {
    development = development || IsOneOf(word, knowledge.development);
    production = production || IsOneOf(word, knowledge.production);
  }
  if (development == production) return Stage::kUnknown;
  return development ? Stage::kDevelopment : Stage::kProduction;
}

Stage StageOfFile(const Knowledge& knowledge, const FoundFile& file) {
  // An AI client's own names ("settings.local.json") say nothing of the kind.
  if (file.client->kind == ClientKind::kAi) return Stage::kUnknown;
  std::string_view name = file.path;
  if (!file.project.empty() && name.starts_with(file.project + "/")) {
    name.remove_prefix(file.project.size() + 1);
  } else {
    name.remove_prefix(name.rfind('/') + 1);
  }
  return StageOfName(knowledge, name);
}

Stage StageOfServer(const Knowledge& knowledge, const clients::Server& server) {
  for (const clients::Value& value : server.values) {
    if (value.kind != clients::SlotKind::kEnv || !SaysStage(value.name)) {
      continue;
    }
    const Stage stage = StageOfName(knowledge, value.text);
    if (stage != Stage::kUnknown) return stage;
  }
  return StageOfName(knowledge, server.name);
}

}  // namespace keytidy::audit
