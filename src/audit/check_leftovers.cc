// SPDX-License-Identifier: Apache-2.0
//
// Keys that are left lying: in old copies, in what was said and typed, beside a
// keychain, of programs that are gone; and keys that go by the wrong name or
// belong to somebody else.
#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "audit/plain_key.h"
#include "audit/read_file.h"
#include "audit/scene.h"
#include "base/text.h"

namespace keytidy::audit {
namespace {

void CheckBackups(const Scene& scene, const KeyGroup& group, Problems* out) {
  const bool in_use =
      std::any_of(group.uses.begin(), group.uses.end(),
                  [&](const KeyUse* use) { return IsInUse(scene, *use); });
  for (const KeyUse* use : group.uses) {
    const FoundFile& file = scene.FileOf(*use).file;
    if (file.file->role != FileRole::kBackup) continue;
    out->Add(
        "FILE-BACKUP", *use,
        {fmt::format("{} is in an old copy of a file of {}{}.", KeyText(*use),
                     TitleOf(file), in_use ? ", and is still in use" : ""),
         fmt::format("Delete the copy. {}",
                     in_use ? "When you replace the key, look for copies "
                              "again."
                            : "If the key was never revoked, revoke it."),
         {},
         0});
  }
}

std::string_view KindOf(FileRole role) {
  switch (role) {
    case FileRole::kHistory:
      return "the history";
    case FileRole::kTranscript:
      return "transcripts";
    case FileRole::kLog:
      return "logs";
    case FileRole::kDatabase:
      return "the database";
    default:
      return "caches";
  }
}

// One for each key and kind of place.
void CheckLeaks(const Scene& scene, const KeyGroup& group, Problems* out) {
  struct Leak {
    const KeyUse* first = nullptr;
    std::uint64_t times = 0;
    std::set<std::size_t> files;
  };
  std::map<std::pair<std::string, FileRole>, Leak> leaks;
  std::string configured;
  for (const KeyUse* use : group.uses) {
    const FoundFile& file = scene.FileOf(*use).file;
    if (!IsSummedUp(file.file->role)) {
      if (configured.empty() && IsInUse(scene, *use)) {
        configured = TitleOf(file);
      }
      continue;
    }
    // A database of credentials is no leak.
    if (file.file->role == FileRole::kDatabase) continue;
    Leak& leak = leaks[{std::string(TitleOf(file)), file.file->role}];
    if (leak.first == nullptr) leak.first = use;
    leak.times += use->times;
    leak.files.insert(use->file);
  }
  for (const auto& [where, leak] : leaks) {
    const std::string amount =
        leak.files.size() == 1
            ? Count(leak.times, "time")
            : fmt::format("{} in {}", Count(leak.times, "time"),
                          Count(leak.files.size(), "file"));
    out->Add("LOG-LEAK", *leak.first,
             {fmt::format("{}{} is in {} of {}, {}.", KeyText(*leak.first),
                          configured.empty()
                              ? ""
                              : fmt::format(", in use in {},", configured),
                          KindOf(where.second), where.first, amount),
              fmt::format("Have the key replaced: what was written down stays "
                          "written down. {}",
                          leak.first->rule->advice),
              {},
              0});
  }
}

void CheckKeychain(const Scene& scene, Problems* out) {
  std::set<std::string> said;  // files whose settings name a keychain
  for (const FileFacts& file : scene.files) {
    if (file.keychain) said.insert(file.file.path);
  }
  for (const FileFacts& file : scene.files) {
    if (file.keys.empty()) continue;
    const ClientFile& known = *file.file.file;
    bool leftover =
        std::find(known.keychain_on.begin(), known.keychain_on.end(),
                  scene.machine.platform) != known.keychain_on.end();
    if (!known.keychain_file.empty()) {
      for (const ShownPath& one : Expand(scene.machine, known.keychain_file)) {
        leftover = leftover || said.contains(one.path);
      }
    }
    if (!leftover) continue;
    out->Add("KEYCHAIN-HALFWAY", file.keys.front(),
             {fmt::format("{} keeps its credentials in the system's keychain, "
                          "and this file still holds {} in clear.",
                          TitleOf(file.file),
                          file.keys.size() == 1 ? "one" : "some"),
              "Check that signing in works without the file, then delete it.",
              {},
              0});
  }
}

void CheckOrphans(const Scene& scene, Problems* out) {
  for (const auto& [client, installed] : scene.installed) {
    if (installed) continue;
    for (const FileFacts& file : scene.files) {
      if (file.file.client != client || file.keys.empty() ||
          file.file.file->scope == FileScope::kProject ||
          !IsInUse(scene, file.keys.front())) {
        continue;
      }
      out->Add("ORPHAN-CLIENT", file.keys.front(),
               {fmt::format("{} is not installed here, and its settings still "
                            "hold a key.",
                            client->title),
                "Revoke the key if nothing else uses it, and delete the file.",
                {},
                0});
      break;
    }
  }
}

// People's keys in machines, and machines' keys among people's files.
void CheckHolders(const Scene& scene, Problems* out) {
  for (const FileFacts& file : scene.files) {
    const bool machine = file.file.client->kind == ClientKind::kService ||
                         file.file.client->id == "ci";
    const bool person = !machine && file.file.file->scope == FileScope::kUser;
    for (const KeyUse& use : file.keys) {
      if (!IsInUse(scene, use)) continue;
      if (machine && IsOneOf(use.rule->id, scene.knowledge.personal)) {
        out->Add("HUMAN-NHI", use,
                 {fmt::format("{} stands for a person, and {} uses it.",
                              KeyText(use), TitleOf(file.file)),
                  "Use a key made for the machine: it has no more rights than "
                  "it needs, and outlives the person's account.",
                  {},
                  0});
      } else if (person && IsOneOf(use.rule->id, scene.knowledge.machine)) {
        out->Add("HUMAN-NHI", use,
                 {fmt::format("{} is for machines, and stands among the files "
                              "of a person.",
                              KeyText(use)),
                  "Sign in as yourself; leave the key where the machine gets "
                  "it from.",
                  {},
                  0});
      }
    }
  }
}

// Only its number tells "key1" from "key2".
bool SaysNothing(const Knowledge& knowledge, std::string_view label) {
  bool any = false;
  for (std::string word : WordsOf(label)) {
    while (!word.empty() && IsDigit(word.back())) word.pop_back();
    if (word.empty()) continue;
    if (!IsOneOf(word, knowledge.bare_labels)) return false;
    any = true;
  }
  return any;
}

void CheckNames(const Scene& scene, const KeyUse& use, Problems* out) {
  const FoundFile& file = scene.FileOf(use).file;
  const ServerFacts* server = scene.ServerOf(use);
  std::string label = use.label;
  const bool of_key = !label.empty();
  if (label.empty() && server != nullptr) label = server->name;
  if (label.empty()) return;
  // A key's own name has parts: the program, the device, the purpose.
  const bool one_word = of_key && WordsOf(label).size() < 2;
  if (one_word || SaysNothing(scene.knowledge, label)) {
    out->Add("NAME-POOR", use,
             {fmt::format("{} goes by the name {}, which says nothing of who "
                          "uses it and where.",
                          KeyText(use), label),
              "Name it for the program, the device and the purpose: "
              "cursor-laptop-readonly.",
              {},
              0});
  }
  const std::string lower = Lowercase(label);
  if (lower.starts_with(file.client->id)) return;
  for (const Client* other : scene.clients) {
    if (other->kind != ClientKind::kAi || !lower.starts_with(other->id + "-")) {
      continue;
    }
    out->Add("NAME-MISMATCH", use,
             {fmt::format("{} goes by the name {}, and {} uses it{}.",
                          KeyText(use), label, TitleOf(file),
                          of_key ? "" : " (the name of its server)"),
              fmt::format("Make a key for {}, and leave this one to {}.",
                          TitleOf(file), other->title),
              {},
              0});
    return;
  }
}

}  // namespace

void CheckLeftovers(const Scene& scene, Problems* out) {
  for (const KeyGroup& group : scene.groups) {
    CheckBackups(scene, group, out);
    CheckLeaks(scene, group, out);
  }
  CheckKeychain(scene, out);
  CheckOrphans(scene, out);
  CheckHolders(scene, out);
  for (const FileFacts& file : scene.files) {
    if (!IsClientSettings(file.file)) continue;
    for (const KeyUse& use : file.keys) CheckNames(scene, use, out);
  }
}

}  // namespace keytidy::audit
