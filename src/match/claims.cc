// SPDX-License-Identifier: Apache-2.0
#include "match/claims.h"

#include "base/digest.h"
#include "match/checksum.h"

namespace keytidy::match {
namespace {

std::string_view CreatedBy(TimeKind kind) {
  switch (kind) {
    case TimeKind::kUuid7:
      return "uuid7";
    case TimeKind::kUlid:
      return "ulid";
    case TimeKind::kKsuid:
      return "ksuid";
    case TimeKind::kObjectId:
      return "objectid";
    default:
      return "token-claim";
  }
}

}  // namespace

std::optional<Claims> ClaimsOf(const Secret& secret) {
  const std::string_view token = secret.Reveal();
  if (!token.starts_with("eyJ")) return std::nullopt;
  const std::size_t first = token.find('.');
  if (first == std::string_view::npos) return std::nullopt;
  const std::size_t second = token.find('.', first + 1);
  if (second == std::string_view::npos) return std::nullopt;
  auto payload = DecodeBase64Url(token.substr(first + 1, second - first - 1));
  if (!payload) return std::nullopt;
  return ClaimsInJson(*payload);
}

std::vector<AgeEvidence> OwnWordOf(const Rule& rule, const Secret& secret,
                                   std::string_view text, Span place) {
  std::vector<AgeEvidence> out;
  const auto add = [&out](std::string_view source,
                          const std::optional<std::int64_t>& at) {
    if (at) out.push_back({std::string(source), *at});
  };
  if (const auto claims = ClaimsOf(secret)) {
    add("token-claim", claims->issued);
    add("token-expires", claims->expires);
    if (!claims->expires) add("token-never-expires", claims->issued);
    return out;
  }
  const auto claims = rule.time.kind == TimeKind::kSas
                          ? SasTimes(text, place)
                          : TimeIn(rule.time, secret.Reveal());
  if (!claims) return out;
  add(CreatedBy(rule.time.kind), claims->issued);
  add("token-not-before", claims->not_before);
  add("token-expires", claims->expires);
  return out;
}

std::string RunDigest(const Secret& secret, std::string_view salt) {
  return ToHex(HmacSha256(salt, secret.Reveal()));
}

std::string DigestWith(
    const Secret& secret,
    const std::function<std::string(std::string_view)>& digest) {
  return digest(secret.Reveal());
}

}  // namespace keytidy::match
