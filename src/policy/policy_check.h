// SPDX-License-Identifier: Apache-2.0
//
// Keys against the rotation policy. Pure: no file, no clock, no network.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/finding.h"
#include "core/policy.h"
#include "core/violation.h"

namespace keytidy::policy {

struct PolicyPlace {
  std::string path;
  std::uint64_t line = 0;
  std::string client;  // "" where it is no client's
  std::string server;
  std::string slot;
  std::string environment;         // where it differs from the key's, or ""
  std::vector<std::string> kinds;  // "argv", "url", "tracked" (kForbiddable),
                                   // "unknown-host", "unpinned"
};

// A key as the inventory or a report knows it. Entries with the same id are the
// same key: places of all of them count for reuse.
struct PolicyKey {
  std::string id;  // "kt-…"
  std::string rule;
  std::string provider;
  Tier tier = Tier::kStandard;
  std::string name;  // as its provider or its owner calls it
  std::string owner;
  std::string environment;
  std::string redacted;
  std::vector<PolicyPlace> places;
  std::vector<AgeEvidence> evidence;
  KeyFacts facts;              // created, expires and last_used are looked at
  bool never_expires = false;  // it is known that it has no end
  VerdictState verdict = VerdictState::kNotTried;
};

struct PolicyCheckInfo {
  std::string_view id;
  Severity broken;              // where the policy is broken for certain
  Severity doubtful;            // where it may be
  std::string_view references;  // separated by "; "
  std::string_view fix;         // `{}` stands for the id of the key
};

// By id. docs/policy.md has the same list.
std::span<const PolicyCheckInfo> PolicyChecks();

// Everything that breaks the policy at `now` (seconds since 1970), sorted by
// severity (worst first), path, line, check, id and message; the order of the
// keys does not matter. The decision is to fail from medium on, else to warn;
// to ignore where a waiver holds. What is certain is at least medium unless the
// rule's own severity says otherwise, what only may be is below. A rule holds
// for a key when one of its places fits, a waiver when all do (or, where the
// matter is one place, when that one does). A waiver that
// has ended is a violation and excuses nothing. A key that its provider refuses
// (verdict inactive) is not judged.
//
// Lowering a limit or adding a requirement never lets a key pass that failed.
std::vector<Violation> CheckPolicy(const Policy& policy,
                                   std::span<const PolicyKey> keys,
                                   std::int64_t now);

struct ExplainedField {
  std::string field;  // as in a rule: "max_age"
  std::string value;
  std::string by;  // "rule 2 (keytidy.toml:14)", "tier high", "its kind"
  friend bool operator==(const ExplainedField&,
                         const ExplainedField&) = default;
};

struct Explanation {
  std::vector<std::string> rules;  // that fit, in order, as `by` names them
  // Tier and limits always, others where a rule sets them; as kRuleFields.
  std::vector<ExplainedField> fields;
  std::vector<std::string> waivers;  // that fit, ended or not: one line each
};

// What holds for a key, and why.
Explanation Explain(const Policy& policy, const PolicyKey& key);

}  // namespace keytidy::policy
