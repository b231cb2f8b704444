// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "report/tool.h"
#include "report/writer.h"
#include "sample_report.h"

namespace keytidy::report {
namespace {

nlohmann::json RunOf(const Report& report) {
  return nlohmann::json::parse(WriteSarif(report))["runs"][0];
}

nlohmann::json LocationOf(const Occurrence& occurrence) {
  Report report = OneFinding();
  report.findings[0].occurrences = {occurrence};
  return RunOf(report)["results"][0]["locations"][0]["physicalLocation"];
}

std::string UriOf(std::string path) {
  return LocationOf(
      At(std::move(path), 1, "k", "k"))["artifactLocation"]["uri"];
}

TEST(SarifTest, TheWholeShape) {
  EXPECT_EQ(WriteSarif(OneFinding()), fmt::format(R"json({{
  "$schema": "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json",
  "version": "2.1.0",
  "runs": [
    {{
      "tool": {{
        "driver": {{
          "name": "keytidy",
          "semanticVersion": "{}",
          "rules": [
            {{
              "id": "kryton-api-key",
              "name": "KrytonApiKey",
              "shortDescription": {{
                "text": "Kryton API key"
              }},
              "fullDescription": {{
                "text": "Kryton API key in clear text."
              }},
              "help": {{
                "text": "Kryton API key\n\nWhat to do: Delete the key under Settings, API Keys, and create a new one.\n\nSources:\nhttps://example.org/docs/api-keys\n",
                "markdown": "# Kryton API key\n\n**What to do:** Delete the key under Settings, API Keys, and create a new one.\n\n**Sources**\n\n- <https://example.org/docs/api-keys>\n"
              }},
              "defaultConfiguration": {{
                "level": "error"
              }},
              "properties": {{
                "security-severity": "8.0",
                "tags": [
                  "security",
                  "secret"
                ]
              }}
            }}
          ]
        }}
      }},
      "columnKind": "unicodeCodePoints",
      "invocations": [
        {{
          "executionSuccessful": true,
          "toolExecutionNotifications": []
        }}
      ],
      "results": [
        {{
          "ruleId": "kryton-api-key",
          "ruleIndex": 0,
          "level": "error",
          "message": {{
            "text": "Kryton API key: kryton_3f9c… (71 bytes)"
          }},
          "locations": [
            {{
              "physicalLocation": {{
                "artifactLocation": {{
                  "uri": ".cursor/mcp.json"
                }},
                "region": {{
                  "startLine": 7,
                  "startColumn": 30,
                  "endLine": 7,
                  "endColumn": 101,
                  "byteOffset": 729,
                  "byteLength": 71
                }}
              }}
            }}
          ],
          "partialFingerprints": {{
            "keytidy/v1": "kt-8d1f0c2e9b7a4c55:0"
          }},
          "properties": {{
            "confidence": "high",
            "source": "file",
            "action": "fail"
          }}
        }}
      ],
      "properties": {{
        "catalogue": "sha256:feed",
        "coverage": {{
          "files": 12,
          "bytes": 34567,
          "blobs": 0,
          "commits": 0
        }},
        "belowConfidence": 0
      }}
    }}
  ]
}}
)json",
                                                  ToolVersion()));
}

TEST(SarifTest, RulesAreThoseWithFindingsSortedById) {
  const auto run = RunOf(MixedReport());
  const auto& rules = run["tool"]["driver"]["rules"];
  ASSERT_EQ(rules.size(), 2u);
  EXPECT_EQ(rules[0]["id"], "acme-webhook");
  EXPECT_EQ(rules[1]["id"], "kryton-api-key");
  for (const auto& result : run["results"]) {
    EXPECT_EQ(rules[result["ruleIndex"].get<std::size_t>()]["id"],
              result["ruleId"]);
  }
}

TEST(SarifTest, NothingFoundIsAnEmptyListOfResults) {
  const auto run = RunOf(CleanReport());
  EXPECT_EQ(run["results"], nlohmann::json::array());
  EXPECT_EQ(run["tool"]["driver"]["rules"], nlohmann::json::array());
}

TEST(SarifTest, LevelsAndScoresFollowTheSeverity) {
  struct Case {
    Severity severity;
    const char* level;
    const char* score;
  };
  for (const Case& c : {Case{Severity::kCritical, "error", "9.5"},
                        Case{Severity::kHigh, "error", "8.0"},
                        Case{Severity::kMedium, "warning", "5.5"},
                        Case{Severity::kLow, "note", "3.0"},
                        Case{Severity::kInfo, "note", "0.0"}}) {
    Report report = OneFinding();
    report.findings[0].severity = c.severity;
    const auto run = RunOf(report);
    const auto& rule = run["tool"]["driver"]["rules"][0];
    EXPECT_EQ(run["results"][0]["level"], c.level);
    EXPECT_EQ(rule["defaultConfiguration"]["level"], c.level);
    EXPECT_EQ(rule["properties"]["security-severity"], c.score);
  }
}

TEST(SarifTest, PathsAreUris) {
  EXPECT_EQ(UriOf("src/a b.cc"), "src/a%20b.cc");
  EXPECT_EQ(UriOf("a:b/c%d?e#f"), "a%3Ab/c%25d%3Fe%23f");
  EXPECT_EQ(UriOf("/etc/app.env"), "file:///etc/app.env");
  EXPECT_EQ(UriOf("../up.env"), "../up.env");
  EXPECT_EQ(UriOf("outer.zip!in/k.env"), "outer.zip!in/k.env");
  EXPECT_EQ(UriOf("naïve\xFF\n"), "na%C3%AFve%FF%0A");
}

TEST(SarifTest, StandardInputIsStdin) {
  Occurrence occurrence = At("-", 1, "k", "k");
  occurrence.source = SourceKind::kStdin;
  EXPECT_EQ(LocationOf(occurrence)["artifactLocation"]["uri"], "stdin");
}

TEST(SarifTest, ColumnsCountCharacters) {
  const auto region = LocationOf(
      At("a", 1, "naïve 鍵 = kryton_3f9c…", "kryton_3f9c…"))["region"];
  EXPECT_EQ(region["startColumn"], 11);
  EXPECT_EQ(region["endColumn"], 82);
  EXPECT_EQ(region["byteOffset"], 113);
  EXPECT_EQ(region["byteLength"], 71);
}

TEST(SarifTest, AnEmptyRootIsAnError) {
  Report report = CleanReport();
  report.empty_roots = {"docs"};
  const auto invocation = RunOf(report)["invocations"][0];
  const auto& list = invocation["toolExecutionNotifications"];
  ASSERT_EQ(list.size(), 1u);
  EXPECT_EQ(list[0]["level"], "error");
  EXPECT_EQ(list[0]["message"]["text"], "held nothing to read");
}

TEST(SarifTest, AKeyOverManyLinesEndsOnItsOwnColumn) {
  Occurrence occurrence = At("a", 2, "é: kryton_3f9c…", "kryton_3f9c…");
  occurrence.range.end_line = 9;
  occurrence.range.end_character_column = 26;
  const auto region = LocationOf(occurrence)["region"];
  EXPECT_EQ(region["startColumn"], 4);
  EXPECT_EQ(region["endLine"], 9);
  EXPECT_EQ(region["endColumn"], 26);
}

TEST(SarifTest, WithoutALineTheBytesAreGiven) {
  Occurrence occurrence = At("a", 1, "k", "k");
  occurrence.range = {};
  const auto region = LocationOf(occurrence)["region"];
  EXPECT_FALSE(region.contains("startLine"));
  EXPECT_EQ(region["byteOffset"], 100);
}

TEST(SarifTest, FingerprintsStayWhenLinesMove) {
  const auto fingerprints = [](std::uint64_t shift) {
    Report report = OneFinding();
    report.findings[0].occurrences = {At("a", 1 + shift, "k", "k"),
                                      At("a", 2 + shift, "k", "k"),
                                      At("b", 1 + shift, "k", "k")};
    std::vector<std::string> all;
    const auto run = RunOf(report);
    for (const auto& result : run["results"]) {
      all.push_back(result["partialFingerprints"]["keytidy/v1"]);
    }
    return all;
  };
  EXPECT_EQ(fingerprints(0),
            (std::vector<std::string>{"kt-8d1f0c2e9b7a4c55:0",
                                      "kt-8d1f0c2e9b7a4c55:1",
                                      "kt-8d1f0c2e9b7a4c55:0"}));
  EXPECT_EQ(fingerprints(0), fingerprints(40));
}

TEST(SarifTest, WhatIsLetThroughIsSuppressed) {
  Report report = MixedReport();
  report.findings[0].occurrences[1].allowed =
      "keytidy.toml:4: only in the manual";
  const auto results = RunOf(report)["results"];
  EXPECT_FALSE(results[0].contains("suppressions"));
  EXPECT_EQ(results[1]["suppressions"][0]["kind"], "external");
  EXPECT_EQ(results[1]["suppressions"][0]["justification"],
            "keytidy.toml:4: only in the manual");
  EXPECT_EQ(results[2]["suppressions"][0]["kind"], "inSource");
  EXPECT_EQ(results[2]["suppressions"][0]["justification"],
            "keytidy:allow kryton-api-key: shown in the manual");
  EXPECT_FALSE(results[3].contains("suppressions"));
  EXPECT_EQ(results[4]["suppressions"][0]["kind"], "external");
  EXPECT_EQ(results[4]["suppressions"][0]["justification"], "baseline");
}

TEST(SarifTest, SkipsAreNotifications) {
  const auto invocation = RunOf(IncompleteReport())["invocations"][0];
  EXPECT_EQ(invocation["executionSuccessful"], false);
  const auto& list = invocation["toolExecutionNotifications"];
  ASSERT_EQ(list.size(), 3u);
  EXPECT_EQ(list[0]["level"], "note");
  EXPECT_EQ(list[0]["message"]["text"], "left out: binary");
  EXPECT_EQ(list[1]["level"], "error");
  EXPECT_EQ(list[1]["message"]["text"],
            "could not be read: the central directory is cut short");
  EXPECT_EQ(
      list[1]["locations"][0]["physicalLocation"]["artifactLocation"]["uri"],
      "broken.zip");
}

TEST(SarifTest, ChecksAreRulesAndViolationsResults) {
  const auto run = RunOf(KeptReport());
  const auto& rules = run["tool"]["driver"]["rules"];
  ASSERT_EQ(rules.size(), 4u);
  EXPECT_EQ(rules[0]["id"], "ENV-PLAIN");
  EXPECT_EQ(rules[1]["id"], "FILE-MODE");
  EXPECT_EQ(rules[3]["id"], "kryton-api-key");
  EXPECT_EQ(rules[2], nlohmann::json::parse(R"json({
    "id": "FILE-TRACKED",
    "name": "FILETRACKED",
    "shortDescription": {"text": "FILE-TRACKED: a check of how keys are kept"},
    "fullDescription": {"text": "FILE-TRACKED: a check of how keys are kept and how the programs that use them are set up."},
    "help": {
      "text": "FILE-TRACKED: a check of how keys are kept\n\nIt rests on:\nOWASP MCP01\nOWASP NHI2\n",
      "markdown": "# FILE-TRACKED: a check of how keys are kept\n\n**It rests on**\n\n- OWASP MCP01\n- OWASP NHI2\n"
    },
    "defaultConfiguration": {"level": "error"},
    "properties": {"security-severity": "9.5",
                   "tags": ["security", "configuration"]}
  })json"));
  const auto& results = run["results"];
  ASSERT_EQ(results.size(), 4u);
  for (const auto& result : results) {
    EXPECT_EQ(rules[result["ruleIndex"].get<std::size_t>()]["id"],
              result["ruleId"]);
  }
  EXPECT_EQ(results[1], nlohmann::json::parse(R"json({
    "ruleId": "FILE-TRACKED",
    "ruleIndex": 2,
    "level": "error",
    "message": {"text": "git tracks a file with a key. Take `.cursor/mcp.json` out of git."},
    "locations": [{"physicalLocation": {
      "artifactLocation": {"uri": ".cursor/mcp.json"},
      "region": {"startLine": 7}}}],
    "partialFingerprints": {"keytidy/v1": "5096ec5233659902:0"},
    "properties": {
      "action": "fail",
      "references": ["OWASP NHI2", "OWASP MCP01"],
      "finding": "kt-8d1f0c2e9b7a4c55",
      "client": {"name": "cursor", "server": "kryton",
                 "slot": "headers.Authorization"}
    }
  })json"));
  EXPECT_EQ(results[2]["suppressions"][0]["justification"], "baseline");
  EXPECT_FALSE(results[3].contains("locations"));
  EXPECT_FALSE(results[3].contains("suppressions"));
}

TEST(SarifTest, AViolationWithoutALineHasNoRegion) {
  Report report = CleanReport();
  report.violations = {Tracked()};
  report.violations[0].line = 0;
  const auto run = RunOf(report);
  const auto& place = run["results"][0]["locations"][0]["physicalLocation"];
  EXPECT_EQ(place["artifactLocation"]["uri"], ".cursor/mcp.json");
  EXPECT_FALSE(place.contains("region"));
}

TEST(SarifTest, ARuleAndACheckOfOneNameStayApart) {
  Report report = OneFinding();
  report.violations = {Tracked()};
  report.violations[0].check = report.findings[0].rule->id;
  const auto run = RunOf(report);
  EXPECT_EQ(run["tool"]["driver"]["rules"].size(), 2u);
  EXPECT_EQ(run["results"][0]["ruleIndex"], 0);
  EXPECT_EQ(run["results"][1]["ruleIndex"], 1);
}

TEST(SarifTest, FingerprintsOfViolationsStayWhenLinesMove) {
  const auto fingerprints = [](std::uint64_t shift) {
    Report report = CleanReport();
    report.violations = {Tracked(), Tracked(), Tracked()};
    for (Violation& one : report.violations) one.line += shift;
    report.violations[2].client->slot = "env.T";
    std::vector<std::string> all;
    const auto run = RunOf(report);
    for (const auto& result : run["results"]) {
      all.push_back(result["partialFingerprints"]["keytidy/v1"]);
    }
    return all;
  };
  const auto first = fingerprints(0);
  ASSERT_EQ(first.size(), 3u);
  EXPECT_EQ(first[1], first[0].substr(0, 16) + ":1");
  EXPECT_NE(first[0].substr(0, 16), first[2].substr(0, 16));
  EXPECT_EQ(first, fingerprints(40));
}

TEST(SarifTest, APlaceNamesItsClientAndHowOften) {
  Report report = KeptReport();
  report.findings[0].occurrences[0].times = 12;
  report.findings[0].occurrences[0].files = 3;
  const auto properties = RunOf(report)["results"][0]["properties"];
  EXPECT_EQ(properties["client"]["server"], "kryton");
  EXPECT_EQ(properties["times"], 12);
  EXPECT_EQ(properties["files"], 3);
}

}  // namespace
}  // namespace keytidy::report
