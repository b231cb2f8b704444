// SPDX-License-Identifier: Apache-2.0
//
// The check of recipes, when the catalogue is built and for files of the user:
// that they read well, that the rules they name are there, and that their
// records come to what they say.
#pragma once

#include <span>
#include <string>

#include "base/result.h"
#include "core/rule.h"
#include "rules/recipe_file.h"

namespace keytidy::check {

// kInvalid: everything that is wrong with the recipes of one file. `rules` are
// those that recipes may name.
Result<rules::RecipeFile> CheckRecipes(std::span<const Rule> rules,
                                       std::string name, std::string text);

}  // namespace keytidy::check
