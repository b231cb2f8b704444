// SPDX-License-Identifier: Apache-2.0
#include "cli/inventory_args.h"

#include <unistd.h>

#include <algorithm>
#include <utility>

#include "cli/command.h"
#include "policy/place_kinds.h"

namespace keytidy::cli {

std::string MachineName(const InventoryArgs& args) {
  if (!args.machine.empty()) return args.machine;
  char name[256] = {};
  if (gethostname(name, sizeof name - 1) != 0 || name[0] == '\0') {
    return "unknown";
  }
  return name;
}

void AddInventoryOption(CLI::App* command, InventoryArgs* args) {
  command
      ->add_option("--inventory", args->path,
                   "~/.local/share/keytidy/inventory.db, or postgresql://…")
      ->option_text("FILE")
      ->envname("KEYTIDY_INVENTORY")
      ->group("Inventory");
  command
      ->add_option("--inventory-key", args->key_file,
                   "The secret of its fingerprints, in a file of its own")
      ->option_text("FILE")
      ->envname("KEYTIDY_INVENTORY_KEY")
      ->group("Inventory");
}

void AddRecordOptions(CLI::App* command, InventoryArgs* args) {
  command
      ->add_flag("--record", args->record,
                 "Write what is found into the inventory, never a key")
      ->group("Inventory");
  AddInventoryOption(command, args);
  // A screen is full: `keys list --help` explains it.
  command->get_option("--inventory-key")->group("");
  AddMachineOption(command, args);
}

void AddMachineOption(CLI::App* command, InventoryArgs* args) {
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
  return inventory::Inventory::Open(
      path, args.key_file,
      args.record ? inventory::IfMissing::kMake : inventory::IfMissing::kFail);
}

Result<std::unique_ptr<inventory::Inventory>> OpenToRecord(
    const InventoryArgs& args) {
  if (!args.record) return nullptr;
  auto opened = OpenInventory(args);
  if (opened) return opened;
  switch (opened.error().code) {
    case ErrorCode::kNotFound:
    case ErrorCode::kPermission:
    case ErrorCode::kIo:
      UsageError(opened.error().message + "; nothing is recorded");
      return nullptr;
    default:
      return opened;
  }
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
              const std::function<KeyTrace(const Finding&)>& trace) {
  inventory::Run run;
  run.machine = MachineName(args);
  run.scope = scope;
  run.at = now;
  run.complete = report.complete && report.empty_roots.empty();
  const policy::PlaceKinds kinds(report.violations);
  std::vector<SeenKey> keys;
  for (const Finding& finding : report.findings) {
    SeenKey key;
    KeyTrace traced = trace(finding);
    if (traced.fingerprint.empty()) continue;
    key.fingerprint = std::move(traced.fingerprint);
    key.hints = std::move(traced.hints);
    key.id = finding.id;
    key.rule = finding.rule->id;
    key.provider = finding.rule->provider;
    key.title = finding.rule->title;
    key.redacted = finding.redacted;
    key.tier = Name(finding.rule->tier);
    key.evidence = finding.age.evidence;
    key.verdict = finding.verdict;
    for (const Occurrence& occurrence : finding.occurrences) {
      if (occurrence.allowed || occurrence.source == SourceKind::kStdin) {
        continue;
      }
      SeenPlace place;
      place.machine = run.machine;
      place.path = AbsolutePath(occurrence.path);
      place.line = occurrence.range.line;
      if (occurrence.client) {
        place.client = occurrence.client->name;
        place.server = occurrence.client->server;
        place.slot = occurrence.client->slot;
      }
      place.kinds = kinds.Of(finding.id, occurrence.path, occurrence.client);
      if (occurrence.source == SourceKind::kHistory) {
        place.kinds.emplace_back("history");
        std::sort(place.kinds.begin(), place.kinds.end());
      }
      key.places.push_back(std::move(place));
    }
    if (!key.places.empty() || key.verdict.checked_at) {
      keys.push_back(std::move(key));
    }
  }
  return inventory.Record(run, keys);
}

}  // namespace keytidy::cli
