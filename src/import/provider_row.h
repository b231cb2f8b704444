// SPDX-License-Identifier: Apache-2.0
//
// What a provider says of one of its keys, as a line of an export or of its
// API tells it. Never holds a key.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "core/finding.h"

namespace keytidy::imports {

// Which end of the key a hint is of.
enum class Side : std::uint8_t { kFirst, kLast, kEither };

// A hint has so many bytes at most; what is longer is a key.
inline constexpr std::size_t kLongestHint = 24;

struct RowHint {
  Side side = Side::kEither;
  std::string text;
  friend bool operator==(const RowHint&, const RowHint&) = default;
};

enum class RowState : std::uint8_t { kNotTold, kInUse, kOutOfUse };

struct ProviderRow {
  std::uint64_t number = 0;  // the line, or which row it is; from 1
  std::string provider;      // slug
  // It is of another provider than the one that was asked for.
  bool foreign = false;
  std::vector<RowHint> hints;  // all of them fit the key
  // Of keys that the row held whole. Only one is the key.
  std::vector<std::string> fingerprints;
  KeyFacts facts;
  RowState state = RowState::kNotTold;
  bool never_expires = false;
  friend bool operator==(const ProviderRow&, const ProviderRow&) = default;
};

// Something of a row that could not be read.
struct RowProblem {
  std::uint64_t number = 0;  // 0: of the whole
  std::string what;
  friend bool operator==(const RowProblem&, const RowProblem&) = default;
};

}  // namespace keytidy::imports
