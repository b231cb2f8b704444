// SPDX-License-Identifier: Apache-2.0
#include "core/report.h"

#include <gtest/gtest.h>

#include <initializer_list>

namespace keytidy {
namespace {

Report With(std::initializer_list<Action> actions) {
  Report report;
  for (const Action action : actions) {
    report.findings.emplace_back().decision.action = action;
  }
  return report;
}

TEST(HasFailure, OnlyWhereADecisionIsToFail) {
  EXPECT_FALSE(keytidy::HasFailure(With({})));
  EXPECT_FALSE(keytidy::HasFailure(With({Action::kWarn, Action::kIgnore})));
  EXPECT_TRUE(keytidy::HasFailure(With({Action::kFail})));
  EXPECT_TRUE(keytidy::HasFailure(
      With({Action::kIgnore, Action::kWarn, Action::kFail})));
}

TEST(Decision, FailsUnlessSomebodyDecides) {
  EXPECT_EQ(Finding().decision.action, Action::kFail);
}

}  // namespace
}  // namespace keytidy
