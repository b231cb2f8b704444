// SPDX-License-Identifier: Apache-2.0
//
// The allow rules and severities of one keytidy.toml, applied to places.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "config/settings.h"
#include "core/finding.h"

namespace keytidy::policy {

// Not shared between threads: it remembers which rules were used.
class AllowList {
 public:
  // The settings must outlive the list.
  explicit AllowList(const config::Settings& settings);

  // Why a place is allowed ("keytidy.toml:12: reason"), or nothing. `path` is
  // relative to the configuration's folder.
  std::optional<std::string> Match(std::string_view rule_id,
                                   std::string_view fingerprint,
                                   std::string_view path);

  // The severity configured for a rule, if any; the last entry that fits wins.
  std::optional<Severity> SeverityOf(std::string_view rule_id) const;

  // One sentence for each allow rule that matched nothing.
  std::vector<std::string> Unused() const;

 private:
  const config::Settings& settings_;
  std::vector<bool> used_;
};

}  // namespace keytidy::policy
