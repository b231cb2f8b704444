// SPDX-License-Identifier: Apache-2.0
//
// From a step of a recipe to a request.
#pragma once

#include <cstdint>
#include <string>

#include "base/result.h"
#include "core/recipe.h"
#include "verify/message.h"
#include "verify/values.h"

namespace keytidy::verify {

// kNotFound: the message is the name of a value that is missing. kInvalid: a
// value cannot stand where it should (a line break in a header).
// `values` holds "time" too.
Result<Request> BuildRequest(const Step& step, const Values& values);

// The same as text, as a person reads it, every key masked.
Result<std::string> DescribeRequest(const Step& step, const Values& values);

}  // namespace keytidy::verify
