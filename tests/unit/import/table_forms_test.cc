// SPDX-License-Identifier: Apache-2.0
//
// The same rows written as CSV and as JSON, in all their forms, are the same
// rows when they are read.
#include <gtest/gtest.h>

#include <random>
#include <string>
#include <string_view>
#include <vector>

#include "unit/import/table_scene.h"
#include "verify/values.h"

namespace keytidy::imports {
namespace {

using Row = std::vector<std::string>;

class Tables {
 public:
  explicit Tables(unsigned seed) : random_(seed) {}

  Row Columns() {
    Row out = {"key"};
    for (const std::string_view name :
         {"id", "Name", "owner", "Created At", "expires_at", "lastUsed",
          "scopes", "status", "Favourite colour", "last4"}) {
      if (Below(3) > 0) out.emplace_back(name);
    }
    return out;
  }

  std::string Cell() {
    constexpr std::string_view kCells[] = {"",
                                           "x",
                                           "2026-03-31",
                                           "Never",
                                           "a \"b\" c",
                                           "a,b;c",
                                           "line\nbreak",
                                           "1774951200",
                                           "****ab12",
                                           "kmcp_a...b",
                                           "\xC3\xBC\xE2\x82\xAC",
                                           "\\n{}[]",
                                           "key!abcdefghijklm",
                                           " blank ",
                                           "active",
                                           "yesterday",
                                           "a\tb",
                                           "'",
                                           "\"\"",
                                           "-"};
    return std::string(kCells[Below(std::size(kCells))]);
  }

  std::size_t Below(std::size_t n) {
    return std::uniform_int_distribution<std::size_t>(0, n - 1)(random_);
  }

 private:
  std::mt19937 random_;
};

std::string Csv(const Row& columns, const std::vector<Row>& rows,
                std::string_view separator, std::string_view end) {
  std::string out;
  const auto line = [&](const Row& cells) {
    for (std::size_t i = 0; i < cells.size(); ++i) {
      std::string cell = cells[i];
      for (std::size_t at = cell.find('"'); at != cell.npos;
           at = cell.find('"', at + 2)) {
        cell.insert(at, 1, '"');
      }
      out += (i == 0 ? "" : std::string(separator)) + "\"" + cell + "\"";
    }
    out += end;
  };
  line(columns);
  for (const Row& row : rows) line(row);
  return out;
}

std::string Json(const Row& columns, const std::vector<Row>& rows,
                 std::string_view open, std::string_view between,
                 std::string_view close) {
  std::string out(open);
  for (std::size_t r = 0; r < rows.size(); ++r) {
    if (r > 0) out += between;
    out += '{';
    for (std::size_t i = 0; i < columns.size(); ++i) {
      out += (i == 0 ? "\"" : ",\"") + columns[i] + "\":\"" +
             verify::Escaped(rows[r][i], verify::Escape::kJson) + "\"";
    }
    out += '}';
  }
  return out + std::string(close);
}

// Without the lines, which differ.
std::vector<std::string> Read(const std::string& text) {
  auto table = ReadTable(text, OptionsFor("konstantly"));
  std::vector<std::string> out;
  if (!table) return {table.error().message};
  for (ProviderRow& row : table->rows) {
    row.number = 0;
    out.push_back(TextOf(row));
  }
  for (const RowProblem& one : table->problems) out.push_back(one.what);
  return out;
}

TEST(TableForms, SayTheSame) {
  Tables tables(20261121);
  std::size_t rows_seen = 0;
  for (int i = 0; i < 2000; ++i) {
    const Row columns = tables.Columns();
    std::vector<Row> rows(1 + tables.Below(4));
    for (Row& row : rows) {
      for (std::size_t c = 0; c < columns.size(); ++c) {
        row.push_back(tables.Cell());
      }
    }
    const auto expected = Read(Json(columns, rows, "[", ",", "]"));
    rows_seen += expected.size();
    EXPECT_EQ(Read(Json(columns, rows, "{\"n\":1,\"keys\":[", ", ", "]}")),
              expected);
    EXPECT_EQ(Read(Json(columns, rows, "", "\n", "\n")), expected);
    EXPECT_EQ(Read(Csv(columns, rows, ",", "\n")), expected);
    EXPECT_EQ(Read(Csv(columns, rows, ";", "\r\n")), expected);
    EXPECT_EQ(Read(Csv(columns, rows, "\t", "\n")), expected);
  }
  EXPECT_GT(rows_seen, 4000u);
}

}  // namespace
}  // namespace keytidy::imports
