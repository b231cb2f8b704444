// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cstdlib>
#include <memory>
#include <string_view>
#include <utility>

#include "base/file.h"
#include "base/text.h"
#include "cli/clock.h"
#include "cli/command.h"
#include "cli/exit_code.h"
#include "cli/interrupt.h"
#include "cli/rotate_confirm.h"
#include "clients/client_book.h"
#include "policy/age_interval.h"
#include "policy/evidence.h"
#include "rotate/rotation_plan.h"
#include "rules/recipe_book.h"

namespace keytidy::cli {
namespace {

constexpr std::size_t kMaxRuleFile = 4 << 20;

struct Args {
  ConfirmArgs confirm;
  std::vector<std::string> rules;
  std::string format = "human";
  std::string output;
  bool leaked = false;
};

Status ReadRuleFiles(Args* args) {
  for (const std::string& path : args->rules) {
    auto text = ReadSmallFile(path, kMaxRuleFile);
    if (!text) return Fail(text.error());
    args->confirm.rules.push_back({path, *std::move(text)});
  }
  return {};
}

Status Put(const Args& args, const std::string& text) {
  return args.output.empty() ? Print(text)
                             : WritePrivateFile(args.output, text);
}

// As a shell takes it for one word.
std::string Quoted(const std::string& text) {
  const auto plain = [](char c) {
    return IsAlnum(c) ||
           std::string_view("/._-~+=:,").find(c) != std::string_view::npos;
  };
  if (std::all_of(text.begin(), text.end(), plain)) return text;
  std::string out = "'";
  for (const char c : text)
    out += c == '\'' ? std::string("'\\''") : std::string(1, c);
  return out + "'";
}

// As a command of the plan has to repeat it. The address of a server may hold a
// password.
std::string InventoryOption(const InventoryArgs& args) {
  const char* usual = std::getenv("KEYTIDY_INVENTORY");
  if (args.path.empty() || (usual != nullptr && args.path == usual)) return {};
  return " --inventory " +
         (args.path.find("://") == args.path.npos ? Quoted(args.path) : "URL");
}

int RunPlan(Args args) {
  if (auto ok = ReadRuleFiles(&args); !ok) return UsageError(ok.error());
  auto opened = OpenInventory(args.confirm.inventory);
  if (!opened) return UsageError(opened.error());
  const auto key = (*opened)->Find(args.confirm.key);
  if (!key) return UsageError(key.error());
  rules::RecipeBook book(rules::EmbeddedCatalogue());
  for (const match::RuleFile& file : args.confirm.rules) {
    if (auto ok = book.AddUserFile(file.name, file.text); !ok) {
      return UsageError(ok.error());
    }
  }
  clients::ClientBook clients(clients::EmbeddedClients());
  rotate::Request request{
      *key,    nullptr,     nullptr,
      nullptr, clients,     {},
      0,       args.leaked, InventoryOption(args.confirm.inventory)};
  for (const Rule& rule : rules::EmbeddedCatalogue().rules) {
    if (rule.id != key->rule) continue;
    request.rule = &rule;
    request.recipe = book.Find(rule);
    request.guide = book.FindGuide(rule);
  }
  const policy::AgeInterval age =
      policy::AgeFrom(policy::EvidenceOf(*key), Now());
  request.age = policy::AgeText(age);
  request.since = age.made_by.value_or(key->first_seen);
  const rotate::Plan plan = rotate::MakePlan(request);
  const std::string text = args.format == "json" ? rotate::PlanJson(plan)
                           : args.format == "markdown"
                               ? rotate::PlanMarkdown(plan)
                               : rotate::PlanText(plan);
  if (auto ok = Put(args, text); !ok) return UsageError(ok.error());
  return kClean;
}

int RunConfirm(Args args) {
  if (auto ok = ReadRuleFiles(&args); !ok) return UsageError(ok.error());
  const std::stop_token stop = StopOnInterrupt();
  auto confirmed = Confirm(args.confirm, stop);
  if (!confirmed) {
    const Error& error = confirmed.error();
    const int code = UsageError(error);
    return error.code == ErrorCode::kCancelled ? kInterrupted : code;
  }
  rotate::Proof& proof = confirmed->proof;
  proof.inventory_option = InventoryOption(args.confirm.inventory);
  const std::string text = args.format == "json"
                               ? rotate::ProofJson(proof)
                               : confirmed->requests + rotate::ProofText(proof);
  if (auto ok = Put(args, text); !ok) return UsageError(ok.error());
  switch (rotate::OutcomeOf(proof)) {
    case rotate::Outcome::kConfirmed:
      return kClean;
    case rotate::Outcome::kRefuted:
      return kFailed;
    case rotate::Outcome::kOpen:
      break;
  }
  return kIncomplete;
}

void AddCommon(CLI::App* command, Args* args,
               const std::vector<std::string>& formats) {
  AddInventoryOption(command, &args->confirm.inventory);
  command
      ->add_option("-f,--format", args->format,
                   CLI::detail::join(formats, ", "))
      ->check(CLI::IsMember(formats))
      ->option_text("NAME");
  command->add_option("-o,--output", args->output, "Write to FILE (mode 0600)")
      ->option_text("FILE");
  command
      ->add_option("--rules", args->rules,
                   "Add the rules, recipes and guides of FILE")
      ->option_text("FILE")
      ->allow_extra_args(false);
}

}  // namespace

void AddRotate(CLI::App* app, Action* action) {
  CLI::App* rotate =
      app->add_subcommand("rotate", "Replace a key: the plan, and its proof");
  rotate->require_subcommand(1);
  rotate->footer(Examples({"keytidy rotate plan kt-8d1f0c2e9b7a4c55",
                           "keytidy rotate plan kt-8d1f --leaked -f markdown",
                           "keytidy rotate confirm kt-8d1f < old.key"}));

  auto planned = std::make_shared<Args>();
  CLI::App* plan = rotate->add_subcommand(
      "plan", "What to do, step by step, with every place of the key");
  plan->add_option("KEY", planned->confirm.key,
                   "An id (kt-…), or its beginning")
      ->required();
  AddCommon(plan, planned.get(), {"human", "markdown", "json"});
  plan->add_flag("--leaked", planned->leaked,
                 "Somebody else may have it: end it first, then review");
  plan->footer(Examples({"keytidy rotate plan kt-8d1f0c2e9b7a4c55",
                         "keytidy rotate plan kt-8d1f --leaked -f markdown"}));
  plan->callback(
      [planned, action] { *action = [planned] { return RunPlan(*planned); }; });

  auto confirmed = std::make_shared<Args>();
  CLI::App* confirm = rotate->add_subcommand(
      "confirm", "Is the old key dead, and in no known place?");
  confirm
      ->add_option("KEY", confirmed->confirm.key,
                   "An id (kt-…), or its beginning; -: the old key on stdin")
      ->required();
  AddCommon(confirm, confirmed.get(), {"human", "json"});
  AddMachineOption(confirm, &confirmed->confirm.inventory);
  confirm
      ->add_option("--config", confirmed->confirm.verify.config,
                   "Read FILE besides ~/.config/keytidy/keytidy.toml")
      ->option_text("FILE")
      ->envname("KEYTIDY_CONFIG");
  AddVerifyOptions(confirm, &confirmed->confirm.verify);
  confirm->footer(Examples({"keytidy rotate confirm kt-8d1f < old.key",
                            "pass show old | keytidy rotate confirm -"}));
  confirm->callback([confirmed, action] {
    *action = [confirmed] { return RunConfirm(*confirmed); };
  });
}

}  // namespace keytidy::cli
