// SPDX-License-Identifier: Apache-2.0
//
// The checks of the policy. docs/policy.md has the same list for people.
#pragma once

#include <span>
#include <string_view>

#include "core/severity.h"

namespace keytidy::policy {

struct PolicyCheckInfo {
  std::string_view id;
  Severity broken;              // where the policy is broken for certain
  Severity doubtful;            // where it may be
  std::string_view references;  // separated by "; "
  std::string_view fix;         // `{}` stands for the id of the key
};

// By id.
std::span<const PolicyCheckInfo> PolicyChecks();

// Of an id that is in the table.
const PolicyCheckInfo& CheckOf(std::string_view id);

}  // namespace keytidy::policy
