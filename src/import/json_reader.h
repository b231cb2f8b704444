// SPDX-License-Identifier: Apache-2.0
//
// Tables as JSON: an array of objects, objects one after the other (JSON
// Lines), or an object that holds one array of objects, itself or further in.
// Hostile input: nothing throws, each row is parsed by itself, and depth is
// bounded.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.h"

namespace keytidy::imports {

struct JsonRecord {
  std::uint64_t line = 0;  // on which it begins
  // Names and texts in their order. Arrays of texts and numbers are joined with
  // commas; objects and null are left out.
  std::vector<std::pair<std::string, std::string>> cells;
  std::string problem;  // why it is not to be used; empty: it is
};

class JsonReader {
 public:
  // `text` outlives the reader. kInvalid: there are no rows in it, or it does
  // not say which array has them.
  static Result<JsonReader> Open(std::string_view text);

  // False at the end.
  bool Next(JsonRecord* record);

 private:
  struct Candidates;

  explicit JsonReader(std::string_view text) : text_(text) {}
  // Steps over blanks, counting lines.
  void SkipBlanks();
  // The value that begins here, stepped over; nothing where it never ends.
  std::optional<std::string_view> TakeValue();
  // Moves to the rows that the object at at_ holds.
  Status EnterObject(int depth);

  std::string_view text_;
  std::size_t at_ = 0;
  std::uint64_t line_ = 1;
  bool in_array_ = false;
  bool first_ = true;
  bool done_ = false;
};

}  // namespace keytidy::imports
