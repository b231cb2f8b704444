// SPDX-License-Identifier: Apache-2.0
#include "check/recipe_check.h"

#include <algorithm>
#include <utility>

#include "match/example.h"
#include "verify/judge.h"

namespace keytidy::check {
namespace {

constexpr std::string_view kAnyKey = "{alnum:40}";
constexpr std::uint64_t kSeed = 7;

const Rule* Find(std::span<const Rule> rules, std::string_view id) {
  for (const Rule& rule : rules) {
    if (rule.id == id) return &rule;
  }
  return nullptr;
}

void CheckNames(std::span<const Rule> rules, const rules::RecipeFile& file,
                std::size_t i, std::string* broken) {
  const Recipe& recipe = file.recipes[i];
  const auto complain = [&](const std::string& what) {
    *broken += file.document->ErrorAt(file.places[i], what).message + "\n";
  };
  for (const std::string& id : recipe.rules) {
    const Rule* rule = Find(rules, id);
    if (rule == nullptr) {
      complain(fmt::format("there is no rule '{}'", id));
    } else if (rule->generic) {
      complain(
          fmt::format("'{}' leaves the provider open: nobody may be sent "
                      "such a key",
                      id));
    } else if (rule->provider != recipe.provider) {
      complain(fmt::format("'{}' is a rule of another provider", id));
    }
  }
  for (const Companion& companion : recipe.companions) {
    for (const std::string& id : companion.rules) {
      if (Find(rules, id) != nullptr) continue;
      complain(fmt::format("there is no rule '{}'", id));
    }
  }
}

void CheckGuide(std::span<const Rule> rules, const rules::RecipeFile& file,
                std::size_t i, std::string* broken) {
  for (const std::string& id : file.guides[i].rules) {
    const Rule* rule = Find(rules, id);
    if (rule != nullptr && rule->provider == file.provider) continue;
    *broken += file.document
                   ->ErrorAt(file.guide_places[i],
                             fmt::format("there is no rule '{}' of {}", id,
                                         file.provider))
                   .message +
               "\n";
  }
}

void CheckRecords(std::span<const Rule> rules, const rules::RecipeFile& file,
                  std::size_t i, std::string* broken) {
  const Recipe& recipe = file.recipes[i];
  const auto complain = [&](config::Place place, const std::string& what) {
    *broken += file.document->ErrorAt(place, what).message + "\n";
  };
  const auto has = [&](Outcome outcome) {
    return std::any_of(
        file.records[i].begin(), file.records[i].end(),
        [&](const Record& one) { return one.outcome == outcome; });
  };
  const bool may_be_inactive = std::any_of(
      recipe.steps.begin(), recipe.steps.end(), [](const Step& step) {
        return std::any_of(step.answers.begin(), step.answers.end(),
                           [](const Answer& answer) {
                             return answer.outcome == Outcome::kInactive;
                           });
      });
  if (!has(Outcome::kActive) || !has(Outcome::kUnknown) ||
      (may_be_inactive && !has(Outcome::kInactive))) {
    complain(file.places[i],
             "needs a record for active, for unknown, and for inactive where "
             "an answer can be that");
  }
  const Rule* rule =
      recipe.rules.empty() ? nullptr : Find(rules, recipe.rules.front());
  if (rule == nullptr) return;
  for (std::size_t n = 0; n < file.records[i].size(); ++n) {
    const Record& record = file.records[i][n];
    const auto secret = match::ExpandExample(
        record.secret.empty() ? kAnyKey : record.secret, *rule, kSeed);
    if (!secret) {
      complain(file.record_places[i][n], secret.error().message);
      continue;
    }
    if (auto ok = verify::CheckRecord(recipe, record, *secret); !ok) {
      complain(file.record_places[i][n], ok.error().message);
    }
  }
}

}  // namespace

Result<rules::RecipeFile> CheckRecipes(std::span<const Rule> rules,
                                       std::string name, std::string text) {
  auto file = rules::ReadRecipes(std::move(name), std::move(text));
  if (!file) return file;
  std::string broken;
  for (std::size_t i = 0; i < file->recipes.size(); ++i) {
    CheckNames(rules, *file, i, &broken);
    CheckRecords(rules, *file, i, &broken);
  }
  for (std::size_t i = 0; i < file->guides.size(); ++i) {
    CheckGuide(rules, *file, i, &broken);
  }
  if (!broken.empty()) {
    broken.pop_back();
    return Fail(Error{ErrorCode::kInvalid, std::move(broken)});
  }
  return file;
}

}  // namespace keytidy::check
