// SPDX-License-Identifier: Apache-2.0
#include "import/table_file.h"

#include <utility>

#include "import/csv_reader.h"
#include "import/json_reader.h"
#include "import/row_builder.h"

namespace keytidy::imports {
namespace {

bool IsJson(std::string_view text) {
  if (text.starts_with("\xEF\xBB\xBF")) text.remove_prefix(3);
  const std::size_t at = text.find_first_not_of(" \t\r\n");
  return at != text.npos && (text[at] == '[' || text[at] == '{');
}

// False where there is no room for one more row.
bool HasRoom(std::size_t records, std::uint64_t line, TableRows* out) {
  if (records < kMostRows) return true;
  out->Add({line, fmt::format("more than {} rows are not read", kMostRows)});
  return false;
}

Result<TableRows> ReadJson(std::string_view text, const TableOptions& options) {
  auto reader = JsonReader::Open(text);
  if (!reader) return Fail(reader.error());
  TableRows out;
  RowBuilder builder(options, &out);
  JsonRecord record;
  std::vector<NamedCell> cells;
  std::size_t records = 0;
  bool any = false;
  while (reader->Next(&record)) {
    if (!HasRoom(records++, record.line, &out)) break;
    if (!record.problem.empty()) {
      out.Add({record.line, record.problem});
      continue;
    }
    any = true;
    cells.clear();
    for (const auto& [name, value] : record.cells) {
      cells.push_back({name, value});
    }
    builder.Add(record.line, cells);
  }
  if (any) {
    if (auto ok = builder.CheckColumns(); !ok) return Fail(ok.error());
  }
  return out;
}

Result<TableRows> ReadCsv(std::string_view text, const TableOptions& options) {
  CsvReader reader(text);
  CsvRecord header;
  if (!reader.Next(&header)) return Fail(ErrorCode::kInvalid, "holds nothing");
  if (!header.problem.empty()) {
    return Fail(ErrorCode::kInvalid, "its first line {}", header.problem);
  }
  TableRows out;
  RowBuilder builder(options, &out);
  for (const std::string& name : header.cells) (void)builder.ColumnOf(name);
  if (auto ok = builder.CheckColumns(); !ok) return Fail(ok.error());
  CsvRecord record;
  std::vector<NamedCell> cells;
  std::size_t records = 0;
  while (reader.Next(&record)) {
    if (!HasRoom(records++, record.line, &out)) break;
    if (record.problem.empty() && record.cells.size() > header.cells.size()) {
      record.problem = fmt::format("has {} cells, and the first line {}",
                                   record.cells.size(), header.cells.size());
    }
    if (!record.problem.empty()) {
      out.Add({record.line, record.problem});
      continue;
    }
    cells.clear();
    for (std::size_t i = 0; i < record.cells.size(); ++i) {
      cells.push_back({header.cells[i], record.cells[i]});
    }
    builder.Add(record.line, cells);
  }
  return out;
}

}  // namespace

void TableRows::Add(RowProblem problem) {
  if (problems.size() < kMostProblems) {
    problems.push_back(std::move(problem));
  } else {
    ++more_problems;
  }
}

Result<ColumnChoice> ParseColumnChoice(std::string_view text) {
  const std::size_t equals = text.find('=');
  if (equals == text.npos || equals + 1 == text.size()) {
    return Fail(ErrorCode::kInvalid, "must be FIELD=NAME");
  }
  const auto column = ColumnForField(text.substr(0, equals));
  if (!column) {
    return Fail(ErrorCode::kInvalid,
                "there is no such field; there are hint, first, last, id, "
                "name, owner, account, scopes, created, expires, last-used, "
                "status and provider");
  }
  return ColumnChoice{*column, std::string(text.substr(equals + 1))};
}

Result<TableRows> ReadTable(std::string_view text,
                            const TableOptions& options) {
  if (text.size() > kMostTableBytes) {
    return Fail(ErrorCode::kLimit, "is larger than {} bytes", kMostTableBytes);
  }
  return IsJson(text) ? ReadJson(text, options) : ReadCsv(text, options);
}

}  // namespace keytidy::imports
