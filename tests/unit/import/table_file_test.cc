// SPDX-License-Identifier: Apache-2.0
#include "import/table_file.h"

#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <vector>

#include "unit/import/table_scene.h"
#include "verify/values.h"

namespace keytidy::imports {
namespace {

using Texts = std::vector<std::string>;

// The rows, then "! line: problem"; "!! why" where there are none.
Texts Read(std::string_view text,
           const TableOptions& options = OptionsFor("konstantly")) {
  const auto table = ReadTable(text, options);
  if (!table) return {"!! " + table.error().message};
  Texts out;
  for (const ProviderRow& row : table->rows) out.push_back(TextOf(row));
  for (const RowProblem& one : table->problems) {
    out.push_back("! " + std::to_string(one.number) + ": " + one.what);
  }
  return out;
}

TableOptions WithColumn(std::string_view choice) {
  TableOptions out = OptionsFor("konstantly");
  out.columns.push_back(*ParseColumnChoice(choice));
  return out;
}

const std::string kKey = "key!abcdefghijkl";

TEST(TableFile, AnExport) {
  EXPECT_EQ(Read("\xEF\xBB\xBF"
                 "Name;Key;Created At;Last used;Expires;Owner;Status\r\n"
                 "alex-laptop;kmcp_abcd\xE2\x80\xA6wxyz;2026-03-31;2026-04-01 "
                 "10:00;Never;alex@example.com;Active\r\n"
                 "\"bot; ci\";****ab12;;;;;Revoked\r\n"),
            (Texts{"2 konstantly first=kmcp_abcd last=wxyz name=alex-laptop "
                   "owner=alex@example.com created=2026-03-31T00:00:00Z "
                   "used=2026-04-01T10:00:00Z never active",
                   "3 konstantly last=ab12 name=bot; ci inactive"}));
}

TEST(TableFile, Json) {
  EXPECT_EQ(
      Read(R"({"keys":[{"id":7,"label":"ci","last_eight":"ab12cd34",)"
           R"("scopes":["read","write"],"createdAt":1774951200123,)"
           R"("expiresAt":null,"revoked":false}]})"),
      Texts{"1 konstantly last=ab12cd34 id=7 name=ci scope=read scope=write "
            "created=2026-03-31T10:00:00Z active"});
}

TEST(TableFile, TheMostTellingColumnThatSaysSomething) {
  EXPECT_EQ(Read("description,name,hint\nlong text,short,...ab12\n"
                 "only this,-,...cd34"),
            (Texts{"2 konstantly last=ab12 name=short",
                   "3 konstantly last=cd34 name=only this"}));
  EXPECT_EQ(Read("prefix,last4\nkmcp_abcd,wxyz"),
            Texts{"2 konstantly first=kmcp_abcd last=wxyz"});
}

TEST(TableFile, DatesThatAreNone) {
  EXPECT_EQ(Read("hint,Created At,expires\n...ab12,yesterday,2026-03-31\n"
                 "...cd34,0,soon"),
            (Texts{"2 konstantly last=ab12 expires=2026-03-31T00:00:00Z",
                   "3 konstantly last=cd34",
                   "! 2: what stands in 'Created At' is no date",
                   "! 3: what stands in 'expires' is no date"}));
}

TEST(TableFile, WholeKeysAreNotKept) {
  const Texts rows = Read("key,name,id\n" + kKey + ",ci,1\n" +
                          std::string(25, 'x') + ",laptop,2\n");
  EXPECT_EQ(rows, (Texts{"2 konstantly key=fp16 id=1 name=ci",
                         "3 konstantly key=fp25 id=2 name=laptop"}));
  EXPECT_EQ(Read("access key id,name\n" + kKey + ",ci"),
            Texts{"2 konstantly key=fp16 name=ci"});
}

TEST(TableFile, TextsWithKeysAreLeftOut) {
  EXPECT_EQ(Read("id,name,owner,scopes\n1,my " + kKey + ",ann," + kKey),
            (Texts{"2 konstantly id=1 owner=ann",
                   "! 2: a key stands in 'name', which is left out",
                   "! 2: a key stands in 'scopes', which is left out"}));
  // A key that only its own column gives away, plain and within base64.
  const std::string secret = "Zx9" + std::string(30, 'q');
  for (const std::string& form : verify::FormsOf(secret)) {
    EXPECT_EQ(Read("token,note,user\n" + secret + ",<<" + form + ">>,ann"),
              (Texts{"2 konstantly key=fp33 owner=ann",
                     "! 2: a key stands in 'note', which is left out"}));
  }
}

TEST(TableFile, WhoseKeysTheyAre) {
  const std::string text =
      "provider,hint\nKonstantly,...ab12\ncorcava,...cd34\n"
      "acme,...ef56\n,...0078";
  EXPECT_EQ(Read(text, OptionsFor("")),
            (Texts{"2 konstantly last=ab12", "3 corcava last=cd34",
                   "! 4: what stands in 'provider' is no provider that is "
                   "known",
                   "! 5: does not say which provider it is of"}));
  EXPECT_EQ(Read(text, OptionsFor("corcava")),
            (Texts{"2 konstantly foreign last=ab12", "3 corcava last=cd34",
                   "5 corcava last=0078",
                   "! 4: what stands in 'provider' is no provider that is "
                   "known"}));
  EXPECT_EQ(Read("hint\n...ab12", OptionsFor("")),
            Texts{"!! does not say which provider it is of: --provider NAME"});
}

TEST(TableFile, ColumnsByHand) {
  EXPECT_EQ(Read("Ende,wann\nab12,2026-03-31", WithColumn("last=Ende")),
            Texts{"2 konstantly last=ab12"});
  EXPECT_EQ(Read("hint,was,name\n...ab12,mine,theirs", WithColumn("name=was")),
            Texts{"2 konstantly last=ab12 name=mine"});
  EXPECT_EQ(Read("hint,a\n...ab12,b", WithColumn("name=was")),
            Texts{"!! has no column 'was'"});
  EXPECT_EQ(Read("[{\"hint\":\"...ab12\"}]", WithColumn("name=was")),
            Texts{"!! has no column 'was'"});
  for (const std::string_view bad : {"", "name", "name=", "colour=x", "=x"}) {
    EXPECT_FALSE(ParseColumnChoice(bad)) << bad;
  }
}

TEST(TableFile, NothingToKnowAKeyBy) {
  const Texts none = {
      "!! none of its columns is known to say which key a row is of; name it: "
      "--column hint=NAME or --column id=NAME"};
  EXPECT_EQ(Read("name,created\na,b"), none);
  EXPECT_EQ(Read("[{\"name\":\"a\"}]"), none);
  // A file without a first line of names: no cell of it is shown.
  EXPECT_EQ(Read(kKey + ",laptop\n" + kKey + ",ci"), none);
}

TEST(TableFile, Empty) {
  EXPECT_EQ(Read(""), Texts{"!! holds nothing"});
  EXPECT_EQ(Read("hint,name\n"), Texts{});
  EXPECT_EQ(Read("[]"), Texts{});
  EXPECT_EQ(Read("hint,name\n,\n , \n...ab12,x"),
            Texts{"4 konstantly last=ab12 name=x"});
}

TEST(TableFile, RowsThatCannotBeRead) {
  EXPECT_EQ(
      Read("hint,name\n...ab12,a,b\n...cd34\n\"x\"y,z\n...ef56,\"z"),
      (Texts{"3 konstantly last=cd34", "! 2: has 3 cells, and the first line 2",
             "! 4: has text behind a closing quote",
             "! 5: has a quote that is never closed"}));
}

TEST(TableFile, IsBounded) {
  std::string rows = "hint\n";
  for (std::size_t i = 0; i <= kMostRows; ++i) rows += "a\n";
  const auto table = ReadTable(rows, OptionsFor("konstantly"));
  ASSERT_TRUE(table);
  EXPECT_EQ(table->rows.size(), kMostRows);
  ASSERT_EQ(table->problems.size(), 1u);
  EXPECT_EQ(table->problems[0],
            (RowProblem{kMostRows + 2, "more than 1000000 rows are not read"}));
  EXPECT_EQ(Read(std::string(kMostTableBytes + 1, 'a')),
            Texts{"!! is larger than 67108864 bytes"});
}

TEST(TableFile, ManyProblemsAreCounted) {
  std::string rows = "hint,created\n";
  for (int i = 0; i < 1500; ++i) rows += "...ab12,x\n";
  const auto table = ReadTable(rows, OptionsFor("konstantly"));
  ASSERT_TRUE(table);
  EXPECT_EQ(table->problems.size(), kMostProblems);
  EXPECT_EQ(table->more_problems, 500u);
}

}  // namespace
}  // namespace keytidy::imports
