// SPDX-License-Identifier: Apache-2.0
#include "core/finding.h"

#include <gtest/gtest.h>

namespace keytidy {
namespace {

TEST(Names, OfSources) {
  EXPECT_EQ(Name(SourceKind::kFile), "file");
  EXPECT_EQ(Name(SourceKind::kStdin), "stdin");
  EXPECT_EQ(Name(SourceKind::kArchive), "archive");
  EXPECT_EQ(Name(SourceKind::kIndex), "index");
  EXPECT_EQ(Name(SourceKind::kHistory), "history");
}

TEST(Names, OfVerdicts) {
  EXPECT_EQ(Name(VerdictState::kNotTried), "not-tried");
  EXPECT_EQ(Name(VerdictState::kActive), "active");
  EXPECT_EQ(Name(VerdictState::kInactive), "inactive");
  EXPECT_EQ(Name(VerdictState::kUnknown), "unknown");
}

TEST(Names, OfActions) {
  EXPECT_EQ(Name(Action::kFail), "fail");
  EXPECT_EQ(Name(Action::kWarn), "warn");
  EXPECT_EQ(Name(Action::kIgnore), "ignore");
}

TEST(Span, IsHalfOpenAndOrderedByItsStart) {
  const Span span{3, 7};
  EXPECT_EQ(span.size(), 4u);
  EXPECT_EQ((Span{5, 5}.size()), 0u);
  EXPECT_LT((Span{3, 7}), (Span{4, 5}));
  EXPECT_LT((Span{3, 6}), (Span{3, 7}));
  EXPECT_EQ((Span{3, 7}), span);
}

}  // namespace
}  // namespace keytidy
