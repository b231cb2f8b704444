// SPDX-License-Identifier: Apache-2.0
//
// One [[guide]] of a rule file. What is wrong is added to the errors.
#pragma once

#include "config/node.h"
#include "config/table_reader.h"
#include "core/guide.h"

namespace keytidy::rules {

RotationGuide ReadGuide(const config::Node& node, config::Errors* errors);

}  // namespace keytidy::rules
