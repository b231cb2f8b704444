// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cstdlib>
#include <deque>
#include <memory>
#include <utility>

#include "base/file.h"
#include "base/text.h"
#include "cli/clock.h"
#include "cli/command.h"
#include "cli/exit_code.h"
#include "cli/inventory_args.h"
#include "cli/inventory_report.h"
#include "config/table_reader.h"
#include "policy/policy_check.h"
#include "policy/rotation_policy.h"
#include "report/html.h"
#include "report/writer.h"
#include "rules/catalogue.h"

namespace keytidy::cli {
namespace {

constexpr std::size_t kMostConfig = 4 << 20;

struct Args {
  InventoryArgs inventory;
  std::string config;
  std::string format = "human";
  std::string output;
  std::string key;
  std::string file = "keytidy.toml";
  bool allow_empty = false;
};

std::string UserConfigPath() {
  const char* config = std::getenv("XDG_CONFIG_HOME");
  if (config != nullptr && *config == '/') {
    return std::string(config) + "/keytidy/keytidy.toml";
  }
  const char* home = std::getenv("HOME");
  if (home == nullptr || *home != '/') return {};
  return std::string(home) + "/.config/keytidy/keytidy.toml";
}

// --config, or keytidy.toml here, or the user's own: the first that is there.
// Without a [policy] the tiers' own limits hold.
Result<Policy> LoadPolicy(const Args& args) {
  std::vector<std::string> paths = {"keytidy.toml", UserConfigPath()};
  if (!args.config.empty()) paths = {args.config};
  for (const std::string& path : paths) {
    if (path.empty()) continue;
    auto text = ReadSmallFile(path, kMostConfig);
    if (!text) {
      if (text.error().code == ErrorCode::kNotFound && args.config.empty()) {
        continue;
      }
      return Fail(text.error());
    }
    auto document = config::ParseToml(path, *std::move(text));
    if (!document) return Fail(document.error());
    const config::Node* table = document->root.Find("policy");
    if (table == nullptr) {
      if (!args.config.empty()) return Policy();
      continue;
    }
    config::Errors errors(*document);
    auto policy = policy::ReadPolicy(*table, &errors);
    if (policy) policy->name = path;
    return policy;
  }
  return Policy();
}

Result<std::vector<InventoryKey>> AllKeys(const Args& args) {
  auto opened = OpenInventory(args.inventory);
  if (!opened) return Fail(opened.error());
  return (*opened)->List();
}

Status Put(const Args& args, const std::string& text) {
  return args.output.empty() ? Print(text)
                             : WritePrivateFile(args.output, text);
}

// What the policy says, and the keys it said it of.
struct Judged {
  std::vector<InventoryKey> keys;
  std::deque<Rule> rules;
  Report report;
  std::size_t checked = 0;
};

Status Judge(const Args& args, Judged* out) {
  auto policy = LoadPolicy(args);
  if (!policy) return Fail(policy.error());
  auto keys = AllKeys(args);
  if (!keys) return Fail(keys.error());
  out->keys = *std::move(keys);
  out->report =
      ReportOf(out->keys, rules::EmbeddedCatalogue().rules, &out->rules, Now());
  out->report.catalogue = rules::EmbeddedCatalogue().digest;
  const auto judged = KeysForPolicy(out->keys);
  out->checked = judged.size();
  out->report.violations = policy::CheckPolicy(*policy, judged, Now());
  return {};
}

int RunCheck(const Args& args) {
  const auto format = report::ParseFormat(args.format);
  if (!format) return UsageError("--format: there is no such format");
  Judged judged;
  if (auto ok = Judge(args, &judged); !ok) return UsageError(ok.error());
  Report& report = judged.report;
  std::string text;
  if (*format == report::Format::kHuman) {
    // The keys themselves are the inventory's to show.
    Report shown = report;
    shown.findings.clear();
    report::Style style;
    style.quiet = true;
    text = report::Write(shown, *format, style);
    const auto failing =
        std::count_if(report.violations.begin(), report.violations.end(),
                      [](const Violation& one) {
                        return one.decision.action == keytidy::Action::kFail;
                      });
    text += fmt::format("{}policy: {} checked, {}; {}\n",
                        text.empty() ? "" : "\n", Count(judged.checked, "key"),
                        Count(report.violations.size(), "violation"),
                        failing == 0   ? "none fails"
                        : failing == 1 ? "1 fails"
                                       : fmt::format("{} fail", failing));
  } else {
    text = report::Write(report, *format, {});
  }
  if (auto ok = Put(args, text); !ok) return UsageError(ok.error());
  if (HasFailure(report)) return kFailed;
  // An empty inventory proves nothing.
  if (judged.checked == 0 && !args.allow_empty) return kIncomplete;
  return kClean;
}

int RunHtml(const Args& args) {
  Judged judged;
  if (auto ok = Judge(args, &judged); !ok) return UsageError(ok.error());
  const std::string page = report::WriteHtml(judged.report, {});
  if (auto ok = Put(args, page); !ok) return UsageError(ok.error());
  return kClean;
}

int RunInit(const Args& args) {
  const std::string text = policy::StarterPolicy();
  if (args.file == "-") return Print(text) ? kClean : kUsage;
  if (auto ok = CreatePrivateFile(args.file, text); !ok) {
    return UsageError(ok.error());
  }
  return Print(fmt::format("{}: written; keytidy policy check reads it\n",
                           args.file))
             ? kClean
             : kUsage;
}

int RunExplain(const Args& args) {
  auto policy = LoadPolicy(args);
  if (!policy) return UsageError(policy.error());
  auto opened = OpenInventory(args.inventory);
  if (!opened) return UsageError(opened.error());
  auto key = (*opened)->Find(args.key);
  if (!key) return UsageError(key.error());
  const std::vector<InventoryKey> one = {*std::move(key)};
  const auto keys = KeysForPolicy(one);
  if (keys.empty()) {
    return UsageError("the key stands nowhere any more; no rule applies");
  }
  const policy::Explanation explained = policy::Explain(*policy, keys.front());
  std::string out =
      fmt::format("{}  {}\n", one.front().id, ForTerminal(one.front().title));
  for (const policy::ExplainedField& field : explained.fields) {
    out += fmt::format("  {:<20} {:<14} by {}\n", field.field,
                       ForTerminal(field.value), ForTerminal(field.by));
  }
  for (const std::string& waiver : explained.waivers) {
    out += fmt::format("  waiver: {}\n", ForTerminal(waiver));
  }
  return Print(out) ? kClean : kUsage;
}

void AddCommon(CLI::App* command, Args* args) {
  AddInventoryOption(command, &args->inventory);
  command
      ->add_option("--config", args->config,
                   "The policy's file (keytidy.toml here, or your own)")
      ->option_text("FILE")
      ->envname("KEYTIDY_CONFIG");
}

}  // namespace

void AddPolicy(CLI::App* app, Action* action) {
  auto args = std::make_shared<Args>();
  CLI::App* policy =
      app->add_subcommand("policy", "The keys of the inventory against rules");
  policy->require_subcommand(1);
  policy->footer(
      Examples({"keytidy policy init", "keytidy policy check --format sarif"}));

  CLI::App* check = policy->add_subcommand(
      "check", "What breaks the policy; exit code 1 where something fails");
  AddCommon(check, args.get());
  check
      ->add_option("-f,--format", args->format,
                   "human, json, jsonl, sarif, junit, gitlab, csv, markdown")
      ->option_text("NAME");
  check->add_option("-o,--output", args->output, "Write to FILE (mode 0600)")
      ->option_text("FILE");
  check->add_flag("--allow-empty", args->allow_empty,
                  "Exit 0 though the inventory holds no key");
  check->callback(
      [args, action] { *action = [args] { return RunCheck(*args); }; });

  CLI::App* init =
      policy->add_subcommand("init", "Write a policy to begin with");
  init->add_option("FILE", args->file,
                   "Where to (keytidy.toml); - is standard output");
  init->callback(
      [args, action] { *action = [args] { return RunInit(*args); }; });

  CLI::App* explain = policy->add_subcommand(
      "explain", "Which rule gives a key which limit, and why");
  AddCommon(explain, args.get());
  explain->add_option("KEY", args->key, "An id (kt-…), or how it begins")
      ->required();
  explain->callback(
      [args, action] { *action = [args] { return RunExplain(*args); }; });
}

void AddReport(CLI::App* app, Action* action) {
  auto args = std::make_shared<Args>();
  CLI::App* report = app->add_subcommand("report", "Reports for people");
  report->require_subcommand(1);
  report->footer(Examples({"keytidy report html -o keys.html"}));
  CLI::App* html = report->add_subcommand(
      "html", "The inventory and its policy as one page");
  AddCommon(html, args.get());
  html->add_option("-o,--output", args->output, "Write to FILE (mode 0600)")
      ->option_text("FILE");
  html->callback(
      [args, action] { *action = [args] { return RunHtml(*args); }; });
}

}  // namespace keytidy::cli
