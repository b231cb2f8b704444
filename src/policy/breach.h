// SPDX-License-Identifier: Apache-2.0
//
// One thing that breaks a policy, before it is put into words.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/violation.h"
#include "policy/check_table.h"
#include "policy/policy_key.h"

namespace keytidy::policy {

struct Breach {
  const PolicyCheckInfo* check = nullptr;
  const PolicyPlace* place = nullptr;  // null: about all of the key
  std::string_view kind;               // of the place, where it is about one
  Severity severity = Severity::kMedium;
  std::string what;  // "is too old: …"
  Decision decision;
};

// Failing or, for less than medium, warning.
Decision DecisionOf(Severity severity, std::string because);

// Adds those of another policy about the same key. Of two about the same thing
// the worse one stays: one that fails before one that warns, that before one
// that is waived, then by severity; of equals the one that was there.
void AddWorst(std::vector<Breach> more, std::vector<Breach>* breaches);

// The key as messages call it: "The key NAME (redacted)".
std::string KeyText(const PolicyKey& key);

// The first of the key's places, by path, line and whose it is; null of none.
const PolicyPlace* FirstPlace(const PolicyKey& key);

// With everything but its place.
Violation MakeViolation(const PolicyCheckInfo& check, Severity severity,
                        std::string message, Decision decision);

void SetPlace(const PolicyPlace& place, Violation* violation);

// What a fix has `{}` for.
void SetKey(std::string_view id, Violation* violation);

// "1 day"; less than none is none.
std::string DaysText(std::int64_t days);

}  // namespace keytidy::policy
