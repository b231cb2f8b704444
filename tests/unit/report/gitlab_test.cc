// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "report/tool.h"
#include "report/writer.h"
#include "sample_report.h"

namespace keytidy::report {
namespace {

nlohmann::json Parsed(const Report& report) {
  return nlohmann::json::parse(WriteGitlab(report));
}

TEST(GitlabTest, TheWholeShape) {
  EXPECT_EQ(WriteGitlab(OneFinding()), fmt::format(R"({{
  "version": "15.0.4",
  "scan": {{
    "analyzer": {{
      "id": "keytidy",
      "name": "keytidy",
      "version": "{0}",
      "vendor": {{
        "name": "keytidy"
      }}
    }},
    "scanner": {{
      "id": "keytidy",
      "name": "keytidy",
      "version": "{0}",
      "vendor": {{
        "name": "keytidy"
      }}
    }},
    "type": "secret_detection",
    "start_time": "1970-01-01T00:00:00",
    "end_time": "1970-01-01T00:00:00",
    "status": "success",
    "messages": [
      {{
        "level": "info",
        "value": "12 files, 34,567 bytes (33.8 KiB) read"
      }}
    ]
  }},
  "vulnerabilities": [
    {{
      "id": "23a2369d-9b1c-5484-4008-aff9e6ebf086",
      "category": "secret_detection",
      "name": "Kryton API key",
      "description": "Kryton API key: kryton_3f9c… (71 bytes), confidence high, kt-8d1f0c2e9b7a4c55.",
      "severity": "High",
      "solution": "Delete the key under Settings, API Keys, and create a new one.",
      "location": {{
        "file": ".cursor/mcp.json",
        "start_line": 7,
        "end_line": 7,
        "commit": {{
          "sha": "0000000"
        }}
      }},
      "identifiers": [
        {{
          "type": "keytidy_rule_id",
          "name": "keytidy rule kryton-api-key",
          "value": "kryton-api-key"
        }}
      ],
      "links": [
        {{
          "url": "https://example.org/docs/api-keys"
        }}
      ]
    }}
  ]
}}
)",
                                                   ToolVersion()));
}

TEST(GitlabTest, AllowedAndIgnoredPlacesAreLeftOut) {
  const auto json = Parsed(MixedReport());
  ASSERT_EQ(json["vulnerabilities"].size(), 3u);
  EXPECT_EQ(json["vulnerabilities"][1]["location"]["file"], ".env");
  EXPECT_EQ(json["vulnerabilities"][2]["location"]["file"], "deploy.sh");
  EXPECT_EQ(json["vulnerabilities"][2]["severity"], "Low");
}

TEST(GitlabTest, IdsAreDistinctAndStayWhenLinesMove) {
  const auto ids = [](std::uint64_t shift) {
    Report report = OneFinding();
    report.findings[0].occurrences = {At("a", 1 + shift, "k", "k"),
                                      At("a", 2 + shift, "k", "k"),
                                      At("b", 1 + shift, "k", "k")};
    std::vector<std::string> all;
    const auto json = Parsed(report);
    for (const auto& entry : json["vulnerabilities"]) {
      all.push_back(entry["id"]);
    }
    return all;
  };
  const auto first = ids(0);
  ASSERT_EQ(first.size(), 3u);
  EXPECT_NE(first[0], first[1]);
  EXPECT_NE(first[0], first[2]);
  EXPECT_EQ(first, ids(40));
}

TEST(GitlabTest, AnIncompleteRunIsAFailureWithMessages) {
  const auto scan = Parsed(IncompleteReport())["scan"];
  EXPECT_EQ(scan["status"], "failure");
  EXPECT_EQ(scan["messages"][1]["level"], "info");
  EXPECT_EQ(scan["messages"][1]["value"], "a.png: left out: binary");
  EXPECT_EQ(scan["messages"][2]["level"], "warn");
  EXPECT_EQ(
      scan["messages"][2]["value"],
      "broken.zip: could not be read: the central directory is cut short");
}

TEST(GitlabTest, SourcesThatAreNoWebLinksAreNotLinked) {
  constexpr std::string_view kSources[] = {"a book", "javascript:alert(1)"};
  Rule rule = KrytonRule();
  rule.sources = kSources;
  Report report = OneFinding();
  report.findings[0].rule = &rule;
  EXPECT_FALSE(Parsed(report)["vulnerabilities"][0].contains("links"));
}

TEST(GitlabTest, ViolationsAreVulnerabilities) {
  const auto list = Parsed(KeptReport())["vulnerabilities"];
  ASSERT_EQ(list.size(), 3u);  // without the ignored one
  EXPECT_EQ(list[1], nlohmann::json::parse(R"({
    "id": "05030449-9dd9-a04c-f667-66fe3e3dc509",
    "category": "secret_detection",
    "name": "git tracks a file with a key",
    "description": "git tracks a file with a key. Kept by cursor, server kryton, headers.Authorization. Finding kt-8d1f0c2e9b7a4c55. See OWASP NHI2, OWASP MCP01.",
    "severity": "Critical",
    "solution": "Take `.cursor/mcp.json` out of git.",
    "location": {
      "file": ".cursor/mcp.json",
      "start_line": 7,
      "end_line": 7,
      "commit": {"sha": "0000000"}
    },
    "identifiers": [{
      "type": "keytidy_check_id",
      "name": "keytidy check FILE-TRACKED",
      "value": "FILE-TRACKED"
    }]
  })"));
  EXPECT_EQ(list[2]["location"],
            nlohmann::json::parse(R"({"commit": {"sha": "0000000"}})"));
  EXPECT_FALSE(list[2].contains("solution"));
}

TEST(GitlabTest, IdsOfViolationsAreDistinctAndStayWhenLinesMove) {
  const auto ids = [](std::uint64_t shift) {
    Report report = CleanReport();
    report.violations = {Tracked(), Tracked(), Tracked()};
    for (Violation& one : report.violations) one.line += shift;
    report.violations[2].path = "b";
    std::vector<std::string> all;
    const auto json = Parsed(report);
    for (const auto& entry : json["vulnerabilities"]) {
      all.push_back(entry["id"]);
    }
    return all;
  };
  const auto first = ids(0);
  ASSERT_EQ(first.size(), 3u);
  EXPECT_NE(first[0], first[1]);
  EXPECT_NE(first[0], first[2]);
  EXPECT_EQ(first, ids(40));
}

TEST(GitlabTest, ALongMessageIsCutInTheNameOnly) {
  Report report = CleanReport();
  report.violations = {NoFile()};
  report.violations[0].message = std::string(300, 'x');
  const auto one = Parsed(report)["vulnerabilities"][0];
  EXPECT_EQ(one["name"], std::string(254, 'x') + "…");
  EXPECT_EQ(one["description"], std::string(300, 'x') + ".");
}

TEST(GitlabTest, APlaceNamesItsClient) {
  EXPECT_EQ(Parsed(KeptReport())["vulnerabilities"][0]["description"],
            "Kryton API key: kryton_3f9c… (71 bytes), confidence high, "
            "kt-8d1f0c2e9b7a4c55. Used by cursor, server kryton, "
            "headers.Authorization.");
}

}  // namespace
}  // namespace keytidy::report
