// SPDX-License-Identifier: Apache-2.0
#include "policy/decide.h"

#include <gtest/gtest.h>

#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace keytidy::policy {
namespace {

Occurrence Place(std::optional<std::string> allowed = std::nullopt) {
  Occurrence place;
  place.path = "a";
  place.allowed = std::move(allowed);
  return place;
}

Finding Found(Severity severity, std::vector<Occurrence> places = {Place()}) {
  Finding finding;
  finding.severity = severity;
  finding.occurrences = std::move(places);
  return finding;
}

// "action: because" of one finding.
std::string Decided(const Thresholds& thresholds, Finding finding) {
  Report report;
  report.findings.push_back(std::move(finding));
  Decide(thresholds, &report);
  if (report.findings.empty()) return "left out";
  const Decision& decision = report.findings[0].decision;
  return std::string(Name(decision.action)) + ": " + decision.because;
}

TEST(Decide, FailsFromMediumOnUnlessSaidOtherwise) {
  EXPECT_EQ(Decided({}, Found(Severity::kCritical)),
            "fail: severity critical >= --fail-on medium");
  EXPECT_EQ(Decided({}, Found(Severity::kMedium)),
            "fail: severity medium >= --fail-on medium");
  EXPECT_EQ(Decided({}, Found(Severity::kLow)),
            "warn: severity low < --fail-on medium");
}

TEST(Decide, EveryThreshold) {
  const Severity scale[] = {Severity::kInfo, Severity::kLow, Severity::kMedium,
                            Severity::kHigh, Severity::kCritical};
  for (const Severity least : scale) {
    for (const Severity severity : scale) {
      const std::string decided =
          Decided({least, Confidence::kLow}, Found(severity));
      EXPECT_EQ(decided.substr(0, 4), severity >= least ? "fail" : "warn")
          << Name(severity) << " against " << Name(least);
    }
  }
}

TEST(Decide, NeverFails) {
  EXPECT_EQ(
      Decided({std::nullopt, Confidence::kLow}, Found(Severity::kCritical)),
      "warn: --fail-on never");
}

TEST(Decide, IgnoredWhenEveryPlaceIsAllowed) {
  EXPECT_EQ(Decided({}, Found(Severity::kCritical, {Place("why")})),
            "ignore: why");
  EXPECT_EQ(
      Decided({}, Found(Severity::kCritical, {Place("first"), Place("other")})),
      "ignore: first");
  EXPECT_EQ(Decided({std::nullopt, Confidence::kLow},
                    Found(Severity::kCritical, {Place("why")})),
            "ignore: why");
}

TEST(Decide, OnePlaceThatIsNotAllowedIsEnough) {
  EXPECT_EQ(Decided({}, Found(Severity::kHigh, {Place("why"), Place()})),
            "fail: severity high >= --fail-on medium");
  EXPECT_EQ(Decided({}, Found(Severity::kLow, {Place(), Place("why")})),
            "warn: severity low < --fail-on medium");
}

TEST(Decide, LeavesOutAndCountsWhatIsUnsure) {
  Report report;
  for (const Confidence confidence : {Confidence::kLow, Confidence::kHigh,
                                      Confidence::kMedium, Confidence::kLow}) {
    report.findings.push_back(Found(Severity::kHigh));
    report.findings.back().confidence = confidence;
  }
  Report strict = report;
  Report lax = report;

  Decide({}, &report);
  ASSERT_EQ(report.findings.size(), 2u);
  EXPECT_EQ(report.findings[0].confidence, Confidence::kHigh);
  EXPECT_EQ(report.findings[1].confidence, Confidence::kMedium);
  EXPECT_EQ(report.below_confidence, 2u);
  EXPECT_TRUE(keytidy::HasFailure(report));

  Decide({Severity::kMedium, Confidence::kHigh}, &strict);
  EXPECT_EQ(strict.findings.size(), 1u);
  EXPECT_EQ(strict.below_confidence, 3u);

  Decide({Severity::kMedium, Confidence::kLow}, &lax);
  EXPECT_EQ(lax.findings.size(), 4u);
  EXPECT_EQ(lax.below_confidence, 0u);
}

TEST(Decide, ChangesNothingElse) {
  Report report;
  report.complete = false;
  report.coverage.files = 3;
  report.notes = {"a note"};
  Decide({}, &report);
  EXPECT_FALSE(report.complete);
  EXPECT_EQ(report.coverage.files, 3u);
  EXPECT_EQ(report.notes, std::vector<std::string>{"a note"});
  EXPECT_FALSE(keytidy::HasFailure(report));
}

}  // namespace
}  // namespace keytidy::policy
