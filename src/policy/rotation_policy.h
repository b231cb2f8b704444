// SPDX-License-Identifier: Apache-2.0
//
// The [policy] table of keytidy.toml. docs/policy.md describes it.
#pragma once

#include <string>

#include "base/result.h"
#include "config/node.h"
#include "config/table_reader.h"
#include "core/policy.h"

namespace keytidy::policy {

// Reads the table. What is wrong is added to `errors`; when that is not empty
// at the end (with what stood in it before), the result is all of it as one
// kInvalid error. Policy::name is left to the caller.
Result<Policy> ReadPolicy(const config::Node& table, config::Errors* errors);

// What `policy init` writes: TOML with comments, to be read as it is. Lines
// that begin with `#` and no blank are settings to be uncommented.
std::string StarterPolicy();

}  // namespace keytidy::policy
