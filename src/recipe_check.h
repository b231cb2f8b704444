// SPDX-License-Identifier: Apache-2.0
//
// The check of recipes at build time, for rulec: that they read well, that the
// rules they name are there, and that their records come to what they say.
#pragma once

#include <string>

#include "base/result.h"
#include "rules/recipe_file.h"
#include "rules/rule_set.h"

namespace keytidy {

// kInvalid: everything that is wrong with the recipes of one file. The rules
// of all files are in `set`.
Result<rules::RecipeFile> CheckRecipes(const rules::RuleSet& set,
                                       std::string name, std::string text);

}  // namespace keytidy
