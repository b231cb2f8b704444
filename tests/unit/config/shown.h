// SPDX-License-Identifier: Apache-2.0
//
// Documents on one line, for tests.
#pragma once

#include <fmt/format.h>

#include <string>
#include <string_view>

#include "config/node.h"

namespace keytidy::config {

inline std::string Shown(const Node& node) {
  std::string out;
  switch (node.kind) {
    case Node::Kind::kBool:
      return node.boolean ? "true" : "false";
    case Node::Kind::kInteger:
      return fmt::format("{}", node.integer);
    case Node::Kind::kFloat:
      return fmt::format("{}f", node.number);
    case Node::Kind::kString:
      return fmt::format("'{}'", node.string);
    case Node::Kind::kArray:
      for (const Node& item : node.items) {
        out += (out.empty() ? "" : " ") + Shown(item);
      }
      return "[" + out + "]";
    case Node::Kind::kTable:
      for (const Member& member : node.members) {
        out +=
            (out.empty() ? "" : " ") + member.key + "=" + Shown(member.value);
      }
      return "{" + out + "}";
    case Node::Kind::kNull:
      break;
  }
  return "null";
}

// Every scalar as it is written, with its place: `1:4 "x"`.
inline void Write(const Document& document, const Node& node,
                  std::string* out) {
  for (const Node& item : node.items) Write(document, item, out);
  for (const Member& member : node.members) {
    Write(document, member.value, out);
  }
  if (node.kind == Node::Kind::kArray || node.kind == Node::Kind::kTable) {
    return;
  }
  *out += fmt::format("{}{}:{} {}", out->empty() ? "" : "; ", node.place.line,
                      node.place.column,
                      std::string_view(document.text)
                          .substr(node.start, node.end - node.start));
}

inline std::string Written(const Result<Document>& document) {
  if (!document) return document.error().message;
  std::string out;
  Write(*document, document->root, &out);
  return out;
}

inline std::string Shown(const Result<Document>& document) {
  return document ? Shown(document->root) : document.error().message;
}

// The first line of the message; "" where the text is good.
inline std::string FirstLine(const Result<Document>& document) {
  if (document) return "";
  const std::string& message = document.error().message;
  return message.substr(0, message.find('\n'));
}

}  // namespace keytidy::config
