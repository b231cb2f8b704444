// SPDX-License-Identifier: Apache-2.0
#include "cli/verify_run.h"

#include <algorithm>
#include <cstdlib>
#include <map>
#include <utility>

#include "base/file.h"
#include "cli/clock.h"
#include "cli/user_config.h"
#include "config/settings.h"
#include "verify/audit_log.h"
#include "verify/build_request.h"
#include "verify/judge.h"
#include "verify/verdict_cache.h"

namespace keytidy::cli {
namespace {

constexpr std::size_t kMaxConfig = 4 << 20;

std::string Indented(const std::string& text) {
  std::string out;
  std::size_t start = 0;
  while (start < text.size()) {
    const std::size_t end = std::min(text.find('\n', start), text.size());
    if (end > start) out += "    " + text.substr(start, end - start);
    out += '\n';
    start = end + 1;
  }
  return out;
}

std::string DescribeSteps(const Recipe& recipe, const verify::Values& values) {
  std::string out;
  for (const Step& step : recipe.steps) {
    const auto request = verify::DescribeRequest(step, values);
    out += fmt::format("  {}\n", step.title);
    if (request) {
      out += Indented(*request);
    } else {
      out += fmt::format(
          "    not sent: {}\n",
          request.error().code == ErrorCode::kNotFound
              ? verify::MissingParameter(recipe, request.error().message)
              : request.error().message);
    }
  }
  if (!recipe.caution.empty()) {
    out += fmt::format("  note: {}\n", recipe.caution);
  }
  return out;
}

// Values that stand for all a recipe may need, as a person reads them.
verify::Values Placeholders(const Recipe& recipe) {
  verify::Values values;
  values.SetSecret("secret", "key", "<key>");
  values.SetRaw("time", "<time>");
  if (recipe.base) {
    values.SetRaw("base", recipe.base->otherwise.empty()
                              ? std::string("<base>")
                              : recipe.base->otherwise);
  }
  for (const Parameter& parameter : recipe.parameters) {
    values.SetRaw(parameter.name, "<" + parameter.name + ">");
  }
  for (const Companion& companion : recipe.companions) {
    values.SetRaw(companion.name, "<" + companion.name + ">");
  }
  return values;
}

}  // namespace

void MarkUndecided(Report* report) {
  for (const Finding& finding : report->findings) {
    if (finding.verdict.state != VerdictState::kUnknown) continue;
    report->complete = false;
    report->coverage.skipped.push_back(
        {finding.occurrences.front().path,
         fmt::format("whether {} is alive stays unknown: {}", finding.id,
                     finding.verdict.evidence),
         std::nullopt, true});
  }
}

Result<std::unique_ptr<VerifyRun>> VerifyRun::Make(
    const VerifyArgs& args, const std::vector<match::RuleFile>& rule_files) {
  std::unique_ptr<VerifyRun> run(new VerifyRun(args));
  for (const match::RuleFile& file : rule_files) {
    if (auto ok = run->book_.AddUserFile(file.name, file.text); !ok) {
      return Fail(ok.error());
    }
  }
  run->plan_.trust_config_hosts = args.trust_config_hosts;
  run->plan_.allow_http_loopback = args.allow_http_loopback;
  if (auto ok = run->ReadSettings(); !ok) return Fail(ok.error());
  return run;
}

Status VerifyRun::ReadSettings() {
  std::vector<std::pair<std::string, bool>> files;  // and whether it must be
  if (const std::string own = UserConfigPath(); !own.empty()) {
    files.emplace_back(own, false);
  }
  if (!args_.config.empty()) files.emplace_back(args_.config, true);
  for (const auto& [path, named] : files) {
    auto text = ReadSmallFile(path, kMaxConfig);
    if (!text && !named && text.error().code == ErrorCode::kNotFound) continue;
    if (!text) return Fail(ErrorCode::kInvalid, "{}", text.error().message);
    auto settings = config::ParseSettings(path, *std::move(text));
    if (!settings) return Fail(settings.error());
    for (auto& one : settings->verify) plan_.settings.push_back(std::move(one));
  }
  for (const std::string& text : args_.bases) {
    const std::size_t equals = text.find('=');
    if (equals == std::string::npos || equals == 0) {
      return Fail(ErrorCode::kInvalid, "--base {}: must be PROVIDER=URL", text);
    }
    config::VerifySettings one;
    one.provider = text.substr(0, equals);
    one.base = text.substr(equals + 1);
    plan_.settings.push_back(std::move(one));
  }
  if (plan_.settings.empty()) return {};
  return verify::CheckSettings(book_.All(), plan_.settings,
                               args_.allow_http_loopback);
}

void VerifyRun::Prepare(scan::KeyChain* chain) {
  std::map<std::string, std::vector<std::string>> names;
  for (const Recipe* recipe : book_.All()) {
    for (const std::string& rule : recipe->near.rules) {
      chain->LookNear(rule, recipe->near.words);
    }
    if (!recipe->base) continue;
    auto& list = names[recipe->provider];
    list.insert(list.end(), recipe->base->names.begin(),
                recipe->base->names.end());
  }
  for (auto& [provider, list] : names) {
    std::sort(list.begin(), list.end());
    list.erase(std::unique(list.begin(), list.end()), list.end());
    chain->LookFor(provider, std::move(list));
  }
}

verify::Plan VerifyRun::MakePlan(const scan::KeyChain& chain,
                                 const Report& report) {
  return verify::MakePlan(
      report,
      [&](const Finding& finding) {
        return chain.Find(finding.rule->id, finding.id);
      },
      [&](const Rule& rule) { return book_.Find(rule); }, plan_);
}

Result<verify::AuditLog> VerifyRun::OpenLog() const {
  const std::string path =
      args_.audit_log.empty() ? verify::DefaultAuditLog() : args_.audit_log;
  if (path.empty()) {
    return Fail(ErrorCode::kInvalid,
                "no HOME to keep the record of requests in: name a file with "
                "--audit-log");
  }
  return verify::AuditLog::Open(path);
}

Result<std::unique_ptr<verify::HttpClient>> VerifyRun::MakeClient() const {
  verify::HttpClient::Options options;
  options.ca_file = args_.ca_file;
  // As curl(1) does.
  for (const char* name : {"CURL_CA_BUNDLE", "SSL_CERT_FILE"}) {
    const char* value = std::getenv(name);
    if (options.ca_file.empty() && value != nullptr) options.ca_file = value;
  }
  return verify::HttpClient::Make(options);
}

Status VerifyRun::Ask(const scan::KeyChain& chain, Report* report,
                      const std::stop_token& stop) {
  verify::Plan plan = MakePlan(chain, *report);
  const std::int64_t now = Now();
  verify::VerdictCache cache =
      verify::VerdictCache::Load(verify::DefaultVerdictCache(), now);
  std::vector<verify::Task> tasks;
  std::vector<std::size_t> findings;
  std::vector<std::string> hosts;
  for (std::size_t i = 0; i < plan.tasks.size(); ++i) {
    verify::Task& task = plan.tasks[i];
    Finding& finding = report->findings[plan.findings[i]];
    auto known = cache.Find(task.id, task.rule, task.host);
    // The ids of guessable kinds are not made from the key.
    if (known && !args_.fresh && !finding.rule->guessable) {
      verify::Apply(*std::move(known), now, &finding);
      continue;
    }
    findings.push_back(plan.findings[i]);
    hosts.push_back(task.host);
    tasks.push_back(std::move(task));
  }
  std::vector<Verdict> verdicts;
  if (!tasks.empty()) {
    auto client = MakeClient();
    if (!client) return Fail(client.error());
    auto log = OpenLog();
    if (!log) return Fail(log.error());
    verify::RunOptions options;
    options.max_requests = args_.max_requests;
    options.deadline = std::chrono::seconds(args_.deadline);
    options.now = [] { return TrueNow(); };
    verify::Verifier verifier(**client, *log, options);
    verdicts = verifier.Run(std::move(tasks), stop);
  }
  for (std::size_t i = 0; i < verdicts.size(); ++i) {
    // SOURCE_DATE_EPOCH holds for what is reported.
    if (verdicts[i].checked_at && std::getenv("SOURCE_DATE_EPOCH") != nullptr) {
      verdicts[i].checked_at = now;
    }
    Finding& finding = report->findings[findings[i]];
    if (!finding.rule->guessable) {
      cache.Put(finding.id, finding.rule->id, hosts[i], verdicts[i]);
    }
    verify::Apply(std::move(verdicts[i]), now, &finding);
  }
  for (std::size_t i = 0; i < plan.others.size(); ++i) {
    if (plan.others[i]) {
      verify::Apply(*std::move(plan.others[i]), now, &report->findings[i]);
    }
  }
  if (auto saved = cache.Save(); !saved) {
    report->notes.push_back("verdicts are not kept: " + saved.error().message);
  }
  return {};
}

Status VerifyRun::CheckSettled(const scan::KeyChain& chain,
                               const Finding& finding) {
  const Recipe* recipe = book_.Find(*finding.rule);
  const KnownKey* key = chain.Find(finding.rule->id, finding.id);
  if (recipe == nullptr || key == nullptr ||
      !verify::IsOpen(*recipe, finding.rule->id, *key)) {
    return {};
  }
  return Fail(ErrorCode::kInvalid,
              "whose key this is, its shape does not tell: it could be {}'s; "
              "say so with --rule ID ({}, or another that `keytidy rules list` "
              "has)",
              recipe->provider_name, finding.rule->id);
}

std::string VerifyRun::Describe(const scan::KeyChain& chain,
                                const Report& report) {
  const verify::Plan plan = MakePlan(chain, report);
  std::string out;
  const auto head = [](const Finding& finding) {
    return fmt::format("{}  {}  {}\n", finding.id, finding.redacted,
                       finding.rule->title);
  };
  for (std::size_t i = 0; i < plan.tasks.size(); ++i) {
    const verify::Task& task = plan.tasks[i];
    out += head(report.findings[plan.findings[i]]);
    out += DescribeSteps(*task.recipe, task.values);
    out += '\n';
  }
  for (std::size_t i = 0; i < plan.others.size(); ++i) {
    if (!plan.others[i]) continue;
    out += head(report.findings[i]);
    out += fmt::format("  not asked: {}\n\n", plan.others[i]->evidence);
  }
  if (report.findings.empty()) out += "There is no key to ask about.\n";
  out += "Nothing was sent (--dry-run).\n";
  return out;
}

Result<std::string> VerifyRun::DescribeRecipes(std::span<const Rule> rules,
                                               const std::string& rule) {
  std::vector<const Recipe*> wanted;
  if (rule == "all") {
    wanted = book_.All();
  } else {
    const auto it = std::find_if(rules.begin(), rules.end(),
                                 [&](const Rule& r) { return r.id == rule; });
    if (it == rules.end()) {
      return Fail(ErrorCode::kInvalid, "--rule {}: there is no such rule",
                  rule);
    }
    const Recipe* recipe = book_.Find(*it);
    if (recipe == nullptr) {
      return Fail(ErrorCode::kInvalid,
                  "--rule {}: there is no recipe for this kind of key", rule);
    }
    wanted.push_back(recipe);
  }
  std::string out;
  for (const Recipe* recipe : wanted) {
    std::string kinds;
    for (const std::string& id : recipe->rules) {
      kinds += (kinds.empty() ? "" : ", ") + id;
    }
    out += fmt::format("{}  {}\n  for: {}\n", recipe->id, recipe->provider_name,
                       kinds);
    out += DescribeSteps(*recipe, Placeholders(*recipe));
    out += '\n';
  }
  return out + "Nothing was sent (--dry-run).\n";
}

}  // namespace keytidy::cli
