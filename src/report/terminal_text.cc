// SPDX-License-Identifier: Apache-2.0
#include "report/terminal_text.h"

#include <algorithm>
#include <iterator>
#include <vector>

namespace keytidy::report {
namespace {

constexpr std::size_t kTabWidth = 4;
constexpr std::string_view kEllipsis = "…";

struct Range {
  char32_t first;
  char32_t last;
};

constexpr Range kZeroWidth[] = {
    {0x00AD, 0x00AD}, {0x0300, 0x036F}, {0x0483, 0x0489}, {0x0591, 0x05BD},
    {0x0610, 0x061A}, {0x064B, 0x065F}, {0x0900, 0x0902}, {0x093C, 0x093C},
    {0x0E31, 0x0E31}, {0x0E34, 0x0E3A}, {0x0E47, 0x0E4E}, {0x1AB0, 0x1AFF},
    {0x1DC0, 0x1DFF}, {0x200B, 0x200D}, {0x2060, 0x2064}, {0x20D0, 0x20FF},
    {0xFE00, 0xFE0F}, {0xFE20, 0xFE2F}, {0xFEFF, 0xFEFF}, {0xE0100, 0xE01EF}};

constexpr Range kDoubleWidth[] = {
    {0x1100, 0x115F},   {0x2E80, 0x303E},   {0x3041, 0x33FF},
    {0x3400, 0x4DBF},   {0x4E00, 0x9FFF},   {0xA000, 0xA4CF},
    {0xAC00, 0xD7A3},   {0xF900, 0xFAFF},   {0xFE30, 0xFE4F},
    {0xFF00, 0xFF60},   {0xFFE0, 0xFFE6},   {0x1F300, 0x1F64F},
    {0x1F680, 0x1F6FF}, {0x1F900, 0x1F9FF}, {0x20000, 0x3FFFD}};

template <std::size_t N>
bool IsIn(const Range (&ranges)[N], char32_t code) {
  return std::any_of(std::begin(ranges), std::end(ranges), [code](Range range) {
    return range.first <= code && code <= range.last;
  });
}

// Takes one character off the front of valid UTF-8.
char32_t Next(std::string_view* text) {
  const auto lead = static_cast<unsigned char>(text->front());
  const std::size_t size = lead < 0x80   ? 1
                           : lead < 0xE0 ? 2
                           : lead < 0xF0 ? 3
                                         : 4;
  char32_t code = size == 1 ? lead : lead & (0xFF >> (size + 1));
  for (std::size_t i = 1; i < size && i < text->size(); ++i) {
    code = (code << 6) | (static_cast<unsigned char>((*text)[i]) & 0x3F);
  }
  text->remove_prefix(std::min(size, text->size()));
  return code;
}

std::size_t Width(char32_t code) {
  if (code < 0x80) return 1;
  if (IsIn(kZeroWidth, code)) return 0;
  return IsIn(kDoubleWidth, code) ? 2 : 1;
}

bool IsNumber(std::string_view word) {
  return !word.empty() &&
         word.find_first_not_of("0123456789,") == std::string_view::npos;
}

// What Wrap may break between.
std::vector<std::string_view> Words(std::string_view text) {
  std::vector<std::string_view> words;
  std::size_t begin = 0;
  bool quoted = false;
  for (std::size_t i = 0; i <= text.size(); ++i) {
    const bool at_break = i < text.size() && text[i] == ' ' && !quoted &&
                          !IsNumber(text.substr(begin, i - begin));
    if (i == text.size() || at_break) {
      words.push_back(text.substr(begin, i - begin));
      begin = i + 1;
    } else if (text[i] == '`') {
      quoted = !quoted && text.find('`', i + 1) != std::string_view::npos;
    }
  }
  return words;
}

}  // namespace

std::size_t DisplayWidth(std::string_view text) {
  std::size_t width = 0;
  while (!text.empty()) width += Width(Next(&text));
  return width;
}

std::string ExpandTabs(std::string_view text, std::size_t column) {
  std::string out;
  while (!text.empty()) {
    const std::size_t before = text.size();
    const char* const begin = text.data();
    const char32_t code = Next(&text);
    if (code == '\t') {
      const std::size_t spaces = kTabWidth - column % kTabWidth;
      out.append(spaces, ' ');
      column += spaces;
    } else {
      out.append(begin, before - text.size());
      column += Width(code);
    }
  }
  return out;
}

std::string KeepEnd(std::string_view text, std::size_t width) {
  std::size_t left = DisplayWidth(text);
  if (left <= width) return std::string(text);
  if (width == 0) return {};
  while (!text.empty() && left > width - 1) left -= Width(Next(&text));
  return std::string(kEllipsis) + std::string(text);
}

std::string KeepStart(std::string_view text, std::size_t width) {
  if (DisplayWidth(text) <= width) return std::string(text);
  if (width == 0) return {};
  std::string_view rest = text;
  std::size_t used = 0;
  std::size_t kept = 0;
  while (!rest.empty()) {
    used += Width(Next(&rest));
    if (used > width - 1) break;
    kept = text.size() - rest.size();
  }
  return std::string(text.substr(0, kept)) + std::string(kEllipsis);
}

std::string Wrap(std::string_view text, std::size_t indent) {
  return WrapFrom(text, indent, indent);
}

std::string WrapFrom(std::string_view text, std::size_t column,
                     std::size_t indent) {
  std::string out;
  bool first = true;
  for (const std::string_view word : Words(text)) {
    const std::size_t width = DisplayWidth(word);
    if (!first && column + 1 + width > kTerminalWidth) {
      out += '\n';
      out.append(indent, ' ');
      column = indent;
    } else if (!first) {
      out += ' ';
      ++column;
    }
    out += word;
    column += width;
    first = false;
  }
  return out;
}

}  // namespace keytidy::report
