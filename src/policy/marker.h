// SPDX-License-Identifier: Apache-2.0
//
// Inline markers: a comment beside a key that lets it pass.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace keytidy::policy {

struct MarkerOptions {
  bool own = true;       // keytidy:allow RULE reason
  bool foreign = false;  // those of other scanners
};

struct MarkerResult {
  // Set when a marker lets the key pass: which one, and its reason.
  std::optional<std::string> allowed;
  // Set when a marker of ours is there but does not count, and why.
  std::optional<std::string> note;
};

// Looks for a marker for rule `rule_id` on the key's own lines, and on the line
// above where that is nothing but a comment. RULE is a rule's id or `*`.
MarkerResult FindMarker(std::string_view lines, std::string_view line_above,
                        std::string_view rule_id, const MarkerOptions& options);

// The foreign markers that are understood, for the documentation and its test.
const std::vector<std::string_view>& ForeignMarkers();

}  // namespace keytidy::policy
