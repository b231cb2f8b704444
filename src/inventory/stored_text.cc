// SPDX-License-Identifier: Apache-2.0
#include "inventory/stored_text.h"

#include <algorithm>

#include "base/text.h"

namespace keytidy::inventory {
namespace {

bool IsPlain(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) {
    return c != '\0' && static_cast<unsigned char>(c) < 0x80;
  });
}

bool IsFine(std::string_view text) {
  return IsPlain(text) || (text.find('\0') == std::string_view::npos &&
                           ToValidUtf8(text) == text);
}

}  // namespace

std::string StoredText(std::string_view text) {
  if (IsFine(text)) return std::string(text);
  std::string out;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte == 0 || byte >= 0x80) {
      out += fmt::format("\\x{:02X}", byte);
    } else {
      out += c;
    }
  }
  return out;
}

std::string JoinLines(const std::vector<std::string>& lines) {
  std::string out;
  for (const std::string& line : lines) {
    if (line.empty()) continue;
    if (!out.empty()) out += '\n';
    const std::size_t start = out.size();
    out += line;
    std::replace(out.begin() + static_cast<std::ptrdiff_t>(start), out.end(),
                 '\n', ' ');
  }
  return out;
}

std::vector<std::string> SplitLines(std::string_view text) {
  std::vector<std::string> out;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    if (end > 0) out.emplace_back(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return out;
}

Values& Values::Text(std::string_view text) {
  if (!IsFine(text)) text = changed_.emplace_back(StoredText(text));
  values_.emplace_back(text);
  return *this;
}

Values& Values::Lines(const std::vector<std::string>& lines) {
  if (lines.empty()) return Text("");
  return Text(changed_.emplace_back(JoinLines(lines)));
}

Values& Values::Number(std::int64_t number) {
  values_.emplace_back(number);
  return *this;
}

Values& Values::MaybeNumber(const std::optional<std::int64_t>& number) {
  values_.push_back(ValueOf(number));
  return *this;
}

}  // namespace keytidy::inventory
