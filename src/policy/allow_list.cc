// SPDX-License-Identifier: Apache-2.0
#include "policy/allow_list.h"

#include <fmt/format.h>

#include "base/text.h"

namespace keytidy::policy {

AllowList::AllowList(const config::Settings& settings)
    : settings_(settings), used_(settings.allow.size(), false) {}

std::optional<std::string> AllowList::Match(std::string_view rule_id,
                                            std::string_view fingerprint,
                                            std::string_view path) {
  std::optional<std::string> out;
  for (std::size_t i = 0; i < settings_.allow.size(); ++i) {
    const config::AllowRule& allow = settings_.allow[i];
    if (!allow.rule.empty() && !GlobMatch(allow.rule, rule_id)) continue;
    if (!allow.path.empty() && !GlobMatch(allow.path, path)) continue;
    if (!allow.fingerprint.empty() && allow.fingerprint != fingerprint) {
      continue;
    }
    // Those behind the first are in use as well.
    used_[i] = true;
    if (out) continue;
    out = fmt::format("{}:{}: {}", settings_.name, allow.place.line,
                      allow.reason);
  }
  return out;
}

std::optional<Severity> AllowList::SeverityOf(std::string_view rule_id) const {
  std::optional<Severity> out;
  for (const auto& [rule, severity] : settings_.severity) {
    if (GlobMatch(rule, rule_id)) out = severity;
  }
  return out;
}

std::vector<std::string> AllowList::Unused() const {
  std::vector<std::string> out;
  for (std::size_t i = 0; i < used_.size(); ++i) {
    if (used_[i]) continue;
    out.push_back(fmt::format("{}:{}: this allow rule matches nothing (\"{}\")",
                              settings_.name, settings_.allow[i].place.line,
                              settings_.allow[i].reason));
  }
  return out;
}

}  // namespace keytidy::policy
