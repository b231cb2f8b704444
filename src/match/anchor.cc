// SPDX-License-Identifier: Apache-2.0
#include "match/anchor.h"

#include <charconv>
#include <utility>

#include "base/text.h"
#include "core/char_class.h"

namespace keytidy::match {
namespace {

constexpr std::size_t kWanted = 4;
constexpr std::size_t kMostExpressions = 80;

// One element at the front of an expression: its bytes, how it was spelled, and
// how often it repeats.
struct Element {
  std::string members;
  std::string spelling;
  std::size_t repeat = 1;
  std::size_t size = 0;  // of the element and its repeat in the expression
};

// False when the front of `text` is nothing as plain as that.
bool TakeElement(std::string_view text, Element* element) {
  Element& out = *element;
  if (text.empty()) return false;
  if (text[0] == '[') {
    std::size_t end = 1;
    while (end < text.size() && text[end] != ']') {
      end += text[end] == '\\' ? 2 : 1;
    }
    if (end >= text.size()) return false;
    out.spelling = text.substr(0, end + 1);
    // Classes within classes (\\s, \\x27) are left to Hyperscan.
    for (std::size_t i = 0; i + 1 < out.spelling.size(); ++i) {
      if (out.spelling[i] == '\\' && IsAlnum(out.spelling[i + 1])) {
        return false;
      }
    }
    const auto parsed = CharClass::Parse(out.spelling);
    if (!parsed) return false;
    out.members = parsed->Members();
  } else if (text[0] == '\\') {
    if (text.size() < 2 || IsAlnum(text[1])) return false;
    out.spelling = text.substr(0, 2);
    out.members = text.substr(1, 1);
  } else if (IsAlnum(text[0]) ||
             std::string_view("_-:/\"' =<>@!#%&,;~`").find(text[0]) !=
                 std::string_view::npos) {
    out.spelling = text.substr(0, 1);
    out.members = out.spelling;
  } else {
    return false;
  }
  out.size = out.spelling.size();
  const std::string_view rest = text.substr(out.size);
  if (rest.empty()) return true;
  if (rest[0] == '?' || rest[0] == '*' || rest[0] == '+') return false;
  if (rest[0] != '{') return true;
  const std::size_t close = rest.find('}');
  if (close == std::string_view::npos) return false;
  const std::string_view count = rest.substr(1, close - 1);
  const auto parsed =
      std::from_chars(count.data(), count.data() + count.size(), out.repeat);
  // A range ({4,9}) has no fixed first bytes beyond its minimum: leave it.
  if (parsed.ec != std::errc() || parsed.ptr != count.data() + count.size() ||
      out.repeat == 0) {
    return false;
  }
  out.size += close + 1;
  // A lazy or possessive repeat means something else.
  return rest.size() <= close + 1 ||
         std::string_view("?+*").find(rest[close + 1]) ==
             std::string_view::npos;
}

std::string Escaped(char c) {
  std::string out;
  if (!IsAlnum(c) && static_cast<unsigned char>(c) < 0x80) out = "\\";
  return out + c;
}

}  // namespace

std::vector<std::string> LengthenLiteral(std::string_view anchor) {
  const std::vector<std::string> unchanged = {std::string(anchor)};
  std::vector<std::string> heads = {""};
  std::size_t length = 0;
  std::string_view rest = anchor;
  std::string left;  // of an element that was used in part
  bool has_class = false;
  while (length < kWanted) {
    Element element;
    if (!TakeElement(rest, &element)) return unchanged;
    rest.remove_prefix(element.size);
    std::size_t used = 0;
    for (; used < element.repeat && length < kWanted; ++used, ++length) {
      has_class = has_class || element.members.size() > 1;
      std::vector<std::string> longer;
      for (const std::string& head : heads) {
        for (const char c : element.members) {
          longer.push_back(head + Escaped(c));
        }
      }
      heads = std::move(longer);
      if (heads.size() > kMostExpressions) return unchanged;
    }
    if (used < element.repeat) {
      left =
          element.spelling + "{" + std::to_string(element.repeat - used) + "}";
    }
  }
  if (!has_class) return unchanged;
  for (std::string& head : heads) {
    head += left;
    head += rest;
  }
  return heads;
}

}  // namespace keytidy::match
