// SPDX-License-Identifier: Apache-2.0
#include <toml++/toml.h>

#include <algorithm>

#include "base/text.h"
#include "config/node.h"

namespace keytidy::config {
namespace {

Place PlaceOf(const toml::source_position& position) {
  return {position.line, position.column};
}

Node Convert(const toml::node& in) {
  Node out;
  out.place = PlaceOf(in.source().begin);
  if (const auto* table = in.as_table()) {
    out.kind = Node::Kind::kTable;
    for (const auto& [key, value] : *table) {
      out.members.push_back(Member{
          std::string(key.str()), PlaceOf(key.source().begin), Convert(value)});
    }
    // toml++ sorts members by name.
    std::stable_sort(out.members.begin(), out.members.end(),
                     [](const Member& a, const Member& b) {
                       return std::pair(a.key_place.line, a.key_place.column) <
                              std::pair(b.key_place.line, b.key_place.column);
                     });
  } else if (const auto* array = in.as_array()) {
    out.kind = Node::Kind::kArray;
    for (const auto& item : *array) out.items.push_back(Convert(item));
  } else if (const auto* string = in.as_string()) {
    out.kind = Node::Kind::kString;
    out.string = string->get();
  } else if (const auto* integer = in.as_integer()) {
    out.kind = Node::Kind::kInteger;
    out.integer = integer->get();
    out.number = static_cast<double>(out.integer);
  } else if (const auto* number = in.as_floating_point()) {
    out.kind = Node::Kind::kFloat;
    out.number = number->get();
  } else if (const auto* boolean = in.as_boolean()) {
    out.kind = Node::Kind::kBool;
    out.boolean = boolean->get();
  }
  return out;
}

// toml++ recurses once for each part of a dotted key, without a bound. A line
// with so many dots among letters, blanks and quotes is no key of ours.
bool HasEndlessKey(std::string_view text) {
  constexpr int kMostDots = 100;
  int dots = 0;
  for (const char c : text) {
    if (c == '.') {
      if (++dots > kMostDots) return true;
    } else if (!IsAlnum(c) &&
               std::string_view("_- \t\"'").find(c) == std::string_view::npos) {
      dots = 0;
    }
  }
  return false;
}

}  // namespace

Result<Document> ParseToml(std::string name, std::string text) {
  Document document{std::move(name), std::move(text), {}};
  if (ToValidUtf8(document.text) != document.text) {
    return Fail(ErrorCode::kInvalid, "{}: not valid UTF-8", document.name);
  }
  if (HasEndlessKey(document.text)) {
    return Fail(ErrorCode::kInvalid,
                "{}: a key has more than 100 parts; nothing is nested so deep",
                document.name);
  }
  const toml::parse_result parsed =
      toml::parse(std::string_view(document.text));
  if (!parsed) {
    const toml::parse_error& error = parsed.error();
    return Fail(
        document.ErrorAt(PlaceOf(error.source().begin), error.description()));
  }
  document.root = Convert(parsed.table());
  return document;
}

}  // namespace keytidy::config
