// SPDX-License-Identifier: Apache-2.0
//
// How old a key is, as an interval, and by whose word.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/finding.h"

namespace keytidy::policy {

enum class AgeMeaning : std::uint8_t {
  kExistedAt,  // at least this old: a commit, a sighting, a dated copy
  kCreatedAt,  // exactly this old: the provider's or the token's own word
  kNotBefore,  // at most this old: what it needs did not exist before
  kEnd,        // says when it ends, and nothing of its age
  kHint        // proves nothing: times of files, and sources nobody knows
};

// What evidence from a source such as "git-first-commit" proves.
AgeMeaning MeaningOf(std::string_view source);

// The source for people, to stand behind "by": "the first commit that has it".
std::string SourceText(std::string_view source);

struct AgeInterval {
  // Whole days. Nothing: no evidence bounds the age on this side.
  std::optional<std::int64_t> at_least;
  std::optional<std::int64_t> at_most;
  // The same as times, seconds since 1970: the latest and the earliest moment
  // at which the key can have been made.
  std::optional<std::int64_t> made_by;
  std::optional<std::int64_t> made_from;
  // The sources of the two bounds; "" where there is none.
  std::string at_least_by;
  std::string at_most_by;
  // The evidence disagrees by more than a day: at_least is then above at_most,
  // and stands, as the reading that is safe.
  bool contradictory = false;
  // Without evidence of an end. Sorted by time, then source; no doubles.
  std::vector<AgeEvidence> used;
  std::vector<AgeEvidence> dropped;  // before 2005, or after `now`; the same
};

// 2005-01-01. Earlier dates are mistakes.
inline constexpr std::int64_t kEarliestTime = 1104537600;

// Not before that, and not after `now`, but for the time at which a key ends.
bool IsBelievable(const AgeEvidence& evidence, std::int64_t now);

// What a key's own word says of its end.
struct KeyEnd {
  std::optional<std::int64_t> expires;  // the last that is named
  bool never = false;                   // it has none
};
KeyEnd EndFrom(std::span<const AgeEvidence> evidence);

// The order and number of equal pieces of evidence do not matter. More evidence
// never lowers at_least and never raises at_most.
AgeInterval AgeFrom(std::span<const AgeEvidence> evidence, std::int64_t now);

// "at least 95 days, by the first commit that has it". Of no evidence:
// "unknown".
std::string AgeText(const AgeInterval& age);

}  // namespace keytidy::policy
