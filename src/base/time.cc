// SPDX-License-Identifier: Apache-2.0
#include "base/time.h"

#include <algorithm>
#include <chrono>
#include <ctime>

#include "base/text.h"

namespace keytidy {
namespace {

constexpr std::string_view kMonths = "JanFebMarAprMayJunJulAugSepOctNovDec";

// Takes parts off the front of a text.
class Parts {
 public:
  explicit Parts(std::string_view text) : text_(text) {}

  // Exactly `width` digits.
  std::optional<int> Digits(std::size_t width) {
    int value = 0;
    if (text_.size() < width) return std::nullopt;
    for (const char c : text_.substr(0, width)) {
      if (!IsDigit(c)) return std::nullopt;
      value = value * 10 + (c - '0');
    }
    text_.remove_prefix(width);
    return value;
  }
  bool Take(std::string_view what) {
    if (!text_.starts_with(what)) return false;
    text_.remove_prefix(what.size());
    return true;
  }
  std::optional<int> Month() {
    const std::size_t at = kMonths.find(text_.substr(0, 3));
    if (text_.size() < 3 || at == std::string_view::npos || at % 3 != 0) {
      return std::nullopt;
    }
    text_.remove_prefix(3);
    return static_cast<int>(at / 3) + 1;
  }
  void SkipDigits() {
    while (!text_.empty() && IsDigit(text_.front())) text_.remove_prefix(1);
  }
  std::string_view rest() const { return text_; }

 private:
  std::string_view text_;
};

struct Clock {
  int year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0;
};

std::optional<std::int64_t> SecondsOf(const Clock& clock) {
  const bool leap =
      (clock.year % 4 == 0 && clock.year % 100 != 0) || clock.year % 400 == 0;
  constexpr int kDays[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  if (clock.month < 1 || clock.month > 12 || clock.day < 1 ||
      clock.day > kDays[clock.month - 1] + (clock.month == 2 && leap ? 1 : 0) ||
      clock.hour > 23 || clock.minute > 59 || clock.second > 60) {
    return std::nullopt;
  }
  const std::chrono::sys_days days = std::chrono::year_month_day(
      std::chrono::year(clock.year),
      std::chrono::month(static_cast<unsigned>(clock.month)),
      std::chrono::day(static_cast<unsigned>(clock.day)));
  return std::int64_t{days.time_since_epoch().count()} * 86400 +
         clock.hour * 3600 + clock.minute * 60 + clock.second;
}

bool ReadClock(Parts& parts, Clock* clock) {
  const auto hour = parts.Digits(2);
  if (!hour || !parts.Take(":")) return false;
  const auto minute = parts.Digits(2);
  if (!minute) return false;
  clock->hour = *hour;
  clock->minute = *minute;
  if (parts.Take(":")) {
    const auto second = parts.Digits(2);
    if (!second) return false;
    clock->second = *second;
    if (parts.Take(".") || parts.Take(",")) parts.SkipDigits();
  }
  return true;
}

// "Z", " UTC", "+02:00", "-0400" or nothing; seconds east of Greenwich.
std::optional<int> ReadZone(Parts& parts) {
  parts.Take(" ");
  if (parts.rest().empty()) return 0;
  for (const std::string_view name : {"Z", "z", "UTC", "GMT"}) {
    if (parts.Take(name)) return 0;
  }
  const int sign = parts.Take("+") ? 1 : parts.Take("-") ? -1 : 0;
  const auto hours = parts.Digits(2);
  if (sign == 0 || !hours) return std::nullopt;
  parts.Take(":");
  const auto minutes = parts.Digits(2);
  return sign * (*hours * 3600 + minutes.value_or(0) * 60);
}

// The day's name is already off.
std::optional<std::int64_t> ReadHttpDate(Parts parts) {
  Clock clock;
  const auto day = parts.Digits(2);
  if (!day || !parts.Take(" ")) return std::nullopt;
  const auto month = parts.Month();
  if (!month || !parts.Take(" ")) return std::nullopt;
  const auto year = parts.Digits(4);
  if (!year || !parts.Take(" ")) return std::nullopt;
  clock.day = *day;
  clock.month = *month;
  clock.year = *year;
  if (!ReadClock(parts, &clock) || parts.rest() != " GMT") return std::nullopt;
  return SecondsOf(clock);
}

std::optional<std::int64_t> ReadRfc3339(Parts parts) {
  Clock clock;
  const auto year = parts.Digits(4);
  if (!year || !parts.Take("-")) return std::nullopt;
  const auto month = parts.Digits(2);
  if (!month || !parts.Take("-")) return std::nullopt;
  const auto day = parts.Digits(2);
  if (!day) return std::nullopt;
  clock.year = *year;
  clock.month = *month;
  clock.day = *day;
  int zone = 0;
  if (!parts.rest().empty()) {
    if (!parts.Take("T") && !parts.Take("t") && !parts.Take(" ")) {
      return std::nullopt;
    }
    if (!ReadClock(parts, &clock)) return std::nullopt;
    const auto east = ReadZone(parts);
    if (!east || !parts.rest().empty()) return std::nullopt;
    zone = *east;
  }
  const auto seconds = SecondsOf(clock);
  if (!seconds) return std::nullopt;
  return *seconds - zone;
}

}  // namespace

std::optional<std::int64_t> ParseTime(std::string_view text) {
  const std::size_t digits = text.find_first_not_of("0123456789");
  if (!text.empty() && text.size() <= 14 && digits == text.npos) {
    std::int64_t value = 0;
    for (const char c : text) value = value * 10 + (c - '0');
    return text.size() >= 12 ? value / 1000 : value;
  }
  if (const std::size_t comma = text.find(", "); comma == 3) {
    return ReadHttpDate(Parts(text.substr(comma + 2)));
  }
  return ReadRfc3339(Parts(text));
}

std::string IsoTime(std::int64_t seconds) {
  // Years that people can mean; others would need more digits.
  constexpr std::int64_t kMost = 253402300799;  // the end of the year 9999
  const auto time =
      static_cast<std::time_t>(std::clamp<std::int64_t>(seconds, 0, kMost));
  std::tm parts{};
  gmtime_r(&time, &parts);
  char text[32];
  const std::size_t n =
      std::strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%SZ", &parts);
  return std::string(text, n);
}

}  // namespace keytidy
