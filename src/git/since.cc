// SPDX-License-Identifier: Apache-2.0
#include <charconv>
#include <ctime>

#include "git/revisions.h"

namespace keytidy::git {
namespace {

std::optional<std::int64_t> SecondsOf(std::string_view unit) {
  if (unit.size() > 1 && unit.back() == 's') unit.remove_suffix(1);
  if (unit == "minute" || unit == "min") return 60;
  if (unit == "h" || unit == "hour") return 3600;
  if (unit == "d" || unit == "day") return 86400;
  if (unit == "w" || unit == "week") return 7 * 86400;
  if (unit == "month") return 30 * 86400;
  if (unit == "y" || unit == "year") return 365 * 86400;
  return std::nullopt;
}

bool TakeNumber(std::string_view* text, std::size_t digits, int* out) {
  if (text->size() < digits) return false;
  const auto [end, error] =
      std::from_chars(text->data(), text->data() + digits, *out);
  if (error != std::errc() || end != text->data() + digits) return false;
  text->remove_prefix(digits);
  return true;
}

bool Take(std::string_view* text, char c) {
  if (text->empty() || text->front() != c) return false;
  text->remove_prefix(1);
  return true;
}

// "2026-03-01", and behind it "T10:00" or "T10:00:00", with "Z" or without.
std::optional<std::int64_t> ParseDate(std::string_view text) {
  std::tm parts{};
  int year = 0;
  if (!TakeNumber(&text, 4, &year) || !Take(&text, '-') ||
      !TakeNumber(&text, 2, &parts.tm_mon) || !Take(&text, '-') ||
      !TakeNumber(&text, 2, &parts.tm_mday)) {
    return std::nullopt;
  }
  if (!text.empty()) {
    if (!Take(&text, 'T') && !Take(&text, ' ')) return std::nullopt;
    if (!TakeNumber(&text, 2, &parts.tm_hour) || !Take(&text, ':') ||
        !TakeNumber(&text, 2, &parts.tm_min)) {
      return std::nullopt;
    }
    if (Take(&text, ':') && !TakeNumber(&text, 2, &parts.tm_sec)) {
      return std::nullopt;
    }
    Take(&text, 'Z');
    if (!text.empty()) return std::nullopt;
  }
  parts.tm_year = year - 1900;
  parts.tm_mon -= 1;
  const std::tm stated = parts;
  const std::int64_t out = timegm(&parts);
  // timegm makes the 3rd of March of a 31st of February.
  const bool exists =
      parts.tm_mon == stated.tm_mon && parts.tm_mday == stated.tm_mday &&
      parts.tm_hour == stated.tm_hour && parts.tm_min == stated.tm_min;
  if (!exists) return std::nullopt;
  return out;
}

}  // namespace

Result<std::int64_t> ParseSince(std::string_view text, std::int64_t now) {
  if (const auto date = ParseDate(text)) return *date;
  std::string_view rest = text;
  std::int64_t count = 0;
  const auto [end, error] =
      std::from_chars(rest.data(), rest.data() + rest.size(), count);
  if (error == std::errc() && count >= 0 && count <= 1000000) {
    rest.remove_prefix(static_cast<std::size_t>(end - rest.data()));
    while (!rest.empty() && (rest.front() == ' ' || rest.front() == '.')) {
      rest.remove_prefix(1);
    }
    for (const std::string_view ago : {" ago", ".ago"}) {
      if (rest.ends_with(ago)) rest.remove_suffix(ago.size());
    }
    if (const auto unit = SecondsOf(rest)) return now - count * *unit;
  }
  return Fail(ErrorCode::kInvalid,
              "{}: not a time; write 2026-03-01, 2026-03-01T10:00:00Z, "
              "\"3 days ago\" or 12h",
              text);
}

}  // namespace keytidy::git
