// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <sstream>
#include <string>
#include <vector>

#include "report/tool.h"
#include "report/writer.h"
#include "sample_report.h"

namespace keytidy::report {
namespace {

std::vector<std::string> Lines(const std::string& text) {
  std::vector<std::string> lines;
  std::istringstream in(text);
  for (std::string line; std::getline(in, line);) lines.push_back(line);
  return lines;
}

TEST(JsonLinesTest, ACleanRunIsTwoLines) {
  EXPECT_EQ(
      WriteJsonLines(CleanReport()),
      fmt::format(
          R"({{"type":"run","schema":"keytidy-report/1","tool":{{"name":"keytidy","version":"{}","catalogue":"sha256:feed"}}}}
{{"type":"summary","complete":true,"coverage":{{"files":12,"bytes":34567,"blobs":0,"commits":0,"skipped":0,"empty_roots":0}},"findings":0,"violations":0,"below_confidence":0}}
)",
          ToolVersion()));
}

TEST(JsonLinesTest, LinesComeInOrder) {
  Report report = MixedReport();
  report.empty_roots = {"docs"};
  std::vector<std::string> types;
  for (const std::string& line : Lines(WriteJsonLines(report))) {
    types.push_back(nlohmann::json::parse(line)["type"]);
  }
  EXPECT_EQ(types, (std::vector<std::string>{
                       "run", "finding", "finding", "finding", "skipped",
                       "skipped", "skipped", "empty-root", "note", "summary"}));
}

TEST(JsonLinesTest, AFindingIsTheSameAsInTheJsonReport) {
  const auto report = nlohmann::json::parse(WriteJson(MixedReport()));
  auto line = nlohmann::json::parse(Lines(WriteJsonLines(MixedReport()))[1]);
  line.erase("type");
  EXPECT_EQ(line, report["findings"][0]);
}

TEST(JsonLinesTest, TheSummaryCounts) {
  const auto line =
      nlohmann::json::parse(Lines(WriteJsonLines(MixedReport())).back());
  EXPECT_EQ(line["findings"], 3);
  EXPECT_EQ(line["below_confidence"], 2);
  EXPECT_EQ(line["coverage"]["skipped"], 3);
}

TEST(JsonLinesTest, ALineBreakInAPathBreaksNoLine) {
  Report report = OneFinding();
  report.findings[0].occurrences[0].path = "a\nb\xE2\x80\xA8\x63";
  EXPECT_EQ(Lines(WriteJsonLines(report)).size(), 3u);
}

TEST(JsonLinesTest, ViolationsAndTheAuditHaveLines) {
  Report report = AuditReport();
  report.notes = {"a note"};
  const auto lines = Lines(WriteJsonLines(report));
  std::vector<std::string> types;
  for (const std::string& line : lines) {
    types.push_back(nlohmann::json::parse(line)["type"]);
  }
  ASSERT_EQ(types, (std::vector<std::string>{"run", "finding", "violation",
                                             "violation", "violation", "note",
                                             "audit", "summary"}));
  const auto whole = nlohmann::json::parse(WriteJson(report));
  auto violation = nlohmann::json::parse(lines[2]);
  violation.erase("type");
  EXPECT_EQ(violation, whole["violations"][0]);
  auto audit = nlohmann::json::parse(lines[6]);
  audit.erase("type");
  EXPECT_EQ(audit, whole["audit"]);
  EXPECT_EQ(nlohmann::json::parse(lines[7])["violations"], 3);
}

}  // namespace
}  // namespace keytidy::report
