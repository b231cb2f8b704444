// SPDX-License-Identifier: Apache-2.0
//
// The checks of an audit. docs/audit.md has the same list for people.
#pragma once

#include <span>
#include <string_view>

#include "core/severity.h"

namespace keytidy::audit {

struct CheckInfo {
  std::string_view id;
  Severity severity = Severity::kMedium;  // where nothing makes it worse
  std::string_view title;                 // what is wrong, for one
  std::string_view many;        // what is wrong, behind a number: "servers …"
  std::string_view references;  // separated by "; "
};

std::span<const CheckInfo> Checks();  // by id

// Aborts where there is none: an id is ours.
const CheckInfo& CheckOf(std::string_view id);

}  // namespace keytidy::audit
