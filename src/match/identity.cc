// SPDX-License-Identifier: Apache-2.0
#include "match/identity.h"

#include <algorithm>

#include "base/digest.h"

namespace keytidy::match {
namespace {

constexpr std::size_t kIdBytes = 8;
constexpr std::size_t kShownOfBody = 4;
// A shorter body shows nothing of itself.
constexpr std::size_t kLeastBodyToShow = 16;
constexpr std::size_t kMostShown = 20;
constexpr std::string_view kArmour = "-----BEGIN ";
constexpr std::string_view kDashes = "-----";
constexpr std::size_t kLongestArmour = 64;
constexpr std::string_view kMask = "********";
constexpr std::string_view kEllipsis = "\xE2\x80\xA6";

// Not secret: it only keeps our digests apart from other uses of HMAC.
constexpr std::string_view kPublicKey = "keytidy finding id, version 1";

}  // namespace

std::string Identifier::Id(const Rule& rule, const Secret& secret,
                           std::string_view around) const {
  std::string text(rule.id);
  text.push_back('\0');
  const bool from_value = !rule.guessable || !key_.empty();
  if (!from_value) text += around;
  text.push_back('\0');
  Secret whole(text + std::string(from_value ? secret.Reveal() : ""));
  const Sha256Digest digest =
      HmacSha256(key_.empty() ? kPublicKey : key_, whole.Reveal());
  return "kt-" + ToHex(digest.data(), kIdBytes);
}

std::string Redact(const Rule& rule, const Secret& secret) {
  if (rule.guessable) return std::string(kMask);
  const std::string_view value = secret.Reveal();
  const std::size_t prefix =
      std::min<std::size_t>(rule.known_prefix, value.size());
  const std::size_t body = value.size() - prefix;
  std::size_t shown = std::min(
      kMostShown, prefix + (body >= kLeastBodyToShow ? kShownOfBody : 0));
  if (value.substr(0, kArmour.size()) == kArmour) {
    // The first line of an armoured key says what it is and nothing more.
    const std::size_t close = value.find(kDashes, kArmour.size());
    shown = close == std::string_view::npos || close > kLongestArmour
                ? kArmour.size()
                : close + kDashes.size();
  }
  std::string out;
  for (const char c : value.substr(0, shown)) {
    if (c < 0x20 || c > 0x7E) break;
    out.push_back(c);
  }
  out += kEllipsis;
  return out;
}

std::string Show(const Secret& secret) { return std::string(secret.Reveal()); }

std::string RedactPath(std::string_view path, const Secret& secret,
                       std::string_view redacted) {
  std::string out(path);
  const std::string_view value = secret.Reveal();
  if (value.empty()) return out;
  for (std::size_t at = out.find(value); at != std::string::npos;
       at = out.find(value, at + redacted.size())) {
    out.replace(at, value.size(), redacted);
  }
  return out;
}

}  // namespace keytidy::match
