// SPDX-License-Identifier: Apache-2.0
//
// Small text helpers. Pure functions over bytes; nothing depends on a locale.
#pragma once

#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>
#include <vector>

namespace keytidy {

constexpr bool IsDigit(char c) { return c >= '0' && c <= '9'; }
constexpr bool IsLower(char c) { return c >= 'a' && c <= 'z'; }
constexpr bool IsUpper(char c) { return c >= 'A' && c <= 'Z'; }
constexpr bool IsAlnum(char c) {
  return IsDigit(c) || IsLower(c) || IsUpper(c);
}
constexpr bool IsHexDigit(char c) {
  return IsDigit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}
constexpr char ToLower(char c) {
  return IsUpper(c) ? static_cast<char>(c - 'A' + 'a') : c;
}
constexpr char ToUpper(char c) {
  return IsLower(c) ? static_cast<char>(c - 'a' + 'A') : c;
}

// Of UTF-8: whether the byte is a character's first.
constexpr bool BeginsCharacter(char c) {
  return (static_cast<unsigned char>(c) & 0xC0) != 0x80;
}
constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";

std::string Lowercase(std::string_view text);

// Position of `needle` (given in lower case) in `haystack`, ignoring the case
// of ASCII letters; npos when it is not there.
std::size_t FindIgnoringCase(std::string_view haystack,
                             std::string_view needle);

// Bytes that are not UTF-8 become U+FFFD, so that the result is UTF-8.
std::string ToValidUtf8(std::string_view bytes);

// For a terminal: valid UTF-8 in which control characters (C0, DEL, C1, and
// the bidirectional overrides) are written as \xNN or \u{NNNN}. A tab stays
// when `keep_tabs`.
std::string ForTerminal(std::string_view bytes, bool keep_tabs = false);

// A glob over a slash-separated path: `*` and `?` do not match a slash, `**`
// as a whole component matches any number of components, `[a-z]` is a class,
// a backslash takes the next character literally.
bool GlobMatch(std::string_view pattern, std::string_view path);

bool IsOneOf(std::string_view word,
             std::initializer_list<std::string_view> words);
bool IsOneOf(std::string_view word, const std::vector<std::string>& words);

// The parts of `text` between one `separator` (not empty) and the next, empty
// ones too: one more than there are separators. Views into `text`.
std::vector<std::string_view> SplitText(std::string_view text,
                                        std::string_view separator);

// The words that a name is made of, in lower case: "createIssue_v2Beta" is
// create, issue, v2, beta; "x-API" is x, api.
std::vector<std::string> WordsOf(std::string_view name);

// As an address writes its bytes: "a%2Fb" is "a/b". A % without two hexadecimal
// digits behind it stays.
std::string DecodePercent(std::string_view text);

// How many bytes have to be put in, taken out or exchanged to make one of the
// other; `most` + 1 for all that is more than `most`. Takes no longer than
// their lengths where these tell.
std::size_t EditDistance(std::string_view a, std::string_view b,
                         std::size_t most);

// The candidate nearest to `word`, or empty when none is near: for "did you
// mean".
std::string_view Nearest(std::string_view word,
                         const std::vector<std::string_view>& candidates);

// 1234567 -> "1,234,567".
std::string WithThousands(std::uint64_t n);

// "1 file", "2 files".
std::string Count(std::uint64_t n, std::string_view noun);

}  // namespace keytidy
