// SPDX-License-Identifier: Apache-2.0
#include "policy/age_interval.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <limits>
#include <random>
#include <string>
#include <vector>

namespace keytidy::policy {
namespace {

constexpr std::int64_t kDay = 86400;
constexpr std::int64_t kNow = 1774951200;  // 2026-03-31T10:00:00Z

AgeEvidence Before(std::string source, std::int64_t days) {
  return {std::move(source), kNow - days * kDay};
}

AgeInterval From(const std::vector<AgeEvidence>& evidence) {
  return AgeFrom(evidence, kNow);
}

// "[10, 20]", with "-" where there is no bound.
std::string Bounds(const AgeInterval& age) {
  const auto text = [](const std::optional<std::int64_t>& days) {
    return days ? std::to_string(*days) : std::string("-");
  };
  return "[" + text(age.at_least) + ", " + text(age.at_most) + "]";
}

TEST(AgeInterval, NoEvidenceProvesNothing) {
  const AgeInterval age = From({});
  EXPECT_EQ(Bounds(age), "[-, -]");
  EXPECT_EQ(age.at_least_by, "");
  EXPECT_EQ(age.at_most_by, "");
  EXPECT_EQ(AgeText(age), "unknown");
}

TEST(AgeInterval, EachSourceBoundsItsSide) {
  for (const char* source :
       {"git-first-commit", "git-last-commit", "inventory-first-seen",
        "transcript", "history", "log", "dated-log", "dated-backup",
        "provider-last-used"}) {
    EXPECT_EQ(MeaningOf(source), AgeMeaning::kExistedAt) << source;
    EXPECT_EQ(Bounds(From({Before(source, 40)})), "[40, -]") << source;
  }
  for (const char* source : {"provider-created", "token-claim", "uuid7", "ulid",
                             "ksuid", "objectid"}) {
    EXPECT_EQ(MeaningOf(source), AgeMeaning::kCreatedAt) << source;
    EXPECT_EQ(Bounds(From({Before(source, 40)})), "[40, 40]") << source;
  }
  for (const char* source :
       {"format-introduced", "account-created", "token-not-before"}) {
    EXPECT_EQ(MeaningOf(source), AgeMeaning::kNotBefore) << source;
    EXPECT_EQ(Bounds(From({Before(source, 40)})), "[-, 40]") << source;
  }
  for (const char* source :
       {"file-birth", "file-mtime", "key-name", "somebody's word", ""}) {
    EXPECT_EQ(MeaningOf(source), AgeMeaning::kHint) << source;
    EXPECT_EQ(Bounds(From({Before(source, 40)})), "[-, -]") << source;
  }
}

TEST(AgeInterval, AnEndSaysNothingOfTheAge) {
  for (const char* source : {"token-expires", "token-never-expires"}) {
    EXPECT_EQ(MeaningOf(source), AgeMeaning::kEnd) << source;
    for (const std::int64_t days : {-40, 40, 99999}) {
      const AgeInterval age = From({Before(source, days)});
      EXPECT_EQ(Bounds(age), "[-, -]") << source;
      EXPECT_TRUE(age.used.empty() && age.dropped.empty()) << source;
    }
  }
}

std::string End(const std::vector<AgeEvidence>& evidence) {
  const KeyEnd end = EndFrom(evidence);
  return end.expires ? std::to_string(*end.expires - kNow)
                     : (end.never ? "never" : "unknown");
}

TEST(EndFrom, ItsOwnWord) {
  EXPECT_EQ(End({}), "unknown");
  EXPECT_EQ(End({Before("token-claim", 5), Before("git-first-commit", 4)}),
            "unknown");
  EXPECT_EQ(End({{"token-expires", kNow + 7}}), "7");
  EXPECT_EQ(End({{"token-expires", kNow - 7}}), "-7");
  EXPECT_EQ(End({{"token-expires", kNow - 7}, {"token-expires", kNow + 7}}),
            "7");
  EXPECT_EQ(End({{"token-expires", kEarliestTime - 1}}), "unknown");
  EXPECT_EQ(End({Before("token-never-expires", 5)}), "never");
  EXPECT_EQ(End({Before("token-never-expires", 5), {"token-expires", kNow}}),
            "0");
}

TEST(IsBelievable, OnlyEndsLieInTheFuture) {
  EXPECT_TRUE(IsBelievable({"ulid", kNow}, kNow));
  EXPECT_FALSE(IsBelievable({"ulid", kNow + 1}, kNow));
  EXPECT_TRUE(IsBelievable({"token-expires", kNow + 1}, kNow));
  EXPECT_FALSE(IsBelievable({"token-not-before", kNow + 1}, kNow));
  EXPECT_FALSE(IsBelievable({"token-never-expires", kNow + 1}, kNow));
  for (const char* source : {"ulid", "token-expires"}) {
    EXPECT_TRUE(IsBelievable({source, kEarliestTime}, kNow));
    EXPECT_FALSE(IsBelievable({source, kEarliestTime - 1}, kNow));
  }
}

TEST(AgeInterval, TheStrongestEvidenceOfEachSideCounts) {
  const AgeInterval age =
      From({Before("inventory-first-seen", 20), Before("git-first-commit", 95),
            Before("transcript", 60), Before("account-created", 900),
            Before("format-introduced", 400)});
  EXPECT_EQ(Bounds(age), "[95, 400]");
  EXPECT_EQ(age.at_least_by, "git-first-commit");
  EXPECT_EQ(age.at_most_by, "format-introduced");
  EXPECT_EQ(age.made_by, kNow - 95 * kDay);
  EXPECT_EQ(age.made_from, kNow - 400 * kDay);
  EXPECT_FALSE(age.contradictory);
  EXPECT_EQ(AgeText(age),
            "at least 95 days, by the first commit that has it, and at most "
            "400 days, by the first day of its format");
}

TEST(AgeInterval, DaysAreWholeOnes) {
  EXPECT_EQ(Bounds(From({{"git-first-commit", kNow - kDay + 1}})), "[0, -]");
  EXPECT_EQ(Bounds(From({{"git-first-commit", kNow - kDay}})), "[1, -]");
  EXPECT_EQ(Bounds(From({{"git-first-commit", kNow}})), "[0, -]");
}

TEST(AgeInterval, DatesOutOfRangeAreDropped) {
  const AgeInterval age =
      From({{"git-first-commit", kEarliestTime - 1},
            {"token-claim", kNow + 1},
            {"ulid", std::numeric_limits<std::int64_t>::max()},
            {"uuid7", std::numeric_limits<std::int64_t>::min()}});
  EXPECT_EQ(Bounds(age), "[-, -]");
  EXPECT_TRUE(age.used.empty());
  ASSERT_EQ(age.dropped.size(), 4u);
  EXPECT_EQ(age.dropped[0].source, "uuid7");
  EXPECT_EQ(age.dropped[3].source, "ulid");
  EXPECT_EQ(Bounds(From({{"git-first-commit", kEarliestTime}})), "[7759, -]");
}

TEST(AgeInterval, ContradictionKeepsTheOlderReading) {
  const AgeInterval age =
      From({Before("provider-created", 10), Before("git-first-commit", 100)});
  EXPECT_EQ(Bounds(age), "[100, 10]");
  EXPECT_TRUE(age.contradictory);
  EXPECT_EQ(age.used.size(), 2u);
  EXPECT_EQ(AgeText(age),
            "at least 100 days, by the first commit that has it (but at most "
            "10 days, by its provider)");
}

TEST(AgeInterval, ClocksMayDifferByADay) {
  const std::int64_t at = kNow - 10 * kDay;
  EXPECT_FALSE(
      From({{"ulid", at}, {"provider-created", at + kDay}}).contradictory);
  EXPECT_TRUE(
      From({{"ulid", at}, {"provider-created", at + kDay + 1}}).contradictory);
}

TEST(AgeInterval, AnExactAgeIsSaidOnce) {
  EXPECT_EQ(AgeText(From({Before("uuid7", 1)})),
            "1 day, by the time in its UUID");
  EXPECT_EQ(AgeText(From({Before("account-created", 3)})),
            "at most 3 days, by the first day of its account");
}

TEST(AgeInterval, EqualEvidenceCountsOnce) {
  const AgeInterval age =
      From({Before("ulid", 5), Before("log", 5), Before("ulid", 5)});
  ASSERT_EQ(age.used.size(), 2u);
  EXPECT_EQ(age.used[0].source, "log");
  EXPECT_EQ(age.at_least_by, "log");
  EXPECT_EQ(age.at_most_by, "ulid");
}

// More evidence never lowers at_least and never raises at_most, and its order
// does not matter.
TEST(AgeInterval, EvidenceOnlyNarrows) {
  const char* const sources[] = {"git-first-commit",
                                 "inventory-first-seen",
                                 "transcript",
                                 "history",
                                 "dated-backup",
                                 "provider-created",
                                 "token-claim",
                                 "token-not-before",
                                 "token-expires",
                                 "token-never-expires",
                                 "dated-log",
                                 "uuid7",
                                 "ulid",
                                 "ksuid",
                                 "format-introduced",
                                 "account-created",
                                 "file-mtime",
                                 "unheard of"};
  std::mt19937 random(20260331);
  const auto below = [&random](std::uint32_t n) {
    return static_cast<std::int64_t>(random() % n);
  };
  int bounded = 0;
  for (int round = 0; round < 3000; ++round) {
    std::vector<AgeEvidence> evidence;
    AgeInterval last = From(evidence);
    for (int i = 0; i < 8; ++i) {
      const char* source = sources[below(std::size(sources))];
      // Sometimes before 2005, sometimes in the future.
      evidence.push_back({source, kNow + (below(9000) - 8500) * kDay});
      const AgeInterval next = From(evidence);
      if (last.at_least) {
        ASSERT_TRUE(next.at_least);
        ASSERT_GE(*next.at_least, *last.at_least);
        ++bounded;
      }
      if (last.at_most) {
        ASSERT_TRUE(next.at_most);
        ASSERT_LE(*next.at_most, *last.at_most);
      }
      ASSERT_TRUE(!last.contradictory || next.contradictory);
      ASSERT_GE(next.at_least.value_or(0), 0);
      last = next;
    }
    std::vector<AgeEvidence> shuffled = evidence;
    std::shuffle(shuffled.begin(), shuffled.end(), random);
    const AgeInterval other = From(shuffled);
    ASSERT_EQ(AgeText(other), AgeText(last));
    ASSERT_EQ(other.used, last.used);
    ASSERT_EQ(other.dropped, last.dropped);
  }
  EXPECT_GT(bounded, 1000);
}

}  // namespace
}  // namespace keytidy::policy
