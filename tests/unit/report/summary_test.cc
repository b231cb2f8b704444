// SPDX-License-Identifier: Apache-2.0
#include "report/summary.h"

#include <gtest/gtest.h>

#include "sample_report.h"

namespace keytidy::report {
namespace {

TEST(SummaryTest, TallyCountsWhatIsVisibleAndWhatIsNot) {
  const Tally tally = TallyOf(MixedReport());
  EXPECT_EQ(tally.visible, 2u);
  EXPECT_EQ(tally.failing, 1u);
  EXPECT_EQ(tally.files, 3u);
  EXPECT_EQ(tally.allowed_places, 1u);
  EXPECT_EQ(tally.ignored, 1u);
  EXPECT_EQ(tally.unread, 0u);
  EXPECT_EQ(SeverityText(tally), "1 high, 1 low");
}

TEST(SummaryTest, AFindingAllowedEverywhereIsHiddenButNotIgnored) {
  Report report = OneFinding();
  report.findings[0].occurrences[0].allowed = "allow rule 1";
  report.findings[0].decision = {Action::kIgnore, "allowed everywhere"};
  const Tally tally = TallyOf(report);
  EXPECT_EQ(tally.visible, 0u);
  EXPECT_EQ(tally.allowed_places, 1u);
  EXPECT_EQ(tally.ignored, 0u);
  EXPECT_EQ(HiddenText(report, tally), "1 allowed place");
}

TEST(SummaryTest, IndexInPathCountsPerPath) {
  Finding finding = KrytonFinding();
  finding.occurrences = {At("a", 1, "k", "k"), At("a", 2, "k", "k"),
                         At("b", 1, "k", "k"), At("a", 3, "k", "k")};
  EXPECT_EQ(IndexInPath(finding), (std::vector<std::size_t>{0, 1, 0, 2}));
}

TEST(SummaryTest, BytesAreExactAndReadable) {
  EXPECT_EQ(BytesText(0), "0 bytes");
  EXPECT_EQ(BytesText(1), "1 byte");
  EXPECT_EQ(BytesText(1023), "1,023 bytes");
  EXPECT_EQ(BytesText(1024), "1,024 bytes (1.0 KiB)");
  EXPECT_EQ(BytesText(1048575), "1,048,575 bytes (1.0 MiB)");
  EXPECT_EQ(BytesText(5812345678), "5,812,345,678 bytes (5.4 GiB)");
  EXPECT_EQ(BytesText(18446744073709551615u),
            "18,446,744,073,709,551,615 bytes (16384.0 PiB)");
}

TEST(SummaryTest, ReadTextNamesWhatThereWas) {
  Coverage coverage;
  EXPECT_EQ(ReadText(coverage), "0 files, 0 bytes");
  coverage.files = 1;
  coverage.bytes = 5;
  EXPECT_EQ(ReadText(coverage), "1 file, 5 bytes");
  coverage = {0, 5, 1200, 1, {}, {}};
  EXPECT_EQ(ReadText(coverage), "1,200 blobs, 1 commit, 5 bytes");
  coverage.instead = "the inventory, 5 keys";
  EXPECT_EQ(ReadText(coverage), "the inventory, 5 keys");
}

TEST(SummaryTest, SkipsAreGroupedMostFrequentFirst) {
  Report report;
  for (int reason = 0; reason < 8; ++reason) {
    for (int n = 0; n <= reason; ++n) {
      report.coverage.skipped.push_back(
          {"p", std::string("r") + std::to_string(reason), {}, false});
    }
  }
  report.coverage.skipped.push_back({"p", "unreadable", {}, true});
  EXPECT_EQ(SkippedText(report),
            "8 r7, 7 r6, 6 r5, 5 r4, 4 r3, 3 r2, 3 for 2 other reasons");
}

TEST(SummaryTest, OutcomeSaysHowItEnded) {
  const auto text = [](const Report& report) {
    const Outcome outcome = OutcomeOf(report, TallyOf(report));
    return std::string(outcome.label) + ": " + outcome.text;
  };
  EXPECT_EQ(text(CleanReport()),
            "clean: 12 files, 34,567 bytes (33.8 KiB) read; no keys found");
  EXPECT_EQ(
      text(OneFinding()),
      "complete: 12 files, 34,567 bytes (33.8 KiB) read; 1 finding fails");
  Report warn = OneFinding();
  warn.findings[0].decision.action = Action::kWarn;
  EXPECT_EQ(text(warn),
            "complete: 12 files, 34,567 bytes (33.8 KiB) read; nothing fails");
  EXPECT_EQ(text(IncompleteReport()),
            "INCOMPLETE: 2 things could not be read; 1 finding fails");
  EXPECT_EQ(text(Report{}), "clean: there was nothing to read");
}

TEST(SummaryTest, NeverCleanWhenSomethingCouldNotBeRead) {
  Report report = CleanReport();
  report.coverage.skipped = {{"a", "Permission denied", {}, true}};
  EXPECT_EQ(OutcomeOf(report, TallyOf(report)).label, "INCOMPLETE");
  report.empty_roots = {"docs"};
  EXPECT_EQ(OutcomeOf(report, TallyOf(report)).text,
            "1 thing could not be read, 1 path held nothing; no keys found");
  report = CleanReport();
  report.complete = false;
  const Outcome outcome = OutcomeOf(report, TallyOf(report));
  EXPECT_EQ(outcome.label, "INCOMPLETE");
  EXPECT_EQ(outcome.text, "not everything asked for was read; no keys found");
}

TEST(SummaryTest, ViolationsAreCounted) {
  const Report report = KeptReport();
  const Tally tally = TallyOf(report);
  EXPECT_EQ(tally.visible, 1u);
  EXPECT_EQ(tally.violations, 2u);
  EXPECT_EQ(tally.failing_violations, 1u);
  EXPECT_EQ(tally.ignored_violations, 1u);
  EXPECT_EQ(SeverityText(tally), "1 high");
  EXPECT_EQ(ViolationSeverityText(tally), "1 critical, 1 low");
  EXPECT_EQ(HiddenText(report, tally), "1 ignored violation");
}

TEST(SummaryTest, NotCleanWithAViolation) {
  const auto text = [](const Report& report) {
    const Outcome outcome = OutcomeOf(report, TallyOf(report));
    return std::string(outcome.label) + ": " + outcome.text;
  };
  const std::string read = "complete: 12 files, 34,567 bytes (33.8 KiB) read; ";
  EXPECT_EQ(text(KeptReport()), read + "1 finding and 1 violation fail");
  Report report = KeptReport();
  report.findings.clear();
  EXPECT_EQ(text(report), read + "1 violation fails");
  report.violations = {NoFile()};
  EXPECT_EQ(text(report), read + "nothing fails");
  report.violations[0].decision.action = Action::kIgnore;
  EXPECT_EQ(text(report),
            "clean: 12 files, 34,567 bytes (33.8 KiB) read; no keys found");
}

TEST(SummaryTest, KeysOfViolationsNameThem) {
  Report report;
  report.violations = {Tracked(), Tracked(), Tracked(), NoFile()};
  report.violations[1].line = 900;
  report.violations[2].finding.clear();
  const auto keys = ViolationKeys(report);
  ASSERT_EQ(keys.size(), 4u);
  EXPECT_EQ(keys[0].substr(16), ":0");
  EXPECT_EQ(keys[1], keys[0].substr(0, 16) + ":1");
  EXPECT_NE(keys[2].substr(0, 16), keys[0].substr(0, 16));
  EXPECT_NE(keys[3].substr(0, 16), keys[0].substr(0, 16));
}

}  // namespace
}  // namespace keytidy::report
