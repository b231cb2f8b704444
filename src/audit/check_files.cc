// SPDX-License-Identifier: Apache-2.0
//
// The files that hold keys: who may read them, and where else they go.
#include <fmt/format.h>
#include <sys/stat.h>

#include <algorithm>
#include <set>
#include <string>
#include <string_view>

#include "audit/scene.h"
#include "base/file.h"

namespace keytidy::audit {
namespace {

std::string HowMany(const FileFacts& file) {
  std::set<std::string_view> keys;
  for (const KeyUse& use : file.keys) keys.insert(use.digest);
  return keys.size() == 1 ? "a key" : fmt::format("{} keys", keys.size());
}

std::string Quoted(const std::string& path) {
  const bool simple =
      path.find_first_of(" '\"$`\\()&;*?!#~<>|") == std::string::npos;
  if (simple) return path;
  std::string out = "'";
  for (const char c : path) {
    if (c == '\'') {
      out += "'\\''";
    } else {
      out += c;
    }
  }
  return out + "'";
}

bool OthersMayWrite(const std::string& folder) {
  struct stat info = {};
  return lstat(folder.c_str(), &info) == 0 && (info.st_mode & 0002) != 0 &&
         (info.st_mode & S_ISVTX) == 0;
}

// Whether `folder` is among the folders of the path. "OneDrive - Example" is a
// OneDrive too.
bool IsWithin(std::string_view path, std::string_view folder) {
  const std::string all = fmt::format("/{}", path);
  const std::string wanted = fmt::format("/{}", folder);
  for (std::size_t at = all.find(wanted); at != std::string::npos;
       at = all.find(wanted, at + 1)) {
    const auto next = std::string_view(all).substr(at + wanted.size());
    if (next.starts_with('/') || next.starts_with(' ')) return true;
  }
  return false;
}

void CheckMode(const Scene& scene, const FileFacts& file, const KeyUse& key,
               Problems* out) {
  if (scene.machine.platform == Platform::kWindows) return;
  // For all to read by design: FILE-WORLD-MANAGED says what is wrong with it.
  if (file.file.file->scope == FileScope::kManaged) return;
  const bool open = (file.file.mode & 077) != 0;
  const bool folder = OthersMayWrite(DirectoryOf(file.file.path));
  if (!open && !folder) return;
  struct stat home = {};
  const bool reachable = stat(scene.machine.home.c_str(), &home) == 0 &&
                         (home.st_mode & 0001) != 0;
  const bool everybody = (file.file.mode & 0004) != 0 && reachable;
  if (open) {
    out->Add(
        "FILE-PERM", key,
        {fmt::format(
             "{} with {} has the mode {:04o}: {} may read it.",
             TitleOf(file.file) == file.file.client->title
                 ? "A file of " + std::string(TitleOf(file.file))
                 : "The file of " + std::string(TitleOf(file.file)),
             HowMany(file), file.file.mode & 07777,
             everybody ? "every user of the machine" : "others than its owner"),
         fmt::format("chmod 600 {}", Quoted(file.file.display)),
         everybody ? std::optional(Severity::kHigh) : std::nullopt, 0});
  } else {
    out->Add(
        "FILE-PERM", key,
        {fmt::format("A file with {} stands in a folder that everybody "
                     "may write to: it can be exchanged for another.",
                     HowMany(file)),
         fmt::format("chmod o-w {}", Quoted(DirectoryOf(file.file.display))),
         {},
         0});
  }
}

void CheckGit(const Scene& scene, const FileFacts& file, const KeyUse& key,
              Problems* out) {
  const auto state = scene.git.find(file.file.path);
  if (state == scene.git.end()) return;
  const std::size_t slash = file.file.display.rfind('/');
  if (state->second == GitState::kTracked) {
    out->Add(
        "FILE-GIT-TRACKED", key,
        {fmt::format("git tracks a file with {}: everybody with the "
                     "repository has {}, now and later.",
                     HowMany(file), HowMany(file) == "a key" ? "it" : "them"),
         fmt::format("Have the key replaced, then `git -C {} rm --cached {}` "
                     "and ignore the file; what is in the history stays there "
                     "(`keytidy scan --history`).",
                     Quoted(DirectoryOf(file.file.display)),
                     Quoted(file.file.display.substr(slash + 1))),
         {},
         0});
  } else if (state->second == GitState::kUntracked &&
             !file.file.project.empty()) {
    out->Add(
        "FILE-GIT-NOTIGNORED", key,
        {fmt::format("A file with {} is not ignored by git: the next "
                     "`git add .` takes it.",
                     HowMany(file)),
         fmt::format(
             "Add it to .gitignore: {}",
             Quoted(file.file.path.starts_with(file.file.project + "/")
                        ? file.file.path.substr(file.file.project.size() + 1)
                        : file.file.display)),
         {},
         0});
  }
}

void CheckScope(const Scene& scene, const FileFacts& file, const KeyUse& key,
                Problems* out) {
  const FileScope scope = file.file.file->scope;
  if (scope == FileScope::kManaged) {
    out->Add("FILE-WORLD-MANAGED", key,
             {fmt::format("{} stands in settings of {} for all users of this "
                          "machine.",
                          KeyText(key), file.file.client->title),
              "Let each user have a key of their own, or sign in with OAuth.",
              {},
              0});
  }
  if (scope != FileScope::kProject || !IsClientSettings(file.file)) return;
  for (const KeyUse& use : file.keys) {
    out->Add("FILE-PROJECT-SCOPE", use,
             {fmt::format("{} stands in the project's settings of {}, which "
                          "are meant to be shared.",
                          KeyText(use), file.file.client->title),
              "Keep the server in your own settings, or leave a reference "
              "in the project's. " +
                  FixFor(scene, use),
              {},
              0});
  }
}

void CheckStage(const Scene& scene, const FileFacts& file, Problems* out) {
  if (file.file.file->role == FileRole::kBackup) return;
  for (const KeyUse& use : file.keys) {
    if (!IsLive(use)) continue;
    const Stage stage = StageOf(scene, use);
    const bool project = file.file.file->scope == FileScope::kProject;
    if (stage == Stage::kProduction) continue;
    if (stage != Stage::kDevelopment && !project) continue;
    out->Add("KEY-PROD-IN-DEV", use,
             {fmt::format("{} is a live key, {}.", KeyText(use),
                          stage == Stage::kDevelopment
                              ? "in a place that is for development"
                              : "among the files of a project"),
              "Use a key of the provider's test mode there.",
              {},
              0});
  }
}

// Folders that leave the device, and where a link leads.
void CheckSynced(const Scene& scene, const FileFacts& file, const KeyUse& key,
                 Problems* out) {
  std::string_view path = file.file.path;
  for (const std::string& home :
       {scene.machine.home, scene.machine.real_home}) {
    if (path.starts_with(home + "/")) {
      path.remove_prefix(home.size() + 1);
      break;
    }
  }
  std::string why;
  for (const std::string& folder : scene.knowledge.synced) {
    if (IsWithin(path, folder)) {
      why = fmt::format("is in {}, which is copied off this machine", folder);
    }
  }
  for (const std::string& folder : scene.knowledge.dotfiles) {
    if (why.empty() && IsWithin(path, folder)) {
      why = fmt::format("is in {}, a folder that people publish", folder);
    }
  }
  const std::size_t user = file.file.path.rfind("/User/");
  if (why.empty() && user != std::string::npos) {
    struct stat info = {};
    const std::string sync = file.file.path.substr(0, user) + "/User/sync";
    if (stat(sync.c_str(), &info) == 0) {
      why = "is among those that Settings Sync may copy to other machines";
    }
  }
  if (why.empty()) return;
  out->Add(
      "FILE-SYNCED", key,
      {fmt::format("A file with {} {}.", HowMany(file), why),
       "Keep the key out of it: a reference may be copied, a key may not. " +
           FixFor(scene, key),
       {},
       0});
}

}  // namespace

void CheckFiles(const Scene& scene, Problems* out) {
  for (const FileFacts& file : scene.files) {
    if (file.keys.empty()) continue;
    // The one that speaks for the file.
    const KeyUse& key = file.keys.front();
    CheckMode(scene, file, key, out);
    CheckGit(scene, file, key, out);
    CheckScope(scene, file, key, out);
    CheckStage(scene, file, out);
    CheckSynced(scene, file, key, out);
  }
}

}  // namespace keytidy::audit
