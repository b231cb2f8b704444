// SPDX-License-Identifier: Apache-2.0
//
// What to do first: the problems of an audit, put together by what one deed
// mends.
#pragma once

#include <vector>

#include "audit/scene.h"
#include "core/violation.h"

namespace keytidy::audit {

// At most ten, the most urgent first. `problems` are sorted as reports show
// them.
std::vector<FirstStep> FirstSteps(const std::vector<Problem>& problems);

}  // namespace keytidy::audit
