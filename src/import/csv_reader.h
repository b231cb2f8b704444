// SPDX-License-Identifier: Apache-2.0
//
// Tables as text: RFC 4180, with comma, semicolon or tab between the cells.
// Hostile input: nothing throws, and a record is bounded.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace keytidy::imports {

inline constexpr std::size_t kMostColumns = 1000;

struct CsvRecord {
  std::uint64_t line = 0;  // on which it begins
  std::vector<std::string> cells;
  std::string problem;  // why it is not to be used; empty: it is
};

class CsvReader {
 public:
  // `text` outlives the reader. A byte-order mark, and a first line "sep=;",
  // are passed over; what separates cells is what the first record holds most
  // of.
  explicit CsvReader(std::string_view text);

  // False at the end. Lines without anything are no records.
  bool Next(CsvRecord* record);

  char separator() const { return separator_; }

 private:
  void ReadRecord(CsvRecord* record);
  // Leaves the rest of the line out.
  void SkipLine();
  bool AtEnd() const { return at_ == text_.size(); }
  // Steps over the end of a line; false where there is none here.
  bool TakeLineEnd();
  std::string QuotedCell(CsvRecord* record);
  std::string PlainCell();

  std::string_view text_;
  std::size_t at_ = 0;
  std::uint64_t line_ = 1;
  char separator_ = ',';
};

}  // namespace keytidy::imports
