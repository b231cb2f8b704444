// SPDX-License-Identifier: Apache-2.0
//
// All that an audit saw, for the checks to look at; and where they put what
// they find wrong.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "audit/facts.h"
#include "audit/git_state.h"
#include "audit/knowledge.h"
#include "audit/machine.h"
#include "core/violation.h"

namespace keytidy::audit {

// All places of one value.
struct KeyGroup {
  std::vector<const KeyUse*> uses;  // in the order of the files
};

struct Scene {
  const Machine& machine;
  const Knowledge& knowledge;
  std::vector<FileFacts> files;
  std::vector<KeyGroup> groups;             // by first place
  std::vector<const Client*> clients;       // all that are known, by id
  std::map<const Client*, bool> installed;  // only where it can be told
  std::map<std::string, GitState> git;      // by path, of files with keys
  std::int64_t now = 0;

  const FileFacts& FileOf(const KeyUse& use) const { return files[use.file]; }
  const ServerFacts* ServerOf(const KeyUse& use) const {
    return use.server == kNone ? nullptr : &files[use.file].servers[use.server];
  }
};

// Makes the groups; call when all files are in.
void GroupKeys(Scene* scene);

// A violation, and what it is about: equal subjects are one thing to do.
struct Problem {
  Violation violation;
  std::string subject;
};

class Problems {
 public:
  explicit Problems(const Scene& scene) : scene_(scene) {}

  struct Note {
    std::string message;
    std::string fix;
    std::optional<Severity> severity;  // other than the check's own
    std::uint64_t line = 0;            // other than the key's
  };
  // About one place of a key.
  void Add(std::string_view check, const KeyUse& use, Note note);
  // About a server, or about the file alone.
  void Add(std::string_view check, const FileFacts& file,
           const ServerFacts* server, Note note);

  std::vector<Problem> Take() { return std::move(problems_); }

 private:
  Problem& New(std::string_view check, const FileFacts& file,
               const ServerFacts* server, Note note);

  const Scene& scene_;
  std::vector<Problem> problems_;
};

// The checks; each file of its own.
void CheckSlots(const Scene& scene, Problems* out);
void CheckReuse(const Scene& scene, Problems* out);
void CheckServers(const Scene& scene, Problems* out);
void CheckDestinations(const Scene& scene, Problems* out);
void CheckFiles(const Scene& scene, Problems* out);
void CheckLeftovers(const Scene& scene, Problems* out);
void CheckServices(const Scene& scene, Problems* out);
void CheckAge(const Scene& scene, Problems* out);

// For messages: "The Kryton API key kryton_3f9c…", "The secret".
std::string KeyText(const KeyUse& use);
// "Cursor", "doctl".
std::string_view TitleOf(const FoundFile& file);
// "headers.Authorization of the server kryton", as far as it is known.
std::string SlotText(const Scene& scene, const KeyUse& use);
// How a key leaves the files of a client for a variable of this name; and how
// this one does.
std::string FixWith(const Client& client, std::string_view variable);
std::string FixFor(const Scene& scene, const KeyUse& use);
// A file of an AI client that holds settings.
bool IsClientSettings(const FoundFile& file);
// In force: no transcript, no backup.
bool IsInUse(const Scene& scene, const KeyUse& use);
// What its server is for, or else its file.
Stage StageOf(const Scene& scene, const KeyUse& use);
// The first key of a file's server, or null.
const KeyUse* FirstKeyOf(const FileFacts& file, std::size_t server);
// "live", "prod" in what the kind begins with.
bool IsLive(const KeyUse& use);
// "A, B and C".
std::string List(const std::vector<std::string>& names);

}  // namespace keytidy::audit
