// SPDX-License-Identifier: Apache-2.0
#include "audit/dated_line.h"

#include <unistd.h>

#include <algorithm>

#include "base/text.h"
#include "base/time.h"
#include "core/secret.h"

namespace keytidy::audit {
namespace {

// Around a key, on either side: as little as holds its line, at most this.
constexpr std::uint64_t kFirstReach = 8 << 10;
constexpr std::uint64_t kMostReach = 512 << 10;

using Time = std::optional<std::int64_t>;

// A line, without what ends it.
struct Line {
  std::size_t start = 0;
  std::size_t end = 0;
};

Line LineAt(std::string_view text, std::size_t at) {
  at = std::min(at, text.size());
  Line out;
  const std::size_t before =
      at == 0 ? std::string_view::npos : text.rfind('\n', at - 1);
  out.start = before == std::string_view::npos ? 0 : before + 1;
  out.end = std::min(text.find('\n', at), text.size());
  return out;
}

std::string_view TextOf(std::string_view text, Line line) {
  std::string_view out = text.substr(line.start, line.end - line.start);
  if (out.ends_with('\r')) out.remove_suffix(1);
  return out;
}

// The ten digits that seconds have since 2001, which `text` begins with.
Time Seconds(std::string_view* text) {
  std::size_t digits = 0;
  std::int64_t value = 0;
  while (digits < text->size() && digits < 11 && IsDigit((*text)[digits])) {
    value = value * 10 + ((*text)[digits++] - '0');
  }
  if (digits != 10) return std::nullopt;
  text->remove_prefix(digits);
  return value;
}

// ": 1690000000:0;command"
Time ZshDate(std::string_view line) {
  if (!line.starts_with(": ")) return std::nullopt;
  line.remove_prefix(2);
  const Time at = Seconds(&line);
  if (!at || !line.starts_with(':')) return std::nullopt;
  line.remove_prefix(1);
  while (!line.empty() && IsDigit(line.front())) line.remove_prefix(1);
  return line.starts_with(';') ? at : std::nullopt;
}

// "#1690000000", alone on the line before.
Time BashDate(std::string_view line) {
  if (!line.starts_with('#')) return std::nullopt;
  line.remove_prefix(1);
  const Time at = Seconds(&line);
  return line.empty() ? at : std::nullopt;
}

// "  when: 1690000000", on the line after "- cmd: command".
Time FishDate(std::string_view line) {
  constexpr std::string_view kWhen = "  when: ";
  if (!line.starts_with(kWhen)) return std::nullopt;
  line.remove_prefix(kWhen.size());
  const Time at = Seconds(&line);
  return line.empty() ? at : std::nullopt;
}

// The value of a member of the outermost object, as it is written. Looks at
// strings and brackets only; a line that is no JSON gives nothing or anything.
std::string_view MemberOf(std::string_view json, std::string_view name) {
  int depth = 0;
  bool is_name = false;  // a string here is a name
  bool found = false;
  for (std::size_t i = 0; i < json.size(); ++i) {
    const char c = json[i];
    if (c == '"') {
      const std::size_t start = ++i;
      while (i < json.size() && json[i] != '"') i += json[i] == '\\' ? 2 : 1;
      if (i >= json.size()) return {};
      const std::string_view text = json.substr(start, i - start);
      if (found) return text;
      if (depth == 1 && is_name && text == name) {
        const std::size_t colon = json.find_first_not_of(" \t", i + 1);
        found = colon != std::string_view::npos && json[colon] == ':';
        if (found) i = colon;
      }
    } else if (c == '{' || c == '[') {
      if (found) return {};
      is_name = ++depth == 1 && c == '{';
    } else if (c == '}' || c == ']') {
      if (--depth <= 0) return {};
    } else if (depth == 1 && (c == ',' || c == ':')) {
      is_name = c == ',';
    } else if (found && c != ' ' && c != '\t') {
      return json.substr(i, json.find_first_of(",} \t\r", i) - i);
    }
  }
  return {};
}

Time JsonDate(std::string_view line) {
  if (!line.starts_with('{')) return std::nullopt;
  for (const std::string_view name : {"timestamp", "ts"}) {
    const std::string_view value = MemberOf(line, name);
    if (value.empty() || value.size() > 40) continue;
    if (const Time at = ParseTime(value)) return at;
  }
  return std::nullopt;
}

}  // namespace

std::optional<std::int64_t> DateOfLine(std::string_view text, std::size_t at) {
  Line line = LineAt(text, at);
  const std::string_view own = TextOf(text, line);
  if (const Time date = JsonDate(own)) return date;
  if (own.starts_with("- cmd: ")) {
    if (line.end >= text.size()) return std::nullopt;
    return FishDate(TextOf(text, LineAt(text, line.end + 1)));
  }
  if (line.start > 0) {
    const Line before = LineAt(text, line.start - 1);
    if (const Time date = BashDate(TextOf(text, before))) return date;
  }
  // zsh ends every line but the last of a command with a backslash.
  while (line.start >= 2 && text[line.start - 2] == '\\') {
    line = LineAt(text, line.start - 1);
  }
  return ZshDate(TextOf(text, line));
}

DatedLog::DatedLog(const std::string& path) {
  auto opened = OpenRegular(path, Links::kRefuse);
  if (!opened) return;
  file_ = std::move(opened->fd);
  size_ = opened->size;
}

std::optional<std::string> DatedLog::Read(std::uint64_t from,
                                          std::uint64_t to) const {
  std::string out(static_cast<std::size_t>(to - from), '\0');
  std::size_t done = 0;
  while (done < out.size()) {
    const ssize_t n = pread(file_.get(), out.data() + done, out.size() - done,
                            static_cast<off_t>(from + done));
    if (n <= 0) return std::nullopt;
    done += static_cast<std::size_t>(n);
  }
  return out;
}

std::optional<std::int64_t> DatedLog::DateOf(
    Span key, const std::function<bool(std::string_view)>& is_key) {
  if (!file_ || key.start >= key.end || key.end > size_) return std::nullopt;
  for (std::uint64_t reach = kFirstReach; reach <= kMostReach; reach *= 8) {
    const std::uint64_t from = key.start - std::min(key.start, reach);
    const std::uint64_t to = key.end + std::min(size_ - key.end, reach);
    if (to - from > left_) return std::nullopt;
    left_ -= to - from;
    auto piece = Read(from, to);
    if (!piece) return std::nullopt;
    const std::string_view text = *piece;
    const auto start = static_cast<std::size_t>(key.start - from);
    const auto end = start + static_cast<std::size_t>(key.size());
    const bool is_here = is_key(text.substr(start, end - start));
    // What is cut at the front is no line; that before the key's counts too.
    const std::size_t cut = from == 0 ? 0 : text.find('\n') + 1;
    const Line own = LineAt(text, start);
    const bool whole =
        (from == 0 || own.start > cut) &&
        (to == size_ || text.find('\n', own.end + 1) != std::string_view::npos);
    Time date;
    if (is_here && whole) date = DateOfLine(text.substr(cut), start - cut);
    Wipe(&*piece);
    if (!is_here || whole) return date;
  }
  return std::nullopt;
}

}  // namespace keytidy::audit
