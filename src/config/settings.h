// SPDX-License-Identifier: Apache-2.0
//
// keytidy.toml, read and checked. docs/configuration.md describes it.
#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/result.h"
#include "config/node.h"
#include "core/severity.h"

namespace keytidy::config {

// Lets a finding pass. Fields that are empty match everything; at least one of
// the first three is set, and the reason always is.
struct AllowRule {
  std::string rule;         // an id; `*` stands for anything
  std::string path;         // a glob, from the configuration's folder
  std::string fingerprint;  // "kt-…"
  std::string reason;
  Place place;
};

// The least severity that fails a run; nothing for "never".
using FailOn = std::optional<Severity>;

// "low", "medium", "high", "critical", "info" or "never".
std::optional<FailOn> ParseFailOn(std::string_view name);

// What recipes cannot know of one provider: where the user's own server is,
// and what the provider does not document. [verify.PROVIDER]
struct VerifySettings {
  std::string provider;
  std::string base;  // may be empty
  std::vector<std::pair<std::string, std::string>> parameters;
  Place place;
};

struct Settings {
  std::string name;  // the file, as messages call it; empty for the defaults
  std::vector<std::string> exclude;  // patterns as in .gitignore
  std::vector<AllowRule> allow;
  std::vector<std::pair<std::string, Severity>> severity;  // rule id, as above
  std::optional<FailOn> fail_on;
  std::optional<Confidence> min_confidence;
  bool own_markers = true;       // keytidy:allow RULE reason
  bool foreign_markers = false;  // those of other scanners
  // Checks of an audit that are not made. [audit] ignore
  std::vector<std::string> ignored_checks;
  // Counts in the user's own configuration only: a repository must not say
  // where keys are sent.
  std::vector<VerifySettings> verify;
};

// kInvalid: everything that is wrong, with line and caret.
Result<Settings> ParseSettings(std::string name, std::string text);

}  // namespace keytidy::config
