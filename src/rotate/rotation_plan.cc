// SPDX-License-Identifier: Apache-2.0
#include "rotate/rotation_plan.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "base/text.h"
#include "base/time.h"
#include "core/text_template.h"
#include "rotate/plan_places.h"

namespace keytidy::rotate {
namespace {

class Planner {
 public:
  explicit Planner(const Request& request)
      : request_(request),
        key_(request.key),
        places_(PlacesOf(request.key, request.clients)) {
    provider_ = request.rule != nullptr
                    ? std::string(request.rule->provider_name)
                    : key_.provider;
  }

  Plan Make() {
    Plan plan;
    plan.id = key_.id;
    plan.title = key_.title;
    plan.rule = key_.rule;
    plan.provider = provider_;
    plan.redacted = key_.redacted;
    plan.name = key_.name;
    plan.owner = key_.owner;
    plan.age = request_.age;
    plan.leaked = request_.leaked;
    if (request_.guide != nullptr) plan.sources = request_.guide->sources;
    const auto add = [&plan](Step step) {
      plan.steps.push_back(std::move(step));
    };
    if (request_.leaked) {
      add(Revoke());
      add(Review());
    }
    add(Create());
    AddPlaces(&plan);
    if (!places_.restarts.empty()) add(Restart());
    add(Verify());
    if (!request_.leaked) add(Revoke());
    add(Confirm());
    return plan;
  }

 private:
  Step Create() const {
    Step step{"create", "Make the new key", {}, {}, {}, {}, {}};
    step.keys = places_.keys;
    if (step.keys.size() > 1) {
      step.title = fmt::format("Make {} new keys, one for each program",
                               step.keys.size());
    }
    if (step.keys.empty()) {
      step.title = "Make a new key, if it is still needed";
      step.texts.push_back("No program is known that reads the old one.");
    }
    if (request_.guide != nullptr) {
      step.texts.insert(step.texts.end(), request_.guide->create.begin(),
                        request_.guide->create.end());
    } else {
      step.texts.push_back(fmt::format(
          "At {}, make a key of the same kind: with no more rights than it "
          "needs, and with an end date where one can be given.",
          provider_));
    }
    return step;
  }

  void AddPlaces(Plan* plan) const {
    Step put{"put", "Put it where the old one stands", {}, {}, {}, {}, {}};
    Step remove{"remove", "Remove the copies", {}, {}, {}, {}, {}};
    for (const Place& place : places_.all) {
      (place.todo == Place::Todo::kReplace ? put : remove)
          .places.push_back(place);
    }
    put.texts = places_.fixes;
    if (!put.places.empty()) plan->steps.push_back(std::move(put));
    if (remove.places.empty()) return;
    const bool stays = std::any_of(
        remove.places.begin(), remove.places.end(),
        [](const Place& p) { return p.todo == Place::Todo::kStays; });
    if (stays) {
      remove.texts.push_back(
          "What stands in the history of git stays there, and in every clone: "
          "only the end of the key at its provider helps.");
    }
    plan->steps.push_back(std::move(remove));
  }

  Step Restart() const {
    Step step{"restart", "Start what uses it again", {}, {}, {}, {}, {}};
    step.texts = places_.restarts;
    return step;
  }

  std::string RuleOption() const { return " --rule " + key_.rule; }

  std::string BaseOption() const {
    const Recipe* recipe = request_.recipe;
    if (recipe == nullptr || !recipe->base ||
        !recipe->base->otherwise.empty()) {
      return {};
    }
    return fmt::format(" --base {}=https://SERVER", recipe->provider);
  }

  Step Verify() const {
    Step step{"verify", "See that the new key works", {}, {}, {}, {}, {}};
    if (request_.recipe != nullptr && !request_.recipe->steps.empty()) {
      step.texts.push_back(
          "It asks for the new key, unseen, and must say active.");
      step.commands.push_back("keytidy verify" + RuleOption() + BaseOption());
    } else {
      step.texts.push_back(
          "Use every program once: nothing else is known to prove it.");
    }
    return step;
  }

  Step Revoke() const {
    Step step{"revoke", "End the old key", {}, {}, {}, {}, {}};
    if (request_.leaked) {
      step.texts.push_back(
          "Now, before there is a new one: what stops working for an hour "
          "costs "
          "less than what a stranger does in it.");
    }
    const Recipe* recipe = request_.recipe;
    const bool by_call =
        recipe != nullptr && recipe->revoke && !recipe->revoke->steps.empty();
    if (request_.guide != nullptr) {
      step.texts.insert(step.texts.end(), request_.guide->revoke.begin(),
                        request_.guide->revoke.end());
    } else if (recipe != nullptr && recipe->revoke &&
               !recipe->revoke->by_hand.empty()) {
      step.texts.insert(step.texts.end(), recipe->revoke->by_hand.begin(),
                        recipe->revoke->by_hand.end());
    } else if (request_.rule != nullptr && !request_.rule->advice.empty()) {
      step.texts.emplace_back(request_.rule->advice);
    }
    if (by_call) {
      step.texts.push_back(
          "Or let keytidy do it, which asks for the old key, unseen, and shows "
          "first what it would do:");
      step.commands.push_back("keytidy revoke -" + RuleOption() + BaseOption());
    }
    return step;
  }

  Step Review() const {
    Step step{"review", "Look at what it did", {}, {}, {}, {}, {}};
    const std::string since = IsoTime(request_.since).substr(0, 10);
    step.texts.push_back(fmt::format(
        "It was around since {} at the latest; look at everything from then "
        "on.",
        since));
    if (request_.guide != nullptr) {
      step.texts.insert(step.texts.end(), request_.guide->review.begin(),
                        request_.guide->review.end());
      for (LogFilter log : request_.guide->logs) {
        log.filter = FillTemplate(log.filter, [&](std::string_view name) {
          if (name == "since") return since;
          const std::string& known =
              name == "name" ? key_.name : key_.verdict.facts.key_id;
          return !known.empty()   ? known
                 : name == "name" ? std::string("NAME-OF-THE-KEY")
                                  : std::string("ID-OF-THE-KEY");
        });
        step.logs.push_back(std::move(log));
      }
    } else {
      step.texts.push_back(fmt::format(
          "In the logs of {}, look for calls from addresses, at hours and of "
          "kinds that are not yours; look for keys, users and data made since.",
          provider_));
    }
    step.texts.push_back(
        "Find out how it got out, and whether what else stood there is known "
        "now too.");
    return step;
  }

  Step Confirm() const {
    Step step{"confirm", "Prove it", {}, {}, {}, {}, {}};
    const std::string& inventory = request_.inventory_option;
    for (const std::string& machine : places_.machines) {
      step.commands.push_back(
          "keytidy audit --record" + inventory +
          (places_.machines.size() > 1 ? "   # on " + machine : ""));
    }
    step.texts.push_back(
        "The old key must be dead at its provider, and stand nowhere.");
    step.commands.push_back("keytidy rotate confirm " + key_.id + inventory +
                            BaseOption());
    return step;
  }

  const Request& request_;
  const InventoryKey& key_;
  PlanPlaces places_;
  std::string provider_;
};

}  // namespace

Plan MakePlan(const Request& request) { return Planner(request).Make(); }

}  // namespace keytidy::rotate
