// SPDX-License-Identifier: Apache-2.0
//
// A key as the policy looks at it.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "core/finding.h"
#include "core/severity.h"

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
  std::string machine;             // "" where only one is spoken of
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

}  // namespace keytidy::policy
