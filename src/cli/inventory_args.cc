// SPDX-License-Identifier: Apache-2.0
#include "cli/inventory_args.h"

#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <map>
#include <utility>

namespace keytidy::cli {
namespace {

std::string HostName() {
  char name[256] = {};
  if (gethostname(name, sizeof name - 1) != 0 || name[0] == '\0') {
    return "unknown";
  }
  return name;
}

// What a violation says of the places of its key.
std::string_view KindOf(const Violation& violation) {
  if (violation.check == "MCP-ARG") return "argv";
  if (violation.check == "MCP-URLQ") return "url";
  if (violation.check == "FILE-GIT-TRACKED") return "tracked";
  if (violation.check == "KEY-HOST-MISMATCH") return "unknown-host";
  return {};
}

using Kinds = std::map<std::pair<std::string, std::string>,
                       std::vector<std::string>>;  // by finding and path

Kinds KindsIn(const Report& report) {
  Kinds out;
  for (const Violation& violation : report.violations) {
    const std::string_view kind = KindOf(violation);
    if (kind.empty() || violation.finding.empty()) continue;
    auto& list = out[{violation.finding, violation.path}];
    if (std::find(list.begin(), list.end(), kind) == list.end()) {
      list.emplace_back(kind);
      std::sort(list.begin(), list.end());
    }
  }
  return out;
}

}  // namespace

void AddInventoryOption(CLI::App* command, InventoryArgs* args) {
  command
      ->add_option("--inventory", args->path,
                   "The inventory (~/.local/share/keytidy/inventory.db)")
      ->option_text("FILE")
      ->envname("KEYTIDY_INVENTORY")
      ->group("Inventory");
}

void AddRecordOptions(CLI::App* command, InventoryArgs* args) {
  command
      ->add_flag("--record", args->record,
                 "Write what is found into the inventory, never a key")
      ->group("Inventory");
  AddInventoryOption(command, args);
  command
      ->add_option("--machine", args->machine,
                   "What the inventory calls this machine (its host name)")
      ->option_text("NAME")
      ->group("Inventory");
}

Result<std::unique_ptr<inventory::Inventory>> OpenInventory(
    const InventoryArgs& args) {
  const std::string path =
      args.path.empty() ? inventory::Inventory::DefaultPath() : args.path;
  if (path.empty()) {
    return Fail(ErrorCode::kInvalid,
                "there is no home folder for an inventory; give one with "
                "--inventory FILE");
  }
  if (path.starts_with("postgres://") || path.starts_with("postgresql://")) {
    return Fail(ErrorCode::kUnsupported,
                "an inventory on a PostgreSQL server is not supported yet");
  }
  struct stat info = {};
  if (!args.record && lstat(path.c_str(), &info) != 0) {
    return Fail(ErrorCode::kNotFound,
                "{}: there is no inventory yet; keytidy audit --record makes "
                "one",
                path);
  }
  return inventory::Inventory::Open(path);
}

std::string AbsolutePath(const std::string& path) {
  if (path.starts_with('/')) return path;
  char* folder = getcwd(nullptr, 0);
  if (folder == nullptr) return path;
  std::string out = folder;
  free(folder);
  return path.empty() ? out : out + "/" + path;
}

Status Record(inventory::Inventory& inventory, const InventoryArgs& args,
              const Report& report, const std::string& scope, std::int64_t now,
              const std::function<std::string(const Finding&)>& fingerprint) {
  inventory::Run run;
  run.machine = args.machine.empty() ? HostName() : args.machine;
  run.scope = scope;
  run.at = now;
  run.complete = report.complete && report.empty_roots.empty();
  const Kinds kinds = KindsIn(report);
  std::vector<SeenKey> keys;
  for (const Finding& finding : report.findings) {
    SeenKey key;
    key.fingerprint = fingerprint(finding);
    if (key.fingerprint.empty()) continue;
    key.id = finding.id;
    key.rule = finding.rule->id;
    key.provider = finding.rule->provider;
    key.title = finding.rule->title;
    key.redacted = finding.redacted;
    key.tier = Name(finding.rule->tier);
    key.evidence = finding.age.evidence;
    key.verdict = finding.verdict;
    for (const Occurrence& occurrence : finding.occurrences) {
      if (occurrence.allowed) continue;
      SeenPlace place;
      place.machine = run.machine;
      place.path = AbsolutePath(occurrence.path);
      place.line = occurrence.range.line;
      if (occurrence.client) {
        place.client = occurrence.client->name;
        place.server = occurrence.client->server;
        place.slot = occurrence.client->slot;
      }
      const auto kind = kinds.find({finding.id, occurrence.path});
      if (kind != kinds.end()) place.kinds = kind->second;
      key.places.push_back(std::move(place));
    }
    if (!key.places.empty()) keys.push_back(std::move(key));
  }
  return inventory.Record(run, keys);
}

}  // namespace keytidy::cli
