// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <memory>

#include "base/file.h"
#include "base/text.h"
#include "check/recipe_check.h"
#include "cli/command.h"
#include "cli/exit_code.h"
#include "match/rule_check.h"
#include "rules/catalogue.h"

namespace keytidy::cli {
namespace {

constexpr std::size_t kMaxRuleFile = 4 << 20;

int List(const std::string& provider) {
  std::string out;
  std::size_t widest = 0;
  std::vector<const Rule*> rules;
  for (const Rule& rule : rules::EmbeddedCatalogue().rules) {
    if (!provider.empty() && rule.provider != provider) continue;
    rules.push_back(&rule);
    widest = std::max(widest, rule.id.size());
  }
  if (rules.empty()) {
    return UsageError(fmt::format("no rule of a provider '{}'", provider));
  }
  std::sort(rules.begin(), rules.end(),
            [](const Rule* a, const Rule* b) { return a->id < b->id; });
  for (const Rule* rule : rules) {
    out += fmt::format("{:{}}  {:8}  {}\n", rule->id, widest,
                       Name(rule->severity), rule->title);
  }
  return Print(out) ? kClean : kUsage;
}

int Show(const std::string& id) {
  const auto rules = rules::EmbeddedCatalogue().rules;
  const auto it = std::find_if(rules.begin(), rules.end(),
                               [&](const Rule& r) { return r.id == id; });
  if (it == rules.end()) return UsageError(fmt::format("no rule '{}'", id));
  const Rule& rule = *it;
  std::string out = fmt::format(
      "{}: {}\n\nprovider    {}\nseverity    {}\nconfidence  {}\n"
      "rotation    {}\n",
      rule.id, rule.title, rule.provider_name, Name(rule.severity),
      Name(rule.confidence), Name(rule.tier));
  for (const Shape& shape : rule.shapes) {
    out += fmt::format("pattern     {}\n", shape.pattern);
    if (shape.anchor != shape.pattern) {
      out += fmt::format("anchor      {}\n", shape.anchor);
    }
    for (const std::string_view word : shape.context.words) {
      out += fmt::format("{}  {} (within {} bytes)\n",
                         shape.context.required ? "needs near" : "likes near",
                         word, shape.context.within);
    }
  }
  for (const std::string_view source : rule.sources) {
    out += fmt::format("source      {}\n", source);
  }
  out += fmt::format("\n{}\n", rule.advice);
  return Print(out) ? kClean : kUsage;
}

int Test(const std::vector<std::string>& files) {
  rules::RuleSet set;
  set.SetTaken(rules::EmbeddedCatalogue().rules);
  std::vector<std::string> texts;
  for (const std::string& path : files) {
    auto text = ReadSmallFile(path, kMaxRuleFile);
    if (!text) return UsageError(text.error());
    texts.push_back(*text);
    if (auto ok = set.Add(path, *std::move(text)); !ok) {
      return UsageError(ok.error());
    }
  }
  if (auto ok = match::CheckRules(&set, rules::EmbeddedCatalogue().rules, {});
      !ok) {
    return UsageError(ok.error());
  }
  std::vector<Rule> all(set.rules().begin(), set.rules().end());
  const auto embedded = rules::EmbeddedCatalogue().rules;
  all.insert(all.end(), embedded.begin(), embedded.end());
  std::size_t recipes = 0;
  for (std::size_t i = 0; i < files.size(); ++i) {
    const auto file = check::CheckRecipes(all, files[i], std::move(texts[i]));
    if (!file) return UsageError(file.error());
    recipes += file->recipes.size();
  }
  std::string said;
  if (!set.rules().empty()) {
    said += Count(set.rules().size(), "rule") +
            " checked: every example is found, no counter-example is\n";
  }
  if (recipes > 0) {
    said += Count(recipes, "recipe") +
            " checked: every record comes to its verdict\n";
  }
  return Print(said) ? kClean : kUsage;
}

}  // namespace

void AddRules(CLI::App* app, Action* action) {
  CLI::App* rules =
      app->add_subcommand("rules", "List, explain and test the rules");
  rules->require_subcommand(1);
  rules->footer(Examples({"keytidy rules show kryton-api-key",
                          "keytidy rules test my-rules.toml"}));

  auto provider = std::make_shared<std::string>();
  CLI::App* list = rules->add_subcommand("list", "All rules, one a line");
  list->add_option("PROVIDER", *provider, "Only those of this provider");
  list->footer(Examples({"keytidy rules list", "keytidy rules list kataven"}));
  list->callback(
      [provider, action] { *action = [provider] { return List(*provider); }; });

  auto id = std::make_shared<std::string>();
  CLI::App* show = rules->add_subcommand("show", "One rule, explained");
  show->add_option("ID", *id, "The rule's id")->required();
  show->footer(Examples(
      {"keytidy rules show kryton-api-key", "keytidy rules show jwt"}));
  show->callback([id, action] { *action = [id] { return Show(*id); }; });

  auto files = std::make_shared<std::vector<std::string>>();
  CLI::App* test =
      rules->add_subcommand("test", "Check rule files of your own");
  test->add_option("FILE", *files, "Rule files (docs/rules.md)")->required();
  test->footer(Examples({"keytidy rules test my-rules.toml",
                         "keytidy scan --rules my-rules.toml ."}));
  test->callback(
      [files, action] { *action = [files] { return Test(*files); }; });
}

}  // namespace keytidy::cli
