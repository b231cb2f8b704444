// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cstdint>
#include <memory>
#include <utility>

#include "base/text.h"
#include "base/time.h"
#include "cli/clock.h"
#include "cli/cmd_keys_import.h"
#include "cli/command.h"
#include "cli/exit_code.h"
#include "cli/inventory_args.h"
#include "policy/age_interval.h"
#include "policy/evidence.h"

namespace keytidy::cli {
namespace {

struct Args {
  InventoryArgs inventory;
  inventory::Filter filter;
  bool all = false;
  std::string key;
  std::string name, owner, environment, tier;
  std::vector<std::string> labels;
};

std::size_t Present(const InventoryKey& key) {
  return static_cast<std::size_t>(std::count_if(
      key.places.begin(), key.places.end(),
      [](const InventoryPlace& place) { return !place.gone_at; }));
}

policy::AgeInterval AgeOf(const InventoryKey& key) {
  return policy::AgeFrom(policy::EvidenceOf(key), Now());
}

std::string Cut(const std::string& text, std::size_t width) {
  const std::string safe = ForTerminal(text);
  return safe.size() <= width ? safe : safe.substr(0, width - 1) + "~";
}

int RunList(const Args& args) {
  auto opened = OpenInventory(args.inventory);
  if (!opened) return UsageError(opened.error());
  inventory::Filter filter = args.filter;
  filter.only_present = !args.all;
  auto keys = (*opened)->List(filter);
  if (!keys) return UsageError(keys.error());
  std::sort(keys->begin(), keys->end(),
            [](const InventoryKey& a, const InventoryKey& b) {
              return std::tie(a.provider, a.rule, a.id) <
                     std::tie(b.provider, b.rule, b.id);
            });
  std::string out;
  for (const InventoryKey& key : *keys) {
    const policy::AgeInterval age = AgeOf(key);
    const std::string days =
        age.at_least ? fmt::format("{}+ d", *age.at_least) : "?";
    out += fmt::format("{}  {:<34} {:>7}  {:>2} {}  {}\n", key.id,
                       Cut(key.title, 34), days, Present(key),
                       Present(key) == 1 ? "place " : "places",
                       Cut(key.owner.empty() ? key.name : key.owner, 20));
  }
  out += keys->empty() ? "The inventory holds no such key.\n"
                       : fmt::format("\n{}; keytidy keys show ID\n",
                                     Count(keys->size(), "key"));
  return Print(out) ? kClean : kUsage;
}

std::string Described(const InventoryKey& key) {
  std::string out =
      fmt::format("{}  {} [{}]\n", key.id, ForTerminal(key.title), key.rule);
  const auto line = [&](std::string_view label, const std::string& text) {
    if (!text.empty()) {
      out += fmt::format("  {:<12} {}\n", fmt::format("{}:", label),
                         ForTerminal(text));
    }
  };
  line("key", key.redacted);
  line("fingerprint", key.fingerprint);
  line("name", key.name);
  line("owner", key.owner);
  line("environment", key.environment);
  line("tier", key.tier);
  line("age", policy::AgeText(AgeOf(key)));
  line("first seen", IsoTime(key.first_seen));
  line("last seen", IsoTime(key.last_seen));
  line("verdict",
       std::string(Name(key.verdict.state)) +
           (key.verdict.evidence.empty() ? "" : ", " + key.verdict.evidence));
  for (const InventoryPlace& place : key.places) {
    std::string where = fmt::format("{}:{}", place.machine, place.path);
    if (place.line > 0) where += fmt::format(":{}", place.line);
    if (!place.client.empty()) where += " (" + place.client;
    if (!place.server.empty()) where += ", server " + place.server;
    if (!place.slot.empty()) where += ", " + place.slot;
    if (!place.client.empty()) where += ")";
    if (place.gone_at) where += ", gone since " + IsoTime(*place.gone_at);
    line("place", where);
  }
  for (const KeyRotation& one : key.rotations) {
    line("rotated", fmt::format("{} {}", IsoTime(one.at), one.note));
  }
  return out;
}

int RunShow(const Args& args) {
  auto opened = OpenInventory(args.inventory);
  if (!opened) return UsageError(opened.error());
  auto key = (*opened)->Find(args.key);
  if (!key) return UsageError(key.error());
  return Print(Described(*key)) ? kClean : kUsage;
}

int RunSet(const Args& args, const CLI::App& command) {
  auto opened = OpenInventory(args.inventory);
  if (!opened) return UsageError(opened.error());
  inventory::KeyChange change;
  if (command.count("--name") > 0) change.name = args.name;
  if (command.count("--owner") > 0) change.owner = args.owner;
  if (command.count("--env") > 0) change.environment = args.environment;
  if (command.count("--tier") > 0) {
    if (!args.tier.empty() && !ParseTier(args.tier)) {
      return UsageError("--tier: must be one of none, low, standard, high, ci");
    }
    change.tier = args.tier;
  }
  if (command.count("--label") > 0) change.labels = args.labels;
  if (auto ok = (*opened)->Set(args.key, change); !ok) {
    return UsageError(ok.error());
  }
  return RunShow(args);
}

int RunForget(const Args& args) {
  auto opened = OpenInventory(args.inventory);
  if (!opened) return UsageError(opened.error());
  if (auto ok = (*opened)->Forget(args.key); !ok) {
    return UsageError(ok.error());
  }
  return kClean;
}

void AddKeyArgument(CLI::App* command, Args* args) {
  command
      ->add_option("KEY", args->key,
                   "An id (kt-…) or a fingerprint, or how "
                   "one begins")
      ->required();
}

}  // namespace

void AddKeys(CLI::App* app, Action* action) {
  auto args = std::make_shared<Args>();
  CLI::App* keys =
      app->add_subcommand("keys", "The inventory: what is known of keys");
  keys->require_subcommand(1);
  keys->footer(Examples({"keytidy audit --record", "keytidy keys list",
                         "keytidy keys set kt-8d1f --owner ana"}));

  CLI::App* list = keys->add_subcommand("list", "The keys, a line each");
  AddInventoryOption(list, &args->inventory);
  list->add_option("--provider", args->filter.provider, "Of this provider")
      ->option_text("NAME");
  list->add_option("--owner", args->filter.owner, "Of this owner")
      ->option_text("NAME");
  list->add_option("--env", args->filter.environment, "Of this environment")
      ->option_text("NAME");
  list->add_option("--client", args->filter.client, "In files of this client")
      ->option_text("NAME");
  list->add_flag("--all", args->all, "Also those that stand nowhere any more");
  list->callback(
      [args, action] { *action = [args] { return RunList(*args); }; });

  AddKeysImport(keys, action);

  CLI::App* show = keys->add_subcommand("show", "All that is known of a key");
  AddInventoryOption(show, &args->inventory);
  AddKeyArgument(show, args.get());
  show->callback(
      [args, action] { *action = [args] { return RunShow(*args); }; });

  CLI::App* set = keys->add_subcommand("set", "Say what a key is");
  AddInventoryOption(set, &args->inventory);
  AddKeyArgument(set, args.get());
  set->add_option("--name", args->name, "cursor-laptop-readonly")
      ->option_text("TEXT");
  set->add_option("--owner", args->owner, "Who answers for it")
      ->option_text("TEXT");
  set->add_option("--env", args->environment, "development, production …")
      ->option_text("TEXT");
  set->add_option("--tier", args->tier, "none, low, standard, high, ci")
      ->option_text("NAME");
  set->add_option("--label", args->labels, "A word of your own")
      ->option_text("TEXT")
      ->allow_extra_args(false);
  set->callback([args, action, set] {
    *action = [args, set] { return RunSet(*args, *set); };
  });

  CLI::App* forget =
      keys->add_subcommand("forget", "Take a key out of the inventory");
  AddInventoryOption(forget, &args->inventory);
  AddKeyArgument(forget, args.get());
  forget->callback(
      [args, action] { *action = [args] { return RunForget(*args); }; });
}

}  // namespace keytidy::cli
