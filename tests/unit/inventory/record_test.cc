// SPDX-License-Identifier: Apache-2.0
//
// What becomes of a key when runs see it, or no more.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "unit/inventory/scene.h"

namespace keytidy::inventory {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

class Record : public ::testing::Test {
 protected:
  // "path first..last", and the time it was gone, since kNow; one a place.
  std::vector<std::string> Places(std::uint64_t n) {
    std::vector<std::string> out;
    for (const auto& place : Found(*inventory_, IdOf(n)).places) {
      out.push_back(fmt::format("{} {}..{}", place.path,
                                place.first_seen - kNow,
                                place.last_seen - kNow));
      if (place.gone_at) {
        out.back() += fmt::format(" gone {}", *place.gone_at - kNow);
      }
    }
    return out;
  }

  static SeenKey KeyIn(std::vector<std::string> paths) {
    SeenKey key = KeyOf(1);
    key.places.clear();
    for (std::string& path : paths) key.places.push_back(PlaceAt(path));
    return key;
  }

  static SeenKey KeyWith(VerdictState state, std::int64_t checked_at,
                         std::string owner = "") {
    SeenKey key = KeyOf(1);
    key.verdict.state = state;
    key.verdict.evidence = Name(state);
    key.verdict.checked_at = checked_at;
    key.verdict.facts.owner = std::move(owner);
    return key;
  }

  // State and time of the verdict, since kNow.
  std::string Verdict() {
    const InventoryKey key = Found(*inventory_, IdOf(1));
    EXPECT_EQ(key.verdict.evidence, key.verdict.checked_at
                                        ? Name(key.verdict.state)
                                        : std::string_view());
    return fmt::format("{} {}", Name(key.verdict.state),
                       key.verdict.checked_at.value_or(kNow) - kNow);
  }

  TempDir dir_;
  std::unique_ptr<Inventory> inventory_ = Opened(dir_ / "inventory.db");
};

TEST_F(Record, SeenAgainIsOnePlace) {
  Recorded(*inventory_, RunAt(kNow), {KeyIn({"/a", "/b"})});
  Recorded(*inventory_, RunAt(kNow + 5), {KeyIn({"/a", "/b", "/a"})});
  EXPECT_THAT(Places(1), ElementsAre("/a 0..5", "/b 0..5"));
  const InventoryKey key = Found(*inventory_, IdOf(1));
  EXPECT_EQ(key.first_seen, kNow);
  EXPECT_EQ(key.last_seen, kNow + 5);
}

TEST_F(Record, WhatIsSeenNoMoreIsGoneNotDeleted) {
  Recorded(*inventory_, RunAt(kNow), {KeyIn({"/a", "/b"})});
  Recorded(*inventory_, RunAt(kNow + 5), {KeyIn({"/b"})});
  EXPECT_THAT(Places(1), ElementsAre("/a 0..0 gone 5", "/b 0..5"));
  Recorded(*inventory_, RunAt(kNow + 6), {});
  EXPECT_THAT(Places(1), ElementsAre("/a 0..0 gone 5", "/b 0..5 gone 6"));
  Filter present;
  present.only_present = true;
  EXPECT_THAT(Listed(*inventory_, present), IsEmpty());
  EXPECT_THAT(Listed(*inventory_), SizeIs(1));
}

TEST_F(Record, GoneWithinTheSecond) {
  Recorded(*inventory_, RunAt(kNow), {KeyIn({"/a"})});
  Recorded(*inventory_, RunAt(kNow), {});
  EXPECT_THAT(Places(1), ElementsAre("/a 0..0 gone 0"));
  Recorded(*inventory_, RunAt(kNow), {KeyIn({"/a"})});
  EXPECT_THAT(Places(1), ElementsAre("/a 0..0"));
}

TEST_F(Record, WhatComesBackIsThere) {
  Recorded(*inventory_, RunAt(kNow), {KeyIn({"/a"})});
  Recorded(*inventory_, RunAt(kNow + 1), {});
  Recorded(*inventory_, RunAt(kNow + 2), {KeyIn({"/a"})});
  EXPECT_THAT(Places(1), ElementsAre("/a 0..2"));
}

TEST_F(Record, OtherMachinesAndScopesDoNotTell) {
  Recorded(*inventory_, RunAt(kNow), {KeyIn({"/a"})});
  Recorded(*inventory_, RunAt(kNow + 1, "audit", "server"), {});
  Recorded(*inventory_, RunAt(kNow + 1, "scan /b"), {});
  EXPECT_THAT(Places(1), ElementsAre("/a 0..0"));
}

TEST_F(Record, AnIncompleteRunMarksNothing) {
  Recorded(*inventory_, RunAt(kNow), {KeyIn({"/a"})});
  auto run = RunAt(kNow + 1);
  run.complete = false;
  Recorded(*inventory_, run, {});
  EXPECT_THAT(Places(1), ElementsAre("/a 0..0"));
  EXPECT_FALSE(inventory_->Runs()->back().complete);
}

TEST_F(Record, OneKeyOnThreeMachines) {
  for (const char* machine : {"laptop", "server", "ci"}) {
    Recorded(*inventory_, RunAt(kNow, "audit", machine), {KeyIn({"/a"})});
  }
  const InventoryKey key = Found(*inventory_, IdOf(1));
  ASSERT_THAT(key.places, SizeIs(3));
  EXPECT_EQ(key.places[0].machine, "ci");
  EXPECT_EQ(key.places[1].machine, "laptop");
  EXPECT_EQ(key.places[2].machine, "server");
}

TEST_F(Record, ScopesThatOverlapAreOnePlace) {
  Recorded(*inventory_, RunAt(kNow), {KeyIn({"/a"})});
  Recorded(*inventory_, RunAt(kNow + 1, "scan /a"), {KeyIn({"/a"})});
  EXPECT_THAT(Places(1), ElementsAre("/a 0..1"));
  // Missed by one, after the other saw it last.
  Recorded(*inventory_, RunAt(kNow + 2), {});
  EXPECT_THAT(Places(1), ElementsAre("/a 0..1 gone 2"));
  Recorded(*inventory_, RunAt(kNow + 3, "scan /a"), {KeyIn({"/a"})});
  EXPECT_THAT(Places(1), ElementsAre("/a 0..3"));
  Recorded(*inventory_, RunAt(kNow + 4, "scan /a"), {});
  EXPECT_THAT(Places(1), ElementsAre("/a 0..3 gone 4"));
}

TEST_F(Record, AnOlderRunComesLate) {
  Recorded(*inventory_, RunAt(kNow), {KeyIn({"/a", "/b"})});
  Recorded(*inventory_, RunAt(kNow + 4), {KeyIn({"/a"})});
  SeenKey old = KeyIn({"/b", "/c"});
  old.title = "an older title";
  Recorded(*inventory_, RunAt(kNow - 3), {old});
  EXPECT_THAT(Places(1),
              ElementsAre("/a 0..4", "/b -3..0 gone 4", "/c -3..-3"));
  const InventoryKey key = Found(*inventory_, IdOf(1));
  EXPECT_EQ(key.first_seen, kNow - 3);
  EXPECT_EQ(key.last_seen, kNow + 4);
  EXPECT_EQ(key.title, "API key of Kryton");
}

TEST_F(Record, AProofStaysUntilThereIsAnother) {
  Recorded(*inventory_, RunAt(kNow), {KeyOf(1)});
  EXPECT_EQ(Verdict(), "not-tried 0");
  Recorded(*inventory_, RunAt(kNow), {KeyWith(VerdictState::kUnknown, kNow)});
  EXPECT_EQ(Verdict(), "unknown 0");
  Recorded(*inventory_, RunAt(kNow + 1),
           {KeyWith(VerdictState::kActive, kNow - 9, "ada")});
  EXPECT_EQ(Verdict(), "active -9");
  Recorded(*inventory_, RunAt(kNow + 2),
           {KeyWith(VerdictState::kUnknown, kNow + 2)});
  EXPECT_EQ(Verdict(), "active -9");
  Recorded(*inventory_, RunAt(kNow + 3), {KeyOf(1)});
  EXPECT_EQ(Verdict(), "active -9");
  Recorded(*inventory_, RunAt(kNow + 4),
           {KeyWith(VerdictState::kInactive, kNow + 4)});
  EXPECT_EQ(Verdict(), "inactive 4");
  // An answer of before does not bring it to life.
  Recorded(*inventory_, RunAt(kNow + 5),
           {KeyWith(VerdictState::kActive, kNow + 3, "grace")});
  EXPECT_EQ(Verdict(), "inactive 4");
  EXPECT_EQ(Found(*inventory_, IdOf(1)).owner, "ada");
}

TEST_F(Record, FactsAreKeptAndRenewed) {
  SeenKey key = KeyWith(VerdictState::kActive, kNow, "ada");
  key.verdict.facts.created = kNow - kDay;
  key.verdict.facts.last_used = kNow - 5;
  Recorded(*inventory_, RunAt(kNow), {key});
  key = KeyWith(VerdictState::kActive, kNow + 1);
  key.verdict.facts.last_used = kNow + 1;
  Recorded(*inventory_, RunAt(kNow + 1), {key});
  const InventoryKey known = Found(*inventory_, IdOf(1));
  EXPECT_EQ(known.owner, "ada");
  EXPECT_EQ(known.verdict.facts.created, kNow - kDay);
  EXPECT_EQ(known.verdict.facts.last_used, kNow + 1);
}

TEST_F(Record, EvidenceKeepsItsEnds) {
  for (const std::int64_t at : {3, 1, 4, 2}) {
    SeenKey key = KeyOf(1);
    key.evidence = {{"git-last-commit", kNow + at}, {"ulid", kNow}};
    Recorded(*inventory_, RunAt(kNow), {key});
  }
  EXPECT_THAT(Found(*inventory_, IdOf(1)).evidence,
              ElementsAre(AgeEvidence{"ulid", kNow},
                          AgeEvidence{"git-last-commit", kNow + 1},
                          AgeEvidence{"git-last-commit", kNow + 4}));
}

}  // namespace
}  // namespace keytidy::inventory
