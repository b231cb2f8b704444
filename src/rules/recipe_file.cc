// SPDX-License-Identifier: Apache-2.0
#include "rules/recipe_file.h"

#include <set>
#include <utility>

#include "base/text.h"
#include "config/table_reader.h"
#include "rules/guide_reader.h"
#include "rules/recipe_reader.h"

namespace keytidy::rules {

Result<RecipeFile> ReadRecipes(std::string name, std::string text) {
  auto document = config::ParseToml(std::move(name), std::move(text));
  if (!document) return Fail(document.error());
  RecipeFile out;
  out.document = std::make_unique<config::Document>(*std::move(document));
  config::Errors errors(*out.document);
  config::TableReader root(out.document->root, "file", &errors);
  const std::string provider = out.provider = root.RequiredString("provider");
  const std::string provider_name = root.RequiredString("name");
  std::set<std::string> ids;
  std::set<std::string> rules;
  for (const config::Node* node : root.Tables("recipe")) {
    std::vector<Record> records;
    std::vector<config::Place> places;
    Recipe recipe = RecipeReader(provider, provider_name, &errors)
                        .Read(*node, &records, &places);
    if (!ids.insert(recipe.id).second) {
      errors.Add(node->place,
                 fmt::format("'{}' is already the id of a recipe", recipe.id));
    }
    for (const std::string& rule : recipe.rules) {
      if (rules.insert(rule).second) continue;
      errors.Add(node->place, fmt::format("'{}' already has a recipe", rule));
    }
    out.recipes.push_back(std::move(recipe));
    out.places.push_back(node->place);
    out.records.push_back(std::move(records));
    out.record_places.push_back(std::move(places));
  }
  std::set<std::string> guided;
  for (const config::Node* node : root.Tables("guide")) {
    RotationGuide guide = ReadGuide(*node, &errors);
    for (const std::string& rule : guide.rules) {
      if (guided.insert(rule).second) continue;
      errors.Add(node->place, fmt::format("'{}' already has a guide", rule));
    }
    out.guides.push_back(std::move(guide));
    out.guide_places.push_back(node->place);
  }
  if (!errors.empty()) return Fail(errors.Take());
  return out;
}

std::string PinnedHost(std::string_view url) {
  constexpr std::string_view kScheme = "https://";
  if (!url.starts_with(kScheme)) return {};
  url.remove_prefix(kScheme.size());
  const std::string_view host = url.substr(0, url.find_first_of("/?#"));
  bool letter = false;
  for (const char c : host) {
    if (!IsLower(c) && !IsDigit(c) && c != '.' && c != '-') return {};
  }
  for (const char c : host.substr(host.rfind('.') + 1)) {
    letter = letter || IsLower(c);
  }
  const bool dotted = host.find('.') != std::string_view::npos &&
                      host.front() != '.' && host.back() != '.';
  return letter && dotted ? std::string(host) : std::string();
}

}  // namespace keytidy::rules
