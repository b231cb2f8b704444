// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <functional>
#include <memory>
#include <string_view>
#include <unordered_map>
#include <unordered_set>
#include <utility>

#include "base/file.h"
#include "base/text.h"
#include "cli/clock.h"
#include "cli/command.h"
#include "cli/exit_code.h"
#include "cli/inventory_args.h"
#include "cli/inventory_report.h"
#include "cli/policy_files.h"
#include "cli/reports_as_keys.h"
#include "policy/explain.h"
#include "policy/policy_check.h"
#include "policy/rotation_policy.h"
#include "report/html.h"
#include "report/writer.h"
#include "rules/catalogue.h"

namespace keytidy::cli {
namespace {

struct Args {
  InventoryArgs inventory;
  PolicyFileArgs policies;
  std::vector<std::string> reports;
  std::string format = "human";
  std::string output;
  std::string key;
  std::string file = "keytidy.toml";
  bool allow_empty = false;
};

Status Put(const Args& args, const std::string& text) {
  return args.output.empty() ? Print(text)
                             : WritePrivateFile(args.output, text);
}

// The keys of the reports where some are named, else those of the inventory.
Status ForEachKey(const Args& args, Report* report,
                  const std::function<void(const InventoryKey&)>& use) {
  if (args.reports.empty()) {
    auto opened = OpenInventory(args.inventory);
    if (!opened) return Fail(opened.error());
    return (*opened)->ForEach({}, use);
  }
  auto reported = KeysOfReports(args.reports, rules::EmbeddedCatalogue().rules);
  if (!reported) return Fail(reported.error());
  report->complete = reported->incomplete.empty();
  report->coverage.skipped = std::move(reported->incomplete);
  for (const InventoryKey& key : reported->keys) use(key);
  return {};
}

// Which keys the report shows.
enum class Show { kNone, kBroken, kAll };

// What the policies say, and the keys they said it of.
struct Judged {
  FindingMaker maker{rules::EmbeddedCatalogue().rules};
  Report report;
  std::size_t checked = 0;
  std::unordered_map<std::string, AgeLimits> limits;  // of Show::kAll
};

// Of entries that break a policy only by what they share with others.
Status AddLateFindings(const Args& args, Judged* out) {
  std::unordered_set<std::string_view> late;
  for (const Violation& one : out->report.violations) {
    if (one.check != "WAIVER-EXPIRED") late.insert(one.finding);
  }
  for (const Finding& one : out->report.findings) late.erase(one.id);
  if (late.empty()) return {};
  return ForEachKey(args, &out->report, [&](const InventoryKey& key) {
    if (late.contains(key.id) && StandsSomewhere(key)) {
      out->report.findings.push_back(out->maker.Make(key, Now()));
    }
  });
}

Status Judge(const Args& args, Show show, Judged* out) {
  const auto policies = LoadPolicies(args.policies);
  if (!policies) return Fail(policies.error());
  auto stages = PlaceStages::Make();
  if (!stages) return Fail(stages.error());
  Report& report = out->report;
  report.rules = rules::EmbeddedCatalogue().rules;
  report.catalogue = rules::EmbeddedCatalogue().digest;
  const std::int64_t now = Now();
  policy::PolicyChecker checker(*policies, now);
  const auto read = ForEachKey(args, &report, [&](const InventoryKey& key) {
    const auto judged = KeyForPolicy(key, &*stages);
    if (!judged) return;
    ++out->checked;
    const bool broken = checker.Add(*judged);
    if (show == Show::kAll || (show == Show::kBroken && broken)) {
      report.findings.push_back(out->maker.Make(key, now));
    }
    if (show == Show::kAll) {
      out->limits.emplace(key.id, policy::AgeLimitsOf(*policies, *judged));
    }
  });
  if (!read) return read;
  report.coverage.instead =
      fmt::format("{}, {}",
                  args.reports.empty() ? std::string("the inventory")
                                       : Count(args.reports.size(), "report"),
                  Count(out->checked, "key"));
  report.violations = checker.Finish();
  if (show == Show::kBroken) {
    if (auto ok = AddLateFindings(args, out); !ok) return ok;
  }
  SortFindings(&report.findings);
  return {};
}

std::string Summary(const Judged& judged) {
  const auto& violations = judged.report.violations;
  const auto failing = std::count_if(
      violations.begin(), violations.end(), [](const Violation& one) {
        return one.decision.action == keytidy::Action::kFail;
      });
  return fmt::format("policy: {} checked, {}; {}\n",
                     Count(judged.checked, "key"),
                     Count(violations.size(), "violation"),
                     failing == 0   ? "none fails"
                     : failing == 1 ? "1 fails"
                                    : fmt::format("{} fail", failing));
}

int RunCheck(const Args& args) {
  const auto format = report::ParseFormat(args.format);
  if (!format) return UsageError("--format: there is no such format");
  const bool human = *format == report::Format::kHuman;
  Judged judged;
  // For people, the keys themselves are the inventory's to show.
  if (auto ok = Judge(args, human ? Show::kNone : Show::kBroken, &judged);
      !ok) {
    return UsageError(ok.error());
  }
  report::Style style;
  style.quiet = human;
  std::string text = report::Write(judged.report, *format, style);
  if (human) text += (text.empty() ? "" : "\n") + Summary(judged);
  if (auto ok = Put(args, text); !ok) return UsageError(ok.error());
  if (HasFailure(judged.report)) return kFailed;
  if (!judged.report.complete) return kIncomplete;
  // No key at all proves nothing.
  if (judged.checked == 0 && !args.allow_empty) return kIncomplete;
  return kClean;
}

int RunHtml(const Args& args) {
  Judged judged;
  if (auto ok = Judge(args, Show::kAll, &judged); !ok) {
    return UsageError(ok.error());
  }
  report::HtmlOptions options;
  options.limits = std::move(judged.limits);
  const std::string page = report::WriteHtml(judged.report, options);
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

std::string Explained(const policy::Explanation& explained) {
  std::string out;
  for (const policy::ExplainedField& field : explained.fields) {
    out += fmt::format("  {:<20} {:<14} by {}\n", field.field,
                       ForTerminal(field.value), ForTerminal(field.by));
  }
  for (const std::string& waiver : explained.waivers) {
    out += fmt::format("  waiver: {}\n", ForTerminal(waiver));
  }
  return out;
}

int RunExplain(const Args& args) {
  auto policies = LoadPolicies(args.policies);
  if (!policies) return UsageError(policies.error());
  auto opened = OpenInventory(args.inventory);
  if (!opened) return UsageError(opened.error());
  const auto key = (*opened)->Find(args.key);
  if (!key) return UsageError(key.error());
  auto stages = PlaceStages::Make();
  if (!stages) return UsageError(stages.error());
  const auto judged = KeyForPolicy(*key, &*stages);
  if (!judged) {
    return UsageError("the key stands nowhere any more; no rule applies");
  }
  std::string out = fmt::format("{}  {}\n", key->id, ForTerminal(key->title));
  if (policies->empty()) {
    out += "no policy; the limits of the tiers hold:\n";
    policies->emplace_back();
  }
  for (const Policy& policy : *policies) {
    if (!policy.name.empty()) {
      out += fmt::format("{}:\n", ForTerminal(policy.name));
    }
    out += Explained(policy::Explain(policy, *judged));
  }
  return Print(out) ? kClean : kUsage;
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
      "check", "What breaks the policy; exit code 1 where it does");
  AddInventoryOption(check, &args->inventory);
  AddPolicyFileOptions(check, &args->policies);
  check
      ->add_option("FILE", args->reports,
                   "JSON reports, in place of the inventory")
      ->option_text("...");
  check
      ->add_option("-f,--format", args->format,
                   "human, json, jsonl, sarif, junit, gitlab, csv, markdown")
      ->option_text("NAME");
  check->add_option("-o,--output", args->output, "Write to FILE (mode 0600)")
      ->option_text("FILE");
  check->add_flag("--allow-empty", args->allow_empty,
                  "Exit 0 though there is no key");
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
  AddInventoryOption(explain, &args->inventory);
  AddPolicyFileOptions(explain, &args->policies);
  explain->add_option("KEY", args->key, "An id (kt-…), or how it begins")
      ->required();
  explain->callback(
      [args, action] { *action = [args] { return RunExplain(*args); }; });
}

void AddReport(CLI::App* app, Action* action) {
  auto args = std::make_shared<Args>();
  CLI::App* report = app->add_subcommand("report", "Reports for people");
  report->require_subcommand(1);
  report->footer(
      Examples({"keytidy report html -o keys.html",
                "keytidy report html --inventory team.db > keys.html"}));
  CLI::App* html = report->add_subcommand(
      "html", "The inventory and its policy as one page");
  AddInventoryOption(html, &args->inventory);
  AddPolicyFileOptions(html, &args->policies);
  html->add_option("-o,--output", args->output, "Write to FILE (mode 0600)")
      ->option_text("FILE");
  html->callback(
      [args, action] { *action = [args] { return RunHtml(*args); }; });
}

}  // namespace keytidy::cli
