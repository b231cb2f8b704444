// SPDX-License-Identifier: Apache-2.0
#include "match/claims.h"

#include "base/digest.h"
#include "config/node.h"
#include "match/checksum.h"

namespace keytidy::match {
namespace {

std::optional<std::int64_t> TimeIn(const config::Node& claims,
                                   std::string_view name) {
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
  const auto document = config::ParseJsonc("token", *std::move(payload));
  if (!document || document->root.kind != config::Node::Kind::kTable) {
    return std::nullopt;
  }
  Claims out;
  out.issued = TimeIn(document->root, "iat");
  if (!out.issued) out.issued = TimeIn(document->root, "nbf");
  out.expires = TimeIn(document->root, "exp");
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
