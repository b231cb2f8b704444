// SPDX-License-Identifier: Apache-2.0
#include "audit/scene.h"

#include <fmt/format.h>

#include <algorithm>
#include <unordered_map>
#include <utility>

#include "audit/check_table.h"
#include "audit/plain_key.h"
#include "base/text.h"

namespace keytidy::audit {
namespace {

// A name for the variable that would hold the key.
std::string VariableFor(const KeyUse& use) {
  std::string name = use.name;
  if (use.kind != clients::SlotKind::kEnv || name.empty()) {
    const bool known = use.rule != &PlainRule();
    name = known ? std::string(use.rule->provider) + "_api_key" : use.name;
    if (name.empty()) name = "api_key";
  }
  for (char& c : name) c = IsAlnum(c) ? ToUpper(c) : '_';
  return name;
}

std::string Replaced(std::string text, std::string_view what,
                     std::string_view with) {
  for (std::size_t at = text.find(what); at != std::string::npos;
       at = text.find(what, at + with.size())) {
    // Only the whole word.
    const bool begins = at == 0 || !IsAlnum(text[at - 1]);
    const std::size_t end = at + what.size();
    const bool ends =
        end >= text.size() || (!IsAlnum(text[end]) && text[end] != '_');
    if (begins && ends && (at == 0 || text[at - 1] != '_')) {
      text.replace(at, what.size(), with);
    }
  }
  return text;
}

}  // namespace

void GroupKeys(Scene* scene) {
  std::unordered_map<std::string_view, std::size_t> known;
  for (const FileFacts& file : scene->files) {
    for (const KeyUse& use : file.keys) {
      if (use.digest.empty()) continue;
      const auto [it, fresh] =
          known.try_emplace(use.digest, scene->groups.size());
      if (fresh) scene->groups.emplace_back();
      scene->groups[it->second].uses.push_back(&use);
    }
  }
}

Problem& Problems::New(std::string_view check, const FileFacts& file,
                       const ServerFacts* server, Note note) {
  const CheckInfo& info = CheckOf(check);
  Problem& one = problems_.emplace_back();
  Violation& violation = one.violation;
  violation.check = info.id;
  violation.severity = note.severity.value_or(info.severity);
  violation.message = std::move(note.message);
  violation.path = file.file.display;
  violation.line = note.line;
  violation.client =
      ClientPlace{file.file.client->id,
                  server != nullptr ? server->name : std::string(),
                  {}};
  violation.fix = std::move(note.fix);
  for (const std::string_view text : SplitText(info.references, "; ")) {
    violation.references.emplace_back(text);
  }
  return one;
}

void Problems::Add(std::string_view check, const KeyUse& use, Note note) {
  if (note.line == 0) note.line = use.line;
  Problem& one =
      New(check, scene_.FileOf(use), scene_.ServerOf(use), std::move(note));
  one.subject = use.digest;
  one.violation.finding = use.finding;
  one.violation.path = use.path;
  one.violation.client->slot = use.slot;
}

void Problems::Add(std::string_view check, const FileFacts& file,
                   const ServerFacts* server, Note note) {
  if (note.line == 0 && server != nullptr) note.line = server->line;
  New(check, file, server, std::move(note));
}

std::string KeyText(const KeyUse& use) {
  if (use.rule == &PlainRule()) {
    return use.name.empty() ? "The secret" : "The secret " + use.name;
  }
  return fmt::format("The {} {}", use.rule->title, use.redacted);
}

std::string_view TitleOf(const FoundFile& file) {
  return file.file->title.empty() ? file.client->title : file.file->title;
}

std::string SlotText(const Scene& scene, const KeyUse& use) {
  const ServerFacts* server = scene.ServerOf(use);
  if (use.slot.empty()) return std::string(TitleOf(scene.FileOf(use).file));
  if (server == nullptr) return use.slot;
  return fmt::format("{} of the server {}", use.slot, server->name);
}

std::string FixWith(const Client& client, std::string_view variable) {
  std::string text = client.fix;
  if (text.empty()) {
    text =
        "Take the key out of this file, and let the program read it from a "
        "password manager or from a variable.";
  }
  text = Replaced(std::move(text), "NAME", variable);
  if (!client.restart.empty()) text += " " + client.restart;
  return text;
}

std::string FixFor(const Scene& scene, const KeyUse& use) {
  return FixWith(*scene.FileOf(use).file.client, VariableFor(use));
}

bool IsClientSettings(const FoundFile& file) {
  const bool client =
      file.client->kind == ClientKind::kAi || file.client->id == "mcp-project";
  return client && file.file->role == FileRole::kConfig;
}

bool IsInUse(const Scene& scene, const KeyUse& use) {
  switch (scene.FileOf(use).file.file->role) {
    case FileRole::kConfig:
    case FileRole::kSecrets:
    case FileRole::kEnv:
    case FileRole::kUnit:
    case FileRole::kTunnel:
      return true;
    default:
      return false;
  }
}

Stage StageOf(const Scene& scene, const KeyUse& use) {
  const ServerFacts* server = scene.ServerOf(use);
  return server != nullptr && server->stage != Stage::kUnknown
             ? server->stage
             : scene.FileOf(use).stage;
}

const KeyUse* FirstKeyOf(const FileFacts& file, std::size_t server) {
  const auto it =
      std::find_if(file.keys.begin(), file.keys.end(),
                   [&](const KeyUse& use) { return use.server == server; });
  return it == file.keys.end() ? nullptr : &*it;
}

bool IsLive(const KeyUse& use) {
  const std::string shown = Lowercase(use.redacted);
  return shown.find("_live") != std::string::npos ||
         shown.find("live_") != std::string::npos ||
         shown.find("_prod") != std::string::npos ||
         shown.find("prod_") != std::string::npos ||
         shown.find("-prod-") != std::string::npos;
}

std::string List(const std::vector<std::string>& names) {
  std::string out;
  for (std::size_t i = 0; i < names.size(); ++i) {
    if (i > 0) out += i + 1 == names.size() ? " and " : ", ";
    out += names[i];
  }
  return out;
}

}  // namespace keytidy::audit
