// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <memory>
#include <optional>

#include "base/file.h"
#include "cli/command.h"
#include "cli/exit_code.h"
#include "cli/git_scan.h"
#include "cli/interrupt.h"
#include "cli/inventory_args.h"
#include "cli/scan_args.h"
#include "cli/verify_run.h"
#include "clients/client_book.h"
#include "match/loader.h"
#include "match/rule_cache.h"
#include "policy/decide.h"
#include "report/writer.h"
#include "scan/progress_meter.h"
#include "scan/scan.h"

namespace keytidy::cli {
namespace {

constexpr std::size_t kMaxRuleFile = 4 << 20;

// Where keys are sent is the user's word alone.
void NoteServersOfRepositories(const std::vector<scan::Root>& roots,
                               Report* report) {
  for (const scan::Root& root : roots) {
    for (const config::VerifySettings& one : root.settings.verify) {
      report->notes.push_back(fmt::format(
          "{}:{}: [verify.{}] counts in your own configuration only; here it "
          "is ignored",
          root.settings.name, one.place.line, one.provider));
    }
  }
  std::sort(report->notes.begin(), report->notes.end());
  report->notes.erase(std::unique(report->notes.begin(), report->notes.end()),
                      report->notes.end());
}

// The findings stay whatever becomes of asking.
void Verify(VerifyRun& verify, const scan::KeyChain& chain,
            const std::stop_token& stop, const ScanPlan& plan, Report* report) {
  if (auto asked = verify.Ask(chain, report, stop); !asked) {
    report->complete = false;
    report->coverage.skipped.push_back(
        {"--verify", "nothing was asked: " + asked.error().message,
         std::nullopt, true});
  }
  policy::Decide(plan.thresholds, report);
  if (plan.thresholds.only_active) MarkUndecided(report);
}

int RunScan(ScanArgs args) {
  if (!args.since_last.empty()) {
    args.git.since_last = args.since_last == "-" ? "" : args.since_last;
  }
  if (auto ok = CheckGitArgs(args.git, args.paths); !ok) {
    return UsageError(ok.error());
  }
  std::optional<Result<git::Repository>> repository;
  std::vector<std::string> paths = args.paths;
  if (args.git.Any()) {
    repository = FindRepository(args.paths);
    if (!*repository && repository->error().code == ErrorCode::kNotFound) {
      return UsageError(repository->error());
    }
    if (*repository) paths = {ConfigFolder(**repository)};
  }
  if (!args.verify.verify && args.verify.Any()) {
    return UsageError("the options of verifying need --verify");
  }
  auto plan = Resolve(args, paths);
  if (!plan) return UsageError(plan.error());
  std::vector<match::RuleFile> rule_files;
  for (const std::string& path : args.rules) {
    auto text = ReadSmallFile(path, kMaxRuleFile);
    if (!text) return UsageError(text.error());
    rule_files.push_back({path, *std::move(text)});
  }
  scan::KeyChain chain;
  std::unique_ptr<VerifyRun> verify;
  const auto opened = OpenToRecord(args.inventory);
  if (!opened) return UsageError(opened.error());
  inventory::Inventory* inventory = opened->get();
  if (inventory != nullptr) plan->options.keep = &chain;
  if (args.verify.verify) {
    args.verify.config = args.config;
    auto made = VerifyRun::Make(args.verify, rule_files);
    if (!made) return UsageError(made.error());
    verify = *std::move(made);
    verify->Prepare(&chain);
    plan->options.keep = &chain;
  }
  const auto loaded =
      match::LoadEngine(rules::EmbeddedCatalogue(), std::move(rule_files),
                        match::CacheDirectory());
  if (!loaded) return UsageError(loaded.error());

  clients::ClientBook book(clients::EmbeddedClients());
  plan->options.clients = &book;

  const std::stop_token stop = StopOnInterrupt();
  scan::Progress progress;
  std::optional<scan::ProgressMeter> meter;
  if (plan->progress) meter.emplace(progress);
  const match::Engine& engine = *(*loaded)->engine;
  auto report =
      !repository
          ? scan::Run(engine, plan->roots, plan->options, &progress, stop)
      : *repository
          ? RunGitScan(engine, (*loaded)->digest, **repository, args.git,
                       plan->roots, plan->options, &progress, stop)
          : Result<Report>(UnreadRepository(engine, repository->error()));
  meter.reset();
  if (!report) {
    if (report.error().code != ErrorCode::kCancelled) {
      return UsageError(report.error());
    }
    UsageError("interrupted; nothing is reported");
    return kInterrupted;
  }
  report->catalogue = (*loaded)->digest;
  if (args.allow_empty) report->empty_roots.clear();
  policy::Decide(plan->thresholds, &*report);
  if (args.config.empty()) NoteServersOfRepositories(plan->roots, &*report);
  if (verify && args.verify.dry_run) {
    const auto printed = Print(verify->Describe(chain, *report));
    return printed ? kClean : UsageError(printed.error());
  }
  if (verify) Verify(*verify, chain, stop, *plan, &*report);

  bool recorded = inventory != nullptr || !args.inventory.record;
  if (inventory != nullptr) {
    std::string scope = args.git.Any() ? "history" : "scan";
    for (const scan::Root& root : plan->roots) {
      scope += " " + AbsolutePath(root.path);
    }
    const auto ok =
        Record(*inventory, args.inventory, *report, scope, plan->options.now,
               [&](const Finding& finding) {
                 return TraceOf(inventory->fingerprints(), finding,
                                chain.Find(finding.rule->id, finding.id));
               });
    // The scan's own result stands.
    if (!ok) UsageError(ok.error());
    recorded = ok.has_value();
  }
  const std::string text = report::Write(*report, plan->format, plan->style);
  const Status written =
      args.output.empty() ? Print(text) : WritePrivateFile(args.output, text);
  if (!written) return UsageError(written.error());
  if (verify && stop.stop_requested()) return kInterrupted;
  const int code = ExitCodeFor(*report, args);
  return code == kClean && !recorded ? kIncomplete : code;
}

}  // namespace

void AddScan(CLI::App* app, Action* action) {
  auto args = std::make_shared<ScanArgs>();
  CLI::App* scan = app->add_subcommand(
      "scan", "Find keys in files, archives, standard input and git");
  AddScanOptions(scan, args.get());
  scan->footer(Examples(
      {"keytidy scan .", "keytidy scan --history --format json -o all.json"}));
  scan->callback(
      [args, action] { *action = [args] { return RunScan(*args); }; });
}

}  // namespace keytidy::cli
