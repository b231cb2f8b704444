// SPDX-License-Identifier: Apache-2.0
//
// What servers start, and what they may do unasked.
#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "audit/plain_key.h"
#include "audit/scene.h"
#include "base/text.h"

namespace keytidy::audit {
namespace {

constexpr std::size_t kManyClients = 3;

bool IsKnown(const Knowledge& knowledge, std::string_view package) {
  for (const std::string& scope : knowledge.scopes) {
    if (package.starts_with(scope.ends_with('/') ? scope : scope + "/")) {
      return true;
    }
  }
  for (const std::string& name : knowledge.packages) {
    if (package == name) return true;
    if (name.ends_with('/') && package.starts_with(name)) return true;
  }
  return false;
}

// A known name that differs in one letter.
std::string_view Twin(const Knowledge& knowledge, std::string_view package) {
  for (const std::string& name : knowledge.packages) {
    if (EditDistance(package, name, 1) == 1) return name;
  }
  if (!package.starts_with('@')) return {};
  const std::string_view scope = package.substr(0, package.find('/'));
  for (const std::string& name : knowledge.scopes) {
    if (EditDistance(scope, name, 1) == 1) return name;
  }
  return {};
}

void CheckPackage(const Scene& scene, const FileFacts& file,
                  const ServerFacts& server, const KeyUse* key, Problems* out) {
  const clients::Launch& launch = server.launch;
  if (launch.package.empty()) return;
  const bool has_key = key != nullptr || server.secret_by_reference;
  const std::string gets = has_key ? ", and gets a key" : std::string();
  if (!launch.pinned) {
    const bool image = IsOneOf(launch.runner, {"docker", "podman", "nerdctl"});
    const std::string fix =
        image ? fmt::format("Pin the image by its digest: {}@sha256:….",
                            launch.package)
        : IsOneOf(launch.runner, {"uvx", "pipx"})
            ? fmt::format(
                  "Pin it: {}==VERSION, a version that you have "
                  "looked at.",
                  launch.package)
            : fmt::format(
                  "Pin it: {}@VERSION, a version that you have looked "
                  "at.",
                  launch.package);
    const std::string version = launch.version.empty()
                                    ? "in whatever version is newest"
                                    : fmt::format("at {}", launch.version);
    const std::optional<Severity> severity =
        has_key ? std::optional(Severity::kHigh) : std::nullopt;
    out->Add("PKG-UNPINNED", file, &server,
             {fmt::format("The server {} runs {} {}{}.", server.name,
                          launch.package, version, gets),
              fix, severity, server.command_line});
    if (launch.unasked) {
      out->Add("PKG-AUTOYES", file, &server,
               {fmt::format("{} installs {} for the server {} without asking, "
                            "whatever version that is.",
                            launch.runner, launch.package, server.name),
                fix,
                {},
                server.command_line});
    }
  }
  if (IsKnown(scene.knowledge, launch.package)) return;
  const std::string_view twin = Twin(scene.knowledge, launch.package);
  out->Add("PKG-UNKNOWN", file, &server,
           {twin.empty()
                ? fmt::format("The publisher of {}, which the server {} runs, "
                              "is not among those that are known{}.",
                              launch.package, server.name, gets)
                : fmt::format("{}, which the server {} runs, differs in one "
                              "letter from the well-known {}{}.",
                              launch.package, server.name, twin, gets),
            "Look at who publishes it and at its source before it gets a key.",
            twin.empty() ? std::nullopt : std::optional(Severity::kMedium),
            server.command_line});
}

enum class Effect { kUnknown, kReads, kWrites };

// The first word that says either decides: get_commit reads.
Effect EffectOf(const Knowledge& knowledge, std::string_view tool) {
  for (const std::string& word : WordsOf(tool)) {
    if (IsOneOf(word, knowledge.read_words)) return Effect::kReads;
    if (IsOneOf(word, knowledge.write_words)) return Effect::kWrites;
  }
  return Effect::kUnknown;
}
bool Writes(const Knowledge& knowledge, std::string_view tool) {
  return EffectOf(knowledge, tool) == Effect::kWrites;
}

// An entry of a list of approved tools: "mcp__github__create_issue",
// "@github/create_issue", "mcp_github_create_issue"; without a tool, or with a
// star, all of them.
struct Approved {
  std::string_view server;
  std::string_view tool;
};
std::optional<Approved> ReadEntry(std::string_view entry) {
  entry = entry.substr(0, entry.find('('));
  for (const auto& [prefix, divider] :
       {std::pair<std::string_view, std::string_view>{"mcp__", "__"},
        {"@", "/"},
        {"mcp_", "_"}}) {
    if (!entry.starts_with(prefix)) continue;
    entry.remove_prefix(prefix.size());
    const std::size_t end = entry.find(divider);
    if (end == std::string_view::npos) return Approved{entry, "*"};
    return Approved{entry.substr(0, end), entry.substr(end + divider.size())};
  }
  return std::nullopt;
}

void CheckApproved(const Scene& scene, const FileFacts& file,
                   const ServerFacts& server, const KeyUse* key,
                   Problems* out) {
  std::vector<std::string> writing;
  for (const std::string& tool : server.approved) {
    if (tool == "*") {
      writing = {"all of its tools"};
      break;
    }
    if (Writes(scene.knowledge, tool)) writing.push_back(tool);
  }
  if (writing.empty()) return;
  const bool live = key != nullptr && IsLive(*key);
  if (writing.size() > 4) {
    const std::size_t more = writing.size() - 3;
    writing.resize(3);
    writing.push_back(fmt::format("{} more", more));
  }
  out->Add(
      "AUTO-APPROVE-WRITE", file, &server,
      {fmt::format("The server {} may use {} without asking{}.", server.name,
                   List(writing), live ? ", with a live key" : ""),
       "Take the tools that change something off the list; leave those "
       "that only read.",
       live ? std::optional(Severity::kHigh) : std::nullopt,
       server.approved_line});
}

void CheckAllowList(const Scene& scene, const FileFacts& file, Problems* out) {
  for (const clients::Placed& one : file.allow) {
    const auto entry = ReadEntry(one.text);
    if (!entry ||
        (entry->tool != "*" && !Writes(scene.knowledge, entry->tool))) {
      continue;
    }
    out->Add(
        "AUTO-APPROVE-WRITE", file, nullptr,
        {fmt::format("{} lets the server {} use {} without asking.",
                     TitleOf(file.file), entry->server,
                     entry->tool == "*" ? "all of its tools" : entry->tool),
         "Take the entry off the list, or put those in its place that "
         "only read.",
         {},
         one.place.line});
  }
  for (const clients::Placed& one : file.approve_write) {
    out->Add("AUTO-APPROVE-WRITE", file, nullptr,
             {fmt::format("{} changes things without asking ({}).",
                          TitleOf(file.file), one.text),
              "Let it ask, at least before tools that change something.",
              {},
              one.place.line});
  }
  for (const clients::Placed& one : file.approve_all) {
    out->Add("AUTO-APPROVE-ALL", file, nullptr,
             {fmt::format("{} runs every tool of every server without asking "
                          "({}).",
                          TitleOf(file.file), one.text),
              "Remove the setting, and approve single tools instead.",
              {},
              one.place.line});
  }
}

void CheckScope(const Scene& scene, const FileFacts& file,
                const ServerFacts& server, const KeyUse* key, Problems* out) {
  if (key == nullptr || key->rule == &PlainRule()) return;
  for (const BroadKind& kind : scene.knowledge.broad) {
    if (!IsOneOf(key->rule->id, kind.rules)) continue;
    const bool all = server.tools ? IsOneOf("*", *server.tools)
                                  : !file.file.client->tools.empty();
    const bool reads_only =
        server.tools && !server.tools->empty() &&
        std::all_of(server.tools->begin(), server.tools->end(),
                    [&](const std::string& tool) {
                      return EffectOf(scene.knowledge, tool) == Effect::kReads;
                    });
    if (reads_only) {
      out->Add("SCOPE-WRITE", *key,
               {fmt::format("{} may change things, and the server {} offers "
                            "only tools that read.",
                            KeyText(*key), server.name),
                fmt::format("Use {} instead.", kind.instead),
                {},
                0});
    } else if (all) {
      out->Add("SCOPE-TOOLS-ALL", *key,
               {fmt::format("{} may change things, and the server {} offers "
                            "all of its tools.",
                            KeyText(*key), server.name),
                fmt::format("List the tools that you need, or use {}.",
                            kind.instead),
                {},
                0});
    }
    return;
  }
}

void CheckShadow(const Scene& scene, Problems* out) {
  struct Seen {
    std::set<std::string> clients;
    const FileFacts* file = nullptr;
    const ServerFacts* server = nullptr;
  };
  std::map<std::string, Seen> servers;
  for (const FileFacts& file : scene.files) {
    if (!IsClientSettings(file.file)) continue;
    for (const ServerFacts& server : file.servers) {
      std::string identity = server.launch.package;
      if (identity.empty() && !server.destinations.empty() &&
          !server.destinations.front().loopback) {
        identity = server.destinations.front().host;
      }
      if (identity.empty()) continue;
      Seen& seen = servers[identity];
      seen.clients.insert(std::string(TitleOf(file.file)));
      if (seen.file == nullptr) {
        seen.file = &file;
        seen.server = &server;
      }
    }
  }
  for (const auto& [identity, seen] : servers) {
    if (seen.clients.size() < kManyClients) continue;
    const std::vector<std::string> names(seen.clients.begin(),
                                         seen.clients.end());
    out->Add("SERVER-SHADOW", *seen.file, seen.server,
             {fmt::format("{} is set up in {} clients: {}.", identity,
                          names.size(), List(names)),
              "Remove it where it is not used.",
              {},
              0});
  }
}

}  // namespace

void CheckServers(const Scene& scene, Problems* out) {
  for (const FileFacts& file : scene.files) {
    if (file.file.file->role == FileRole::kBackup) continue;
    CheckAllowList(scene, file, out);
    for (std::size_t i = 0; i < file.servers.size(); ++i) {
      const ServerFacts& server = file.servers[i];
      const KeyUse* key = FirstKeyOf(file, i);
      CheckPackage(scene, file, server, key, out);
      CheckApproved(scene, file, server, key, out);
      CheckScope(scene, file, server, key, out);
    }
  }
  CheckShadow(scene, out);
}

}  // namespace keytidy::audit
