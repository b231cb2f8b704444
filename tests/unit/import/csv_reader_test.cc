// SPDX-License-Identifier: Apache-2.0
#include "import/csv_reader.h"

#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <vector>

namespace keytidy::imports {
namespace {

using Cells = std::vector<std::string>;

// Each record as its cells; what is wrong with one instead of them.
std::vector<Cells> Read(std::string_view text) {
  CsvReader reader(text);
  CsvRecord record;
  std::vector<Cells> out;
  while (reader.Next(&record)) {
    out.push_back(record.problem.empty() ? record.cells
                                         : Cells{"! " + record.problem});
  }
  return out;
}

std::vector<std::uint64_t> Lines(std::string_view text) {
  CsvReader reader(text);
  CsvRecord record;
  std::vector<std::uint64_t> out;
  while (reader.Next(&record)) out.push_back(record.line);
  return out;
}

TEST(CsvReader, Plain) {
  EXPECT_EQ(Read(""), (std::vector<Cells>{}));
  EXPECT_EQ(Read("a"), (std::vector<Cells>{{"a"}}));
  EXPECT_EQ(Read("a,b\n1,2\n"), (std::vector<Cells>{{"a", "b"}, {"1", "2"}}));
  EXPECT_EQ(Read("a,,\n,"), (std::vector<Cells>{{"a", "", ""}, {"", ""}}));
}

TEST(CsvReader, EveryKindOfLineEnd) {
  for (const std::string_view end : {"\n", "\r\n", "\r"}) {
    const std::string text = "a,b" + std::string(end) + "1,2";
    EXPECT_EQ(Read(text), (std::vector<Cells>{{"a", "b"}, {"1", "2"}}));
  }
}

TEST(CsvReader, LinesWithoutAnythingAreNoRecords) {
  EXPECT_EQ(Read("\n\r\n\na\n\n\nb\n"), (std::vector<Cells>{{"a"}, {"b"}}));
  EXPECT_EQ(Lines("\n\r\n\na\n\n\nb\n"), (std::vector<std::uint64_t>{4, 7}));
}

TEST(CsvReader, Quotes) {
  EXPECT_EQ(Read(R"("a","b,c","say ""hi""",)"),
            (std::vector<Cells>{{"a", "b,c", "say \"hi\"", ""}}));
  EXPECT_EQ(Read("\"one\r\ntwo\",x\ny,z"),
            (std::vector<Cells>{{"one\ntwo", "x"}, {"y", "z"}}));
  EXPECT_EQ(Lines("\"one\r\ntwo\",x\ny,z"), (std::vector<std::uint64_t>{1, 3}));
  EXPECT_EQ(Read("a\"b,c\"\""), (std::vector<Cells>{{"a\"b", "c\"\""}}));
  EXPECT_EQ(Read("\"\",\"\"\"\""), (std::vector<Cells>{{"", "\""}}));
}

TEST(CsvReader, QuotesThatAreWrong) {
  EXPECT_EQ(
      Read("\"a\"b,c\n1,2"),
      (std::vector<Cells>{{"! has text behind a closing quote"}, {"1", "2"}}));
  EXPECT_EQ(
      Read("1,2\n\"a,b\nc"),
      (std::vector<Cells>{{"1", "2"}, {"! has a quote that is never closed"}}));
}

TEST(CsvReader, ByteOrderMark) {
  EXPECT_EQ(Read("\xEF\xBB\xBF\"a\",b"), (std::vector<Cells>{{"a", "b"}}));
  EXPECT_EQ(Read("\xEF\xBB\xBF"), (std::vector<Cells>{}));
}

TEST(CsvReader, Separators) {
  EXPECT_EQ(Read("a;b\n1,5;2"), (std::vector<Cells>{{"a", "b"}, {"1,5", "2"}}));
  EXPECT_EQ(Read("a\tb\n1\t2"), (std::vector<Cells>{{"a", "b"}, {"1", "2"}}));
  EXPECT_EQ(Read("\"a;b;c\",d\n1;2,3"),
            (std::vector<Cells>{{"a;b;c", "d"}, {"1;2", "3"}}));
  EXPECT_EQ(Read("sep=;\r\na;b"), (std::vector<Cells>{{"a", "b"}}));
  EXPECT_EQ(Read("sep=\t\na,x\tb"), (std::vector<Cells>{{"a,x", "b"}}));
  EXPECT_EQ(Read("sep=x\na"), (std::vector<Cells>{{"sep=x"}, {"a"}}));
  EXPECT_EQ(Lines("sep=;\na"), (std::vector<std::uint64_t>{2}));
}

TEST(CsvReader, ColumnsAreBounded) {
  const std::string most(kMostColumns - 1, ',');
  EXPECT_EQ(Read(most).front().size(), kMostColumns);
  EXPECT_EQ(Read(most + ",\na,b"),
            (std::vector<Cells>{{"! has more than 1000 columns"}, {"a", "b"}}));
}

TEST(CsvReader, AnyBytes) {
  const std::string text("a\0b,\xFF\xFE\n\x01,\"\0\"", 12);
  EXPECT_EQ(Read(text),
            (std::vector<Cells>{{std::string("a\0b", 3), "\xFF\xFE"},
                                {"\x01", std::string("\0", 1)}}));
}

}  // namespace
}  // namespace keytidy::imports
