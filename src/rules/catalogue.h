// SPDX-License-Identifier: Apache-2.0
//
// The rules that the binary embeds, made at build time by rulec from
// patterns/rules. Static, immutable data: nothing is parsed at start.
#pragma once

#include <span>
#include <string_view>

#include "core/rule.h"

namespace keytidy::rules {

struct EmbeddedDatabase {
  std::string_view cpu;    // "avx512", "avx2", "generic"
  std::string_view bytes;  // serialised, for exactly the rules of the catalogue
};

// A rule file that holds recipes, as it is: read when a key of its provider is
// to be verified (rules/recipe_book.h).
struct EmbeddedRecipes {
  std::string_view provider;
  std::string_view name;
  std::string_view text;
};

struct Catalogue {
  std::string_view digest;  // SHA-256 of its sources, hex
  std::span<const Rule> rules;
  std::span<const EmbeddedDatabase> databases;  // most demanding CPU first
  std::span<const EmbeddedRecipes> recipes = {};
};

// Defined in the generated catalogue_data.cc (library keytidy_catalogue).
const Catalogue& EmbeddedCatalogue();

}  // namespace keytidy::rules
