// SPDX-License-Identifier: Apache-2.0
//
// A configuration file as a tree that remembers where everything stands, so
// that an error can show the line and a caret.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace keytidy::config {

// Counted from 1; columns in characters. 0: no place.
struct Place {
  std::uint32_t line = 0;
  std::uint32_t column = 0;
};

struct Member;

struct Node {
  enum class Kind { kNull, kBool, kInteger, kFloat, kString, kArray, kTable };

  Kind kind = Kind::kNull;
  Place place;
  // The bytes of the value as it is written, quotes and brackets included;
  // equal where the format's reader does not tell.
  std::uint32_t start = 0;
  std::uint32_t end = 0;
  bool boolean = false;
  std::int64_t integer = 0;
  double number = 0;            // of kFloat, and of kInteger too
  std::string string;           // of kString
  std::vector<Node> items;      // of kArray
  std::vector<Member> members;  // of kTable, in the file's order

  // The member of a table, or null.
  const Node* Find(std::string_view key) const;
};

struct Member {
  std::string key;
  Place key_place;
  Node value;
};

// "a string", "a table" …
std::string_view Name(Node::Kind kind);

struct Document {
  std::string name;  // as messages call it: a path
  std::string text;
  Node root;

  // kInvalid: "name:line:col: message", the line, and a caret below it.
  Error ErrorAt(Place place, std::string_view message) const;
};

// `text` as TOML 1.0. A syntax error shows its place.
Result<Document> ParseToml(std::string name, std::string text);

// `text` as JSON the way editors and AI clients read their settings: with
// comments, trailing commas and a byte-order mark. Of members with the same
// name the last one counts. Nesting is bounded.
Result<Document> ParseJsonc(std::string name, std::string text);

}  // namespace keytidy::config
