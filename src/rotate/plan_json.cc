// SPDX-License-Identifier: Apache-2.0
#include <nlohmann/json.hpp>

#include "base/text.h"
#include "rotate/rotation_plan.h"

namespace keytidy::rotate {
namespace {

using Json = nlohmann::ordered_json;

std::string_view Name(Place::Todo todo) {
  switch (todo) {
    case Place::Todo::kReplace:
      return "replace";
    case Place::Todo::kRemove:
      return "remove";
    case Place::Todo::kStays:
      break;
  }
  return "stays";
}

Json TextOrNull(const std::string& text) {
  return text.empty() ? Json() : Json(ToValidUtf8(text));
}

Json JsonOf(const std::vector<std::string>& texts) {
  Json out = Json::array();
  for (const std::string& text : texts) out.push_back(ToValidUtf8(text));
  return out;
}

Json JsonOf(const Step& step) {
  Json out = {{"step", step.id}, {"title", step.title}};
  Json keys = Json::array();
  for (const NewKey& key : step.keys) {
    keys.push_back(
        {{"name", ToValidUtf8(key.name)}, {"for", ToValidUtf8(key.user)}});
  }
  Json places = Json::array();
  for (const Place& place : step.places) {
    places.push_back({{"do", Name(place.todo)},
                      {"machine", ToValidUtf8(place.machine)},
                      {"place", ToValidUtf8(place.where)},
                      {"what", TextOrNull(place.what)},
                      {"remark", TextOrNull(place.remark)}});
  }
  Json logs = Json::array();
  for (const LogFilter& log : step.logs) {
    logs.push_back({{"log", log.log},
                    {"shows", log.shows},
                    {"filter", ToValidUtf8(log.filter)}});
  }
  out["keys"] = std::move(keys);
  out["places"] = std::move(places);
  out["texts"] = JsonOf(step.texts);
  out["logs"] = std::move(logs);
  out["commands"] = JsonOf(step.commands);
  return out;
}

}  // namespace

std::string PlanJson(const Plan& plan) {
  Json steps = Json::array();
  for (const Step& step : plan.steps) steps.push_back(JsonOf(step));
  const Json out = {{"schema", "keytidy-rotation-plan/1"},
                    {"key",
                     {{"id", plan.id},
                      {"rule", plan.rule},
                      {"title", plan.title},
                      {"provider", plan.provider},
                      {"redacted", ToValidUtf8(plan.redacted)},
                      {"name", TextOrNull(plan.name)},
                      {"owner", TextOrNull(plan.owner)},
                      {"age", plan.age}}},
                    {"leaked", plan.leaked},
                    {"steps", std::move(steps)},
                    {"sources", JsonOf(plan.sources)}};
  return out.dump(2) + "\n";
}

}  // namespace keytidy::rotate
