// SPDX-License-Identifier: Apache-2.0
#include "report/html_parts.h"

#include <fmt/format.h>

#include <algorithm>
#include <limits>
#include <vector>

#include "base/text.h"

namespace keytidy::report {
namespace {

// Letters with more marks than this are no language's.
constexpr int kMaxMarks = 3;
constexpr std::size_t kAll = std::numeric_limits<std::size_t>::max();

struct Range {
  char32_t first;
  char32_t last;
};

constexpr Range kMarks[] = {{0x0300, 0x036F}, {0x0483, 0x0489},
                            {0x1AB0, 0x1AFF}, {0x1DC0, 0x1DFF},
                            {0x20D0, 0x20FF}, {0xFE20, 0xFE2F}};
// What has no width or breaks lines, apart from the joiners that scripts and
// emoji need.
constexpr Range kInvisible[] = {
    {0x00AD, 0x00AD}, {0x034F, 0x034F},   {0x115F, 0x1160}, {0x180E, 0x180E},
    {0x200B, 0x200B}, {0x2028, 0x2029},   {0x2060, 0x206F}, {0x3164, 0x3164},
    {0xFEFF, 0xFEFF}, {0xE0000, 0xE0FFF}, {0xFFF9, 0xFFFB}};

template <std::size_t N>
bool IsIn(const Range (&ranges)[N], char32_t code) {
  return std::any_of(std::begin(ranges), std::end(ranges), [&](const Range& r) {
    return r.first <= code && code <= r.last;
  });
}

// The first character of valid UTF-8.
std::string_view First(std::string_view text) {
  std::size_t size = 1;
  while (size < text.size() && (text[size] & '\xC0') == '\x80') ++size;
  return text.substr(0, size);
}

char32_t CodeOf(std::string_view character) {
  const auto lead = static_cast<unsigned char>(character[0]);
  if (character.size() == 1) return lead;
  char32_t code = lead & (0xFFU >> (character.size() + 1));
  for (const char c : character.substr(1)) {
    code = (code << 6) | (static_cast<unsigned char>(c) & 0x3FU);
  }
  return code;
}

std::string Escaped(std::string_view character) {
  if (character == "&") return "&amp;";
  if (character == "<") return "&lt;";
  if (character == ">") return "&gt;";
  if (character == "\"") return "&quot;";
  if (character == "'") return "&#39;";
  return std::string(character);
}

// The characters of `bytes`, each as markup of its own.
std::vector<std::string> Characters(std::string_view bytes, bool keep_tabs) {
  const std::string clean = ForTerminal(bytes, keep_tabs);
  std::vector<std::string> list;
  list.reserve(clean.size());
  std::string_view rest = clean;
  int marks = 0;
  while (!rest.empty()) {
    const std::string_view character = First(rest);
    rest.remove_prefix(character.size());
    const char32_t code = CodeOf(character);
    marks = IsIn(kMarks, code) ? marks + 1 : 0;
    if (marks > kMaxMarks || IsIn(kInvisible, code)) {
      list.push_back(fmt::format("\\u{{{:04x}}}", static_cast<unsigned>(code)));
    } else {
      list.push_back(Escaped(character));
    }
  }
  return list;
}

std::string Joined(const std::vector<std::string>& list, std::size_t from,
                   std::size_t to) {
  std::string out;
  for (std::size_t i = from; i < to; ++i) out += list[i];
  return out;
}

// The first `head` and the last `tail` characters where there are more than
// `most`.
std::string Cut(std::string_view bytes, std::size_t most, std::size_t tail,
                bool keep_tabs = false) {
  const auto list = Characters(bytes, keep_tabs);
  if (list.size() <= most) return Joined(list, 0, list.size());
  const std::size_t head = most - tail;
  return Joined(list, 0, head) +
         fmt::format(" … ({} more characters) … ",
                     WithThousands(list.size() - most)) +
         Joined(list, list.size() - tail, list.size());
}

std::string WithHome(std::string_view path, std::string_view home) {
  while (home.ends_with('/')) home.remove_suffix(1);
  if (!home.empty() && path.starts_with(home)) {
    const std::string_view rest = path.substr(home.size());
    if (rest.empty() || rest.front() == '/') return "~" + std::string(rest);
  }
  return std::string(path);
}

// The lines of a block, without the spaces that all of them begin with.
std::string Block(const std::vector<std::string_view>& lines) {
  std::size_t indent = kAll;
  for (const std::string_view line : lines) {
    const std::size_t spaces = line.find_first_not_of(' ');
    if (spaces != line.npos) indent = std::min(indent, spaces);
  }
  std::string out = "<pre><code>";
  for (std::size_t i = 0; i < lines.size(); ++i) {
    if (i > 0) out += '\n';
    out +=
        Cut(lines[i].substr(std::min(indent, lines[i].size())), kAll, 0, true);
  }
  return out + "</code></pre>\n";
}

}  // namespace

std::string HtmlText(std::string_view bytes) {
  return Cut(bytes, kMaxHtmlText, 0);
}

std::string HtmlShort(std::string_view bytes, std::size_t width) {
  const auto list = Characters(bytes, false);
  if (list.size() <= width) return Joined(list, 0, list.size());
  return Joined(list, 0, width - 1) + "…";
}

std::string HtmlCode(std::string_view bytes) {
  if (bytes.empty()) return {};
  return "<code>" + Cut(bytes, kMaxHtmlCode, kMaxHtmlCode / 3) + "</code>";
}

std::string HtmlProse(std::string_view bytes) {
  std::string line(bytes);
  std::replace(line.begin(), line.end(), '\n', ' ');
  std::string out;
  std::string_view rest = line;
  while (!rest.empty()) {
    const std::size_t open = rest.find('`');
    const std::size_t close =
        open == rest.npos ? rest.npos : rest.find('`', open + 1);
    if (close == rest.npos) return out + HtmlText(rest);
    out += HtmlText(rest.substr(0, open));
    out += HtmlCode(rest.substr(open + 1, close - open - 1));
    rest.remove_prefix(close + 1);
  }
  return out;
}

std::string HtmlHow(std::string_view how) {
  std::string out;
  std::vector<std::string_view> block;
  const auto end_block = [&] {
    if (!block.empty()) out += Block(block);
    block.clear();
  };
  while (!how.empty()) {
    const std::size_t end = std::min(how.find('\n'), how.size());
    const std::string_view line = how.substr(0, end);
    how.remove_prefix(std::min(end + 1, how.size()));
    if (line.find_first_not_of(' ') == line.npos) {
      end_block();
    } else if (line.starts_with(' ')) {
      block.push_back(line);
    } else {
      end_block();
      out += "<p>" + HtmlProse(line) + "</p>\n";
    }
  }
  end_block();
  return out;
}

std::string HtmlSeverity(Severity severity) {
  return fmt::format("<span class=\"sev {0}\">{0}</span>", Name(severity));
}

std::string HtmlPath(std::string_view path, std::string_view home) {
  return HtmlCode(WithHome(path, home));
}

std::string HtmlPlace(std::string_view path, std::uint64_t line,
                      std::string_view home) {
  std::string place = WithHome(path, home);
  if (line > 0) place += fmt::format(":{}", line);
  return HtmlCode(place);
}

std::string_view SeenKey(const Finding& finding) {
  return finding.shown ? *finding.shown : finding.redacted;
}

std::string_view HtmlAnchor(std::string_view id) {
  constexpr std::size_t kSize = 19;
  if (id.size() != kSize || !id.starts_with("kt-")) return {};
  const std::string_view digits = id.substr(3);
  const bool hex = std::all_of(digits.begin(), digits.end(), [](char c) {
    return IsHexDigit(c) && !IsUpper(c);
  });
  return hex ? id : std::string_view();
}

}  // namespace keytidy::report
