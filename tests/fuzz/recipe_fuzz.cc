// SPDX-License-Identifier: Apache-2.0
//
// Any bytes as a file of recipes: refused with a message that can be shown, or
// recipes that keep what docs/verify.md promises. What is described of their
// requests never holds the key.
#include <algorithm>
#include <string>
#include <string_view>

#include "base/text.h"
#include "check.h"
#include "core/text_template.h"
#include "rules/recipe_file.h"
#include "verify/base_url.h"
#include "verify/build_request.h"
#include "verify/judge.h"

namespace {

using keytidy::Answer;
using keytidy::Check;
using keytidy::Limit;
using keytidy::Outcome;
using keytidy::Recipe;
using keytidy::Step;

constexpr std::string_view kKey = "fuzz-key-fuzz-key-fuzz-key";

void CheckError(const keytidy::Error& error, const std::string& text) {
  Check(error.code == keytidy::ErrorCode::kInvalid, "the code is kInvalid",
        text);
  Check(error.message.starts_with("fuzz.toml:"), "the file is named", text);
  Check(keytidy::IsShowable(error.message), "the message can be shown", text);
}

keytidy::verify::Values ValuesOf(const Recipe& recipe) {
  keytidy::verify::Values out;
  out.SetSecret("secret", kKey, "fu********");
  out.SetRaw("base", "https://base.example");
  out.Set("time", "1700000000");
  for (const auto& one : recipe.parameters) out.SetRaw(one.name, "/x");
  for (const auto& one : recipe.companions) out.Set(one.name, "half");
  return out;
}

void CheckAnswer(const Answer& answer, const std::string& text) {
  const auto& when = answer.when;
  Check(!when.status.empty(), "an answer has a status", text);
  for (const auto& range : when.status) {
    Check(range.first >= 100 && range.first <= range.last && range.last <= 999,
          "a status has three digits", text);
  }
  if (answer.outcome == Outcome::kActive) {
    Check(!when.json.empty() || !when.text.empty() || !when.headers.empty(),
          "active has evidence", text);
  }
  Check(!answer.says.empty(), "an answer says something", text);
  Check(answer.save.empty(), "a check saves nothing", text);
}

void CheckStep(const Recipe& recipe, const Step& step,
               const std::string& text) {
  Check(!step.writes, "a check writes nothing", text);
  Check(!step.answers.empty(), "a step has answers", text);
  Check(keytidy::TemplateNames(step.url).has_value(), "the URL is a template",
        text);
  Check(recipe.base ? step.url.starts_with("%{base}")
                    : !keytidy::rules::PinnedHost(step.url).empty(),
        "the host is pinned or the user's", text);
  for (const Answer& answer : step.answers) CheckAnswer(answer, text);

  const auto values = ValuesOf(recipe);
  if (const auto request = keytidy::verify::BuildRequest(step, values)) {
    const std::string host(keytidy::verify::HostOf(request->url));
    Check(recipe.base || host == keytidy::rules::PinnedHost(step.url),
          "the request goes to the pinned host", text);
    for (const auto& [name, value] : request->headers) {
      Check(value.find_first_of("\r\n") == std::string::npos,
            "a header is one line", text);
    }
  }
  if (text.find("fuzz-key") != std::string::npos) return;  // its own words
  if (const auto shown = keytidy::verify::DescribeRequest(step, values)) {
    Check(shown->find(kKey) == std::string::npos, "the key is masked", text);
  }
}

void CheckRecipe(const Recipe& recipe, const std::string& text) {
  Check(!recipe.id.empty() && !recipe.rules.empty() && !recipe.sources.empty(),
        "a recipe has an id, rules and sources", text);
  Check(!recipe.steps.empty(), "a recipe has steps", text);
  for (const Limit& limit : {recipe.limits.requests, recipe.limits.failures}) {
    Check(limit.most >= 1 && limit.seconds >= 1, "there is a limit", text);
  }
  Check(recipe.limits.at_once >= 1 && recipe.limits.at_once <= 64, "at once",
        text);
  for (const Step& step : recipe.steps) CheckStep(recipe, step, text);
  // A page without anything in it proves nothing.
  const keytidy::verify::HttpAnswer page = {200, {}, ""};
  for (const Step& step : recipe.steps) {
    const auto judged =
        keytidy::verify::Judge(recipe, step, page, ValuesOf(recipe));
    Check(keytidy::IsShowable(keytidy::ForTerminal(judged.says)),
          "what is said can be shown", text);
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data,
                                      std::size_t size) {
  const std::string text(data, data + size);
  const auto file = keytidy::rules::ReadRecipes("fuzz.toml", text);
  if (!file) {
    CheckError(file.error(), text);
    return 0;
  }
  Check(file->recipes.size() == file->places.size() &&
            file->recipes.size() == file->records.size() &&
            file->recipes.size() == file->record_places.size(),
        "every recipe has a place", text);
  for (std::size_t i = 0; i < file->recipes.size(); ++i) {
    CheckRecipe(file->recipes[i], text);
    for (const auto& record : file->records[i]) {
      Check(record.step < file->recipes[i].steps.size(),
            "a record is of a step", text);
      // It may come to anything, but it comes to an end.
      (void)keytidy::verify::CheckRecord(file->recipes[i], record, kKey);
    }
  }
  return 0;
}
