// SPDX-License-Identifier: Apache-2.0
#include <memory>

#include "base/file.h"
#include "base/text.h"
#include "cli/clock.h"
#include "cli/command.h"
#include "cli/exit_code.h"
#include "cli/interrupt.h"
#include "cli/one_key.h"
#include "cli/reported_keys.h"
#include "cli/revoke_run.h"
#include "cli/verify_run.h"
#include "match/loader.h"
#include "match/rule_cache.h"

namespace keytidy::cli {
namespace {

constexpr std::size_t kMaxRuleFile = 4 << 20;

struct Args {
  std::string key;
  std::string from;
  std::string rule;
  std::string confirm;
  std::string replace;
  std::vector<std::string> rules;
  VerifyArgs verify;
};

// A report that has the key which the person named.
Result<Report> FindKey(const match::Engine& engine, const Args& args,
                       scan::KeyChain* chain, const std::stop_token& stop) {
  if (args.key == "-") return ReadOneKey(engine, args.rule, chain);
  if (!args.key.starts_with("kt-")) {
    return Fail(ErrorCode::kInvalid,
                "KEY is the id of a finding, kt-…, or '-'. A key itself does "
                "not belong on a command line, where others can see it");
  }
  if (args.from.empty()) {
    return Fail(ErrorCode::kInvalid,
                "{}: where is it? Give the report that has it with --from, or "
                "'-' and the key on standard input",
                ForTerminal(args.key));
  }
  scan::Options options;
  options.jobs = 2;
  options.keep = chain;
  options.now = Now();
  auto report = FindReportedKeys(engine, args.from, options, stop);
  if (!report) return report;
  return report;
}

const Finding* Named(const Report& report, const std::string& key) {
  for (const Finding& finding : report.findings) {
    if (key == "-" || finding.id == key) return &finding;
  }
  return nullptr;
}

int RunRevoke(const Args& args) {
  std::vector<match::RuleFile> rule_files;
  for (const std::string& path : args.rules) {
    auto text = ReadSmallFile(path, kMaxRuleFile);
    if (!text) return UsageError(text.error());
    rule_files.push_back({path, *std::move(text)});
  }
  auto run = VerifyRun::Make(args.verify, rule_files);
  if (!run) return UsageError(run.error());
  const auto loaded =
      match::LoadEngine(rules::EmbeddedCatalogue(), std::move(rule_files),
                        match::CacheDirectory());
  if (!loaded) return UsageError(loaded.error());
  const std::stop_token stop = StopOnInterrupt();
  scan::KeyChain chain;
  (*run)->Prepare(&chain);
  const auto report = FindKey(*(*loaded)->engine, args, &chain, stop);
  if (!report) return UsageError(report.error());
  const Finding* named = Named(*report, args.key);
  if (named == nullptr) {
    return UsageError(
        fmt::format("{}: no key that is still where {} says has this id",
                    ForTerminal(args.key), args.from));
  }
  const Finding& finding = *named;
  if (auto ok = (*run)->CheckSettled(chain, finding); !ok) {
    return UsageError(ok.error());
  }
  const KnownKey* key = chain.Find(finding.rule->id, finding.id);
  const Recipe* recipe = (*run)->book().Find(*finding.rule);
  if (recipe == nullptr || key == nullptr) {
    if (!args.confirm.empty()) {
      return UsageError(
          fmt::format("there is no recipe for this kind of key. By hand: {}",
                      finding.rule->advice));
    }
    return Print(fmt::format("{}  {}  {}\n\nThere is no recipe for this kind "
                             "of key.\n\nWhat is left for a person:\n  - {}\n",
                             finding.id, finding.redacted, finding.rule->title,
                             finding.rule->advice))
               ? kClean
               : kUsage;
  }
  const RevokeJob job = {args.confirm, args.replace, args.verify.dry_run,
                         *report,      chain,        finding,
                         *key,         *recipe};
  return Revoke(job, **run, stop);
}

}  // namespace

void AddRevoke(CLI::App* app, Action* action) {
  auto args = std::make_shared<Args>();
  CLI::App* revoke = app->add_subcommand(
      "revoke", "End a key at its provider, and prove that it is dead");
  revoke
      ->add_option("KEY", args->key,
                   "The id of a finding (kt-…), or -: a key on stdin")
      ->required();
  revoke->add_option("--from", args->from, "The JSON report that has KEY")
      ->option_text("REPORT");
  revoke
      ->add_option("--confirm", args->confirm,
                   "Do it: the key's id, as the plan shows it")
      ->option_text("KEY-ID");
  revoke
      ->add_option("--replace", args->replace,
                   "First make a new key, and write it to FILE (mode 0600)")
      ->option_text("FILE");
  revoke
      ->add_option("--rule", args->rule,
                   "What kind of key it is, where its shape does not tell")
      ->option_text("ID");
  revoke
      ->add_option("--config", args->verify.config,
                   "Read FILE besides ~/.config/keytidy/keytidy.toml")
      ->option_text("FILE")
      ->envname("KEYTIDY_CONFIG");
  revoke
      ->add_option("--rules", args->rules, "Add the rules and recipes of FILE")
      ->option_text("FILE")
      ->allow_extra_args(false);
  AddVerifyOptions(revoke, &args->verify);
  revoke->footer(Examples(
      {"keytidy revoke kt-8d1f0c2e9b7a4c55 --from all.json",
       "keytidy revoke - --replace new.key --confirm kt-8d1f0c2e9b7a4c55"}));
  revoke->callback(
      [args, action] { *action = [args] { return RunRevoke(*args); }; });
}

}  // namespace keytidy::cli
