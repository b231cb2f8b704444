// SPDX-License-Identifier: Apache-2.0
#include <sys/stat.h>

#include <cstdlib>
#include <memory>
#include <optional>

#include "base/file.h"
#include "base/text.h"
#include "cli/clock.h"
#include "cli/command.h"
#include "cli/exit_code.h"
#include "cli/interrupt.h"
#include "cli/one_key.h"
#include "cli/reported_keys.h"
#include "cli/verify_run.h"
#include "match/loader.h"
#include "match/rule_cache.h"
#include "report/terminal_text.h"
#include "verify/build_request.h"
#include "verify/procedure.h"
#include "verify/verdict_cache.h"

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

class Revoking {
 public:
  Revoking(const Args& args, VerifyRun& run, const Report& report,
           const scan::KeyChain& chain, const Finding& finding,
           const KnownKey& key, const Recipe& recipe)
      : args_(args),
        run_(run),
        report_(report),
        chain_(chain),
        finding_(finding),
        key_(key),
        recipe_(recipe),
        procedure_(args.replace.empty() ? recipe.revoke : recipe.replace) {}

  int Run(const std::stop_token& stop) {
    stop_ = stop;
    auto task = MakeTask(key_);
    const bool possible = procedure_ && !procedure_->steps.empty();
    if (possible && !task) return UsageError(task.error());
    if (!Say(Describe(task ? &*task : nullptr))) return kUsage;
    if (args_.confirm.empty() || args_.verify.dry_run) {
      const std::string_view end =
          possible ? "\nNothing was sent. To do it, add --confirm {}\n"
                   : "\nNothing was sent; afterwards `keytidy verify` proves "
                     "that the key is dead.\n";
      return Say(fmt::format(fmt::runtime(end), finding_.id)) ? kClean : kUsage;
    }
    if (args_.confirm != finding_.id) {
      return UsageError(fmt::format("--confirm {}: the key is {}",
                                    ForTerminal(args_.confirm), finding_.id));
    }
    if (!possible) {
      return UsageError("this has to be done by hand, as described above");
    }
    return Act(*std::move(task));
  }

 private:
  Result<verify::Task> MakeTask(const KnownKey& key) const {
    return verify::MakeTask(
        report_, finding_, recipe_, key,
        [this](const Finding& other) {
          return chain_.Find(other.rule->id, other.id);
        },
        run_.plan_options());
  }

  static bool Say(const std::string& text) { return Print(text).has_value(); }

  std::string Describe(const verify::Task* task) const {
    std::string out = fmt::format("{}  {}  {}\n", finding_.id,
                                  finding_.redacted, finding_.rule->title);
    if (procedure_ && !procedure_->steps.empty() && task != nullptr) {
      out += fmt::format("\nWhat is done, at {}:\n", task->host);
      const verify::Values values = WithPlaceholders(*task);
      std::size_t number = 0;
      for (const Step& step : procedure_->steps) {
        out += fmt::format("  {}. {}\n", ++number, step.title);
        const auto request = verify::DescribeRequest(step, values);
        out += fmt::format("       {}\n",
                           request ? request->substr(0, request->find('\n'))
                                   : request.error().message);
      }
      out += fmt::format("  {}. Ask once more whether the old key is dead\n",
                         ++number);
    } else if (!args_.replace.empty()) {
      out += "\nThis provider has no call that makes a new key of the kind.\n";
    } else {
      out += "\nThis provider has no call that revokes the key.\n";
    }
    const auto& by_hand = procedure_ && !procedure_->by_hand.empty()
                              ? procedure_->by_hand
                              : std::vector<std::string>();
    if (!by_hand.empty()) {
      out += "\nWhat is left for a person:\n";
      for (const std::string& line : by_hand) {
        out += fmt::format("  - {}\n", report::Wrap(line, 4));
      }
    } else if (!procedure_ || procedure_->steps.empty()) {
      out += fmt::format("\nWhat is left for a person:\n  - {}\n",
                         report::Wrap(finding_.rule->advice, 4));
    }
    return out;
  }

  verify::Values WithPlaceholders(const verify::Task& task) const {
    verify::Values values;
    values.SetSecret("secret", key_.secret, finding_.redacted);
    if (task.values.Has("base")) {
      values.SetRaw("base", task.values.Get("base"));
    }
    values.SetRaw("time", "<time>");
    const auto add = [&](const std::string& name) {
      if (!values.Has(name)) values.SetRaw(name, "<" + name + ">");
    };
    for (const Parameter& one : recipe_.parameters) add(one.name);
    for (const Companion& one : recipe_.companions) add(one.name);
    for (const Question& one : procedure_->needs) add(one.name);
    for (const Step& step : procedure_->steps) {
      for (const Answer& answer : step.answers) {
        for (const auto& [name, place] : answer.save) add(name);
      }
    }
    return values;
  }

  Status AskQuestions(verify::Values* values) const {
    for (const Question& question : procedure_->needs) {
      const char* given =
          question.env.empty() ? nullptr : std::getenv(question.env.c_str());
      if (given != nullptr && *given != '\0') {
        values->SetSecret(question.name, given, "********");
        continue;
      }
      auto answer = AskOnTerminal(question.ask, question.hidden);
      if (!answer || answer->size() == 0) {
        return Fail(
            ErrorCode::kInvalid, "{} is needed{}", question.ask,
            question.env.empty() ? std::string() : ": set " + question.env);
      }
      values->SetSecret(question.name, *answer, "********");
    }
    return {};
  }

  int Act(verify::Task task) {
    if (auto ok = CheckNewFile(); !ok) return UsageError(ok.error());
    if (auto ok = AskQuestions(&task.values); !ok)
      return UsageError(ok.error());
    auto client = run_.MakeClient();
    if (!client) return UsageError(client.error());
    auto log = run_.OpenLog();
    if (!log) return UsageError(log.error());
    client_ = *std::move(client);
    log_.emplace(*std::move(log));

    Say("\n");
    verify::ProcedureHooks hooks;
    hooks.now = [] { return Now(); };
    hooks.told = [](const Step& step, bool worked, const std::string& says) {
      Say(fmt::format("{}  {}: {}\n", worked ? "done  " : "failed", step.title,
                      ForTerminal(says)));
    };
    hooks.new_key = [this](const Secret& secret) { return TakeNew(secret); };
    const std::string host = task.host;
    const verify::ProcedureResult result =
        verify::RunProcedure(*procedure_, task, *client_, *log_, hooks);
    ForgetVerdict(host);
    if (!result.worked) {
      Say(fmt::format("\nStopped: {}.\nWhat is marked as done was done.\n",
                      ForTerminal(result.why)));
      return kFailed;
    }
    return Prove();
  }

  Status CheckNewFile() const {
    if (args_.replace.empty()) return {};
    struct stat info;
    if (lstat(args_.replace.c_str(), &info) == 0) {
      return Fail(ErrorCode::kInvalid,
                  "{}: is there already; the new key is written to a new file",
                  args_.replace);
    }
    return CheckWritable(args_.replace);
  }

  // The new key is kept before it is tested, and tested before the old one
  // goes.
  Status TakeNew(const Secret& secret) {
    if (auto ok = verify::WriteSecret(args_.replace, secret); !ok) return ok;
    Say(fmt::format("done    Write the new key to {} (mode 0600)\n",
                    ForTerminal(args_.replace)));
    const KnownKey key{secret.Copy(), key_.bases};
    const Verdict verdict = Ask(key);
    Say(fmt::format(
        "{}  Test the new key: {}\n",
        verdict.state == VerdictState::kActive ? "done  " : "failed",
        ForTerminal(verdict.evidence)));
    if (verdict.state == VerdictState::kActive) return {};
    return Fail(ErrorCode::kInvalid,
                "the new key is not proved to work, so the old one stays; "
                "delete one of them by hand");
  }

  Verdict Ask(const KnownKey& key) {
    auto task = MakeTask(key);
    Verdict unknown;
    unknown.state = VerdictState::kUnknown;
    if (!task) {
      unknown.evidence = task.error().message;
      return unknown;
    }
    verify::RunOptions options;
    options.max_requests = run_.args().max_requests;
    options.deadline = std::chrono::seconds(run_.args().deadline);
    options.now = [] { return Now(); };
    verify::Verifier verifier(*client_, *log_, options);
    std::vector<verify::Task> tasks;
    tasks.push_back(*std::move(task));
    return verifier.Run(std::move(tasks), stop_).front();
  }

  int Prove() {
    const Verdict verdict = Ask(key_);
    switch (verdict.state) {
      case VerdictState::kInactive:
        Say(fmt::format("proved  The old key is dead: {}\n",
                        ForTerminal(verdict.evidence)));
        return kClean;
      case VerdictState::kActive:
        Say(fmt::format("failed  The old key is still alive: {}\n",
                        ForTerminal(verdict.evidence)));
        return kFailed;
      default:
        break;
    }
    Say(fmt::format("unknown Whether the old key is dead: {}\n",
                    ForTerminal(verdict.evidence)));
    return kIncomplete;
  }

  void ForgetVerdict(const std::string& host) const {
    verify::VerdictCache cache =
        verify::VerdictCache::Load(verify::DefaultVerdictCache(), Now());
    cache.Forget(finding_.id, finding_.rule->id, host);
    const auto saved = cache.Save();
    (void)saved;
  }

  const Args& args_;
  VerifyRun& run_;
  const Report& report_;
  const scan::KeyChain& chain_;
  const Finding& finding_;
  const KnownKey& key_;
  const Recipe& recipe_;
  const std::optional<Procedure>& procedure_;
  std::stop_token stop_;
  std::unique_ptr<verify::HttpClient> client_;
  std::optional<verify::AuditLog> log_;
};

// A report that has the key which the person named.
Result<Report> FindKey(const match::Engine& engine, const Args& args,
                       scan::KeyChain* chain, const std::stop_token& stop) {
  if (args.key == "-") return ReadOneKey(engine, args.rule, chain);
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
  return Revoking(args, **run, *report, chain, finding, *key, *recipe)
      .Run(stop);
}

}  // namespace

void AddRevoke(CLI::App* app, Action* action) {
  auto args = std::make_shared<Args>();
  CLI::App* revoke = app->add_subcommand(
      "revoke", "End a key at its provider, and prove that it is dead");
  revoke
      ->add_option("KEY", args->key,
                   "The id of a finding (kt-…), or - to read the key from "
                   "standard input")
      ->required();
  revoke
      ->add_option("--from", args->from,
                   "The JSON report that has KEY; the key is read where it "
                   "found it")
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
