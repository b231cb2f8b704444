// SPDX-License-Identifier: Apache-2.0
#include "cli/revoke_run.h"

#include <sys/stat.h>

#include <memory>
#include <optional>
#include <utility>

#include "base/file.h"
#include "base/text.h"
#include "cli/clock.h"
#include "cli/command.h"
#include "cli/exit_code.h"
#include "cli/questions.h"
#include "report/terminal_text.h"
#include "verify/build_request.h"
#include "verify/procedure.h"
#include "verify/verdict_cache.h"

namespace keytidy::cli {
namespace {

class Revoking {
 public:
  Revoking(const RevokeJob& job, VerifyRun& run, std::stop_token stop)
      : job_(job),
        run_(run),
        finding_(job.finding),
        key_(job.key),
        recipe_(job.recipe),
        procedure_(job.replace.empty() ? job.recipe.revoke
                                       : job.recipe.replace),
        stop_(std::move(stop)) {}

  int Run() {
    auto task = MakeTask(key_);
    const bool possible = procedure_ && !procedure_->steps.empty();
    if (possible && !task) return UsageError(task.error());
    if (!Say(Describe(task ? &*task : nullptr))) return kUsage;
    if (job_.confirm.empty() || job_.dry_run) {
      const std::string_view end =
          possible ? "\nNothing was sent. To do it, add --confirm {}\n"
                   : "\nNothing was sent; afterwards `keytidy verify` proves "
                     "that the key is dead.\n";
      return Say(fmt::format(fmt::runtime(end), finding_.id)) ? kClean : kUsage;
    }
    if (job_.confirm != finding_.id) {
      return UsageError(fmt::format("--confirm {}: the key is {}",
                                    ForTerminal(job_.confirm), finding_.id));
    }
    if (!possible) {
      return UsageError("this has to be done by hand, as described above");
    }
    return Act(*std::move(task));
  }

 private:
  Result<verify::Task> MakeTask(const KnownKey& key) const {
    return verify::MakeTask(
        job_.report, finding_, recipe_, key,
        [this](const Finding& other) {
          return job_.chain.Find(other.rule->id, other.id);
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
    } else if (!job_.replace.empty()) {
      out += "\nThis provider has no call that makes a new key of the kind.\n";
    } else {
      out += "\nThis provider has no call that revokes the key.\n";
    }
    const std::vector<std::string> by_hand = ByHand();
    if (!by_hand.empty()) out += "\nWhat is left for a person:\n";
    for (const std::string& line : by_hand) {
      out += fmt::format("  - {}\n", report::Wrap(line, 4));
    }
    return out;
  }

  // What no call does, by the recipe and by the provider's guide.
  std::vector<std::string> ByHand() const {
    std::vector<std::string> out;
    const auto add = [&out](const std::vector<std::string>& lines) {
      out.insert(out.end(), lines.begin(), lines.end());
    };
    if (procedure_) add(procedure_->by_hand);
    const RotationGuide* guide = run_.book().FindGuide(*finding_.rule);
    const bool no_calls = !procedure_ || procedure_->steps.empty();
    if (guide != nullptr) {
      if (no_calls && out.empty()) {
        if (!job_.replace.empty()) {
          add(guide->create);
          out.push_back(
              "Put it where the old one stands, and start what uses it again.");
        }
        add(guide->revoke);
      }
      if (procedure_ || job_.replace.empty()) add(guide->review);
    }
    if (no_calls && out.empty()) out.emplace_back(finding_.rule->advice);
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

  int Act(verify::Task task) {
    if (auto ok = CheckNewFile(); !ok) return UsageError(ok.error());
    // The steps, the test of a new key, and the proof.
    const std::size_t needed =
        procedure_->steps.size() + (job_.replace.empty() ? 1 : 2);
    if (run_.args().max_requests < needed) {
      return UsageError(fmt::format("--max-requests {}: this takes {}",
                                    run_.args().max_requests, needed));
    }
    if (auto ok = AskQuestions(procedure_->needs, &task.values); !ok)
      return UsageError(ok.error());
    auto client = run_.MakeClient();
    if (!client) return UsageError(client.error());
    auto log = run_.OpenLog();
    if (!log) return UsageError(log.error());
    client_ = *std::move(client);
    log_.emplace(*std::move(log));

    Say("\n");
    verify::ProcedureHooks hooks;
    hooks.now = [] { return TrueNow(); };
    hooks.stop = stop_;
    hooks.deadline = std::chrono::seconds(run_.args().deadline);
    hooks.told = [](const Step& step, bool worked, const std::string& says) {
      Say(fmt::format("{}  {}: {}\n", worked ? "done  " : "failed", step.title,
                      ForTerminal(says)));
    };
    hooks.new_key = [this](const Secret& secret) { return TakeNew(secret); };
    const std::string host = task.host;
    const verify::ProcedureResult result =
        verify::RunProcedure(*procedure_, task, *client_, *log_, hooks);
    ForgetVerdict(host);
    if (!result.worked && stop_.stop_requested()) {
      Say("\nInterrupted. What is marked as done was done.\n");
      return kInterrupted;
    }
    if (!result.worked) {
      Say(fmt::format("\nStopped: {}.\nWhat is marked as done was done.\n",
                      ForTerminal(result.why)));
      return kFailed;
    }
    return Prove();
  }

  Status CheckNewFile() const {
    if (job_.replace.empty()) return {};
    struct stat info;
    if (lstat(job_.replace.c_str(), &info) == 0) {
      return Fail(ErrorCode::kInvalid,
                  "{}: is there already; the new key is written to a new file",
                  job_.replace);
    }
    return CheckWritable(job_.replace);
  }

  // The new key is kept before it is tested, and tested before the old one
  // goes.
  Status TakeNew(const Secret& secret) {
    if (auto ok = verify::WriteSecret(job_.replace, secret); !ok) return ok;
    Say(fmt::format("done    Write the new key to {} (mode 0600)\n",
                    ForTerminal(job_.replace)));
    const KnownKey key{secret.Copy(), key_.bases, true};
    const Verdict verdict = Ask(key);
    Say(fmt::format(
        "{}  Test the new key: {}\n",
        verdict.state == VerdictState::kActive ? "done  " : "failed",
        ForTerminal(verdict.evidence)));
    if (verdict.state == VerdictState::kActive) return {};
    return Fail(ErrorCode::kInvalid,
                "the new key is not proved to work, so nothing more is done; "
                "find out which of the two works before one is deleted");
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
    options.now = [] { return TrueNow(); };
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

  const RevokeJob& job_;
  VerifyRun& run_;
  const Finding& finding_;
  const KnownKey& key_;
  const Recipe& recipe_;
  const std::optional<Procedure>& procedure_;
  std::stop_token stop_;
  std::unique_ptr<verify::HttpClient> client_;
  std::optional<verify::AuditLog> log_;
};

}  // namespace

int Revoke(const RevokeJob& job, VerifyRun& run, const std::stop_token& stop) {
  return Revoking(job, run, stop).Run();
}

}  // namespace keytidy::cli
