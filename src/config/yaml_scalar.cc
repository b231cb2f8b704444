// SPDX-License-Identifier: Apache-2.0
#include "config/yaml_scalar.h"

#include <algorithm>
#include <charconv>
#include <limits>
#include <string>

#include "base/text.h"

namespace keytidy::config {
namespace {

constexpr std::string_view kBlank = " \t\r\n";

void SetInteger(std::int64_t integer, Node* out) {
  out->kind = Node::Kind::kInteger;
  out->integer = integer;
  out->number = static_cast<double>(integer);
}

int DigitOf(char c) {
  const char low = ToLower(c);
  return IsDigit(low) ? low - '0' : low - 'a' + 10;
}

// `digits` have no sign of their own.
bool Integer(std::string_view digits, bool minus, int base, Node* out) {
  const auto is_digit = [base](char c) {
    return IsHexDigit(c) && DigitOf(c) < base;
  };
  if (digits.empty() || !std::all_of(digits.begin(), digits.end(), is_digit)) {
    return false;
  }
  // The smallest number has no positive one beside it.
  const std::string signed_digits = (minus ? "-" : "") + std::string(digits);
  const char* const end = signed_digits.data() + signed_digits.size();
  std::int64_t whole = 0;
  if (std::from_chars(signed_digits.data(), end, whole, base).ec ==
      std::errc()) {
    SetInteger(whole, out);
    return true;
  }
  double number = 0;
  if (base == 10) {
    const char* const last = digits.data() + digits.size();
    if (std::from_chars(digits.data(), last, number).ec != std::errc()) {
      number = std::numeric_limits<double>::infinity();
    }
  } else {
    for (const char c : digits) number = number * base + DigitOf(c);
  }
  out->kind = Node::Kind::kFloat;
  out->number = minus ? -number : number;
  return true;
}

// from_chars takes what is no number of YAML: "inf", "nan".
bool LooksLikeFloat(std::string_view word) {
  std::size_t i = 0;
  const auto digits = [&] {
    const std::size_t from = i;
    while (i < word.size() && IsDigit(word[i])) ++i;
    return i - from;
  };
  const std::size_t before = digits();
  std::size_t after = 0;
  if (i < word.size() && word[i] == '.') {
    ++i;
    after = digits();
  }
  if (before + after == 0) return false;
  if (i < word.size() && ToLower(word[i]) == 'e') {
    ++i;
    if (i < word.size() && (word[i] == '+' || word[i] == '-')) ++i;
    if (digits() == 0) return false;
  }
  return i == word.size();
}

bool Float(std::string_view word, bool minus, Node* out) {
  double number = 0;
  if (IsOneOf(word, {".inf", ".Inf", ".INF"})) {
    number = std::numeric_limits<double>::infinity();
  } else if (LooksLikeFloat(word)) {
    const auto read =
        std::from_chars(word.data(), word.data() + word.size(), number);
    if (read.ec == std::errc::result_out_of_range) {
      const bool tiny = Lowercase(word).find("e-") != std::string::npos;
      number = tiny ? 0 : std::numeric_limits<double>::infinity();
    }
  } else {
    return false;
  }
  out->kind = Node::Kind::kFloat;
  out->number = minus ? -number : number;
  return true;
}

bool Number(std::string_view value, Node* out) {
  if (value.starts_with("0o")) return Integer(value.substr(2), false, 8, out);
  if (value.starts_with("0x")) return Integer(value.substr(2), false, 16, out);
  if (IsOneOf(value, {".nan", ".NaN", ".NAN"})) {
    out->kind = Node::Kind::kFloat;
    out->number = std::numeric_limits<double>::quiet_NaN();
    return true;
  }
  const bool minus = value.starts_with('-');
  if (minus || value.starts_with('+')) value.remove_prefix(1);
  return Integer(value, minus, 10, out) || Float(value, minus, out);
}

std::size_t SkipBlanksAndComments(std::string_view text, std::size_t at) {
  for (;;) {
    at = std::min(text.find_first_not_of(kBlank, at), text.size());
    if (at == text.size() || text[at] != '#') return at;
    at = std::min(text.find('\n', at), text.size());
  }
}

// A tag ends at what it cannot hold, blank or not.
std::size_t EndOfTag(std::string_view text, std::size_t at) {
  if (text.substr(at, 2) == "!<") {
    const std::size_t close = text.find('>', at);
    return close == std::string_view::npos ? text.size() : close + 1;
  }
  constexpr std::string_view kSigns = "-#;/?:@&=+$_.~*'()!%";
  while (
      at < text.size() &&
      (IsAlnum(text[at]) || kSigns.find(text[at]) != std::string_view::npos)) {
    ++at;
  }
  return at;
}

// A scalar without quotes begins with neither sign.
std::size_t SkipProperties(std::string_view text, std::size_t at) {
  while (at < text.size() && (text[at] == '&' || text[at] == '!')) {
    at = text[at] == '!'
             ? EndOfTag(text, at)
             : std::min(text.find_first_of(" \t\r\n,[]{}", at), text.size());
    at = SkipBlanksAndComments(text, at);
  }
  return at;
}

// `at` where it does not end.
std::size_t EndOfQuoted(std::string_view text, std::size_t at) {
  const std::size_t start = at;
  const char quote = text[at++];
  for (; at < text.size(); ++at) {
    if (quote == '"' && text[at] == '\\') {
      ++at;
    } else if (text[at] == quote) {
      if (quote == '"' || text.substr(at, 2) != "''") return at + 1;
      ++at;
    }
  }
  return start;
}

// Blanks are folded in many ways; everything else stands in the value as it is
// written. npos: it does not.
std::size_t EndOfValue(std::string_view text, std::size_t at,
                       std::string_view value) {
  std::size_t end = at;
  for (const char c : value) {
    if (kBlank.find(c) != std::string_view::npos) continue;
    at = text.find_first_not_of(kBlank, at);
    if (at == std::string_view::npos || text[at] != c) {
      return std::string_view::npos;
    }
    end = ++at;
  }
  return end;
}

// The header of a block scalar without its comment.
std::size_t EndOfHeader(std::string_view text, std::size_t at) {
  return std::min(text.find_first_of(kBlank, at), text.size());
}

}  // namespace

void ResolvePlain(std::string_view value, Node* out) {
  if (IsOneOf(value, {"", "~", "null", "Null", "NULL"})) {
    out->kind = Node::Kind::kNull;
  } else if (IsOneOf(value, {"true", "True", "TRUE"})) {
    out->kind = Node::Kind::kBool;
    out->boolean = true;
  } else if (IsOneOf(value, {"false", "False", "FALSE"})) {
    out->kind = Node::Kind::kBool;
  } else if (!Number(value, out)) {
    out->kind = Node::Kind::kString;
    out->string = value;
  }
}

Span ScalarSpan(std::string_view text, std::size_t at, std::string_view value) {
  const Span nothing{at, at};
  const std::size_t start = SkipProperties(text, at);
  if (start >= text.size()) return nothing;
  const char first = text[start];
  const bool same_line =
      text.substr(at, start - at).find('\n') == std::string_view::npos;
  if (value.empty() && !same_line) return nothing;
  if (first == '"' || first == '\'') return {start, EndOfQuoted(text, start)};
  std::size_t end = std::string_view::npos;
  if (first == '|' || first == '>') {
    const std::size_t line = std::min(text.find('\n', start), text.size());
    const std::size_t last = EndOfValue(text, line, value);
    end = last == line ? EndOfHeader(text, start) : last;
  } else if (!value.empty()) {
    end = EndOfValue(text, start, value);
  }
  return end == std::string_view::npos ? nothing : Span{start, end};
}

}  // namespace keytidy::config
