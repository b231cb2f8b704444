// SPDX-License-Identifier: Apache-2.0
#include "verify/retry_after.h"

#include <algorithm>

#include "base/text.h"
#include "base/time.h"

namespace keytidy::verify {
namespace {

constexpr std::string_view kSeconds = "%{seconds}";
constexpr std::int64_t kMost = 7 * 86400;

std::optional<std::int64_t> Digits(std::string_view text) {
  if (text.empty() || text.size() > 9 ||
      !std::all_of(text.begin(), text.end(), IsDigit)) {
    return std::nullopt;
  }
  std::int64_t value = 0;
  for (const char c : text) value = value * 10 + (c - '0');
  return value;
}

std::optional<std::int64_t> FromHeader(std::string_view value,
                                       std::int64_t now) {
  while (value.ends_with(' ')) value.remove_suffix(1);
  if (const auto seconds = Digits(value)) return seconds;
  if (value.find(',') == std::string_view::npos) return std::nullopt;
  const auto date = ParseTime(value);
  if (!date) return std::nullopt;
  return std::max<std::int64_t>(*date - now, 0);
}

std::optional<std::int64_t> FromBody(std::string_view body,
                                     std::string_view form) {
  const std::size_t at = form.find(kSeconds);
  if (at == std::string_view::npos) return std::nullopt;
  const std::string_view before = form.substr(0, at);
  const std::string_view after = form.substr(at + kSeconds.size());
  for (std::size_t start = body.find(before); start != std::string_view::npos;
       start = body.find(before, start + 1)) {
    const std::string_view rest = body.substr(start + before.size());
    const std::size_t end =
        std::min(rest.find_first_not_of("0123456789"), rest.size());
    if (!rest.substr(end).starts_with(after)) continue;
    if (const auto seconds = Digits(rest.substr(0, end))) return seconds;
  }
  return std::nullopt;
}

}  // namespace

std::optional<std::chrono::seconds> RetryAfter(const HttpAnswer& answer,
                                               std::string_view delay_text,
                                               std::int64_t now) {
  std::optional<std::int64_t> delay;
  for (const auto& [name, value] : answer.headers) {
    if (name == "retry-after" && !delay) delay = FromHeader(value, now);
  }
  if (!delay) delay = FromBody(answer.body, delay_text);
  if (!delay) return std::nullopt;
  return std::chrono::seconds(std::min(*delay, kMost));
}

}  // namespace keytidy::verify
