// SPDX-License-Identifier: Apache-2.0
//
// The recipes and guides of one rule file, read and checked; docs/verify.md and
// docs/rotate.md describe them. Reading takes a TOML parse, so it is done for
// the providers of the keys at hand, when they are to be verified or rotated.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "config/node.h"
#include "core/guide.h"
#include "core/recipe.h"

namespace keytidy::rules {

struct RecipeFile {
  std::string provider;
  std::unique_ptr<config::Document> document;
  std::vector<Recipe> recipes;
  std::vector<config::Place> places;  // of each recipe
  // Of each recipe, for the check at build time.
  std::vector<std::vector<Record>> records;
  std::vector<std::vector<config::Place>> record_places;
  std::vector<RotationGuide> guides;
  std::vector<config::Place> guide_places;
};

// kInvalid: everything that is wrong, with line and caret. That the rules it
// names exist is for the caller to check.
Result<RecipeFile> ReadRecipes(std::string name, std::string text);

// The host that a URL template names, in lower case; empty where it begins
// with a base, or with anything but https and a name.
std::string PinnedHost(std::string_view url);

}  // namespace keytidy::rules
