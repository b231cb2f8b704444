// SPDX-License-Identifier: Apache-2.0
//
// Which of the keys that were found may be sent, and where; for the others,
// why not. Nothing is guessed: a key whose provider, server or other half is
// not certain is sent to nobody.
#pragma once

#include <cstddef>
#include <functional>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "base/result.h"
#include "config/settings.h"
#include "core/known_key.h"
#include "core/recipe.h"
#include "core/report.h"
#include "verify/base_url.h"
#include "verify/values.h"
#include "verify/verifier.h"

namespace keytidy::verify {

struct PlanOptions {
  // The user's own words, the later ones counting more.
  std::vector<config::VerifySettings> settings;
  bool trust_config_hosts = false;
  bool allow_http_loopback = false;
};

using FindKey = std::function<const KnownKey*(const Finding& finding)>;
using FindRecipe = std::function<const Recipe*(const Rule& rule)>;

struct Plan {
  std::vector<Task> tasks;
  std::vector<std::size_t> findings;  // of each task, index in the report
  // Of each finding that is not asked about; empty where it is.
  std::vector<std::optional<Verdict>> others;
};

// Whether it stays open whose key it is, though its shape is the recipe's.
bool IsOpen(const Recipe& recipe, std::string_view rule, const KnownKey& key);

// Findings that are ignored by decision are not sent.
Plan MakePlan(const Report& report, const FindKey& key,
              const FindRecipe& recipe, const PlanOptions& options);

// The task of one finding of the report, for `key`, which is the finding's own
// or one that is to take its place. An error is the reason why it cannot be
// asked.
Result<Task> MakeTask(const Report& report, const Finding& finding,
                      const Recipe& recipe, const KnownKey& key,
                      const FindKey& find_key, const PlanOptions& options);

// The words of what the user set for a provider, checked against its recipe.
// kInvalid: a parameter that no recipe has, or that is not of its form.
Status CheckSettings(const std::vector<const Recipe*>& all,
                     const std::vector<config::VerifySettings>& settings,
                     bool allow_http_loopback);

// Takes the provider's word on a finding: verdict, and age.
void Apply(Verdict verdict, std::int64_t now, Finding* finding);

}  // namespace keytidy::verify
