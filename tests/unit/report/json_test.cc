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

}  // namespace
}  // namespace keytidy::report
