// SPDX-License-Identifier: Apache-2.0
//
// Texts as every database takes them: UTF-8 without NUL.
#pragma once

#include <cstdint>
#include <deque>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "inventory/database.h"

namespace keytidy::inventory {

// The text itself where it is fine; otherwise every NUL and every byte above
// 127 of it as \xNN, so that two file names stay two.
std::string StoredText(std::string_view text);

// A list as the lines of one text, and back. Line ends inside become spaces;
// empty entries go.
std::string JoinLines(const std::vector<std::string>& lines);
std::vector<std::string> SplitLines(std::string_view text);

// Values for one statement, with the texts that had to be changed for it.
// Texts given must outlive it.
class Values {
 public:
  Values& Text(std::string_view text);
  Values& Lines(const std::vector<std::string>& lines);
  Values& Number(std::int64_t number);
  Values& MaybeNumber(const std::optional<std::int64_t>& number);
  operator std::span<const Value>() const { return values_; }

 private:
  std::vector<Value> values_;
  std::deque<std::string> changed_;
};

}  // namespace keytidy::inventory
