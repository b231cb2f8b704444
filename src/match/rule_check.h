// SPDX-License-Identifier: Apache-2.0
//
// The checks that need the engines: run over the catalogue when the project is
// built, and over a user's rules when they are first loaded.
#pragma once

#include "base/result.h"
#include "rules/rule_set.h"

namespace keytidy::match {

struct CheckOptions {
  int seeds = 16;          // expansions of each template
  bool worst_case = true;  // scan hostile buffers too
};

// Measures anchors and known prefixes (writing them into the set), then tries
// every rule on its examples, counter-examples and a hostile buffer.
// kInvalid: everything found wrong, each with file, line and caret.
Status CheckRules(rules::RuleSet* set, const CheckOptions& options);

// `reserved` are further rules that run beside the set's (the catalogue): an
// example must still be claimed by its own rule.
Status CheckRules(rules::RuleSet* set, std::span<const Rule> reserved,
                  const CheckOptions& options);

}  // namespace keytidy::match
