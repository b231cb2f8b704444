// SPDX-License-Identifier: Apache-2.0
#include "report/markdown_text.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/text.h"

namespace keytidy::report {
namespace {

// A character as itself, but never as markup.
std::string Entity(char c) {
  return fmt::format("&#{};", static_cast<unsigned char>(c));
}

}  // namespace

std::string MarkdownText(std::string_view bytes) {
  std::string out;
  for (const char c : ForTerminal(bytes)) {
    if (c == '@') {
      out += "@&#8203;";
    } else if (std::string_view("&<>|`*_[]~\\#").find(c) !=
               std::string_view::npos) {
      out += Entity(c);
    } else {
      out += c;
    }
  }
  return out;
}

std::string MarkdownCode(std::string_view bytes) {
  const std::string text = ForTerminal(bytes);
  if (text.empty()) return text;
  const bool edge = text.front() == ' ' || text.back() == ' ';
  if (!edge && text.find_first_of("`|\\") == std::string::npos) {
    return "`" + text + "`";
  }
  std::string out = "<code>";
  for (const char c : text) {
    const bool plain = IsAlnum(c) || c == ' ' || (c & '\x80') != 0;
    out += plain ? std::string(1, c) : Entity(c);
  }
  return out + "</code>";
}

std::string MarkdownProse(std::string_view bytes) {
  std::string line(bytes);
  std::replace(line.begin(), line.end(), '\n', ' ');
  std::string out;
  std::string_view rest = line;
  while (!rest.empty()) {
    const std::size_t open = rest.find('`');
    const std::size_t close =
        open == rest.npos ? rest.npos : rest.find('`', open + 1);
    if (close == rest.npos) return out + MarkdownText(rest);
    out += MarkdownText(rest.substr(0, open));
    out += MarkdownCode(rest.substr(open + 1, close - open - 1));
    rest.remove_prefix(close + 1);
  }
  return out;
}

}  // namespace keytidy::report
