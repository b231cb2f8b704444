// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <string>

#include "report/writer.h"
#include "sample_report.h"

namespace keytidy::report {
namespace {

constexpr char kHeader[] =
    "record,id,rule,provider,title,severity,confidence,redacted,bytes,verdict,"
    "action,because,source,path,line,column,end_line,end_column,start,end,blob,"
    "allowed,commit,committed,client,server,slot,times,files,fix,references"
    "\r\n";

// The record of the only occurrence.
std::string RecordOf(const Report& report) {
  const std::string out = WriteCsv(report);
  const std::size_t begin = out.find("\r\n") + 2;
  return out.substr(begin, out.find("\r\n", begin) - begin);
}

TEST(CsvTest, ACleanRunIsItsCoverage) {
  EXPECT_EQ(
      WriteCsv(CleanReport()),
      std::string(kHeader) +
          "coverage,,,,,,,,34567,,complete,\"clean: 12 files, 34,567 "
          "bytes (33.8 KiB) read; no keys found\",,,,,,,,,,,,,,,,,,,\r\n");
}

TEST(CsvTest, OneRecordPerPlaceAndPerSkip) {
  EXPECT_EQ(
      WriteCsv(IncompleteReport()),
      std::string(kHeader) +
          "occurrence,kt-8d1f0c2e9b7a4c55,kryton-api-key,kryton,Kryton API key,"
          "high,high,kryton_3f9c…,71,not-tried,fail,"
          "severity high >= --fail-on medium,file,.cursor/mcp.json,"
          "7,30,7,101,729,800,,,,,,,,1,1,,\r\n"
          "skipped,,,,,,,,10,,left-out,binary,,a.png,,,,,,,,,,,,,,,,,\r\n"
          "skipped,,,,,,,,512,,incomplete,the central directory is cut short,,"
          "broken.zip,,,,,,,,,,,,,,,,,\r\n"
          "skipped,,,,,,,,,,incomplete,Permission denied,,vault.bin,"
          ",,,,,,,,,,,,,,,,\r\n"
          "coverage,,,,,,,,34567,,incomplete,\"INCOMPLETE: 2 things could not "
          "be read; 1 finding fails; 12 files, 34,567 bytes (33.8 KiB) read\","
          ",,,,,,,,,,,,,,,,,,\r\n");
}

TEST(CsvTest, QuotesAndCommasAreQuoted) {
  Report report = OneFinding();
  report.findings[0].occurrences[0].path = "a,\"b\".txt";
  EXPECT_NE(RecordOf(report).find(",file,\"a,\"\"b\"\".txt\",7,"),
            std::string::npos);
}

TEST(CsvTest, FormulasAreDefused) {
  for (const char* path : {"=cmd()", "+1", "-", "@SUM(A1)"}) {
    Report report = OneFinding();
    report.findings[0].occurrences[0].path = path;
    EXPECT_NE(RecordOf(report).find(",file,'" + std::string(path) + ",7,"),
              std::string::npos)
        << path;
  }
}

TEST(CsvTest, ARecordIsOneLine) {
  Report report = OneFinding();
  report.findings[0].occurrences[0].path = "a\r\n\tb";
  EXPECT_NE(RecordOf(report).find(",file,a\\x0d\\x0a\\x09b,7,"),
            std::string::npos);
}

// The first row that begins with `record`.
std::string RowOf(const Report& report, const std::string& record) {
  const std::string out = WriteCsv(report);
  const std::size_t begin = out.find("\r\n" + record + ",") + 2;
  return out.substr(begin, out.find("\r\n", begin) - begin);
}

TEST(CsvTest, AViolationIsARecordOfItsOwnKind) {
  EXPECT_EQ(RowOf(KeptReport(), "violation"),
            "violation,kt-8d1f0c2e9b7a4c55,FILE-TRACKED,,"
            "git tracks a file with a key,critical,,,,,fail,"
            "severity critical >= --fail-on medium,,.cursor/mcp.json,7,,,,,,,"
            ",,,cursor,kryton,headers.Authorization,,,"
            "Take `.cursor/mcp.json` out of git.,\"OWASP NHI2, OWASP MCP01\"");
}

TEST(CsvTest, AViolationOfNoFileLeavesItsCellsEmpty) {
  Report report = CleanReport();
  report.violations = {NoFile()};
  EXPECT_EQ(RowOf(report, "violation"),
            "violation,,ENV-PLAIN,,the environment holds a key,low,,,,,warn,"
            "severity low < --fail-on medium,,,,,,,,,,,,,,,,,,,");
}

TEST(CsvTest, PlacesNameTheirClientAndHowOften) {
  const std::string row = RowOf(KeptReport(), "occurrence");
  EXPECT_TRUE(row.ends_with(",,,,,cursor,kryton,headers.Authorization,1,1,,"))
      << row;
  Report report = OneFinding();
  report.findings[0].occurrences[0].times = 12;
  report.findings[0].occurrences[0].files = 3;
  EXPECT_TRUE(RowOf(report, "occurrence").ends_with(",,,,12,3,,"));
}

}  // namespace
}  // namespace keytidy::report
