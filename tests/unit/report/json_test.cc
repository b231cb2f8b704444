// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "report/tool.h"
#include "report/writer.h"
#include "sample_report.h"

namespace keytidy::report {
namespace {

TEST(JsonTest, TheWholeShape) {
  Report report = OneFinding();
  report.coverage.skipped = {
      {"big.iso", "larger than --max-file-size", 734003200, false},
      {"vault.bin", "Permission denied", std::nullopt, true}};
  report.empty_roots = {"docs"};
  report.notes = {"a note"};
  report.below_confidence = 3;
  report.findings[0].occurrences[0].blob = "4b825d";
  EXPECT_EQ(WriteJson(report), fmt::format(R"({{
  "schema": "keytidy-report/1",
  "tool": {{
    "name": "keytidy",
    "version": "{}",
    "catalogue": "sha256:feed"
  }},
  "complete": true,
  "coverage": {{
    "files": 12,
    "bytes": 34567,
    "blobs": 0,
    "commits": 0,
    "skipped": [
      {{
        "path": "big.iso",
        "reason": "larger than --max-file-size",
        "bytes": 734003200,
        "incomplete": false
      }},
      {{
        "path": "vault.bin",
        "reason": "Permission denied",
        "bytes": null,
        "incomplete": true
      }}
    ],
    "empty_roots": [
      "docs"
    ]
  }},
  "below_confidence": 3,
  "notes": [
    "a note"
  ],
  "findings": [
    {{
      "id": "kt-8d1f0c2e9b7a4c55",
      "rule": "kryton-api-key",
      "provider": "kryton",
      "title": "Kryton API key",
      "severity": "high",
      "confidence": "high",
      "secret": {{
        "redacted": "kryton_3f9c…",
        "length": 71
      }},
      "verdict": {{
        "state": "not-tried",
        "evidence": null,
        "checked_at": null
      }},
      "age": {{
        "at_least_days": null,
        "at_most_days": null,
        "evidence": []
      }},
      "occurrences": [
        {{
          "source": "file",
          "path": ".cursor/mcp.json",
          "line": 7,
          "column": 30,
          "end_line": 7,
          "end_column": 101,
          "start": 729,
          "end": 800,
          "blob": "4b825d",
          "commit": null,
          "client": null,
          "allowed": null
        }}
      ],
      "decision": {{
        "action": "fail",
        "because": "severity high >= --fail-on medium"
      }}
    }}
  ],
  "violations": []
}}
)",
                                           ToolVersion()));
}

TEST(JsonTest, AnEmptyReportHasEveryField) {
  const auto json = nlohmann::json::parse(WriteJson(Report{}));
  EXPECT_TRUE(json["findings"].is_array());
  EXPECT_TRUE(json["notes"].is_array());
  EXPECT_TRUE(json["violations"].is_array());
  EXPECT_TRUE(json["coverage"]["skipped"].is_array());
  EXPECT_EQ(json["below_confidence"], 0);
}

TEST(JsonTest, AnUnknownBlobIsNull) {
  const auto json = nlohmann::json::parse(WriteJson(OneFinding()));
  EXPECT_TRUE(json["findings"][0]["occurrences"][0]["blob"].is_null());
}

TEST(JsonTest, TheValueIsThereOnlyWhenShown) {
  Report report = OneFinding();
  auto json = nlohmann::json::parse(WriteJson(report));
  EXPECT_FALSE(json["findings"][0]["secret"].contains("value"));
  report.findings[0].shown = "in clear";
  json = nlohmann::json::parse(WriteJson(report));
  EXPECT_EQ(json["findings"][0]["secret"]["value"], "in clear");
}

TEST(JsonTest, AllowedPlacesSayWhy) {
  const auto json = nlohmann::json::parse(WriteJson(MixedReport()));
  EXPECT_EQ(json["findings"][0]["occurrences"][2]["allowed"],
            "keytidy:allow kryton-api-key: shown in the manual");
}

TEST(JsonTest, BytesThatAreNotUtf8AreReplaced) {
  Report report = OneFinding();
  report.findings[0].occurrences[0].path = "a\xFF\x62";
  const auto json = nlohmann::json::parse(WriteJson(report));
  EXPECT_EQ(json["findings"][0]["occurrences"][0]["path"], "a\xEF\xBF\xBD\x62");
}

TEST(JsonTest, AViolationHasEveryField) {
  const auto json = nlohmann::json::parse(WriteJson(KeptReport()));
  EXPECT_EQ(json["violations"][0], nlohmann::json::parse(R"({
    "check": "FILE-TRACKED",
    "severity": "critical",
    "finding": "kt-8d1f0c2e9b7a4c55",
    "message": "git tracks a file with a key",
    "path": ".cursor/mcp.json",
    "line": 7,
    "client": {"name": "cursor", "server": "kryton",
               "slot": "headers.Authorization"},
    "fix": "Take `.cursor/mcp.json` out of git.",
    "references": ["OWASP NHI2", "OWASP MCP01"],
    "decision": {"action": "fail",
                 "because": "severity critical >= --fail-on medium"}
  })"));
  EXPECT_EQ(json["violations"][2], nlohmann::json::parse(R"({
    "check": "ENV-PLAIN",
    "severity": "low",
    "finding": null,
    "message": "the environment holds a key",
    "path": null,
    "line": null,
    "client": null,
    "fix": "",
    "references": [],
    "decision": {"action": "warn",
                 "because": "severity low < --fail-on medium"}
  })"));
}

TEST(JsonTest, APlaceNamesItsClient) {
  Report report = KeptReport();
  const auto client = [&] {
    const auto json = nlohmann::json::parse(WriteJson(report));
    return json["findings"][0]["occurrences"][0]["client"];
  };
  EXPECT_EQ(client(), nlohmann::json::parse(R"({
    "name": "cursor", "server": "kryton", "slot": "headers.Authorization"})"));
  report.findings[0].occurrences[0].client->server.clear();
  EXPECT_TRUE(client()["server"].is_null());
}

TEST(JsonTest, TimesAndFilesAreThereWherePlacesAreSummedUp) {
  Report report = OneFinding();
  const auto place = [&] {
    const auto json = nlohmann::json::parse(WriteJson(report));
    return json["findings"][0]["occurrences"][0];
  };
  EXPECT_FALSE(place().contains("times"));
  EXPECT_FALSE(place().contains("files"));
  report.findings[0].occurrences[0].times = 12;
  EXPECT_EQ(place()["times"], 12);
  EXPECT_EQ(place()["files"], 1);
}

TEST(JsonTest, TheAuditIsThereWhereTheRunIsOne) {
  EXPECT_FALSE(
      nlohmann::json::parse(WriteJson(KeptReport())).contains("audit"));
  auto audit = nlohmann::json::parse(WriteJson(AuditReport()))["audit"];
  ASSERT_EQ(audit["first"].size(), 2u);
  EXPECT_EQ(audit["first"][1], nlohmann::json::parse(R"({
    "severity": "medium",
    "what": "A Kryton API key is in 2 apps.",
    "where": ["/home/ann/a:1", "/home/ann/b:2", "/srv/c:3", "/srv/d:4",
              "/srv/e:5"],
    "how": "Make one key for each app.",
    "checks": ["KEY-SHARED"]
  })"));
  audit.erase("first");
  EXPECT_EQ(audit, nlohmann::json::parse(R"({
    "home": "/home/ann", "clients": 5, "servers": 18, "keys": 4, "places": 9,
    "shared": 2, "tracked": 1, "astray": 0, "leaked": 0
  })"));
}

}  // namespace
}  // namespace keytidy::report
