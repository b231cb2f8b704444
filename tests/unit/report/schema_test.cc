// SPDX-License-Identifier: Apache-2.0
//
// The reports against their schemas, with the script that scripts may use too.
// The root of the source tree is KEYTIDY_SOURCE_DIR, a macro or a variable of
// the environment.
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>

#include "report/writer.h"
#include "sample_report.h"

namespace keytidy::report {
namespace {

std::string SourceDir() {
#ifdef KEYTIDY_SOURCE_DIR
  return KEYTIDY_SOURCE_DIR;
#else
  const char* dir = std::getenv("KEYTIDY_SOURCE_DIR");
  return dir == nullptr ? "" : dir;
#endif
}

// 0 when `text` fits the schema file `schema`.
int Check(const std::string& schema, const std::string& text,
          const std::string& extension) {
  std::string dir = testing::TempDir() + "/keytidy-schema-XXXXXX";
  if (mkdtemp(dir.data()) == nullptr) return -1;
  const std::string file = dir + "/report." + extension;
  std::ofstream(file, std::ios::binary) << text;
  const std::string command = "/usr/bin/python3 '" + SourceDir() +
                              "/tests/cli/schema_check.py' '" + SourceDir() +
                              "/" + schema + "' '" + file + "'";
  const int status = std::system(command.c_str());
  std::filesystem::remove_all(dir);
  return status;
}

class SchemaTest : public testing::Test {
 protected:
  void SetUp() override {
    ASSERT_FALSE(SourceDir().empty()) << "KEYTIDY_SOURCE_DIR is not set";
  }
  // Everything that can be in a report, with paths that are hard to write.
  static Report FullReport() {
    Report report = MixedReport();
    report.complete = false;
    report.coverage.skipped.push_back(
        {"z\xFF\n", "Permission denied", std::nullopt, true});
    report.empty_roots = {"docs"};
    auto& places = report.findings[0].occurrences;
    places[0].source = SourceKind::kStdin;
    places[0].blob = std::string(40, 'a');
    places[1].path = "/srv/a b\xFF:c";
    report.findings[0].shown = "in clear";
    const Report audit = AuditReport();
    places[1].client = audit.findings[0].occurrences[0].client;
    places[2].client = {"git", "", ""};
    places[2].times = 12;
    places[2].files = 3;
    report.violations = audit.violations;
    report.violations[1].path = "/srv/a b\xFF:c";
    report.violations[1].line = 0;
    report.audit = audit.audit;
    return report;
  }
};

TEST_F(SchemaTest, JsonFitsItsSchema) {
  const std::string schema = "docs/report.schema.json";
  EXPECT_EQ(Check(schema, WriteJson(Report{}), "json"), 0);
  EXPECT_EQ(Check(schema, WriteJson(FullReport()), "json"), 0);
}

TEST_F(SchemaTest, JsonLinesFitTheSchema) {
  const std::string schema = "docs/report.schema.json";
  EXPECT_EQ(Check(schema, WriteJsonLines(Report{}), "jsonl"), 0);
  EXPECT_EQ(Check(schema, WriteJsonLines(FullReport()), "jsonl"), 0);
}

TEST_F(SchemaTest, SarifFitsTheOfficialSchema) {
  const std::string schema = "tests/data/sarif-schema-2.1.0.json";
  EXPECT_EQ(Check(schema, WriteSarif(Report{}), "sarif"), 0);
  EXPECT_EQ(Check(schema, WriteSarif(FullReport()), "sarif"), 0);
}

TEST_F(SchemaTest, TheCheckNoticesWhatDoesNotFit) {
  EXPECT_NE(Check("docs/report.schema.json", "{}", "json"), 0);
  EXPECT_NE(Check("docs/report.schema.json", "{\"type\":\"other\"}\n", "jsonl"),
            0);
  EXPECT_NE(Check("docs/report.schema.json", "", "jsonl"), 0);
  EXPECT_NE(
      Check("tests/data/sarif-schema-2.1.0.json", "{\"runs\":[]}", "sarif"), 0);
}

}  // namespace
}  // namespace keytidy::report
