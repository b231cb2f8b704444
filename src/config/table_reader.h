// SPDX-License-Identifier: Apache-2.0
//
// Reads the fields of one table and says what is wrong with them: missing,
// wrong type, unknown (with the nearest known name). Errors are collected, so
// that a person sees all of them at once.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "config/node.h"

namespace keytidy::config {

class Errors {
 public:
  explicit Errors(const Document& document) : document_(document) {}
  void Add(Place place, std::string_view message);
  bool empty() const { return messages_.empty(); }
  // All of them as one kInvalid error, in the order of the file.
  Error Take() const;

 private:
  const Document& document_;
  std::vector<std::pair<Place, std::string>> messages_;
};

class TableReader {
 public:
  // `what` names the table in messages: "rule", "allow". The node must
  // outlive the reader; one that is no table is an error.
  TableReader(const Node& table, std::string what, Errors* errors);

  // Absent fields are nullopt (or empty); a field of the wrong type is an
  // error and counts as absent.
  std::optional<std::string> String(std::string_view key);
  std::string RequiredString(std::string_view key);
  std::optional<bool> Bool(std::string_view key);
  std::optional<std::int64_t> Integer(std::string_view key, std::int64_t least,
                                      std::int64_t most);
  std::optional<double> Number(std::string_view key, double least, double most);
  std::vector<std::string> Strings(std::string_view key);
  // A member that is a table, or null.
  const Node* Table(std::string_view key);
  // The items of an array of tables.
  std::vector<const Node*> Tables(std::string_view key);
  // Any member; marks it as known.
  const Node* Any(std::string_view key);

  // Place of a field's value, or of the table when it is absent.
  Place PlaceOf(std::string_view key) const;
  void Error(std::string_view key, std::string_view message);

  // Call last: every member nobody asked for is unknown.
  void Finish();

 private:
  const Node* Get(std::string_view key, Node::Kind kind);

  const Node& table_;
  std::string what_;
  Errors* errors_;
  std::vector<std::string_view> asked_;
};

}  // namespace keytidy::config
