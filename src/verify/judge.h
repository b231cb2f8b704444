// SPDX-License-Identifier: Apache-2.0
//
// From an answer to what it proves.
#pragma once

#include <string>

#include "core/finding.h"
#include "core/recipe.h"
#include "verify/message.h"
#include "verify/values.h"

namespace keytidy::verify {

struct Judgement {
  Outcome outcome = Outcome::kUnknown;
  // One sentence; what is wrong with the answer where no rule applies.
  std::string says;
  const Answer* answer = nullptr;  // the rule that applied
  KeyFacts facts;
};

// `values` holds at least "secret".
Judgement Judge(const Recipe& recipe, const Step& step,
                const HttpAnswer& answer, const Values& values);

// Keys that went with a request are no facts: takes out the texts that hold
// one.
void DropSecrets(const Values& values, KeyFacts* facts);

// Puts what `answer` says is to be saved into `values`. kNotFound: it is not
// there.
Status Save(const Answer& answer, const HttpAnswer& from, Values* values);

// What to set, and where, for a parameter that is missing.
std::string MissingParameter(const Recipe& recipe, std::string_view name);

// Runs a recorded answer. kInvalid: what came out, and what should have.
Status CheckRecord(const Recipe& recipe, const Record& record,
                   std::string_view secret);

}  // namespace keytidy::verify
