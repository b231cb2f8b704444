// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include "report/writer.h"
#include "sample_report.h"

namespace keytidy::report {
namespace {

TEST(MarkdownTest, Clean) {
  EXPECT_EQ(WriteMarkdown(CleanReport()), R"(### keytidy: no keys found

**clean**: 12 files, 34,567 bytes (33.8 KiB) read; no keys found
)");
}

TEST(MarkdownTest, ALittleOfEverything) {
  EXPECT_EQ(WriteMarkdown(MixedReport()),
            R"(### keytidy: 2 findings (1 high, 1 low)

| severity | kind | place | key | id |
|---|---|---|---|---|
| high | Kryton API key | `.cursor/mcp.json:7:30` and 1 more place | `kryton_3f9c…` | `kt-8d1f0c2e9b7a4c55` |
| low (does not fail) | Acme webhook secret | `deploy.sh:3:13` | `********` | `kt-0123456789abcdef` |

**What to do**

- Kryton API key: Delete the key under Settings, API Keys, and create a new one.

Note: allow rule at keytidy.toml:12 matches nothing

Hidden: 1 allowed place, 1 ignored finding, 2 below --min-confidence

Skipped: 2 binary, 1 larger than --max-file-size

**complete**: 12 files, 34,567 bytes (33.8 KiB) read; 1 finding fails
)");
}

TEST(MarkdownTest, Incomplete) {
  Report report = IncompleteReport();
  report.findings.clear();
  EXPECT_EQ(WriteMarkdown(report),
            R"(### keytidy: no keys found, but the scan is incomplete

**Could not be read**

- `broken.zip`: the central directory is cut short
- `vault.bin`: Permission denied

Skipped: 1 binary

Read: 12 files, 34,567 bytes (33.8 KiB)

**INCOMPLETE**: 2 things could not be read; no keys found
)");
}

TEST(MarkdownTest, PipesAndBackticksDoNotEndTheCell) {
  Report report = OneFinding();
  report.findings[0].occurrences[0].path = "a|b`c";
  EXPECT_NE(WriteMarkdown(report).find(
                "| <code>a&#124;b&#96;c&#58;7&#58;30</code> |"),
            std::string::npos);
}

TEST(MarkdownTest, ProseIsNeverMarkup) {
  Report report = CleanReport();
  report.notes = {"<b> [x](y) *a* `c` @team #1 | &amp;"};
  EXPECT_NE(WriteMarkdown(report).find(
                "Note: &#60;b&#62; &#91;x&#93;(y) &#42;a&#42; &#96;c&#96; "
                "@&#8203;team &#35;1 &#124; &#38;amp;\n"),
            std::string::npos);
}

TEST(MarkdownTest, ALongTableIsCut) {
  Report report = CleanReport();
  for (int i = 0; i < 103; ++i) report.findings.push_back(KrytonFinding());
  const std::string out = WriteMarkdown(report);
  EXPECT_TRUE(out.starts_with("### keytidy: 103 findings (103 high)\n"));
  EXPECT_NE(out.find("|\n\nand 3 more findings\n\n**What to do**"),
            std::string::npos);
  EXPECT_LT(out.size(), 65536u);
}

TEST(MarkdownTest, ViolationsAreATableOfTheirOwn) {
  EXPECT_EQ(WriteMarkdown(KeptReport()),
            R"(### keytidy: 1 finding (1 high), 2 violations (1 critical, 1 low)

| severity | kind | place | key | id |
|---|---|---|---|---|
| high | Kryton API key | `.cursor/mcp.json:7:30` (cursor, kryton, headers.Authorization) | `kryton_3f9c…` | `kt-8d1f0c2e9b7a4c55` |

**What to do**

- Kryton API key: Delete the key under Settings, API Keys, and create a new one.

**How keys are kept**

| severity | what is wrong | place | what to do | check |
|---|---|---|---|---|
| critical | git tracks a file with a key | `.cursor/mcp.json:7` (cursor, kryton, headers.Authorization) | Take `.cursor/mcp.json` out of git. | `FILE-TRACKED` |
| low (does not fail) | the environment holds a key |  |  | `ENV-PLAIN` |

Hidden: 1 ignored violation

**complete**: 12 files, 34,567 bytes (33.8 KiB) read; 1 finding and 1 violation fail
)");
}

TEST(MarkdownTest, TheTableOfViolationsIsCut) {
  Report report = CleanReport();
  for (int i = 0; i < 53; ++i) report.violations.push_back(Tracked());
  const std::string out = WriteMarkdown(report);
  EXPECT_TRUE(out.starts_with(
      "### keytidy: no keys found, 53 violations (53 critical)\n"));
  EXPECT_NE(out.find("|\n\nand 3 more violations\n\n**complete**"),
            std::string::npos);
}

TEST(MarkdownTest, AFixIsProseWithCodeAndStaysInItsCell) {
  Report report = CleanReport();
  report.violations = {NoFile()};
  report.violations[0].fix = "Run:\n  `a | b` *now* `or";
  EXPECT_NE(WriteMarkdown(report).find(
                "| Run:   <code>a &#124; b</code> &#42;now&#42; &#96;or | "),
            std::string::npos)
      << WriteMarkdown(report);
}

TEST(MarkdownTest, APlaceThatIsSummedUpSaysHowOften) {
  Report report = OneFinding();
  report.findings[0].occurrences[0].times = 12;
  report.findings[0].occurrences[0].files = 3;
  EXPECT_NE(WriteMarkdown(report).find(
                "| `.cursor/mcp.json:7:30`, 12 times in 3 files |"),
            std::string::npos);
}

}  // namespace
}  // namespace keytidy::report
