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

// The readers below are for the files of other programs. Each gives `start` and
// `end` of every scalar (of a key's value as it is written, quotes included),
// bounds nesting and size, and takes a byte-order mark and CRLF. kInvalid: no
// such file; the message has the place.

// `text` as YAML 1.1, every document of it (more than one: an array of them).
// Scalars that are not quoted become bool, integer, float or null as the core
// schema of YAML 1.2 has it. An alias is what it points to; what aliases
// multiply is bounded.
Result<Document> ParseYaml(std::string name, std::string text);

// `text` as variables: `NAME=value`, `export NAME=value`, quotes as a shell has
// them, comments; also fish's `set -gx NAME value` and PowerShell's
// `$env:NAME = "value"`. Lines that are no assignment are passed over. The root
// is a table of strings; a name assigned twice is there twice. Never fails on
// text.
Result<Document> ParseDotenv(std::string name, std::string text);

// `text` as a property list, XML or binary ("bplist00"); data and dates become
// strings. Binary ones have no places and no spans.
Result<Document> ParsePlist(std::string name, std::string text);

// `text` as INI: sections to tables of strings; a name given twice in a section
// is there twice. Also unit files of systemd, with lines that end in a
// backslash; `#` and `;` begin comments. What stands before the first section
// is in the root. Lines that are neither are passed over.
Result<Document> ParseIni(std::string name, std::string text);

}  // namespace keytidy::config
