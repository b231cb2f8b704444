// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include "report/writer.h"
#include "sample_report.h"

namespace keytidy::report {
namespace {

std::string Human(const Report& report) { return WriteHuman(report, Style{}); }

// The lines of the excerpt of the only finding.
std::string ExcerptOf(Occurrence occurrence) {
  Report report = CleanReport();
  report.findings.push_back(KrytonFinding());
  report.findings[0].occurrences = {std::move(occurrence)};
  const std::string out = Human(report);
  const std::size_t begin = out.find('\n') + 1;
  const std::size_t end = out.find("  next:");
  return out.substr(begin, end - begin);
}

TEST(HumanTest, OneFinding) {
  EXPECT_EQ(Human(OneFinding()),
            R"(.cursor/mcp.json:7:30: high: Kryton API key [kryton-api-key]
    7 |     "Authorization": "Bearer kryton_3f9c…"
      |                              ^~~~~~~~~~~~
  next: Delete the key under Settings, API Keys, and create a new one.
  id:   kt-8d1f0c2e9b7a4c55

findings: 1 in 1 file (1 high)
complete: 12 files, 34,567 bytes (33.8 KiB) read; 1 finding fails
)");
}

TEST(HumanTest, ALittleOfEverything) {
  EXPECT_EQ(Human(MixedReport()),
            R"(.cursor/mcp.json:7:30: high: Kryton API key [kryton-api-key]
    7 |     "Authorization": "Bearer kryton_3f9c…"
      |                              ^~~~~~~~~~~~
  also: .env:3:14
  next: Delete the key under Settings, API Keys, and create a new one.
  id:   kt-8d1f0c2e9b7a4c55

deploy.sh:3:13: low: Acme webhook secret [acme-webhook]
    3 | ACME_SECRET=********
      |             ^~~~~~~~
  note: confidence medium: looks like one, but nothing proves it
  note: does not fail: severity low < --fail-on medium
  id:   kt-0123456789abcdef

note: allow rule at keytidy.toml:12 matches nothing

findings: 2 in 3 files (1 high, 1 low)
hidden:   1 allowed place, 1 ignored finding, 2 below --min-confidence
skipped:  2 binary, 1 larger than --max-file-size
complete: 12 files, 34,567 bytes (33.8 KiB) read; 1 finding fails
)");
}

TEST(HumanTest, CleanSaysHowMuchWasRead) {
  EXPECT_EQ(
      Human(CleanReport()),
      "clean:    12 files, 34,567 bytes (33.8 KiB) read; no keys found\n");
}

TEST(HumanTest, IncompleteSaysWhatCouldNotBeRead) {
  Report report = IncompleteReport();
  report.findings.clear();
  EXPECT_EQ(Human(report), R"(skipped:  1 binary
unread:   broken.zip: the central directory is cut short
          vault.bin: Permission denied
read:     12 files, 34,567 bytes (33.8 KiB)
INCOMPLETE: 2 things could not be read; no keys found
)");
}

TEST(HumanTest, ARootThatHeldNothingIsNotClean) {
  Report report;
  report.empty_roots = {"docs"};
  EXPECT_EQ(Human(report), R"(unread:   docs: held nothing to read
read:     0 files, 0 bytes
INCOMPLETE: 1 path held nothing to read; no keys found
)");
}

TEST(HumanTest, TheListOfUnreadThingsEndsAtTwenty) {
  Report report = CleanReport();
  report.complete = false;
  for (int i = 0; i < 25; ++i) {
    report.coverage.skipped.push_back(
        {"f" + std::to_string(100 + i), "Permission denied", {}, true});
  }
  const std::string out = Human(report);
  EXPECT_NE(out.find("f119: Permission denied\n          and 5 more things\n"),
            std::string::npos)
      << out;
  EXPECT_EQ(out.find("f120"), std::string::npos);
}

TEST(HumanTest, QuietLeavesOnlyTheFindings) {
  Style quiet;
  quiet.quiet = true;
  EXPECT_EQ(WriteHuman(CleanReport(), quiet), "");
  EXPECT_EQ(WriteHuman(OneFinding(), quiet),
            R"(.cursor/mcp.json:7:30: high: Kryton API key [kryton-api-key]
    7 |     "Authorization": "Bearer kryton_3f9c…"
      |                              ^~~~~~~~~~~~
  next: Delete the key under Settings, API Keys, and create a new one.
  id:   kt-8d1f0c2e9b7a4c55
)");
}

TEST(HumanTest, QuietIsNotSilentAboutWhatCouldNotBeRead) {
  Style quiet;
  quiet.quiet = true;
  Report report = IncompleteReport();
  report.findings.clear();
  EXPECT_EQ(WriteHuman(report, quiet),
            R"(unread:   broken.zip: the central directory is cut short
          vault.bin: Permission denied
read:     12 files, 34,567 bytes (33.8 KiB)
INCOMPLETE: 2 things could not be read; no keys found
)");
}

TEST(HumanTest, ManyPlacesAreFiveAndACount) {
  Report report = OneFinding();
  auto& places = report.findings[0].occurrences;
  for (std::uint64_t i = 0; i < 17; ++i) {
    places.push_back(
        At("config.yaml", 10 + i, "k: kryton_3f9c…", "kryton_3f9c…"));
  }
  const std::string out = Human(report);
  EXPECT_NE(out.find(R"(
  also: config.yaml:10:4
        config.yaml:11:4
        config.yaml:12:4
        config.yaml:13:4
        config.yaml:14:4
        and 12 more places
  next: )"),
            std::string::npos)
      << out;
}

TEST(HumanTest, AnAllowedFirstPlaceGivesWayToTheNext) {
  Report report = MixedReport();
  report.findings[0].occurrences[0].allowed = "allow rule 1";
  EXPECT_TRUE(Human(report).starts_with(".env:3:14: high: Kryton API key"));
}

TEST(HumanTest, PlacesInHistoryNameTheBlob) {
  Report report = OneFinding();
  auto& places = report.findings[0].occurrences;
  places[0].source = SourceKind::kHistory;
  places[0].blob = std::string(40, 'a');
  places.push_back(places[0]);
  places[1].blob = std::string(40, 'b');
  const std::string out = Human(report);
  EXPECT_NE(out.find("  also: .cursor/mcp.json:7:30 (in the git history, blob "
                     "bbbbbbbbbbbb)\n"
                     "  note: in the git history, blob aaaaaaaaaaaa\n"),
            std::string::npos)
      << out;
}

TEST(HumanTest, StandardInputIsNamed) {
  Report report = OneFinding();
  report.findings[0].occurrences[0].source = SourceKind::kStdin;
  report.findings[0].occurrences[0].path = "-";
  EXPECT_TRUE(Human(report).starts_with("stdin:7:30: high:"));
}

TEST(HumanTest, CaretFollowsTabs) {
  EXPECT_EQ(ExcerptOf(At("a", 12, "\tkey:\tkryton_3f9c…", "kryton_3f9c…")),
            "   12 |     key:    kryton_3f9c…\n"
            "      |             ^~~~~~~~~~~~\n");
}

TEST(HumanTest, CaretFollowsWideAndMultibyteCharacters) {
  EXPECT_EQ(ExcerptOf(At("a", 1, "naïve 鍵 = kryton_3f9c…", "kryton_3f9c…")),
            "    1 | naïve 鍵 = kryton_3f9c…\n"
            "      |            ^~~~~~~~~~~~\n");
}

TEST(HumanTest, CaretFollowsSpelledOutControlCharacters) {
  EXPECT_EQ(ExcerptOf(At("a", 1, "\x1b[2J kryton_3f9c…", "kryton_3f9c…")),
            "    1 | \\x1b[2J kryton_3f9c…\n"
            "      |         ^~~~~~~~~~~~\n");
}

TEST(HumanTest, ALongLineIsCutAfterTheKeyFirst) {
  const std::string before(40, 'b');
  const std::string after(60, 'a');
  EXPECT_EQ(
      ExcerptOf(At("a", 1, before + "kryton_3f9c…" + after, "kryton_3f9c…")),
      "    1 | " + before + "kryton_3f9c…" + std::string(19, 'a') + "…\n" +
          "      | " + std::string(40, ' ') + "^~~~~~~~~~~~\n");
}

TEST(HumanTest, ALongLineIsCutOnBothSides) {
  const std::string before(100, 'b');
  const std::string after(60, 'a');
  EXPECT_EQ(
      ExcerptOf(At("a", 1, before + "kryton_3f9c…" + after, "kryton_3f9c…")),
      "    1 | …" + std::string(51, 'b') + "kryton_3f9c…aaaaaaa…\n" +
          "      | " + std::string(52, ' ') + "^~~~~~~~~~~~\n");
}

TEST(HumanTest, ALargeLineNumberWidensTheMargin) {
  EXPECT_EQ(ExcerptOf(At("a", 1234567, "= kryton_3f9c…", "kryton_3f9c…")),
            "1234567 | = kryton_3f9c…\n"
            "        |   ^~~~~~~~~~~~\n");
}

TEST(HumanTest, ACaretBeyondTheExcerptIsHeldAtItsEnd) {
  Occurrence occurrence = At("a", 1, "= kryton_3f9c…", "kryton_3f9c…");
  occurrence.excerpt.caret = 4000;
  EXPECT_EQ(ExcerptOf(occurrence),
            "    1 | = kryton_3f9c…\n"
            "      |               ^\n");
}

TEST(HumanTest, WithoutAnExcerptTheRedactedKeyIsGiven) {
  Report report = OneFinding();
  report.findings[0].occurrences[0].excerpt = {};
  EXPECT_TRUE(Human(report).starts_with(
      ".cursor/mcp.json:7:30: high: Kryton API key [kryton-api-key]\n"
      "  key:  kryton_3f9c…, 71 bytes\n"
      "  next: "));
}

TEST(HumanTest, AShownKeyIsGivenLineByLine) {
  Report report = OneFinding();
  report.findings[0].shown = "first line\nsecond\x1b line\n";
  EXPECT_NE(Human(report).find("  key:  first line\n"
                               "        second\\x1b line\n"
                               "  next: "),
            std::string::npos);
}

TEST(HumanTest, NotesOnVerdictLengthAndPublicKeys) {
  Report report = OneFinding();
  Finding& finding = report.findings[0];
  Rule rule = KrytonRule();
  rule.is_public = true;
  finding.rule = &rule;
  finding.confidence = Confidence::kLow;
  finding.verdict.state = VerdictState::kActive;
  finding.verdict.evidence = "notes.example.net answered 403: it knows the key";
  finding.verdict.facts.name = "laptop";
  finding.verdict.facts.scopes = {"read", "write"};
  finding.verdict.facts.expires = 1775000000;
  finding.age.evidence = {{"provider-created", 1770000000}};
  finding.age.at_least_days = finding.age.at_most_days = 12;
  finding.occurrences[0].range.end_line = 31;
  EXPECT_NE(Human(report).find(
                "  age:  12 days: made 2026-02-02, the provider says\n"
                "  live: yes: notes.example.net answered 403: it knows the "
                "key\n"
                "  who:  named \"laptop\", scopes read write, expires "
                "2026-03-31\n"
                "  note: the key goes on until line 31\n"
                "  note: public by design, and here for completeness\n"
                "  note: confidence low: may well be something else\n"
                "  next: "),
            std::string::npos);
}

TEST(HumanTest, LongAdviceIsWrapped) {
  Report report = OneFinding();
  Rule rule = KrytonRule();
  rule.advice =
      "Delete the key in the console under Settings, API Keys, then run "
      "`keytidy rotate confirm kt-8d1f` and restart what used it.";
  report.findings[0].rule = &rule;
  EXPECT_NE(
      Human(report).find(
          "  next: Delete the key in the console under Settings, API Keys, "
          "then run\n"
          "        `keytidy rotate confirm kt-8d1f` and restart what used "
          "it.\n"),
      std::string::npos);
}

TEST(HumanTest, ColourIsOnTopOfTheSameText) {
  Style color;
  color.color = true;
  std::string out = WriteHuman(MixedReport(), color);
  EXPECT_TRUE(
      out.starts_with("\x1b[1m.cursor/mcp.json:7:30:\x1b[0m "
                      "\x1b[1;31mhigh:\x1b[0m "));
  for (std::size_t at = 0; (at = out.find("\x1b[")) != std::string::npos;) {
    out.erase(at, out.find('m', at) - at + 1);
  }
  EXPECT_EQ(out, Human(MixedReport()));
}

TEST(HumanTest, ViolationsFollowTheFindings) {
  EXPECT_EQ(Human(KeptReport()),
            R"(.cursor/mcp.json:7:30: high: Kryton API key [kryton-api-key]
    7 |     "Authorization": "Bearer kryton_3f9c…"
      |                              ^~~~~~~~~~~~
  in:   cursor, server kryton, headers.Authorization
  next: Delete the key under Settings, API Keys, and create a new one.
  id:   kt-8d1f0c2e9b7a4c55

.cursor/mcp.json:7: critical: git tracks a file with a key [FILE-TRACKED]
  in:   cursor, server kryton, headers.Authorization
  fix:  Take `.cursor/mcp.json` out of git.
  see:  OWASP NHI2, OWASP MCP01
  id:   kt-8d1f0c2e9b7a4c55

low: the environment holds a key [ENV-PLAIN]
  note: does not fail: severity low < --fail-on medium

findings: 1 in 1 file (1 high)
checks:   2 violations (1 critical, 1 low)
hidden:   1 ignored violation
complete: 12 files, 34,567 bytes (33.8 KiB) read; 1 finding and 1 violation fail
)");
}

TEST(HumanTest, ALongViolationIsWrapped) {
  Report report = CleanReport();
  report.violations = {Tracked()};
  report.violations[0].message =
      "git tracks a file with a key, and everyone who has a clone has the key";
  report.violations[0].line = 0;
  report.violations[0].client.reset();
  report.violations[0].finding.clear();
  report.violations[0].references.clear();
  report.violations[0].fix =
      "Replace the key where it was made, and then take the file out of git:\n"
      "  git rm --cached .cursor/mcp.json\n\n"
      "Then commit.\n";
  EXPECT_TRUE(Human(report).starts_with(
      R"(.cursor/mcp.json: critical: git tracks a file with a key, and everyone who has a
    clone has the key [FILE-TRACKED]
  fix:  Replace the key where it was made, and then take the file out of git:
          git rm --cached .cursor/mcp.json

        Then commit.

)")) << Human(report);
}

TEST(HumanTest, OtherPlacesNameTheirClientAndHowOften) {
  Report report = KeptReport();
  report.violations.clear();
  auto& places = report.findings[0].occurrences;
  places.push_back(At(".mcp.json", 3, "k", "k"));
  places.back().client = {"claude-code", "kryton", "env.API_KEY"};
  places.push_back(At("logs/a.jsonl", 9, "k", "k"));
  places.back().client = {"claude-code", "", ""};
  places.back().times = 12;
  places.back().files = 3;
  places.push_back(At(std::string(60, 'd'), 1, "k", "k"));
  places.back().client = {"claude-code", "kryton", "env.API_KEY"};
  EXPECT_NE(Human(report).find(
                "  in:   cursor, server kryton, headers.Authorization\n"
                "  also: .mcp.json:3:1 (claude-code, kryton, env.API_KEY)\n"
                "        logs/a.jsonl:9:1 (claude-code) (12 times in 3 files)\n"
                "        " +
                std::string(60, 'd') +
                ":1:1\n"
                "          (claude-code, kryton, env.API_KEY)\n"),
            std::string::npos)
      << Human(report);
}

TEST(HumanTest, AFirstPlaceThatIsSummedUpSaysHowOften) {
  Report report = OneFinding();
  report.findings[0].occurrences[0].times = 12;
  EXPECT_NE(Human(report).find(
                "  note: 12 times in 1 file, of which this is the first\n"),
            std::string::npos);
}

TEST(HumanTest, HomeIsShownShort) {
  const auto head = [](std::string path, std::string home) {
    Report report = OneFinding();
    report.findings[0].occurrences[0].path = std::move(path);
    Style style;
    style.home = std::move(home);
    const std::string out = WriteHuman(report, style);
    return out.substr(0, out.find(":7:30: "));
  };
  EXPECT_EQ(head("/home/ann/.env", "/home/ann"), "~/.env");
  EXPECT_EQ(head("/home/ann/.env", "/home/ann/"), "~/.env");
  EXPECT_EQ(head("/home/anna/.env", "/home/ann"), "/home/anna/.env");
  EXPECT_EQ(head("/home/ann/.env", ""), "/home/ann/.env");
  EXPECT_EQ(head("/home/ann/.env", "/"), "/home/ann/.env");
}

}  // namespace
}  // namespace keytidy::report
