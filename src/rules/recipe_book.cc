// SPDX-License-Identifier: Apache-2.0
#include "rules/recipe_book.h"

#include <algorithm>
#include <utility>

namespace keytidy::rules {
namespace {

// The first that names the rule.
template <class T>
const T* FindIn(const std::vector<T>& list, std::string_view rule) {
  for (const T& one : list) {
    if (std::find(one.rules.begin(), one.rules.end(), rule) !=
        one.rules.end()) {
      return &one;
    }
  }
  return nullptr;
}

}  // namespace

Status RecipeBook::AddUserFile(std::string name, std::string text) {
  auto file = ReadRecipes(std::move(name), std::move(text));
  if (!file) return Fail(file.error());
  user_files_.push_back(std::make_unique<RecipeFile>(*std::move(file)));
  return {};
}

const RecipeFile* RecipeBook::Read(std::string_view provider) {
  const auto it = read_.find(provider);
  if (it != read_.end()) return it->second.get();
  std::unique_ptr<RecipeFile> out;
  for (const EmbeddedRecipes& embedded : catalogue_.recipes) {
    if (embedded.provider != provider) continue;
    auto file =
        ReadRecipes(std::string(embedded.name), std::string(embedded.text));
    // It read well when the program was built.
    if (file) out = std::make_unique<RecipeFile>(*std::move(file));
  }
  return read_.emplace(provider, std::move(out)).first->second.get();
}

const Recipe* RecipeBook::Find(const Rule& rule) {
  if (rule.generic) return nullptr;
  for (const auto& file : user_files_) {
    if (const auto* recipe = FindIn(file->recipes, rule.id)) return recipe;
  }
  const RecipeFile* file = Read(rule.provider);
  return file != nullptr ? FindIn(file->recipes, rule.id) : nullptr;
}

const RotationGuide* RecipeBook::FindGuide(const Rule& rule) {
  for (const auto& file : user_files_) {
    if (const auto* guide = FindIn(file->guides, rule.id)) return guide;
  }
  const RecipeFile* file = Read(rule.provider);
  return file != nullptr ? FindIn(file->guides, rule.id) : nullptr;
}

std::vector<const Recipe*> RecipeBook::All() {
  std::vector<const Recipe*> out;
  const auto add = [&](const RecipeFile& file) {
    for (const Recipe& recipe : file.recipes) out.push_back(&recipe);
  };
  for (const auto& file : user_files_) add(*file);
  for (const EmbeddedRecipes& embedded : catalogue_.recipes) {
    if (const RecipeFile* file = Read(embedded.provider)) add(*file);
  }
  return out;
}

}  // namespace keytidy::rules
