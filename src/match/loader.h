// SPDX-License-Identifier: Apache-2.0
//
// From rules to an engine: the embedded catalogue as it is, or together with
// files of the user.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "base/result.h"
#include "match/engine.h"
#include "rules/catalogue.h"
#include "rules/rule_set.h"

namespace keytidy::match {

// An engine with what it points into.
struct LoadedEngine {
  std::string digest;  // "sha256:…" of all rules
  rules::RuleSet user_rules;
  std::vector<Rule> all_rules;  // empty where the catalogue is used alone
  std::unique_ptr<Engine> engine;
};

struct RuleFile {
  std::string name;
  std::string text;
};

// `cache_directory` may be empty: then nothing is kept. kInvalid: what is wrong
// with the user's rules, with line and caret.
Result<std::unique_ptr<LoadedEngine>> LoadEngine(
    const rules::Catalogue& catalogue, std::vector<RuleFile> files,
    const std::string& cache_directory);

}  // namespace keytidy::match
