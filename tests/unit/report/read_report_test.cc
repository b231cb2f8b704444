// SPDX-License-Identifier: Apache-2.0
#include "report/read_report.h"

#include <gtest/gtest.h>

#include "report/writer.h"
#include "sample_report.h"

namespace keytidy::report {
namespace {

TEST(ReadReportTest, AnAuditIsReadBackAsItsFindings) {
  Report report = AuditReport();
  report.findings[0].occurrences[0].times = 12;
  const auto read = ReadReport("r.json", WriteJson(report));
  ASSERT_TRUE(read) << read.error().message;
  ASSERT_EQ(read->size(), 1u);
  EXPECT_EQ((*read)[0].id, "kt-8d1f0c2e9b7a4c55");
  EXPECT_EQ((*read)[0].rule, "kryton-api-key");
  ASSERT_EQ((*read)[0].places.size(), 1u);
  EXPECT_EQ((*read)[0].places[0].source, SourceKind::kFile);
  EXPECT_EQ((*read)[0].places[0].path, ".cursor/mcp.json");
}

TEST(ReadReportTest, FieldsOfALaterVersionAreIgnored) {
  const auto read = ReadReport(
      "r.json",
      R"({"schema": "keytidy-report/1", "violations": 7, "audit": [], "later":
          {}, "findings": [{"id": "kt-1", "rule": "r", "later": 1,
          "occurrences": [{"source": "file", "path": "a", "client": 1}]}]})");
  ASSERT_TRUE(read) << read.error().message;
  EXPECT_EQ(read->size(), 1u);
}

TEST(ReadReportTest, WhatIsNoReportIsRefused) {
  EXPECT_FALSE(ReadReport("r.json", "{"));
  EXPECT_FALSE(ReadReport("r.json", R"({"schema": "other"})"));
  EXPECT_FALSE(ReadReport("r.json", R"({"schema": "keytidy-report/1"})"));
}

}  // namespace
}  // namespace keytidy::report
