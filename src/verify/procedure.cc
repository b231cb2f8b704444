// SPDX-License-Identifier: Apache-2.0
#include "verify/procedure.h"

#include <algorithm>
#include <thread>
#include <utility>

#include "base/file.h"
#include "verify/base_url.h"
#include "verify/build_request.h"
#include "verify/host_gate.h"
#include "verify/judge.h"

namespace keytidy::verify {
namespace {

constexpr std::string_view kNewKey = "new_secret";
constexpr std::size_t kMostCookies = 50;
constexpr std::size_t kLongestCookie = 8192;

class Run {
 public:
  using Clock = std::chrono::steady_clock;

  Run(Task& task, HttpClient& client, AuditLog& log,
      const ProcedureHooks& hooks)
      : task_(task),
        client_(client),
        log_(log),
        hooks_(hooks),
        ends_(Clock::now() + hooks.deadline) {}

  ~Run() { task_.values = Values(); }

  ProcedureResult Go(const Procedure& procedure) {
    gate_.Tighten(task_.recipe->limits);
    for (const Step& step : procedure.steps) {
      do {
        repeat_ = false;
        Status done = Wait();
        if (!done) {
          out_.why = done.error().message;
          return std::move(out_);
        }
        done = Do(step);
        hooks_.told(step, done.has_value(),
                    done ? says_ : done.error().message);
        if (done && MakesKey(step)) done = HandOver();
        if (done) continue;
        out_.why = done.error().message;
        return std::move(out_);
      } while (repeat_);
    }
    out_.worked = true;
    return std::move(out_);
  }

 private:
  static bool MakesKey(const Step& step) {
    for (const Answer& answer : step.answers) {
      for (const auto& [name, place] : answer.save) {
        if (name == kNewKey) return true;
      }
    }
    return false;
  }

  // Until the host may be asked.
  Status Wait() {
    constexpr auto kMost = std::chrono::milliseconds(100);
    for (;;) {
      const auto now = Clock::now();
      if (hooks_.stop.stop_requested()) {
        return Fail(ErrorCode::kCancelled, "interrupted");
      }
      const auto earliest = gate_.Earliest(now);
      if (now >= ends_ || !earliest || *earliest >= ends_) {
        return Fail(ErrorCode::kLimit, "the time for it is over");
      }
      if (*earliest <= now) break;
      std::this_thread::sleep_for(
          std::min<Clock::duration>(*earliest - now, kMost));
    }
    gate_.Sent(Clock::now());
    return {};
  }

  // Nothing goes on without it: the next step may delete the old key.
  Status HandOver() {
    if (!task_.values.Has(kNewKey)) {
      return Fail(ErrorCode::kNotFound,
                  "the answer does not hold the new key; nothing more is done");
    }
    return hooks_.new_key(Secret(task_.values.Get(kNewKey)));
  }

  Status Do(const Step& step) {
    task_.values.Set("time", std::to_string(hooks_.now()));
    auto request = BuildRequest(step, task_.values);
    if (!request) {
      return Fail(
          ErrorCode::kInvalid, "{}",
          request.error().code == ErrorCode::kNotFound
              ? "the answers before do not tell " + request.error().message
              : request.error().message);
    }
    request->private_network = task_.private_network;
    request->loopback_http = task_.loopback_http;
    request->once = step.writes;
    if (std::string cookies = cookies_.Header(); !cookies.empty()) {
      request->headers.emplace_back("Cookie", std::move(cookies));
    }
    path_ = task_.values.Mask(std::string(PathOf(request->url)));
    // What cannot be recorded is not sent.
    if (auto ok = Record(step, "sent", 0, "", ""); !ok) return ok;
    const HttpResult result = Send(*std::move(request));
    gate_.Answered(Clock::now(), false);
    if (!result.answer) {
      const std::string reason = task_.values.Mask(result.failure);
      (void)Record(step, "failed", 0, "", reason);
      if (step.writes && result.sent) {
        return Fail(ErrorCode::kIo,
                    "{}; whether it was done is not known: look at the "
                    "provider's page before you try again",
                    reason);
      }
      return Fail(ErrorCode::kIo, "{}", reason);
    }
    return Conclude(step, *result.answer);
  }

  Status Conclude(const Step& step, const HttpAnswer& answer) {
    const Judgement judged = Judge(*task_.recipe, step, answer, task_.values);
    const bool worked = judged.outcome == Outcome::kNext;
    (void)Record(step, "answered", answer.status, worked ? "next" : "stopped",
                 "");
    if (!worked) {
      return Fail(
          ErrorCode::kInvalid, "{}",
          EvidenceText(HostOfStep(task_, step), answer.status, judged.says));
    }
    says_ = judged.says;
    cookies_.Take(answer);
    if (out_.facts == KeyFacts()) out_.facts = judged.facts;
    if (auto saved = Save(*judged.answer, answer, &task_.values); !saved) {
      return Fail(
          ErrorCode::kNotFound, "{} answered {}, but {}; nothing more is done",
          HostOfStep(task_, step), answer.status, saved.error().message);
    }
    if (!hooks_.again || step.writes) return {};
    const auto again = hooks_.again(step, answer, &task_.values);
    if (!again) return Fail(again.error());
    repeat_ = *again;
    return {};
  }

  HttpResult Send(Request request) {
    std::optional<HttpResult> out;
    client_.Send(std::move(request),
                 [&out](HttpResult result) { out = std::move(result); });
    while (!out) {
      if (auto ok = client_.Run(std::chrono::milliseconds(500)); !ok) {
        HttpResult failed;
        failed.failure = ok.error().message;
        failed.sent = true;
        return failed;
      }
    }
    return *std::move(out);
  }

  Status Record(const Step& step, std::string_view event, int status,
                std::string_view verdict, std::string_view reason) {
    AuditEntry entry;
    entry.time = hooks_.now();
    entry.event = event;
    entry.id = task_.id;
    entry.rule = task_.rule;
    entry.method = step.method;
    const std::string host = HostOfStep(task_, step);
    entry.host = host;
    entry.path = path_;
    entry.status = status;
    entry.verdict = verdict;
    entry.reason = reason;
    return log_.Write(entry);
  }

  Task& task_;
  HttpClient& client_;
  AuditLog& log_;
  const ProcedureHooks& hooks_;
  Clock::time_point ends_;
  HostGate gate_;
  bool repeat_ = false;
  CookieJar cookies_;
  ProcedureResult out_;
  std::string says_;
  std::string path_;
};

}  // namespace

void CookieJar::Take(const HttpAnswer& answer) {
  for (const auto& [header, line] : answer.headers) {
    if (header != "set-cookie") continue;
    const std::string_view pair =
        std::string_view(line).substr(0, line.find(';'));
    const std::size_t equals = pair.find('=');
    if (equals == std::string_view::npos || equals == 0 ||
        pair.size() > kLongestCookie) {
      continue;
    }
    const std::string_view name = pair.substr(0, equals);
    bool known = false;
    for (auto& [had, value] : cookies_) {
      if (had != name) continue;
      value = pair.substr(equals + 1);
      known = true;
    }
    if (!known && cookies_.size() < kMostCookies) {
      cookies_.emplace_back(name, pair.substr(equals + 1));
    }
  }
}

std::string CookieJar::Header() const {
  std::string out;
  for (const auto& [name, value] : cookies_) {
    if (value.empty()) continue;
    out += (out.empty() ? "" : "; ") + name + "=" + value;
  }
  return out;
}

Status WriteSecret(const std::string& path, const Secret& secret) {
  std::string line(secret.Reveal());
  line += '\n';
  Status written = CreatePrivateFile(path, line);
  Wipe(&line);
  return written;
}

ProcedureResult RunProcedure(const Procedure& procedure, Task& task,
                             HttpClient& client, AuditLog& log,
                             const ProcedureHooks& hooks) {
  return Run(task, client, log, hooks).Go(procedure);
}

}  // namespace keytidy::verify
