// SPDX-License-Identifier: Apache-2.0
//
// Keys over time, as plain data: what a run saw, and what an inventory knows.
// Nothing here holds a key in clear. Times are seconds since 1970.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/finding.h"

namespace keytidy {

// Where a run saw a key. A place is the same place in a later run when all of
// machine, path, client, server and slot are the same.
struct SeenPlace {
  std::string machine;
  std::string path;
  std::string client;
  std::string server;
  std::string slot;
  // As of the last sight, and no part of what makes it the same place.
  std::uint64_t line = 0;          // 0 where it has none
  std::vector<std::string> kinds;  // such as "argv", "url", "tracked"; sorted
  friend bool operator==(const SeenPlace&, const SeenPlace&) = default;
};

struct SeenKey {
  std::string fingerprint;  // inventory/fingerprint.h
  std::string id;           // "kt-" and 16 hex digits
  std::string rule;
  std::string provider;
  std::string title;  // of the rule
  std::string redacted;
  std::string tier;  // a name of core/severity.h's Tier, or empty
  std::string environment;
  std::vector<SeenPlace> places;
  std::vector<AgeEvidence> evidence;
  Verdict verdict;
  std::vector<std::string> hints;  // inventory/hints.h
};

struct InventoryPlace : SeenPlace {
  std::int64_t first_seen = 0;
  std::int64_t last_seen = 0;
  // When a later run that looked there saw the key no more.
  std::optional<std::int64_t> gone_at;
  friend bool operator==(const InventoryPlace&,
                         const InventoryPlace&) = default;
};

// That one key took the place of another. A side that is not known is empty.
struct KeyRotation {
  std::int64_t at = 0;
  std::string from;  // fingerprints
  std::string to;
  std::string note;
  friend bool operator==(const KeyRotation&, const KeyRotation&) = default;
};

struct InventoryKey {
  std::string fingerprint;
  std::string id;  // as of the last run that saw it
  std::string rule;
  std::string provider;
  std::string title;
  std::string redacted;
  // As a person set them; where nobody did, name and owner as the provider
  // says, environment and tier as the last run saw them.
  std::string name;
  std::string owner;
  std::string environment;
  std::string tier;
  std::vector<std::string> labels;  // sorted
  std::int64_t first_seen = 0;
  std::int64_t last_seen = 0;
  std::vector<InventoryPlace> places;  // sorted by machine, path, client, ...
  // The earliest and the latest of each source, sorted by time, then source.
  std::vector<AgeEvidence> evidence;
  // The last proof, where there is one: an answer that proves nothing does not
  // replace it. Its facts are everything a provider ever told of the key.
  Verdict verdict;
  std::vector<KeyRotation> rotations;  // it took part in, sorted by time
};

}  // namespace keytidy
