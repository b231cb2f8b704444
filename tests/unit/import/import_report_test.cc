// SPDX-License-Identifier: Apache-2.0
#include "import/import_report.h"

#include <gtest/gtest.h>

#include <string>

namespace keytidy::imports {
namespace {

ImportReport Sample() {
  ImportReport out;
  out.source = "keys.csv";
  out.unit = "line";
  out.written = true;
  ProviderRow row;
  row.number = 2;
  row.provider = "acme";
  row.facts.key_id = "7";
  row.facts.name = "lap\"top\x1b[1m";
  row.facts.owner = "ann";
  row.facts.scopes = {"read", "write"};
  row.facts.created = 1774951200;
  row.facts.last_used = 1775037600;
  row.never_expires = true;
  row.state = RowState::kOutOfUse;
  out.rows.push_back(row);
  out.matches.push_back({RowMatch::Kind::kMatched,
                         {{"fp1", "kt-0000000000000001", "", "", "acme", 0}},
                         ""});
  row = ProviderRow();
  row.number = 3;
  row.provider = "acme";
  row.facts.expires = 1774951200;
  row.state = RowState::kInUse;
  out.rows.push_back(row);
  out.matches.push_back({RowMatch::Kind::kUnmatched, {}, ""});
  out.rows.push_back(row);
  out.rows.back().number = 4;
  out.matches.push_back(
      {RowMatch::Kind::kUnmatched, {}, "the row shows nothing of its key"});
  out.rows.push_back(row);
  out.rows.back().number = 5;
  out.matches.push_back(
      {RowMatch::Kind::kAmbiguous,
       {{"fp1", "kt-0000000000000001", "laptop", "", "acme", 0},
        {"fp2", "kt-0000000000000002", "", "", "acme", 0}},
       ""});
  out.rows.push_back(row);
  out.rows.back().number = 6;
  out.matches.push_back({RowMatch::Kind::kAmbiguous,
                         {{"fp2", "kt-0000000000000002", "", "", "acme", 0}},
                         "several rows fit the key"});
  out.problems.push_back({9, "what stands in 'Created At' is no date"});
  out.problems.push_back({0, "page 2: interrupted"});
  out.more_problems = 3;
  return out;
}

TEST(ImportReport, ForPeople) {
  EXPECT_EQ(ReportText(Sample()), R"(kt-0000000000000001  lap"top\x1b[1m: )"
                                  R"(made 2026-03-31, last used 2026-04-01, )"
                                  R"(never expires, of ann, )"
                                  R"(not in use at the provider
not seen on any machine that was recorded  line 3
not seen on any machine that was recorded  line 4: the row shows nothing of its key
not certain  line 5: may be any of kt-0000000000000001 (laptop), kt-0000000000000002, so nothing is written
not certain  line 6: several rows fit the key kt-0000000000000002, so nothing is written
could not be read  line 9: what stands in 'Created At' is no date
could not be read  page 2: interrupted
could not be read  3 more

keys.csv: 5 rows, 1 matched, 2 not seen, 2 not certain; 5 problems
)");
}

TEST(ImportReport, Empty) {
  ImportReport report;
  report.source = "Kryton";
  EXPECT_EQ(ReportText(report),
            "Kryton: 0 rows, 0 matched, 0 not seen, 0 not certain\n"
            "Nothing was written (--dry-run).\n");
  EXPECT_EQ(ReportJson(report),
            R"({"schema":"keytidy-import/1","source":"Kryton",)"
            R"("complete":true,"written":false,"matched":[],"unmatched":[],)"
            R"("ambiguous":[],"errors":[]})"
            "\n");
}

TEST(ImportReport, Json) {
  EXPECT_EQ(
      ReportJson(Sample()),
      R"({"schema":"keytidy-import/1","source":"keys.csv","complete":false,)"
      R"("written":true,"matched":[{"row":2,"provider":"acme",)"
      R"("key":"kt-0000000000000001","key_id":"7",)"
      R"("name":"lap\"top\u001b[1m","owner":"ann",)"
      R"("scopes":["read","write"],"created":"2026-03-31T10:00:00Z",)"
      R"("last_used":"2026-04-01T10:00:00Z","never_expires":true,)"
      R"("in_use":false}],"unmatched":[{"row":3,"provider":"acme",)"
      R"("expires":"2026-03-31T10:00:00Z","in_use":true},)"
      R"({"row":4,"provider":"acme","expires":"2026-03-31T10:00:00Z",)"
      R"("in_use":true,"because":"the row shows nothing of its key"}],)"
      R"("ambiguous":[{"row":5,"provider":"acme",)"
      R"("candidates":["kt-0000000000000001","kt-0000000000000002"],)"
      R"("expires":"2026-03-31T10:00:00Z","in_use":true},)"
      R"({"row":6,"provider":"acme","candidates":["kt-0000000000000002"],)"
      R"("expires":"2026-03-31T10:00:00Z","in_use":true,)"
      R"("because":"several rows fit the key"}],)"
      R"("errors":[{"row":9,"what":"what stands in 'Created At' is no date"},)"
      R"({"what":"page 2: interrupted"},{"what":"3 more"}]})"
      "\n");
}

}  // namespace
}  // namespace keytidy::imports
