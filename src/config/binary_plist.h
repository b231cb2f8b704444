// SPDX-License-Identifier: Apache-2.0
//
// Binary property lists, "bplist00".
#pragma once

#include <string_view>

#include "config/node.h"

namespace keytidy::config {

bool IsBinaryPlist(std::string_view bytes);

// Data becomes base64, a date "2026-03-31T10:00:00Z", a set an array, a UID a
// number; of the same names of a dictionary the last one counts. Empty when all
// is well, or else what is wrong: offsets outside the file, an object within
// itself, deep nesting, or more objects than we take.
std::string_view ReadBinaryPlist(std::string_view bytes, Node* root);

}  // namespace keytidy::config
