// SPDX-License-Identifier: Apache-2.0
#include "import/csv_reader.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/text.h"

namespace keytidy::imports {
namespace {

constexpr std::string_view kSeparators = ",;\t";

char MostCommon(std::string_view text) {
  std::size_t counts[kSeparators.size()] = {};
  bool quoted = false;
  for (const char c : text) {
    if (c == '"') quoted = !quoted;
    if (quoted) continue;
    if (c == '\n' || c == '\r') break;
    const std::size_t which = kSeparators.find(c);
    if (which != std::string_view::npos) ++counts[which];
  }
  const auto* most = std::max_element(std::begin(counts), std::end(counts));
  return kSeparators[static_cast<std::size_t>(most - std::begin(counts))];
}

}  // namespace

CsvReader::CsvReader(std::string_view text) : text_(text) {
  if (text_.starts_with("\xEF\xBB\xBF")) at_ = 3;
  const std::string_view rest = text_.substr(at_);
  if (Lowercase(rest.substr(0, 4)) == "sep=" && rest.size() > 5 &&
      kSeparators.find(rest[4]) != std::string_view::npos &&
      (rest[5] == '\n' || rest[5] == '\r')) {
    separator_ = rest[4];
    at_ += 5;
    TakeLineEnd();
    return;
  }
  separator_ = MostCommon(rest);
}

bool CsvReader::TakeLineEnd() {
  if (AtEnd() || (text_[at_] != '\n' && text_[at_] != '\r')) return false;
  if (text_[at_] == '\r' && at_ + 1 < text_.size() && text_[at_ + 1] == '\n') {
    ++at_;
  }
  ++at_;
  ++line_;
  return true;
}

void CsvReader::SkipLine() {
  while (!AtEnd() && text_[at_] != '\n' && text_[at_] != '\r') ++at_;
}

bool CsvReader::Next(CsvRecord* record) {
  while (TakeLineEnd()) continue;
  if (AtEnd()) return false;
  *record = CsvRecord();
  record->line = line_;
  ReadRecord(record);
  TakeLineEnd();
  return true;
}

void CsvReader::ReadRecord(CsvRecord* record) {
  for (;;) {
    if (record->cells.size() == kMostColumns) {
      record->problem = fmt::format("has more than {} columns", kMostColumns);
      return SkipLine();
    }
    const bool quoted = !AtEnd() && text_[at_] == '"';
    record->cells.push_back(quoted ? QuotedCell(record) : PlainCell());
    if (!record->problem.empty()) return SkipLine();
    if (AtEnd() || text_[at_] != separator_) return;
    ++at_;
  }
}

std::string CsvReader::QuotedCell(CsvRecord* record) {
  std::string out;
  ++at_;
  while (!AtEnd()) {
    if (text_[at_] == '\n' || text_[at_] == '\r') {
      TakeLineEnd();
      out += '\n';
      continue;
    }
    if (text_[at_] != '"') {
      out += text_[at_++];
      continue;
    }
    if (at_ + 1 < text_.size() && text_[at_ + 1] == '"') {
      out += '"';
      at_ += 2;
      continue;
    }
    ++at_;
    if (!AtEnd() && text_[at_] != separator_ && text_[at_] != '\n' &&
        text_[at_] != '\r') {
      record->problem = "has text behind a closing quote";
    }
    return out;
  }
  record->problem = "has a quote that is never closed";
  return out;
}

std::string CsvReader::PlainCell() {
  const std::size_t start = at_;
  while (!AtEnd() && text_[at_] != separator_ && text_[at_] != '\n' &&
         text_[at_] != '\r') {
    ++at_;
  }
  return std::string(text_.substr(start, at_ - start));
}

}  // namespace keytidy::imports
