// SPDX-License-Identifier: Apache-2.0
#include <unistd.h>

#include <algorithm>
#include <memory>
#include <optional>
#include <set>

#include "base/file.h"
#include "cli/clock.h"
#include "cli/command.h"
#include "cli/exit_code.h"
#include "cli/interrupt.h"
#include "cli/inventory_args.h"
#include "cli/one_key.h"
#include "cli/reported_keys.h"
#include "cli/scan_args.h"
#include "cli/verify_run.h"
#include "match/loader.h"
#include "match/rule_cache.h"

namespace keytidy::cli {
namespace {

constexpr std::size_t kMaxRuleFile = 4 << 20;

struct Args {
  std::string report;
  std::string rule;
  ScanArgs scan;  // the options that both have
};

// Verdicts of keys; where they stand, a scan or an audit records.
Status RecordVerdicts(inventory::Inventory& inventory,
                      const InventoryArgs& args, const scan::KeyChain& chain,
                      Report report, std::int64_t now) {
  for (Finding& finding : report.findings) finding.occurrences.clear();
  return Record(inventory, args, report, "verify", now,
                [&](const Finding& finding) {
                  return TraceOf(inventory.fingerprints(), finding,
                                 chain.Find(finding.rule->id, finding.id));
                });
}

int RunVerify(Args args) {
  args.scan.verify.verify = true;
  if (args.scan.fail_on.empty()) args.scan.fail_on = "active";
  // What the report or the person names is asked about, whatever its shape.
  if (args.scan.min_confidence.empty()) args.scan.min_confidence = "low";
  auto plan = Resolve(args.scan, {"-"});
  if (!plan) return UsageError(plan.error());
  std::vector<match::RuleFile> rule_files;
  for (const std::string& path : args.scan.rules) {
    auto text = ReadSmallFile(path, kMaxRuleFile);
    if (!text) return UsageError(text.error());
    rule_files.push_back({path, *std::move(text)});
  }
  args.scan.verify.config = args.scan.config;
  auto verify = VerifyRun::Make(args.scan.verify, rule_files);
  if (!verify) return UsageError(verify.error());
  const auto loaded =
      match::LoadEngine(rules::EmbeddedCatalogue(), std::move(rule_files),
                        match::CacheDirectory());
  if (!loaded) return UsageError(loaded.error());
  const match::Engine& engine = *(*loaded)->engine;

  if (args.scan.verify.dry_run && args.report.empty() && !args.rule.empty()) {
    const auto text = (*verify)->DescribeRecipes(engine.rules(), args.rule);
    if (!text) return UsageError(text.error());
    return Print(*text) ? kClean : kUsage;
  }
  const auto opened = OpenToRecord(args.scan.inventory);
  if (!opened) return UsageError(opened.error());
  inventory::Inventory* inventory = opened->get();
  const std::stop_token stop = StopOnInterrupt();
  scan::KeyChain chain;
  (*verify)->Prepare(&chain);
  plan->options.keep = &chain;
  auto report = args.report.empty() ? ReadOneKey(engine, args.rule, &chain)
                                    : FindReportedKeys(engine, args.report,
                                                       plan->options, stop);
  if (!report) return UsageError(report.error());
  if (args.report.empty()) {
    const auto ok = (*verify)->CheckSettled(chain, report->findings.front());
    if (!ok) return UsageError(ok.error());
  }
  report->catalogue = (*loaded)->digest;
  policy::Decide(plan->thresholds, &*report);
  if (args.scan.verify.dry_run) {
    return Print((*verify)->Describe(chain, *report)) ? kClean : kUsage;
  }
  if (auto asked = (*verify)->Ask(chain, &*report, stop); !asked) {
    return UsageError(asked.error());
  }
  policy::Decide(plan->thresholds, &*report);
  MarkUndecided(&*report);
  if (stop.stop_requested()) return kInterrupted;
  bool recorded = inventory != nullptr || !args.scan.inventory.record;
  if (inventory != nullptr) {
    const auto ok =
        RecordVerdicts(*inventory, args.scan.inventory, chain, *report, Now());
    // What the providers said stands.
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

void AddVerify(CLI::App* app, Action* action) {
  auto args = std::make_shared<Args>();
  CLI::App* verify =
      app->add_subcommand("verify", "Ask providers whether keys are alive");
  verify->add_option("REPORT", args->report,
                     "Keys of a JSON report; default: one key on stdin");
  verify
      ->add_option("--rule", args->rule,
                   "What kind of key it is; with --dry-run also 'all'")
      ->option_text("ID");
  AddVerifyOptions(verify, &args->scan.verify);
  AddRecordOptions(verify, &args->scan.inventory);
  verify
      ->add_option("-f,--format", args->scan.format,
                   "human, json, jsonl, sarif, junit, gitlab, csv, markdown")
      ->option_text("NAME")
      ->envname("KEYTIDY_FORMAT")
      ->group("Output");
  verify
      ->add_option("-o,--output", args->scan.output,
                   "Write the report to FILE (mode 0600)")
      ->option_text("FILE")
      ->group("Output");
  verify->add_option("--color", args->scan.color, "auto, always or never")
      ->check(CLI::IsMember({"auto", "always", "never"}))
      ->option_text("WHEN")
      ->group("Output");
  verify->add_flag("-q,--quiet", args->scan.quiet, "No summary")
      ->group("Output");
  verify
      ->add_option("--fail-on", args->scan.fail_on,
                   "active (default), never, or a least severity")
      ->option_text("WHAT")
      ->group("Decision");
  verify
      ->add_option("--config", args->scan.config,
                   "Read FILE besides ~/.config/keytidy/keytidy.toml")
      ->option_text("FILE")
      ->envname("KEYTIDY_CONFIG")
      ->group("Decision");
  verify
      ->add_option("--rules", args->scan.rules,
                   "Add the rules and recipes of FILE")
      ->option_text("FILE")
      ->allow_extra_args(false)
      ->group("Decision");
  verify
      ->add_option("--key-file", args->scan.key_file,
                   "The ids of REPORT were made with the key in FILE")
      ->option_text("FILE")
      ->envname("KEYTIDY_KEY_FILE")
      ->group("Decision");
  verify->footer(
      Examples({"pass show api/github | keytidy verify",
                "keytidy scan -f json -o all.json; keytidy verify all.json"}));
  verify->callback(
      [args, action] { *action = [args] { return RunVerify(*args); }; });
}

}  // namespace keytidy::cli
