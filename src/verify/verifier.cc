// SPDX-License-Identifier: Apache-2.0
#include "verify/verifier.h"

#include <algorithm>
#include <deque>
#include <map>
#include <random>
#include <utility>

#include "verify/base_url.h"
#include "verify/build_request.h"
#include "verify/host_gate.h"
#include "verify/judge.h"
#include "verify/retry_after.h"

namespace keytidy::verify {
namespace {

using Clock = std::chrono::steady_clock;
using std::chrono::milliseconds;

constexpr milliseconds kLongestWait{500};  // to hear of a stop in time

VerdictState StateOf(Outcome outcome) {
  switch (outcome) {
    case Outcome::kActive:
      return VerdictState::kActive;
    case Outcome::kInactive:
      return VerdictState::kInactive;
    default:
      return VerdictState::kUnknown;
  }
}

template <class T>
void Take(T* into, const T& from) {
  if (from != T()) *into = from;
}

// Later steps add to what earlier ones told; the first "last used" counts, as
// every later one is our own.
void Merge(KeyFacts* into, const KeyFacts& from) {
  Take(&into->key_id, from.key_id);
  Take(&into->name, from.name);
  Take(&into->owner, from.owner);
  Take(&into->account, from.account);
  Take(&into->scopes, from.scopes);
  Take(&into->created, from.created);
  Take(&into->expires, from.expires);
  if (!into->last_used) into->last_used = from.last_used;
}

}  // namespace

std::string HostOfStep(const Task& task, const Step& step) {
  if (step.url.starts_with("%{base}")) return task.host;
  return std::string(HostOf(step.url));
}

std::string EvidenceText(std::string_view host, int status,
                         std::string_view says) {
  return fmt::format("{} answered {}: {}", host, status, says);
}

// One run: the state of every task, and a queue for every host.
class Verifier::Session {
 public:
  Session(HttpClient& client, AuditLog& log, const RunOptions& options,
          std::uint32_t* requests, std::vector<Task> tasks)
      : client_(client),
        log_(log),
        options_(options),
        requests_(requests),
        jobs_(tasks.size()),
        ends_(Clock::now() + options.deadline) {
    for (std::size_t i = 0; i < tasks.size(); ++i) {
      jobs_[i].task = std::move(tasks[i]);
      const Task& task = jobs_[i].task;
      for (const Step& step : task.recipe->steps) {
        hosts_[HostOfStep(task, step)].gate.Tighten(task.recipe->limits);
      }
      hosts_[HostOf(jobs_[i])].waiting.push_back(i);
    }
    open_ = jobs_.size();
  }

  std::vector<Verdict> Run(const std::stop_token& stop) {
    while (open_ > 0) {
      const Clock::time_point now = Clock::now();
      if (stop.stop_requested()) {
        GiveUp("interrupted");
      } else if (now >= ends_) {
        GiveUp(fmt::format("the {} s for verifying were over",
                           options_.deadline.count()));
      }
      if (abandoned_) break;
      const Clock::time_point next = SendWhatMay(now);
      if (open_ == 0) break;
      const auto wait = std::clamp(
          std::chrono::ceil<milliseconds>(std::min(next, ends_) - now),
          milliseconds(0), kLongestWait);
      if (auto ok = client_.Run(wait); !ok) GiveUp(ok.error().message);
    }
    std::vector<Verdict> out;
    for (Job& job : jobs_) out.push_back(std::move(job.verdict));
    return out;
  }

 private:
  struct Job {
    Task task;
    std::size_t step = 0;
    std::uint32_t tries = 0;  // of this step
    bool done = false;
    std::string told;  // by an answer that asks to wait
    Verdict verdict;
  };
  struct Host {
    HostGate gate;
    std::deque<std::size_t> waiting;
  };

  // Where the job's next request goes.
  static std::string HostOf(const Job& job) {
    return HostOfStep(job.task, job.task.recipe->steps[job.step]);
  }

  // Sends what may be sent now; when to look again.
  Clock::time_point SendWhatMay(Clock::time_point now) {
    Clock::time_point next = Clock::time_point::max();
    for (const auto& [name, host_of_name] : ByNeed()) {
      Host& host = *host_of_name;
      while (!host.waiting.empty()) {
        const auto earliest = host.gate.Earliest(now);
        if (!earliest) {
          Finish(Take(host), Unknown(host.gate.stopped()));
          continue;
        }
        if (*earliest > ends_ && *earliest != Clock::time_point::max()) {
          const std::size_t i = Take(host);
          Finish(i, Unknown(fmt::format("{}{} is not to be asked again within "
                                        "the time for verifying",
                                        jobs_[i].told, name)));
          continue;
        }
        if (in_flight_ >= options_.at_once) break;
        if (*earliest > now) {
          next = std::min(next, *earliest);
          break;
        }
        Send(Take(host), host);
      }
    }
    return next;
  }

  // The hosts that have the most to do come first, so that none is left over at
  // the end with all of it.
  std::vector<std::pair<std::string_view, Host*>> ByNeed() {
    std::vector<std::pair<std::string_view, Host*>> out;
    for (auto& [name, host] : hosts_) {
      if (!host.waiting.empty()) out.emplace_back(name, &host);
    }
    std::stable_sort(out.begin(), out.end(), [](const auto& a, const auto& b) {
      return a.second->waiting.size() > b.second->waiting.size();
    });
    return out;
  }

  static std::size_t Take(Host& host) {
    const std::size_t i = host.waiting.front();
    host.waiting.pop_front();
    return i;
  }

  void Send(std::size_t i, Host& host) {
    Job& job = jobs_[i];
    Task& task = job.task;
    const Step& step = task.recipe->steps[job.step];
    if (*requests_ >= options_.max_requests) {
      Finish(i, Unknown(fmt::format("the {} requests of this run were used up "
                                    "(--max-requests)",
                                    options_.max_requests)));
      return;
    }
    task.values.Set("time", fmt::format("{}", options_.now()));
    auto request = BuildRequest(step, task.values);
    if (!request) {
      const Error& error = request.error();
      Finish(i, Unknown(error.code == ErrorCode::kNotFound
                            ? MissingParameter(*task.recipe, error.message)
                            : error.message));
      return;
    }
    request->private_network = task.private_network;
    request->loopback_http = task.loopback_http;
    AuditEntry entry = EntryOf(job, *request);
    const std::string to = HostOf(job);
    entry.host = to;
    const std::string path =
        task.values.Mask(std::string(PathOf(request->url)));
    entry.event = "sent";
    entry.path = path;
    if (auto ok = log_.Write(entry); !ok) {
      host.gate.Stop("nothing is sent that cannot be recorded: " +
                     ok.error().message);
      Finish(i, Unknown(host.gate.stopped()));
      return;
    }
    ++*requests_;
    ++in_flight_;
    host.gate.Sent(Clock::now());
    client_.Send(*std::move(request), [this, i](HttpResult result) {
      --in_flight_;
      Hear(i, std::move(result));
    });
  }

  AuditEntry EntryOf(const Job& job, const Request& request) const {
    AuditEntry entry;
    entry.time = options_.now();
    entry.id = job.task.id;
    entry.rule = job.task.rule;
    entry.method = request.method;
    return entry;
  }

  void Hear(std::size_t i, HttpResult result) {
    Job& job = jobs_[i];
    const std::string from = HostOf(job);
    Host& host = hosts_[from];
    const Clock::time_point now = Clock::now();
    if (!result.answer) {
      const std::string reason = job.task.values.Mask(result.failure);
      Record(job, "failed", 0, "", reason);
      host.gate.Answered(now, false);
      Finish(i,
             Unknown(fmt::format("{} could not be asked: {}", from, reason)));
      return;
    }
    const HttpAnswer& answer = *result.answer;
    const Recipe& recipe = *job.task.recipe;
    Judgement judged =
        Judge(recipe, recipe.steps[job.step], answer, job.task.values);
    const bool refused =
        judged.outcome == Outcome::kInactive || answer.status == 401;
    host.gate.Answered(now, refused);
    Record(job, "answered", answer.status,
           judged.outcome == Outcome::kNext ? "next"
                                            : Name(StateOf(judged.outcome)),
           "");
    Merge(&job.verdict.facts, judged.facts);
    if (judged.answer != nullptr && judged.answer->stop) {
      host.gate.Stop(EvidenceText(from, answer.status, judged.says));
    }
    const bool busy = answer.status == 429 || answer.status == 503;
    if (judged.outcome == Outcome::kUnknown && busy &&
        host.gate.stopped().empty() && TryAgain(i, host, answer, now)) {
      return;
    }
    if (judged.outcome == Outcome::kNext) {
      if (job.step + 1 < recipe.steps.size()) {
        ++job.step;
        job.tries = 0;
        hosts_[HostOf(job)].waiting.push_front(i);
        return;
      }
      judged.outcome = Outcome::kUnknown;
    }
    if (judged.outcome == Outcome::kInactive && job.task.doubtful_pair) {
      judged.outcome = Outcome::kUnknown;
      judged.says += "; or the key beside it is not its other half";
    }
    Verdict verdict;
    verdict.state = StateOf(judged.outcome);
    verdict.evidence = EvidenceText(from, answer.status, judged.says);
    verdict.checked_at = options_.now();
    Finish(i, std::move(verdict));
  }

  // Whether the key waits for another try.
  bool TryAgain(std::size_t i, Host& host, const HttpAnswer& answer,
                Clock::time_point now) {
    Job& job = jobs_[i];
    if (++job.tries >= options_.tries) return false;
    job.told = fmt::format("{} answered {}; ", HostOf(job), answer.status);
    const auto asked =
        RetryAfter(answer, job.task.recipe->limits.delay_text, options_.now());
    const milliseconds delay =
        asked ? milliseconds(*asked) : milliseconds(1000) * (1 << job.tries);
    // Not all at the same moment: up to a tenth later.
    std::uniform_int_distribution<std::int64_t> tenth(0, delay.count() / 10);
    host.gate.DelayUntil(now + delay + milliseconds(tenth(random_)));
    host.waiting.push_front(i);
    return true;
  }

  void Record(const Job& job, std::string_view event, int status,
              std::string_view verdict, std::string_view reason) {
    const Step& step = job.task.recipe->steps[job.step];
    const std::string path = job.task.values.Mask(std::string(PathOf(
        job.task.values.Fill(step.url, Escape::kUrl, true).value_or(""))));
    AuditEntry entry;
    entry.time = options_.now();
    entry.event = event;
    entry.id = job.task.id;
    entry.rule = job.task.rule;
    const std::string to = HostOf(job);
    entry.method = step.method;
    entry.host = to;
    entry.path = path;
    entry.status = status;
    entry.verdict = verdict;
    entry.reason = reason;
    if (auto ok = log_.Write(entry); !ok) {
      for (auto& [name, host] : hosts_) {
        host.gate.Stop("nothing is sent that cannot be recorded: " +
                       ok.error().message);
      }
    }
  }

  static Verdict Unknown(std::string reason) {
    Verdict out;
    out.state = VerdictState::kUnknown;
    out.evidence = std::move(reason);
    return out;
  }

  void Finish(std::size_t i, Verdict verdict) {
    Job& job = jobs_[i];
    if (job.done) return;
    job.done = true;
    verdict.facts = std::move(job.verdict.facts);
    job.verdict = std::move(verdict);
    job.task.values = Values();  // the key is not needed any more
    --open_;
  }

  void GiveUp(const std::string& why) {
    for (std::size_t i = 0; i < jobs_.size(); ++i) Finish(i, Unknown(why));
    abandoned_ = true;
  }

  HttpClient& client_;
  AuditLog& log_;
  const RunOptions& options_;
  std::uint32_t* requests_;
  std::vector<Job> jobs_;
  std::map<std::string, Host> hosts_;
  std::minstd_rand random_{std::random_device{}()};
  Clock::time_point ends_;
  std::size_t open_ = 0;
  std::uint32_t in_flight_ = 0;
  bool abandoned_ = false;
};

std::vector<Verdict> Verifier::Run(std::vector<Task> tasks,
                                   std::stop_token stop) {
  Session session(client_, log_, options_, &requests_, std::move(tasks));
  return session.Run(stop);
}

}  // namespace keytidy::verify
