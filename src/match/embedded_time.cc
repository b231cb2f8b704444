// SPDX-License-Identifier: Apache-2.0
#include "match/embedded_time.h"

#include <algorithm>
#include <array>
#include <string>

#include "base/text.h"
#include "base/time.h"
#include "config/node.h"
#include "match/checksum.h"
#include "match/macaroon.h"

namespace keytidy::match {
namespace {

constexpr std::string_view kCrockford = "0123456789abcdefghjkmnpqrstvwxyz";
constexpr std::string_view kBase62 =
    "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
constexpr std::int64_t kKsuidEpoch = 1400000000;
// Of a signature's address, on either side of it.
constexpr std::size_t kSasReach = 2048;

using Time = std::optional<std::int64_t>;

std::optional<Claims> Issued(const Time& at) {
  if (!at) return std::nullopt;
  Claims out;
  out.issued = at;
  return out;
}

Time FromHex(std::string_view digits) {
  std::int64_t value = 0;
  for (const char c : digits) {
    if (!IsHexDigit(c)) return std::nullopt;
    value = value * 16 + (IsDigit(c) ? c - '0' : ToLower(c) - 'a' + 10);
  }
  return value;
}

// RFC 9562: 48 bits of milliseconds, the version, the variant.
Time Uuid7(std::string_view text) {
  if (text.size() < 36) return std::nullopt;
  text = text.substr(0, 36);
  for (std::size_t i = 0; i < text.size(); ++i) {
    const bool dash = i == 8 || i == 13 || i == 18 || i == 23;
    if (dash ? text[i] != '-' : !IsHexDigit(text[i])) return std::nullopt;
  }
  const std::string_view kVariant = "89abAB";
  if (text[14] != '7' || kVariant.find(text[19]) == std::string_view::npos) {
    return std::nullopt;
  }
  const Time high = FromHex(text.substr(0, 8));
  const Time low = FromHex(text.substr(9, 4));
  return ((*high << 16) | *low) / 1000;
}

// 26 digits, the first ten of them milliseconds.
Time Ulid(std::string_view text) {
  if (text.size() < 26 || text[0] > '7') return std::nullopt;
  std::int64_t value = 0;
  for (std::size_t i = 0; i < 26; ++i) {
    const std::size_t digit = kCrockford.find(ToLower(text[i]));
    if (digit == std::string_view::npos) return std::nullopt;
    if (i < 10) value = value * 32 + static_cast<std::int64_t>(digit);
  }
  return value / 1000;
}

// 27 digits are 20 bytes, the first four of them seconds.
Time Ksuid(std::string_view text) {
  if (text.size() < 27) return std::nullopt;
  std::array<std::uint32_t, 5> words{};  // the highest first
  for (const char c : text.substr(0, 27)) {
    const std::size_t digit = kBase62.find(c);
    if (digit == std::string_view::npos) return std::nullopt;
    std::uint64_t carry = digit;
    for (auto word = words.rbegin(); word != words.rend(); ++word) {
      carry += std::uint64_t{*word} * 62;
      *word = static_cast<std::uint32_t>(carry);
      carry >>= 32;
    }
    if (carry != 0) return std::nullopt;
  }
  return std::int64_t{words[0]} + kKsuidEpoch;
}

Time ObjectId(std::string_view text) {
  if (text.size() < 24 || !FromHex(text.substr(8, 16))) return std::nullopt;
  return FromHex(text.substr(0, 8));
}

Time NumberAt(const config::Node& claims, std::string_view name) {
  const config::Node* node = claims.Find(name);
  if (node == nullptr) return std::nullopt;
  // Some issuers write fractions.
  if (node->kind != config::Node::Kind::kInteger &&
      node->kind != config::Node::Kind::kFloat) {
    return std::nullopt;
  }
  constexpr double kLatest = 1e11;  // seconds; milliseconds are beyond it
  if (!(node->number > 0) || node->number > kLatest) return std::nullopt;
  return static_cast<std::int64_t>(node->number);
}

// Of either alphabet, with or without padding.
std::optional<std::string> DecodeBase64(std::string_view text) {
  std::string url(text);
  while (url.ends_with('=')) url.pop_back();
  std::replace(url.begin(), url.end(), '+', '-');
  std::replace(url.begin(), url.end(), '/', '_');
  return DecodeBase64Url(url);
}

std::optional<Claims> Json(std::string_view key) {
  const auto json = DecodeBase64(key.substr(0, key.rfind('_')));
  return json ? ClaimsInJson(*json) : std::nullopt;
}

std::optional<Claims> Jwt(std::string_view key) {
  const std::size_t begin = key.find("eyJ");
  if (begin == std::string_view::npos) return std::nullopt;
  const auto parts = SplitText(key.substr(begin), ".");
  if (parts.size() < 3) return std::nullopt;
  const auto payload = DecodeBase64Url(parts[1]);
  return payload ? ClaimsInJson(*payload) : std::nullopt;
}

// Whether the byte at `at` is no longer the address's.
bool EndsAddress(std::string_view text, std::size_t at) {
  const char c = text[at];
  // Pages write "&amp;".
  if (c == ';') return !text.substr(0, at).ends_with("&amp");
  return static_cast<unsigned char>(c) <= ' ' || c == '"' || c == '\'' ||
         c == '<' || c == '>' || c == '`' || c == ',';
}

// "2026-03-31", "2026-03-31T10:00Z", "2026-03-31T10:00:00Z", or seconds.
Time SasTime(std::string_view value) {
  std::string text = DecodePercent(value);
  if (text.size() == 17 && text[10] == 'T' && text.back() == 'Z') {
    text.insert(16, ":00");
  }
  return ParseTime(text);
}

}  // namespace

std::optional<Claims> TimeIn(KeyTime time, std::string_view key) {
  if (key.size() <= time.at) return std::nullopt;
  key.remove_prefix(time.at);
  switch (time.kind) {
    case TimeKind::kUuid7:
      return Issued(Uuid7(key));
    case TimeKind::kUlid:
      return Issued(Ulid(key));
    case TimeKind::kKsuid:
      return Issued(Ksuid(key));
    case TimeKind::kObjectId:
      return Issued(ObjectId(key));
    case TimeKind::kJson:
      return Json(key);
    case TimeKind::kJwt:
      return Jwt(key);
    case TimeKind::kMacaroon:
    case TimeKind::kFlyMacaroon: {
      const auto bytes = DecodeBase64(key);
      if (!bytes) return std::nullopt;
      const auto window = time.kind == TimeKind::kMacaroon
                              ? WindowOfMacaroon(*bytes)
                              : WindowOfFlyMacaroon(*bytes);
      if (!window) return std::nullopt;
      Claims out;
      out.not_before = window->from;
      out.expires = window->until;
      return out;
    }
    case TimeKind::kNone:
    case TimeKind::kSas:
      return std::nullopt;
  }
  return std::nullopt;
}

std::optional<Claims> ClaimsInJson(std::string_view text) {
  const auto document = config::ParseJsonc("token", std::string(text));
  if (!document || document->root.kind != config::Node::Kind::kTable) {
    return std::nullopt;
  }
  Claims out;
  out.issued = NumberAt(document->root, "iat");
  if (!out.issued) out.issued = NumberAt(document->root, "nbf");
  out.expires = NumberAt(document->root, "exp");
  return out;
}

std::optional<Claims> SasTimes(std::string_view text, Span signature) {
  const auto start = static_cast<std::size_t>(signature.start);
  const auto end = static_cast<std::size_t>(signature.end);
  if (start > end || end > text.size()) return std::nullopt;
  std::size_t from = start;
  const std::size_t floor = start - std::min(start, kSasReach);
  while (from > floor && !EndsAddress(text, from - 1)) --from;
  std::size_t until = end;
  const std::size_t ceiling = end + std::min(text.size() - end, kSasReach);
  while (until < ceiling && !EndsAddress(text, until)) ++until;
  Claims out;
  const auto read = [&out](std::string_view part) {
    for (const std::string_view before :
         {"?", "SharedAccessSignature=", "amp;"}) {
      const std::size_t at = part.rfind(before);
      if (at != std::string_view::npos) part.remove_prefix(at + before.size());
    }
    if (part.starts_with("st=")) out.not_before = SasTime(part.substr(3));
    if (part.starts_with("se=")) out.expires = SasTime(part.substr(3));
  };
  for (const std::string_view piece :
       SplitText(text.substr(from, until - from), "&")) {
    // As JSON may write it.
    for (const std::string_view part : SplitText(piece, "\\u0026")) read(part);
  }
  if (!out.not_before && !out.expires) return std::nullopt;
  return out;
}

}  // namespace keytidy::match
