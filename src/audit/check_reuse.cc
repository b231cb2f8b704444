// SPDX-License-Identifier: Apache-2.0
//
// One key in several places. Whole values are compared, without what may stand
// around them; what is told is where, never what.
#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "audit/scene.h"
#include "base/text.h"

namespace keytidy::audit {
namespace {

constexpr std::size_t kMostNamed = 4;

std::string Named(const std::set<std::string>& names) {
  std::vector<std::string> first;
  for (const std::string& name : names) {
    if (first.size() == kMostNamed) {
      first.push_back(fmt::format("{} more", names.size() - kMostNamed));
      break;
    }
    first.push_back(name);
  }
  return List(first);
}

bool IsProgram(const FoundFile& file) {
  return file.client->kind == ClientKind::kAi ||
         file.client->kind == ClientKind::kTool ||
         file.client->kind == ClientKind::kService;
}

// What a server is, under whatever name: its host, or its package.
std::string IdentityOf(const ServerFacts& server) {
  for (const Destination& one : server.destinations) {
    if (!one.loopback) return one.host;
  }
  if (!server.launch.package.empty()) return server.launch.package;
  return Lowercase(server.name);
}

void CheckGroup(const Scene& scene, const KeyGroup& group, Problems* out) {
  std::set<std::string> programs;
  std::map<std::string, std::string> servers;  // identity -> name
  std::set<std::string> hosts;
  bool development = false;
  bool production = false;
  const KeyUse* first_program = nullptr;
  const KeyUse* first_server = nullptr;
  const KeyUse* first_staged = nullptr;
  for (const KeyUse* use : group.uses) {
    const FoundFile& file = scene.FileOf(*use).file;
    if (!IsInUse(scene, *use)) continue;
    if (IsProgram(file)) {
      programs.insert(std::string(TitleOf(file)));
      if (first_program == nullptr) first_program = use;
    }
    if (const ServerFacts* server = scene.ServerOf(*use)) {
      servers.emplace(IdentityOf(*server), server->name);
      if (first_server == nullptr) first_server = use;
    }
    const Stage stage = StageOf(scene, *use);
    development = development || stage == Stage::kDevelopment;
    production = production || stage == Stage::kProduction;
    if (stage == Stage::kDevelopment && first_staged == nullptr) {
      first_staged = use;
    }
  }
  if (programs.size() > 1) {
    out->Add(
        "KEY-REUSE-CLIENT", *first_program,
        {fmt::format("{} is shared by {} programs: {}.",
                     KeyText(*first_program), programs.size(), Named(programs)),
         "Make a key for each program, named for it, and revoke this one "
         "when the last has its own: then one can be revoked without "
         "stopping the others.",
         {},
         0});
  }
  if (servers.size() > 1) {
    std::set<std::string> names;
    for (const auto& [identity, name] : servers) {
      names.insert(Lowercase(name) == identity ? name
                                               : name + " (" + identity + ")");
    }
    out->Add("KEY-REUSE-SERVER", *first_server,
             {fmt::format("{} is given to {} servers: {}.",
                          KeyText(*first_server), names.size(), Named(names)),
              "Give each server a key of its own, with the least rights that "
              "it needs.",
              {},
              0});
  }
  if (development && production) {
    out->Add("KEY-REUSE-ENV", *first_staged,
             {fmt::format("{} is used for development and for production.",
                          KeyText(*first_staged)),
              "Make a second key for development, of a separate project or "
              "account where the provider has such.",
              {},
              0});
  }
}

}  // namespace

void CheckReuse(const Scene& scene, Problems* out) {
  for (const KeyGroup& group : scene.groups) {
    if (group.uses.size() > 1) CheckGroup(scene, group, out);
  }
}

}  // namespace keytidy::audit
