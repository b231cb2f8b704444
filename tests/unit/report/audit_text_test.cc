// SPDX-License-Identifier: Apache-2.0
#include "report/audit_text.h"

#include <gtest/gtest.h>

#include <sstream>
#include <string>

#include "report/terminal_text.h"
#include "sample_report.h"

namespace keytidy::report {
namespace {

Style AtHome() {
  Style style;
  style.home = "/home/ann/";
  return style;
}

// An audit that found nothing.
Report CleanAudit() {
  Report report = CleanReport();
  AuditSummary audit;
  audit.home = "/home/ann";
  audit.clients = 5;
  audit.servers = 3;
  report.audit = std::move(audit);
  return report;
}

TEST(AuditTextTest, TheFirstScreen) {
  EXPECT_EQ(WriteHuman(AuditReport(), AtHome()),
            R"(How keys are kept in ~

read:     12 files of 5 clients and tools, with 18 server entries
keys:     4 keys in 9 places
shared:   2 keys are in more than one client or tool
tracked:  1 key is in files that git tracks

Do first

 1. critical: Git tracks `.cursor/mcp.json`, and it holds a Kryton API key that
    everyone with a clone has.
      ~/code/.cursor/mcp.json:7
    Replace the key, then take the file out of git:
      git rm --cached .cursor/mcp.json

 2. medium: A Kryton API key is in 2 apps.
      ~/a:1
      ~/b:2
      /srv/c:3
      and 2 more
    Make one key for each app.

in all:   2 violations (1 critical, 1 low), 1 finding (1 high); `--all` shows
          them
hidden:   1 ignored violation
complete: 12 files, 34,567 bytes (33.8 KiB) read; 1 finding and 1 violation fail
)");
}

TEST(AuditTextTest, EveryCountHasItsLine) {
  Report report = AuditReport();
  report.audit->clients = 1;
  report.audit->servers = 1;
  report.audit->keys = 1;
  report.audit->places = 1;
  report.audit->shared = 1;
  report.audit->tracked = 2;
  report.audit->astray = 1;
  report.audit->leaked = 1234;
  const std::string head =
      "How keys are kept in ~\n"
      "\n"
      "read:     12 files of 1 client or tool, with 1 server entry\n"
      "keys:     1 key in 1 place\n"
      "shared:   1 key is in more than one client or tool\n"
      "tracked:  2 keys are in files that git tracks\n"
      "astray:   1 key is sent to a host that is not its provider's\n"
      "leaked:   1,234 keys are in transcripts, histories or logs\n"
      "\n"
      "Do first\n";
  EXPECT_EQ(AuditText(report, AtHome()).substr(0, head.size()), head);
  report.audit->astray = 2;
  EXPECT_NE(AuditText(report, AtHome())
                .find("astray:   2 keys are sent to hosts that are not their "
                      "providers'\n"),
            std::string::npos);
}

TEST(AuditTextTest, ACleanAuditSaysSo) {
  EXPECT_EQ(AuditText(CleanAudit(), AtHome()),
            R"(How keys are kept in ~

read:     12 files of 5 clients and tools, with 3 server entries

No key was found in clear in these files, and every check passes.

clean:    12 files, 34,567 bytes (33.8 KiB) read; no keys found
)");
}

TEST(AuditTextTest, NothingToReadIsNotPraised) {
  Report report = CleanAudit();
  report.coverage = {};
  report.audit->clients = 0;
  report.audit->servers = 0;
  EXPECT_EQ(AuditText(report, AtHome()),
            R"(How keys are kept in ~

read:     0 files

No client or tool that keytidy knows keeps a file here.

clean:    there was nothing to read
)");
}

TEST(AuditTextTest, WhatPolicyHidesIsNotPraised) {
  Report report = CleanAudit();
  report.violations = {Tracked()};
  report.violations[0].decision = {Action::kIgnore, "baseline"};
  const std::string out = AuditText(report, AtHome());
  EXPECT_NE(out.find("\n\nNothing is left to do; what the policy hides is "
                     "counted below.\n\nhidden:   1 ignored violation\n"),
            std::string::npos)
      << out;
}

TEST(AuditTextTest, AnIncompleteAuditIsNotPraised) {
  Report report = CleanAudit();
  report.complete = false;
  report.coverage.skipped = {
      {"/home/ann/vault", "Permission denied", std::nullopt, true}};
  EXPECT_EQ(AuditText(report, AtHome()),
            R"(How keys are kept in ~

read:     12 files of 5 clients and tools, with 3 server entries

Nothing is amiss in what was read, but not everything was.

unread:   ~/vault: Permission denied
read:     12 files, 34,567 bytes (33.8 KiB)
INCOMPLETE: 1 thing could not be read; no keys found
)");
}

TEST(AuditTextTest, QuietLeavesTheSteps) {
  Style style = AtHome();
  style.quiet = true;
  EXPECT_EQ(AuditText(CleanAudit(), style), "");
  const std::string out = AuditText(AuditReport(), style);
  EXPECT_TRUE(out.starts_with("Do first\n\n 1. critical: Git tracks"));
  EXPECT_TRUE(
      out.ends_with("      and 2 more\n    Make one key for each "
                    "app.\n"));
}

TEST(AuditTextTest, AllShowsEveryViolationByFileThenEveryFinding) {
  Report report = AuditReport();
  Violation other = Tracked();
  other.path = "/home/ann/b";
  other.check = "OTHER";
  report.violations.insert(report.violations.begin() + 1, other);
  Violation low = Tracked();
  low.severity = Severity::kLow;
  low.check = "LAST";
  report.violations.push_back(low);
  report.notes = {"a note"};
  Style style = AtHome();
  style.all = true;
  const std::string out = AuditText(report, style);
  std::size_t at = 0;
  for (const char* text :
       {"Do first\n", "    Make one key for each app.\n\nViolations, by file\n",
        "\n.cursor/mcp.json:7: critical: git tracks a file with a key "
        "[FILE-TRACKED]\n",
        "\n.cursor/mcp.json:7: low: git tracks a file with a key [LAST]\n",
        "\n~/b:7: critical: git tracks a file with a key [OTHER]\n",
        "\nlow: the environment holds a key [ENV-PLAIN]\n", "\nFindings\n\n",
        ".cursor/mcp.json:7:30: high: Kryton API key [kryton-api-key]\n",
        "\nnote: a note\n\n"
        "findings: 1 in 1 file (1 high)\n"
        "checks:   4 violations (2 critical, 2 low)\n"
        "hidden:   1 ignored violation\n"
        "complete: "}) {
    at = out.find(text, at);
    ASSERT_NE(at, std::string::npos) << text << "\nnot in\n" << out;
  }
  EXPECT_EQ(out.find("FILE-MODE"), std::string::npos);
  EXPECT_EQ(out.find("in all:"), std::string::npos);
}

TEST(AuditTextTest, NotesAreCountedUntilAllAreWanted) {
  Report report = CleanAudit();
  report.notes = {"one", "two"};
  EXPECT_NE(AuditText(report, AtHome()).find("in all:   2 notes; `--all` "),
            std::string::npos);
}

TEST(AuditTextTest, AtMostTenSteps) {
  Report report = CleanAudit();
  for (int i = 0; i < 12; ++i) {
    report.audit->first.push_back({Severity::kHigh, "Do it.", {}, "", {}});
  }
  const std::string out = AuditText(report, AtHome());
  EXPECT_NE(out.find("\n 9. high: Do it.\n\n10. high: Do it.\n\n"),
            std::string::npos);
  EXPECT_EQ(out.find("11. "), std::string::npos);
}

TEST(AuditTextTest, NothingIsWiderThanTheTerminal) {
  Report report = AuditReport();
  const std::string prose = [] {
    std::string text;
    for (int i = 0; i < 40; ++i) text += "word ";
    return text;
  }();
  for (FirstStep& step : report.audit->first) step.what = step.how = prose;
  for (Violation& violation : report.violations) {
    violation.message = violation.fix = prose;
    violation.references.assign(20, "OWASP NHI2");
  }
  Style style = AtHome();
  style.all = true;
  std::istringstream lines(AuditText(report, style));
  for (std::string line; std::getline(lines, line);) {
    EXPECT_LE(DisplayWidth(line), kTerminalWidth) << line;
  }
}

TEST(AuditTextTest, ColourIsOnTopOfTheSameText) {
  Style style = AtHome();
  style.color = true;
  std::string out = AuditText(AuditReport(), style);
  EXPECT_NE(out.find("\x1b[1;31mcritical:\x1b[0m "), std::string::npos);
  EXPECT_NE(out.find("\x1b[1;33mmedium:\x1b[0m "), std::string::npos);
  for (std::size_t at = 0; (at = out.find("\x1b[")) != std::string::npos;) {
    out.erase(at, out.find('m', at) - at + 1);
  }
  EXPECT_EQ(out, AuditText(AuditReport(), AtHome()));
}

TEST(AuditTextTest, TextFromOutsideCannotSteerTheTerminal) {
  Report report = AuditReport();
  report.audit->home = "/\x1b[2J";
  report.audit->first[0].what = "what\x1b[2J\n";
  report.audit->first[0].where = {"/home/ann/\x1b[2J:1"};
  report.audit->first[0].how = "how\x1b[2J\r\n  run\x1b[2J";
  const std::string out = AuditText(report, AtHome());
  EXPECT_EQ(out.find('\x1b'), std::string::npos);
  EXPECT_TRUE(out.starts_with("How keys are kept in /\\x1b[2J\n"));
  EXPECT_NE(out.find(" 1. critical: what\\x1b[2J\\x0a\n"
                     "      ~/\\x1b[2J:1\n"
                     "    how\\x1b[2J\\x0d\n"
                     "      run\\x1b[2J\n"),
            std::string::npos)
      << out;
}

}  // namespace
}  // namespace keytidy::report
