// SPDX-License-Identifier: Apache-2.0
#include "rotate/rotation_proof.h"

#include <gtest/gtest.h>

#include <vector>

namespace keytidy::rotate {
namespace {

using State = CheckedPlace::State;

Outcome Of(VerdictState verdict, const std::vector<State>& states) {
  Proof proof;
  proof.verdict.state = verdict;
  for (const State state : states) {
    proof.places.push_back({state, "laptop", "/a", ""});
  }
  return OutcomeOf(proof);
}

TEST(RotationProof, IsConfirmedWhereTheKeyIsDeadAndNowhere) {
  constexpr auto kDead = VerdictState::kInactive;
  EXPECT_EQ(Of(kDead, {}), Outcome::kConfirmed);
  EXPECT_EQ(Of(kDead, {State::kGone, State::kStays}), Outcome::kConfirmed);
}

TEST(RotationProof, IsRefutedByLifeAndByPlaces) {
  EXPECT_EQ(Of(VerdictState::kActive, {}), Outcome::kRefuted);
  for (const auto verdict : {VerdictState::kInactive, VerdictState::kUnknown,
                             VerdictState::kNotTried}) {
    EXPECT_EQ(Of(verdict, {State::kGone, State::kHolds}), Outcome::kRefuted);
    EXPECT_EQ(Of(verdict, {State::kElsewhere, State::kUnread}),
              Outcome::kRefuted);
  }
}

TEST(RotationProof, StaysOpenWhereSomethingIsNotKnown) {
  EXPECT_EQ(Of(VerdictState::kUnknown, {State::kGone}), Outcome::kOpen);
  EXPECT_EQ(Of(VerdictState::kNotTried, {}), Outcome::kOpen);
  EXPECT_EQ(Of(VerdictState::kInactive, {State::kUnread}), Outcome::kOpen);
}

// A place or a verdict that is worse never makes an outcome better.
TEST(RotationProof, IsMonotone) {
  constexpr VerdictState kVerdicts[] = {
      VerdictState::kInactive, VerdictState::kUnknown, VerdictState::kActive};
  constexpr State kStates[] = {State::kGone, State::kUnread, State::kHolds};
  const auto rank = [](Outcome outcome) {
    return outcome == Outcome::kConfirmed ? 0
           : outcome == Outcome::kOpen    ? 1
                                          : 2;
  };
  for (std::size_t v = 0; v < 3; ++v) {
    for (std::size_t a = 0; a < 3; ++a) {
      for (std::size_t b = 0; b < 3; ++b) {
        const int here = rank(Of(kVerdicts[v], {kStates[a], kStates[b]}));
        if (v < 2) {
          EXPECT_LE(here, rank(Of(kVerdicts[v + 1], {kStates[a], kStates[b]})));
        }
        if (a < 2) {
          EXPECT_LE(here, rank(Of(kVerdicts[v], {kStates[a + 1], kStates[b]})));
        }
      }
    }
  }
}

TEST(RotationProof, TextIsSafeForATerminal) {
  Proof proof;
  proof.id = "kt-0123456789abcdef";
  proof.title = "A key";
  proof.redacted = "abc…";
  proof.verdict = {VerdictState::kInactive, "it says \x1b[31mno", {}, {}};
  proof.asked = true;
  proof.places.push_back(
      {State::kUnread, "lap\ntop", "/a\x07", "it is a pipe"});
  EXPECT_EQ(ProofText(proof),
            "kt-0123456789abcdef  abc…  A key\n\n"
            "  provider   dead: it says \\x1b[31mno\n"
            "  unread     lap\\x0atop:/a\\x07; it is a pipe\n\n"
            "Open: not every place could be looked at.\n");
}

}  // namespace
}  // namespace keytidy::rotate
