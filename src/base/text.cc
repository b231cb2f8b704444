// SPDX-License-Identifier: Apache-2.0
#include "base/text.h"

#include <fmt/format.h>

#include <algorithm>
#include <numeric>
#include <utility>

namespace keytidy {
namespace {

struct Decoded {
  char32_t code = 0;
  std::size_t size = 0;  // 0: not UTF-8 here
};

// One UTF-8 sequence at the start of `s`, which is not empty; overlong forms,
// surrogates and values above U+10FFFF are refused.
Decoded DecodeUtf8(std::string_view s) {
  const auto byte = [&](std::size_t i) {
    return static_cast<unsigned char>(s[i]);
  };
  const unsigned char lead = byte(0);
  if (lead < 0x80) return {lead, 1};
  const std::size_t size = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : 2;
  if (lead < 0xC2 || lead > 0xF4 || s.size() < size) return {};
  char32_t code = lead & (0xFF >> (size + 1));
  for (std::size_t i = 1; i < size; ++i) {
    if ((byte(i) & 0xC0) != 0x80) return {};
    code = (code << 6) | (byte(i) & 0x3F);
  }
  constexpr char32_t kLeast[] = {0, 0, 0x80, 0x800, 0x10000};
  if (code < kLeast[size] || code > 0x10FFFF ||
      (code >= 0xD800 && code <= 0xDFFF)) {
    return {};
  }
  return {code, size};
}

bool IsBidirectionalControl(char32_t c) {
  return c == 0x061C || c == 0x200E || c == 0x200F ||
         (c >= 0x202A && c <= 0x202E) || (c >= 0x2066 && c <= 0x2069);
}

// Matches one `[...]` class at the start of `pattern` against `c`; returns the
// class's length, or 0 when it is not closed.
std::size_t MatchClass(std::string_view pattern, char c, bool* matched) {
  std::size_t i = 1;
  bool negated = false;
  if (i < pattern.size() && (pattern[i] == '!' || pattern[i] == '^')) {
    negated = true;
    ++i;
  }
  bool found = false;
  bool first = true;
  while (i < pattern.size() && (pattern[i] != ']' || first)) {
    first = false;
    if (pattern[i] == '\\' && i + 1 < pattern.size()) ++i;
    const char low = pattern[i];
    char high = low;
    if (i + 2 < pattern.size() && pattern[i + 1] == '-' &&
        pattern[i + 2] != ']') {
      high = pattern[i + 2];
      i += 2;
    }
    if (static_cast<unsigned char>(low) <= static_cast<unsigned char>(c) &&
        static_cast<unsigned char>(c) <= static_cast<unsigned char>(high)) {
      found = true;
    }
    ++i;
  }
  if (i >= pattern.size()) return 0;
  *matched = found != negated;
  return i + 1;
}

// Length of the pattern element at the front if it matches `c`, else 0.
std::size_t MatchOne(std::string_view pattern, char c) {
  switch (pattern[0]) {
    case '?':
      return c != '/' ? 1 : 0;
    case '[': {
      bool matched = false;
      const std::size_t length = MatchClass(pattern, c, &matched);
      if (length == 0) return c == '[' ? 1 : 0;
      return matched && c != '/' ? length : 0;
    }
    case '\\':
      if (pattern.size() > 1) return pattern[1] == c ? 2 : 0;
      return c == '\\' ? 1 : 0;
    default:
      return pattern[0] == c ? 1 : 0;
  }
}

// One component against one component, iteratively: only the last `*` is ever
// retried, so the time is at most the product of the lengths.
bool MatchComponent(std::string_view pattern, std::string_view text) {
  std::size_t p = 0;
  std::size_t t = 0;
  std::size_t star = std::string_view::npos;
  std::size_t star_text = 0;
  while (t < text.size()) {
    if (p < pattern.size() && pattern[p] == '*') {
      star = p++;
      star_text = t;
      continue;
    }
    if (p < pattern.size()) {
      if (const std::size_t used = MatchOne(pattern.substr(p), text[t])) {
        p += used;
        ++t;
        continue;
      }
    }
    if (star == std::string_view::npos) return false;
    p = star + 1;
    t = ++star_text;
  }
  while (p < pattern.size() && pattern[p] == '*') ++p;
  return p == pattern.size();
}

}  // namespace

std::string Lowercase(std::string_view text) {
  std::string out(text);
  std::transform(out.begin(), out.end(), out.begin(), ToLower);
  return out;
}

std::size_t FindIgnoringCase(std::string_view haystack,
                             std::string_view needle) {
  const auto it =
      std::search(haystack.begin(), haystack.end(), needle.begin(),
                  needle.end(), [](char a, char b) { return ToLower(a) == b; });
  return it == haystack.end() && !needle.empty()
             ? std::string_view::npos
             : static_cast<std::size_t>(it - haystack.begin());
}

std::string ToValidUtf8(std::string_view bytes) {
  std::string out;
  out.reserve(bytes.size());
  while (!bytes.empty()) {
    const Decoded d = DecodeUtf8(bytes);
    if (d.size == 0) {
      out += "\xEF\xBF\xBD";
      bytes.remove_prefix(1);
    } else {
      out += bytes.substr(0, d.size);
      bytes.remove_prefix(d.size);
    }
  }
  return out;
}

std::string ForTerminal(std::string_view bytes, bool keep_tabs) {
  std::string out;
  out.reserve(bytes.size());
  while (!bytes.empty()) {
    const Decoded d = DecodeUtf8(bytes);
    if (d.size == 0) {
      out += fmt::format("\\x{:02x}", static_cast<unsigned char>(bytes[0]));
      bytes.remove_prefix(1);
      continue;
    }
    const bool tab = d.code == '\t' && keep_tabs;
    if (!tab && (d.code < 0x20 || d.code == 0x7F)) {
      out += fmt::format("\\x{:02x}", static_cast<unsigned>(d.code));
    } else if ((d.code >= 0x80 && d.code < 0xA0) ||
               IsBidirectionalControl(d.code)) {
      out += fmt::format("\\u{{{:04x}}}", static_cast<unsigned>(d.code));
    } else {
      out += bytes.substr(0, d.size);
    }
    bytes.remove_prefix(d.size);
  }
  return out;
}

bool GlobMatch(std::string_view pattern, std::string_view path) {
  // A slash is a slash, with a backslash before it or not.
  std::string plain(pattern);
  for (std::size_t at = plain.find("\\/"); at != std::string::npos;
       at = plain.find("\\/", at + 1)) {
    plain.erase(at, 1);
  }
  const auto patterns = SplitText(plain, "/");
  const auto parts = SplitText(path, "/");
  // The same scheme as MatchComponent, with components for characters and
  // `**` for `*`.
  std::size_t p = 0;
  std::size_t t = 0;
  std::size_t star = std::string_view::npos;
  std::size_t star_part = 0;
  while (t < parts.size()) {
    if (p < patterns.size() && patterns[p] == "**") {
      star = p++;
      star_part = t;
      continue;
    }
    if (p < patterns.size() && MatchComponent(patterns[p], parts[t])) {
      ++p;
      ++t;
      continue;
    }
    if (star == std::string_view::npos) return false;
    p = star + 1;
    t = ++star_part;
  }
  while (p < patterns.size() && patterns[p] == "**") ++p;
  return p == patterns.size();
}

bool IsOneOf(std::string_view word,
             std::initializer_list<std::string_view> words) {
  return std::find(words.begin(), words.end(), word) != words.end();
}

bool IsOneOf(std::string_view word, const std::vector<std::string>& words) {
  return std::find(words.begin(), words.end(), word) != words.end();
}

std::vector<std::string_view> SplitText(std::string_view text,
                                        std::string_view separator) {
  std::vector<std::string_view> parts;
  for (;;) {
    const std::size_t end = text.find(separator);
    parts.push_back(text.substr(0, end));
    if (end == std::string_view::npos) return parts;
    text.remove_prefix(end + separator.size());
  }
}

std::vector<std::string> WordsOf(std::string_view name) {
  std::vector<std::string> out(1);
  char before = '\0';
  for (const char c : name) {
    const bool begins = IsUpper(c) && (IsLower(before) || IsDigit(before));
    if ((!IsAlnum(c) || begins) && !out.back().empty()) out.emplace_back();
    if (IsAlnum(c)) out.back() += ToLower(c);
    before = c;
  }
  if (out.back().empty()) out.pop_back();
  return out;
}

std::string DecodePercent(std::string_view text) {
  const auto digit = [](char c) {
    return IsDigit(c) ? c - '0' : ToLower(c) - 'a' + 10;
  };
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '%' && i + 2 < text.size() && IsHexDigit(text[i + 1]) &&
        IsHexDigit(text[i + 2])) {
      out += static_cast<char>(digit(text[i + 1]) * 16 + digit(text[i + 2]));
      i += 2;
    } else {
      out += text[i];
    }
  }
  return out;
}

std::size_t EditDistance(std::string_view a, std::string_view b,
                         std::size_t most) {
  if (a.size() > b.size()) std::swap(a, b);
  if (b.size() - a.size() > most) return most + 1;
  std::vector<std::size_t> row(b.size() + 1);
  std::iota(row.begin(), row.end(), std::size_t{0});
  for (std::size_t i = 1; i <= a.size(); ++i) {
    std::size_t diagonal = row[0];
    row[0] = i;
    for (std::size_t j = 1; j < row.size(); ++j) {
      const std::size_t exchanged = diagonal + (a[i - 1] == b[j - 1] ? 0 : 1);
      diagonal = row[j];
      row[j] = std::min({row[j] + 1, row[j - 1] + 1, exchanged});
    }
  }
  return std::min(row.back(), most + 1);
}

std::string_view Nearest(std::string_view word,
                         const std::vector<std::string_view>& candidates) {
  const std::string lower = Lowercase(word);
  std::string_view best;
  std::size_t best_distance = word.size() / 3 + 1;  // farther is no likeness
  for (const std::string_view candidate : candidates) {
    const std::size_t distance =
        EditDistance(lower, Lowercase(candidate), best_distance);
    if (distance < best_distance ||
        (distance == best_distance && best.empty())) {
      best_distance = distance;
      best = candidate;
    }
  }
  return best;
}

std::string WithThousands(std::uint64_t n) {
  std::string digits = std::to_string(n);
  for (std::size_t i = digits.size(); i > 3; i -= 3)
    digits.insert(i - 3, 1, ',');
  return digits;
}

std::string Count(std::uint64_t n, std::string_view noun) {
  return fmt::format("{} {}{}", WithThousands(n), noun, n == 1 ? "" : "s");
}

}  // namespace keytidy
