// SPDX-License-Identifier: Apache-2.0
//
// The result of a run, before it takes the form of any output.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "core/finding.h"
#include "core/rule.h"
#include "core/violation.h"

namespace keytidy {

// Something that was not scanned, and why.
struct Skip {
  std::string path;
  std::string reason;
  std::optional<std::uint64_t> bytes;
  // True when it was asked for and could not be read; false when a stated rule
  // (binary, ignored, too large) left it out.
  bool incomplete = false;
};

// What was read, and what was not.
struct Coverage {
  std::uint64_t files = 0;
  std::uint64_t bytes = 0;
  std::uint64_t blobs = 0;
  std::uint64_t commits = 0;
  // What was read in place of files, for people: "the inventory, 5 keys".
  std::string instead;
  std::vector<Skip> skipped;  // sorted by (path, reason)
};

struct Report {
  std::string catalogue;  // "sha256:..." of the rules that ran
  std::span<const Rule> rules;
  bool complete = true;
  Coverage coverage;
  std::vector<Finding> findings;  // sorted by (path, start, rule) of the first
                                  // occurrence
  // Sorted by severity (worst first), path, line, check.
  std::vector<Violation> violations;
  // Of an audit.
  std::optional<AuditSummary> audit;
  // Paths that were given and held nothing to read; sorted as given. Such a run
  // proves nothing about them.
  std::vector<std::string> empty_roots;
  // Findings left out because they are below --min-confidence.
  std::uint64_t below_confidence = 0;
  // Worth a person's eye, but no finding: an allow rule that matches nothing,
  // a marker without a reason. One sentence each, sorted.
  std::vector<std::string> notes;
};

// Whether the decision on any finding or violation is to fail.
bool HasFailure(const Report& report);

}  // namespace keytidy
