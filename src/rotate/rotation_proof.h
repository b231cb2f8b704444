// SPDX-License-Identifier: Apache-2.0
//
// Whether a rotation is over: the old key is dead at its provider, and no place
// that is known holds it. Pure: others look and ask, this says what it comes
// to.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "core/finding.h"

namespace keytidy::rotate {

struct CheckedPlace {
  enum class State : std::uint8_t {
    kGone,       // looked at now, or recorded as gone
    kHolds,      // looked at now, and the key is there
    kElsewhere,  // on another machine, where the last run saw it
    kUnread,     // could not be looked at
    kStays,      // in the history of git
  };
  State state = State::kUnread;
  std::string machine;
  std::string where;  // "/home/ana/.cursor/mcp.json:7"
  std::string why;    // of kUnread and kElsewhere
};

struct Proof {
  std::string id;  // "kt-…"
  std::string title;
  std::string redacted;
  Verdict verdict;
  bool asked = false;  // the verdict is of now, and not from the inventory
  std::vector<CheckedPlace> places;
  std::string replaced_by;  // the id of the key that stands there now, or ""
  std::string inventory_option;  // as of rotation_plan.h
};

enum class Outcome : std::uint8_t {
  kConfirmed,  // dead, and nowhere
  kRefuted,    // alive, or some place holds it
  kOpen,       // one of the two is not known
};

Outcome OutcomeOf(const Proof& proof);

std::string ProofText(const Proof& proof);  // for a terminal, 80 columns
std::string ProofJson(const Proof& proof);  // docs/rotate.md has the fields

}  // namespace keytidy::rotate
