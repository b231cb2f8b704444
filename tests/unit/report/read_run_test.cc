// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "report/read_report.h"

namespace keytidy::report {
namespace {

std::string Text(const std::string& finding, const std::string& more = "") {
  return R"({"schema": "keytidy-report/1", "findings": [{"id": "kt-1", )"
         R"("rule": "r")" +
         finding + "}]" + more + "}";
}

constexpr char kPlaces[] =
    R"(, "occurrences": [{"source": "file", "path": "a", "line": 3,
    "client": {"name": "cursor", "server": null, "slot": "env.T"},
    "allowed": null}, {"source": "file", "path": "b", "allowed": "why"}])";

TEST(ReadRun, TellsAllThatAPolicyAsks) {
  const auto run = ReadRun("r.json", Text(std::string(kPlaces) + R"(,
      "provider": "p", "title": "t", "secret": {"redacted": "demo…"},
      "verdict": {"state": "active", "evidence": "200",
        "checked_at": "1970-01-01T00:00:09Z",
        "key": {"id": "i", "name": "n", "owner": "o", "account": "a",
          "created": "1970-01-01T00:00:01Z", "expires": null,
          "last_used": "1970-01-01T00:00:03Z"}},
      "age": {"evidence": [{"source": "ulid", "at": "1970-01-01T00:00:05Z"},
        {"source": "ulid", "at": "some day"}]})",
                                          R"(, "complete": false,
      "violations": [{"check": "MCP-ARG", "finding": "kt-1", "path": "a",
        "client": {"name": "cursor", "server": "s", "slot": "args"}},
        {"check": "PKG-UNPINNED", "finding": null}])"));
  ASSERT_TRUE(run) << run.error().message;
  EXPECT_FALSE(run->complete);
  ASSERT_EQ(run->findings.size(), 1u);
  const ReportedFinding& one = run->findings[0];
  EXPECT_EQ(one.provider + " " + one.title + " " + one.redacted, "p t demo…");
  ASSERT_EQ(one.places.size(), 2u);
  EXPECT_EQ(one.places[0].line, 3u);
  EXPECT_EQ(one.places[0].client, (ClientPlace{"cursor", "", "env.T"}));
  EXPECT_FALSE(one.places[0].allowed);
  EXPECT_EQ(one.places[1].line, 0u);
  EXPECT_FALSE(one.places[1].client);
  EXPECT_TRUE(one.places[1].allowed);
  EXPECT_EQ(one.verdict.state, VerdictState::kActive);
  EXPECT_EQ(one.verdict.evidence, "200");
  EXPECT_EQ(one.verdict.checked_at, 9);
  KeyFacts facts;
  facts.key_id = "i";
  facts.name = "n";
  facts.owner = "o";
  facts.account = "a";
  facts.created = 1;
  facts.last_used = 3;
  EXPECT_EQ(one.verdict.facts, facts);
  EXPECT_EQ(one.evidence, (std::vector<AgeEvidence>{{"ulid", 5}}));
  ASSERT_EQ(run->violations.size(), 2u);
  EXPECT_EQ(run->violations[0].check, "MCP-ARG");
  EXPECT_EQ(run->violations[0].finding, "kt-1");
  EXPECT_EQ(run->violations[0].client, (ClientPlace{"cursor", "s", "args"}));
  EXPECT_EQ(run->violations[1].finding, "");
}

TEST(ReadRun, WhatIsNotThereIsEmpty) {
  const auto run = ReadRun("r.json", Text(kPlaces));
  ASSERT_TRUE(run) << run.error().message;
  EXPECT_TRUE(run->complete);
  EXPECT_TRUE(run->violations.empty());
  EXPECT_EQ(run->findings[0].verdict.state, VerdictState::kNotTried);
  EXPECT_EQ(run->findings[0].verdict.facts, KeyFacts());
  EXPECT_TRUE(run->findings[0].evidence.empty());
}

TEST(ReadRun, FieldsOfOtherTypesAreNotThere) {
  const auto run = ReadRun(
      "r.json", Text(std::string(kPlaces) + R"(, "secret": 3, "verdict": [],
          "age": {"evidence": 5}, "title": {})",
                     R"(, "violations": [7, {"check": []}], "complete": 1)"));
  ASSERT_TRUE(run) << run.error().message;
  EXPECT_TRUE(run->complete);
  EXPECT_EQ(run->findings[0].redacted + run->findings[0].title, "");
  EXPECT_TRUE(run->findings[0].evidence.empty());
  EXPECT_EQ(run->violations[1].check, "");
}

}  // namespace
}  // namespace keytidy::report
