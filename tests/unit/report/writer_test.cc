// SPDX-License-Identifier: Apache-2.0
#include "report/writer.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "report/tool.h"
#include "sample_report.h"

namespace keytidy::report {
namespace {

TEST(WriterTest, NamesAreThoseOfTheContractInItsOrder) {
  const std::vector<std::string_view> expected = {
      "human", "json", "jsonl", "sarif", "junit", "gitlab", "csv", "markdown"};
  EXPECT_EQ(FormatNames(), expected);
}

TEST(WriterTest, ParsesNames) {
  EXPECT_EQ(ParseFormat("human"), Format::kHuman);
  EXPECT_EQ(ParseFormat("jsonl"), Format::kJsonLines);
  EXPECT_EQ(ParseFormat("markdown"), Format::kMarkdown);
  EXPECT_EQ(ParseFormat("JSON"), std::nullopt);
  EXPECT_EQ(ParseFormat(""), std::nullopt);
}

TEST(WriterTest, WriteIsTheWriterOfTheFormat) {
  const Report report = MixedReport();
  const Style style;
  EXPECT_EQ(Write(report, Format::kHuman, style), WriteHuman(report, style));
  EXPECT_EQ(Write(report, Format::kJson, style), WriteJson(report));
  EXPECT_EQ(Write(report, Format::kJsonLines, style), WriteJsonLines(report));
  EXPECT_EQ(Write(report, Format::kSarif, style), WriteSarif(report));
  EXPECT_EQ(Write(report, Format::kJunit, style), WriteJunit(report));
  EXPECT_EQ(Write(report, Format::kGitlab, style), WriteGitlab(report));
  EXPECT_EQ(Write(report, Format::kCsv, style), WriteCsv(report));
  EXPECT_EQ(Write(report, Format::kMarkdown, style), WriteMarkdown(report));
}

TEST(WriterTest, OnlyHumanReadersAndJsonAreEverShownTheKey) {
  Report report = OneFinding();
  report.findings[0].shown = "the-key-in-clear";
  for (const std::string_view name : FormatNames()) {
    const std::string out = Write(report, *ParseFormat(name), Style{});
    const bool shows = out.find("the-key-in-clear") != std::string::npos;
    EXPECT_EQ(shows, name == "human" || name == "json" || name == "jsonl")
        << name;
  }
}

TEST(WriterTest, ToolVersionIsThreeNumbers) {
  const std::string_view version = ToolVersion();
  EXPECT_EQ(std::count(version.begin(), version.end(), '.'), 2);
  EXPECT_EQ(version.find_first_not_of("0123456789."), std::string_view::npos);
}

}  // namespace
}  // namespace keytidy::report
