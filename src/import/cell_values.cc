// SPDX-License-Identifier: Apache-2.0
#include "import/cell_values.h"

#include <algorithm>
#include <iterator>

#include "base/text.h"
#include "base/time.h"
#include "import/column_names.h"

namespace keytidy::imports {
namespace {

constexpr std::size_t kMaxText = 256;
constexpr std::size_t kMaxScopes = 100;
constexpr std::int64_t kFirstTime = 631152000;  // 1990
constexpr std::int64_t kLastTime = 7258118400;  // 2200

constexpr std::string_view kNothing[] = {
    "na",           "none",          "null",    "nil",        "undefined",
    "unknown",      "noinformation", "notused", "notyetused", "neverused",
    "notavailable", "notsupported",  "nan"};
constexpr std::string_view kNever[] = {
    "never",        "neverexpires", "noexpiration", "noexpirationdate",
    "noexpiry",     "noexpirydate", "noexpire",     "doesnotexpire",
    "doesntexpire", "unlimited",    "permanent",    "nonexpiring",
    "infinite"};
constexpr std::string_view kInUse[] = {"active", "enabled", "true", "valid",
                                       "yes",    "live",    "1",    "on",
                                       "inuse",  "ok"};
constexpr std::string_view kOutOfUse[] = {
    "inactive", "disabled", "revoked", "expired", "deleted",
    "false",    "no",       "0",       "off",     "suspended"};

template <std::size_t N>
bool IsOneOf(const std::string& folded, const std::string_view (&words)[N]) {
  return std::find(std::begin(words), std::end(words), folded) !=
         std::end(words);
}

// How many bytes of a mask begin here; 0: none do.
std::size_t MaskAt(std::string_view text) {
  for (const std::string_view one :
       {"\xE2\x80\xA6", "\xE2\x80\xA2", "\xE2\x97\x8F", "\xC2\xB7", "*"}) {
    if (text.starts_with(one)) return one.size();
  }
  if (!text.starts_with("..")) return 0;
  return std::min(text.find_first_not_of('.'), text.size());
}

// What a key may be made of.
bool IsKeyText(std::string_view text) {
  return std::all_of(text.begin(), text.end(),
                     [](char c) { return c > 0x20 && c < 0x7F; });
}

}  // namespace

std::string_view Trimmed(std::string_view cell) {
  constexpr std::string_view kBlank = " \t\r\n";
  while (!cell.empty() && kBlank.find(cell.front()) != kBlank.npos) {
    cell.remove_prefix(1);
  }
  while (!cell.empty() && kBlank.find(cell.back()) != kBlank.npos) {
    cell.remove_suffix(1);
  }
  return cell;
}

bool TellsNothing(std::string_view cell) {
  if (cell.size() > kMaxText) return false;
  const std::string folded = Folded(cell);
  if (!folded.empty()) return IsOneOf(folded, kNothing);
  // Punctuation, or a dash of any length.
  return std::all_of(cell.begin(), cell.end(), [](char c) {
    return c == ' ' || c == '\t' || c == '\r' || c == '\n' || c == '-' ||
           c == '/' || c == '(' || c == ')' || c == '\xE2' || c == '\x80' ||
           c == '\x93' || c == '\x94';
  });
}

bool MeansNever(std::string_view cell) {
  return cell.size() <= kMaxText && IsOneOf(Folded(cell), kNever);
}

std::optional<std::int64_t> TimeIn(std::string_view cell) {
  cell = Trimmed(cell);
  if (cell.empty() || !IsDigit(cell.front())) return std::nullopt;
  const bool number = cell.find_first_not_of("0123456789") == cell.npos;
  const auto time = ParseTime(cell);
  if (!time) return std::nullopt;
  if (number && (*time < kFirstTime || *time >= kLastTime)) return std::nullopt;
  return time;
}

RowState StateIn(std::string_view cell, bool inverted) {
  if (cell.size() > kMaxText) return RowState::kNotTold;
  const std::string folded = Folded(cell);
  const bool in_use = IsOneOf(folded, kInUse);
  if (!in_use && !IsOneOf(folded, kOutOfUse)) return RowState::kNotTold;
  return in_use != inverted ? RowState::kInUse : RowState::kOutOfUse;
}

std::string CleanText(std::string_view cell) {
  std::string out;
  for (const char c : ToValidUtf8(Trimmed(cell).substr(0, 4 * kMaxText))) {
    const auto byte = static_cast<unsigned char>(c);
    out += byte < 0x20 || byte == 0x7F ? ' ' : c;
  }
  if (out.size() > kMaxText) {
    std::size_t end = kMaxText;
    while (end > 0 && (static_cast<unsigned char>(out[end]) & 0xC0) == 0x80) {
      --end;
    }
    out.resize(end);
  }
  return std::string(Trimmed(out));
}

std::vector<std::string> ScopesIn(std::string_view cell) {
  constexpr std::string_view kMarks = ",;|\r\n";
  const std::string_view marks =
      cell.find_first_of(kMarks) != cell.npos ? kMarks : " \t";
  std::vector<std::string> out;
  while (!cell.empty() && out.size() < kMaxScopes) {
    const std::size_t end = std::min(cell.find_first_of(marks), cell.size());
    std::string one = CleanText(cell.substr(0, end));
    if (!one.empty()) out.push_back(std::move(one));
    cell.remove_prefix(std::min(end + 1, cell.size()));
  }
  return out;
}

ShownKey ShownIn(std::string_view cell, Side side) {
  ShownKey out;
  cell = Trimmed(cell);
  std::size_t first = cell.size();  // where the first mask begins
  std::size_t last = 0;             // where the last one ends
  for (std::size_t i = 0; i < cell.size();) {
    const std::size_t mask = MaskAt(cell.substr(i));
    if (mask > 0) {
      first = std::min(first, i);
      last = i + mask;
    }
    i += std::max<std::size_t>(mask, 1);
  }
  const bool masked = last > 0;
  if (!masked && cell.size() > kLongestHint) {
    out.whole = true;
    return out;
  }
  const auto add = [&](Side of, std::string_view text) {
    text = Trimmed(text);
    if (text.empty() || !IsKeyText(text)) return;
    if (text.size() > kLongestHint) {
      text = of == Side::kFirst ? text.substr(0, kLongestHint)
                                : text.substr(text.size() - kLongestHint);
    }
    out.hints.push_back({of, std::string(text)});
  };
  if (!masked) {
    add(side, cell);
    return out;
  }
  add(Side::kFirst, cell.substr(0, first));
  add(Side::kLast, cell.substr(last));
  return out;
}

}  // namespace keytidy::imports
