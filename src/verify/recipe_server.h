// SPDX-License-Identifier: Apache-2.0
//
// Which server the requests of a recipe go to: the provider's own, or the one
// that the user named. Never guessed.
#pragma once

#include <string>
#include <vector>

#include "base/result.h"
#include "core/recipe.h"
#include "verify/plan.h"
#include "verify/verifier.h"

namespace keytidy::verify {

// Puts it into the task, whose recipe is set. `beside`: addresses that stand
// beside the key. An error is the reason why there is none.
Status SetServer(const std::vector<std::string>& beside,
                 const PlanOptions& options, Task* task);

// Puts what the user configured for the provider into the task.
void SetParameters(const PlanOptions& options, Task* task);

}  // namespace keytidy::verify
