// SPDX-License-Identifier: Apache-2.0
#include "audit/steps.h"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

#include "audit/check_table.h"

namespace keytidy::audit {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

// A problem of the check's own severity. `key` is what it is about.
Problem One(std::string_view check, std::string_view key, std::string_view path,
            std::uint64_t line = 0) {
  Problem out;
  out.violation.check = check;
  out.violation.severity = CheckOf(check).severity;
  out.violation.path = path;
  out.violation.line = line;
  out.violation.message = fmt::format("{} {}.", check, key);
  out.violation.fix = fmt::format("Mend {} {}.", check, key);
  out.subject = key;
  return out;
}

// "severity what | where | how | checks"
std::string Shown(const FirstStep& step) {
  return fmt::format("{} {} | {} | {} | {}", Name(step.severity), step.what,
                     fmt::join(step.where, " "), step.how,
                     fmt::join(step.checks, " "));
}

std::vector<std::string> Steps(const std::vector<Problem>& problems) {
  std::vector<std::string> out;
  for (const FirstStep& step : FirstSteps(problems)) {
    out.push_back(Shown(step));
  }
  return out;
}

TEST(FirstSteps, Nothing) { EXPECT_THAT(Steps({}), IsEmpty()); }

TEST(FirstSteps, OneProblem) {
  EXPECT_THAT(Steps({One("MCP-PLAIN", "k1", "a.json", 3)}),
              ElementsAre("high MCP-PLAIN k1. | a.json:3 | Mend MCP-PLAIN k1. "
                          "| MCP-PLAIN"));
  EXPECT_THAT(Steps({One("FILE-PERM", "k1", "a.json")}),
              ElementsAre("medium FILE-PERM k1. | a.json | Mend FILE-PERM k1. "
                          "| FILE-PERM"));
}

TEST(FirstSteps, WhatIsOnlyToBeKnownIsNothingToDo) {
  EXPECT_THAT(
      Steps({One("AGE-UNKNOWN", "k1", "a"), One("SERVER-SHADOW", "", "a")}),
      IsEmpty());
}

// Where something is wrong with the key itself, all its places are one thing.
TEST(FirstSteps, ByKey) {
  EXPECT_THAT(
      Steps({One("MCP-PLAIN", "k1", "a", 1),
             One("KEY-REUSE-CLIENT", "k1", "a", 1),
             One("MCP-PLAIN", "k1", "b", 2), One("FILE-PERM", "k1", "b", 2)}),
      ElementsAre("high KEY-REUSE-CLIENT k1. | a:1 b:2 | Mend KEY-REUSE-CLIENT "
                  "k1. | FILE-PERM KEY-REUSE-CLIENT MCP-PLAIN"));
}

TEST(FirstSteps, ChecksThatAreOfTheKeyItself) {
  for (const char* check :
       {"KEY-HOST-MISMATCH", "KEY-PROD-IN-DEV", "KEY-REUSE-SERVER", "LOG-LEAK",
        "FILE-GIT-TRACKED", "FILE-BACKUP", "AGE-N", "EXPIRED"}) {
    EXPECT_THAT(
        FirstSteps({One("MCP-PLAIN", "k1", "a"), One(check, "k1", "b")}),
        SizeIs(1))
        << check;
  }
  for (const char* check : {"FILE-PERM", "MCP-URLQ", "NO-EXPIRY"}) {
    EXPECT_THAT(
        FirstSteps({One("MCP-PLAIN", "k1", "a"), One(check, "k1", "b")}),
        SizeIs(2))
        << check;
  }
}

TEST(FirstSteps, ElseByFile) {
  EXPECT_THAT(
      Steps({One("MCP-PLAIN", "k1", "a", 1), One("MCP-PLAIN", "k2", "a", 2),
             One("MCP-PLAIN", "k1", "b", 1)}),
      ElementsAre("high MCP-PLAIN k1. One key more in the same file. | a:1 a:2 "
                  "| Mend MCP-PLAIN k1. | MCP-PLAIN",
                  "high MCP-PLAIN k1. | b:1 | Mend MCP-PLAIN k1. | MCP-PLAIN"));
  EXPECT_EQ(FirstSteps({One("MCP-PLAIN", "k1", "a", 1),
                        One("MCP-PLAIN", "k2", "a", 2),
                        One("MCP-PLAIN", "k3", "a", 3)})[0]
                .what,
            "MCP-PLAIN k1. 2 keys more in the same file.");
}

TEST(FirstSteps, AKeyOfItsOwnLeavesItsFile) {
  EXPECT_THAT(
      Steps({One("MCP-PLAIN", "k1", "a", 1), One("LOG-LEAK", "k1", "log"),
             One("MCP-PLAIN", "k2", "a", 2)}),
      ElementsAre("high LOG-LEAK k1. | a:1 log | Mend LOG-LEAK k1. | LOG-LEAK "
                  "MCP-PLAIN",
                  "high MCP-PLAIN k2. | a:2 | Mend MCP-PLAIN k2. | MCP-PLAIN"));
}

TEST(FirstSteps, ByCheckWhatIsAboutNoKey) {
  EXPECT_THAT(
      Steps({One("PKG-UNPINNED", "", "a", 1), One("PKG-UNPINNED", "", "b", 2),
             One("PKG-UNKNOWN", "", "b", 2)}),
      ElementsAre(fmt::format("medium 2 {}. | a:1 b:2 | Mend PKG-UNPINNED . | "
                              "PKG-UNPINNED",
                              CheckOf("PKG-UNPINNED").many),
                  "low PKG-UNKNOWN . | b:2 | Mend PKG-UNKNOWN . | "
                  "PKG-UNKNOWN"));
}

TEST(FirstSteps, EachPlaceOnce) {
  EXPECT_EQ(FirstSteps({One("MCP-PLAIN", "k1", "a", 1),
                        One("FILE-PERM", "k1", "a", 1),
                        One("NO-EXPIRY", "k1", "a", 1)})[0]
                .where,
            std::vector<std::string>{"a:1"});
}

TEST(FirstSteps, TheWorstSaysWhatAndHow) {
  EXPECT_THAT(
      Steps({One("FILE-PERM", "k1", "a"), One("FILE-GIT-TRACKED", "k1", "a"),
             One("MCP-PLAIN", "k1", "a")}),
      ElementsAre("critical FILE-GIT-TRACKED k1. | a | Mend "
                  "FILE-GIT-TRACKED k1. | FILE-GIT-TRACKED FILE-PERM "
                  "MCP-PLAIN"));
}

TEST(FirstSteps, WorseFirstThenWhatMoreIsWrongWith) {
  Problem raised = One("PKG-UNPINNED", "", "z");
  raised.violation.severity = Severity::kHigh;
  EXPECT_THAT(
      Steps({One("FILE-PERM", "k1", "a"), One("MCP-PLAIN", "k2", "b"),
             One("MCP-PLAIN", "k3", "c"), One("NO-EXPIRY", "k3", "c"),
             One("FILE-GIT-TRACKED", "k4", "d"), raised}),
      ElementsAre(::testing::StartsWith("critical FILE-GIT-TRACKED k4."),
                  ::testing::StartsWith("high MCP-PLAIN k3."),
                  ::testing::StartsWith("high MCP-PLAIN k2."),
                  ::testing::StartsWith("high PKG-UNPINNED ."),
                  ::testing::StartsWith("medium FILE-PERM k1.")));
}

TEST(FirstSteps, AtMostTen) {
  std::vector<Problem> problems;
  for (int i = 0; i < 12; ++i) {
    problems.push_back(One("MCP-PLAIN", "k", fmt::format("file{:02}", i)));
  }
  const auto steps = FirstSteps(problems);
  ASSERT_THAT(steps, SizeIs(10));
  EXPECT_THAT(steps.front().where, ElementsAre("file00"));
  EXPECT_THAT(steps.back().where, ElementsAre("file09"));
}

// What a key is called here differs in every run; the order must not.
TEST(FirstSteps, TheNamesOfKeysDoNotOrderThem) {
  const auto shown = [](const std::vector<std::string>& keys) {
    std::vector<Problem> problems;
    for (std::size_t i = 0; i < keys.size(); ++i) {
      Problem one = One("EXPIRED", keys[i], "a", i / 2 + 1);
      one.violation.message = "Expired.";
      one.violation.fix = "Renew it.";
      problems.push_back(one);
      // Keys alike in one line, which differ in what else is wrong.
      Problem other = One("FILE-PERM", keys[i], fmt::format("b{}", i % 2));
      other.violation.message = "Open.";
      other.violation.fix = "Close it.";
      problems.push_back(other);
    }
    std::stable_sort(problems.begin(), problems.end(),
                     [](const Problem& a, const Problem& b) {
                       return a.violation.path < b.violation.path;
                     });
    return Steps(problems);
  };
  std::vector<std::string> keys = {"a", "b", "c", "d", "e", "f", "g", "h"};
  const auto expected = shown(keys);
  std::reverse(keys.begin(), keys.end());
  EXPECT_EQ(shown(keys), expected);
  std::swap(keys[0], keys[1]);
  EXPECT_EQ(shown(keys), expected);
}

}  // namespace
}  // namespace keytidy::audit
