// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <map>
#include <memory>
#include <optional>

#include "audit/audit.h"
#include "audit/check_table.h"
#include "base/file.h"
#include "base/text.h"
#include "cli/command.h"
#include "cli/exit_code.h"
#include "cli/interrupt.h"
#include "cli/inventory_args.h"
#include "cli/scan_args.h"
#include "inventory/hints.h"
#include "match/loader.h"
#include "match/rule_cache.h"
#include "policy/decide.h"
#include "report/writer.h"
#include "scan/progress_meter.h"

namespace keytidy::cli {
namespace {

constexpr std::size_t kMostBytes = 4 << 20;

struct AuditArgs {
  ScanArgs scan;
  std::optional<std::string> root;
  std::string platform;
  std::vector<std::string> projects;
  std::vector<std::string> clients;
  bool processes = false;
  bool all = false;
  InventoryArgs inventory;
};

Result<audit::Machine> MachineOf(const AuditArgs& args) {
  std::optional<Platform> platform;
  if (!args.platform.empty()) {
    platform = ParsePlatform(args.platform);
    if (!platform) {
      return Fail(ErrorCode::kInvalid,
                  "--platform {}: must be one of linux, macos, windows",
                  args.platform);
    }
  }
  if (args.root) {
    if (args.processes) {
      return Fail(ErrorCode::kInvalid,
                  "--processes: a copy of a home folder runs none");
    }
    return audit::CopyOf(*args.root, platform.value_or(Platform::kLinux));
  }
  if (platform) {
    return Fail(ErrorCode::kInvalid,
                "--platform is for a copy of a home folder, with --root");
  }
  return audit::OwnMachine();
}

Status CheckIgnored(const config::Settings& settings) {
  for (const std::string& id : settings.ignored_checks) {
    std::vector<std::string_view> names;
    for (const audit::CheckInfo& check : audit::Checks()) {
      names.push_back(check.id);
    }
    if (std::find(names.begin(), names.end(), id) != names.end()) continue;
    const std::string_view near = Nearest(id, names);
    return Fail(ErrorCode::kInvalid, "{}: [audit] ignore: no check '{}'{}",
                settings.name, id,
                near.empty() ? "" : fmt::format("; did you mean {}?", near));
  }
  return {};
}

int RunAudit(const AuditArgs& args) {
  auto machine = MachineOf(args);
  if (!machine) return UsageError(machine.error());
  auto plan = Resolve(args.scan, {machine->home});
  if (!plan) return UsageError(plan.error());
  if (auto ok = CheckIgnored(plan->roots.front().settings); !ok) {
    return UsageError(ok.error());
  }
  plan->roots.front().display = machine->home_display;
  plan->options.archives = false;
  plan->options.binary = true;
  plan->style.all = args.all;
  if (machine->own) plan->style.home = machine->home;

  const auto knowledge = audit::ReadKnowledge(
      "audit.toml", std::string(clients::EmbeddedAuditFacts()));
  if (!knowledge) return UsageError(knowledge.error());
  clients::ClientBook book(clients::EmbeddedClients());
  for (const std::string& path : args.clients) {
    auto text = ReadSmallFile(path, kMostBytes);
    if (!text) return UsageError(text.error());
    if (auto ok = book.AddUserFile(path, *std::move(text)); !ok) {
      return UsageError(ok.error());
    }
  }
  std::vector<match::RuleFile> rule_files;
  for (const std::string& path : args.scan.rules) {
    auto text = ReadSmallFile(path, kMostBytes);
    if (!text) return UsageError(text.error());
    rule_files.push_back({path, *std::move(text)});
  }
  const auto loaded =
      match::LoadEngine(rules::EmbeddedCatalogue(), std::move(rule_files),
                        match::CacheDirectory());
  if (!loaded) return UsageError(loaded.error());

  const std::stop_token stop = StopOnInterrupt();
  scan::Progress progress;
  std::optional<scan::ProgressMeter> meter;
  if (plan->progress) meter.emplace(progress);
  audit::Request request{*machine,      *knowledge,     book,
                         args.projects, args.processes, plan->roots,
                         plan->options};
  const auto opened = OpenToRecord(args.inventory);
  if (!opened) return UsageError(opened.error());
  inventory::Inventory* inventory = opened->get();
  std::map<std::string, std::string> fingerprints;
  std::optional<inventory::HintBook> hints;
  if (inventory != nullptr) {
    hints.emplace(inventory->fingerprints(), (*loaded)->engine->rules());
    request.fingerprint = [&](std::string_view key) {
      std::string out = inventory->fingerprints().Fingerprint(key);
      hints->Add(out, key);
      return out;
    };
    request.fingerprints = &fingerprints;
  }
  auto report = audit::Run(*(*loaded)->engine, request, &progress, stop);
  meter.reset();
  if (!report) {
    if (report.error().code != ErrorCode::kCancelled) {
      return UsageError(report.error());
    }
    UsageError("interrupted; nothing is reported");
    return kInterrupted;
  }
  report->catalogue = (*loaded)->digest;
  if (args.scan.allow_empty) report->empty_roots.clear();
  policy::Decide(plan->thresholds, &*report);
  bool recorded = inventory != nullptr || !args.inventory.record;
  if (inventory != nullptr) {
    const auto ok =
        Record(*inventory, args.inventory, *report,
               "audit " + AbsolutePath(machine->home_display),
               plan->options.now, [&](const Finding& finding) -> KeyTrace {
                 const std::string& fingerprint = fingerprints[finding.id];
                 return {fingerprint, hints->Of(fingerprint, *finding.rule)};
               });
    // The audit's own result stands.
    if (!ok) UsageError(ok.error());
    recorded = ok.has_value();
  }
  const std::string text = report::Write(*report, plan->format, plan->style);
  const Status written = args.scan.output.empty()
                             ? Print(text)
                             : WritePrivateFile(args.scan.output, text);
  if (!written) return UsageError(written.error());
  const int code = ExitCodeFor(*report, args.scan);
  return code == kClean && !recorded ? kIncomplete : code;
}

}  // namespace

void AddAudit(CLI::App* app, Action* action) {
  auto args = std::make_shared<AuditArgs>();
  CLI::App* audit =
      app->add_subcommand("audit", "Which AI app and tool holds which key");
  audit
      ->add_option("--root", args->root,
                   "A copy of a home folder, in place of your own")
      ->option_text("DIR")
      ->group("Reach");
  audit
      ->add_option("--platform", args->platform,
                   "With --root: linux (default), macos, windows")
      ->option_text("NAME")
      ->group("Reach");
  audit
      ->add_option("--projects", args->projects,
                   "Also the project DIR and those in it")
      ->option_text("DIR")
      ->allow_extra_args(false)
      ->group("Reach");
  audit
      ->add_option("--clients", args->clients,
                   "Add the client of FILE (docs/clients.md)")
      ->option_text("FILE")
      ->allow_extra_args(false)
      ->group("Reach");
  audit
      ->add_flag("--processes", args->processes,
                 "Also variables and command lines of your programs")
      ->group("Reach");
  audit->add_flag("--all", args->all, "Everything, not only what to do first")
      ->group("Output");
  AddReportOptions(audit, &args->scan);
  AddRecordOptions(audit, &args->inventory);
  audit->footer(
      Examples({"keytidy audit", "keytidy audit --all -f json -o audit.json"}));
  audit->callback(
      [args, action] { *action = [args] { return RunAudit(*args); }; });
}

}  // namespace keytidy::cli
