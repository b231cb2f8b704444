// SPDX-License-Identifier: Apache-2.0
//
// What a procedure of a recipe wants to know of a person.
#pragma once

#include <vector>

#include "base/result.h"
#include "core/recipe.h"
#include "verify/values.h"

namespace keytidy::cli {

// Each answer from the variable that the recipe names, or from the terminal;
// never from the command line. Those that are hidden are secrets. kInvalid:
// there is nobody to ask.
Status AskQuestions(const std::vector<Question>& questions,
                    verify::Values* values);

}  // namespace keytidy::cli
