// SPDX-License-Identifier: Apache-2.0
//
// Verdicts of earlier runs, so that a key is not sent again and again. Holds
// fingerprints and what was proved of them; never a key. A private file of
// JSON Lines; one that cannot be read counts as empty.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"
#include "core/finding.h"

namespace keytidy::verify {

class VerdictCache {
 public:
  // `path` may be empty: then nothing is kept.
  static VerdictCache Load(std::string path, std::int64_t now);

  // A verdict that is young enough to be believed: active or inactive only.
  std::optional<Verdict> Find(std::string_view id, std::string_view rule,
                              std::string_view host) const;
  void Put(std::string_view id, std::string_view rule, std::string_view host,
           const Verdict& verdict);
  void Forget(std::string_view id, std::string_view rule,
              std::string_view host);

  // Writes it, where anything changed.
  Status Save() const;

  static constexpr std::int64_t kLifetime = 3600;  // seconds

 private:
  std::string path_;
  std::map<std::string, Verdict> verdicts_;
  bool changed_ = false;
};

// $XDG_CACHE_HOME/keytidy/verdicts.jsonl, or below ~/.cache; empty where
// neither is known.
std::string DefaultVerdictCache();

}  // namespace keytidy::verify
