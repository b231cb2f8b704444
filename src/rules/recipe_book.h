// SPDX-License-Identifier: Apache-2.0
//
// Recipes and guides by rule: those of the catalogue, and before them those of
// the user's own rule files. A provider's file is read when it is first asked
// for.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "core/guide.h"
#include "core/recipe.h"
#include "core/rule.h"
#include "rules/catalogue.h"
#include "rules/recipe_file.h"

namespace keytidy::rules {

// One thread.
class RecipeBook {
 public:
  // The catalogue outlives the book.
  explicit RecipeBook(const Catalogue& catalogue) : catalogue_(catalogue) {}

  // kInvalid: what is wrong with the recipes of a file, with line and caret.
  Status AddUserFile(std::string name, std::string text);

  // Null: there is none for this kind of key.
  const Recipe* Find(const Rule& rule);
  const RotationGuide* FindGuide(const Rule& rule);

  // All of them, by provider and as they stand in the files.
  std::vector<const Recipe*> All();

 private:
  const RecipeFile* Read(std::string_view provider);

  const Catalogue& catalogue_;
  std::vector<std::unique_ptr<RecipeFile>> user_files_;
  std::map<std::string, std::unique_ptr<RecipeFile>, std::less<>> read_;
};

}  // namespace keytidy::rules
