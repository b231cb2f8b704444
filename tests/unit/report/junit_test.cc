// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include "report/writer.h"
#include "sample_report.h"

namespace keytidy::report {
namespace {

TEST(JunitTest, ACleanRunIsOnePassingCase) {
  EXPECT_EQ(WriteJunit(CleanReport()), R"(<?xml version="1.0" encoding="UTF-8"?>
<testsuites name="keytidy" tests="1" failures="0" errors="0" skipped="0" time="0">
  <testsuite name="keytidy" tests="1" failures="0" errors="0" skipped="0" time="0">
    <testcase classname="keytidy" name="coverage" time="0">
      <system-out>12 files, 34,567 bytes (33.8 KiB) read
</system-out>
    </testcase>
  </testsuite>
</testsuites>
)");
}

TEST(JunitTest, ALittleOfEverything) {
  EXPECT_EQ(WriteJunit(MixedReport()), R"(<?xml version="1.0" encoding="UTF-8"?>
<testsuites name="keytidy" tests="6" failures="2" errors="0" skipped="2" time="0">
  <testsuite name="keytidy" tests="6" failures="2" errors="0" skipped="2" time="0">
    <testcase classname="keytidy" name="coverage" time="0">
      <system-out>12 files, 34,567 bytes (33.8 KiB) read
left out: a.png: binary
left out: b.png: binary
left out: big.iso: larger than --max-file-size
note: allow rule at keytidy.toml:12 matches nothing
</system-out>
    </testcase>
    <testcase classname=".cursor/mcp.json" name="kryton-api-key kt-8d1f0c2e9b7a4c55" file=".cursor/mcp.json" line="7" time="0">
      <failure message="high: Kryton API key: kryton_3f9c…" type="kryton-api-key">.cursor/mcp.json:7:30
confidence high
because severity high &gt;= --fail-on medium
next: Delete the key under Settings, API Keys, and create a new one.
</failure>
    </testcase>
    <testcase classname=".env" name="kryton-api-key kt-8d1f0c2e9b7a4c55" file=".env" line="3" time="0">
      <failure message="high: Kryton API key: kryton_3f9c…" type="kryton-api-key">.env:3:14
confidence high
because severity high &gt;= --fail-on medium
next: Delete the key under Settings, API Keys, and create a new one.
</failure>
    </testcase>
    <testcase classname="docs/setup.md" name="kryton-api-key kt-8d1f0c2e9b7a4c55" file="docs/setup.md" line="9" time="0">
      <skipped message="keytidy:allow kryton-api-key: shown in the manual"/>
    </testcase>
    <testcase classname="deploy.sh" name="acme-webhook kt-0123456789abcdef" file="deploy.sh" line="3" time="0">
      <system-out>low: Acme webhook secret: ********
deploy.sh:3:13
confidence medium
because severity low &lt; --fail-on medium
</system-out>
    </testcase>
    <testcase classname="old.txt" name="kryton-api-key kt-00000000000000aa" file="old.txt" line="7" time="0">
      <skipped message="baseline"/>
    </testcase>
  </testsuite>
</testsuites>
)");
}

TEST(JunitTest, PlacesInOnePathAreOneCase) {
  Report report = OneFinding();
  report.findings[0].occurrences = {At("a", 1, "k", "k"), At("a", 5, "k", "k")};
  const std::string out = WriteJunit(report);
  EXPECT_NE(out.find("tests=\"2\" failures=\"1\""), std::string::npos);
  EXPECT_NE(out.find(">a:1:1\na:5:1\n"), std::string::npos);
}

TEST(JunitTest, WhatCouldNotBeReadIsAnError) {
  Report report = IncompleteReport();
  report.findings.clear();
  EXPECT_EQ(WriteJunit(report), R"(<?xml version="1.0" encoding="UTF-8"?>
<testsuites name="keytidy" tests="1" failures="0" errors="1" skipped="0" time="0">
  <testsuite name="keytidy" tests="1" failures="0" errors="1" skipped="0" time="0">
    <testcase classname="keytidy" name="coverage" time="0">
      <error message="INCOMPLETE: 2 things could not be read; no keys found" type="incomplete">broken.zip: the central directory is cut short
vault.bin: Permission denied
</error>
      <system-out>12 files, 34,567 bytes (33.8 KiB) read
left out: a.png: binary
</system-out>
    </testcase>
  </testsuite>
</testsuites>
)");
}

TEST(JunitTest, MarkupAndForbiddenCharactersAreEscaped) {
  Report report = OneFinding();
  report.findings[0].occurrences[0].path = "<a>&\"'\x01\n\xEF\xBF\xBE";
  EXPECT_NE(WriteJunit(report).find(
                "file=\"&lt;a&gt;&amp;&quot;'\\x01\\x0a\xEF\xBF\xBD\""),
            std::string::npos);
}

TEST(JunitTest, ViolationsAreCasesByTheirDecision) {
  Report report = KeptReport();
  report.findings.clear();
  EXPECT_EQ(WriteJunit(report), R"(<?xml version="1.0" encoding="UTF-8"?>
<testsuites name="keytidy" tests="4" failures="1" errors="0" skipped="1" time="0">
  <testsuite name="keytidy" tests="4" failures="1" errors="0" skipped="1" time="0">
    <testcase classname="keytidy" name="coverage" time="0">
      <system-out>12 files, 34,567 bytes (33.8 KiB) read
</system-out>
    </testcase>
    <testcase classname=".cursor/mcp.json" name="FILE-TRACKED kt-8d1f0c2e9b7a4c55 cursor, server kryton, headers.Authorization" file=".cursor/mcp.json" line="7" time="0">
      <failure message="critical: git tracks a file with a key" type="FILE-TRACKED">in cursor, server kryton, headers.Authorization
because severity critical &gt;= --fail-on medium
fix: Take `.cursor/mcp.json` out of git.
see: OWASP NHI2, OWASP MCP01
</failure>
    </testcase>
    <testcase classname=".cursor/mcp.json" name="FILE-MODE kt-8d1f0c2e9b7a4c55 cursor, server kryton, headers.Authorization" file=".cursor/mcp.json" line="7" time="0">
      <skipped message="baseline"/>
    </testcase>
    <testcase classname="keytidy" name="ENV-PLAIN" time="0">
      <system-out>low: the environment holds a key
because severity low &lt; --fail-on medium
</system-out>
    </testcase>
  </testsuite>
</testsuites>
)");
}

TEST(JunitTest, APlaceNamesItsClientAndHowOften) {
  Report report = KeptReport();
  report.findings[0].occurrences[0].times = 12;
  report.findings[0].occurrences[0].files = 3;
  EXPECT_NE(
      WriteJunit(report).find(">.cursor/mcp.json:7:30 (cursor, server kryton, "
                              "headers.Authorization) (12 times in 3 files)\n"),
      std::string::npos);
}

}  // namespace
}  // namespace keytidy::report
