// SPDX-License-Identifier: Apache-2.0
#include "core/severity.h"

#include <gtest/gtest.h>

namespace keytidy {
namespace {

TEST(Severity, NamesGoThereAndBack) {
  for (const auto severity :
       {Severity::kInfo, Severity::kLow, Severity::kMedium, Severity::kHigh,
        Severity::kCritical}) {
    EXPECT_EQ(ParseSeverity(Name(severity)), severity);
  }
  EXPECT_EQ(Name(Severity::kInfo), "info");
  EXPECT_EQ(Name(Severity::kLow), "low");
  EXPECT_EQ(Name(Severity::kMedium), "medium");
  EXPECT_EQ(Name(Severity::kHigh), "high");
  EXPECT_EQ(Name(Severity::kCritical), "critical");
}

TEST(Severity, IsOrdered) {
  EXPECT_LT(Severity::kInfo, Severity::kLow);
  EXPECT_LT(Severity::kLow, Severity::kMedium);
  EXPECT_LT(Severity::kMedium, Severity::kHigh);
  EXPECT_LT(Severity::kHigh, Severity::kCritical);
}

TEST(Severity, OtherNamesAreNone) {
  for (const auto* name : {"", "High", "high ", "never", "severe", "hig"}) {
    EXPECT_EQ(ParseSeverity(name), std::nullopt) << name;
  }
}

TEST(Confidence, NamesGoThereAndBack) {
  EXPECT_EQ(ParseConfidence("low"), Confidence::kLow);
  EXPECT_EQ(ParseConfidence("medium"), Confidence::kMedium);
  EXPECT_EQ(ParseConfidence("high"), Confidence::kHigh);
  EXPECT_EQ(ParseConfidence("critical"), std::nullopt);
  EXPECT_EQ(Name(Confidence::kLow), "low");
  EXPECT_EQ(Name(Confidence::kMedium), "medium");
  EXPECT_EQ(Name(Confidence::kHigh), "high");
}

TEST(Confidence, IsOrdered) {
  EXPECT_LT(Confidence::kLow, Confidence::kMedium);
  EXPECT_LT(Confidence::kMedium, Confidence::kHigh);
}

TEST(Confidence, MovesOneStepAndStaysAtTheEnds) {
  EXPECT_EQ(Raised(Confidence::kLow), Confidence::kMedium);
  EXPECT_EQ(Raised(Confidence::kMedium), Confidence::kHigh);
  EXPECT_EQ(Raised(Confidence::kHigh), Confidence::kHigh);
  EXPECT_EQ(Lowered(Confidence::kHigh), Confidence::kMedium);
  EXPECT_EQ(Lowered(Confidence::kMedium), Confidence::kLow);
  EXPECT_EQ(Lowered(Confidence::kLow), Confidence::kLow);
}

TEST(Tier, NamesGoThereAndBack) {
  for (const auto tier :
       {Tier::kNone, Tier::kLow, Tier::kStandard, Tier::kHigh, Tier::kCi}) {
    EXPECT_EQ(ParseTier(Name(tier)), tier);
  }
  EXPECT_EQ(ParseTier("standard"), Tier::kStandard);
  EXPECT_EQ(ParseTier("ci"), Tier::kCi);
  EXPECT_EQ(ParseTier("medium"), std::nullopt);
}

}  // namespace
}  // namespace keytidy
