// SPDX-License-Identifier: Apache-2.0
//
// A rule: what one kind of key looks like. Plain data; docs/rules.md explains
// every field. All views point into storage that outlives the rule: static data
// for the embedded catalogue, a rules::RuleSet for files of the user.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

#include "core/char_class.h"
#include "core/severity.h"

namespace keytidy {

enum class ChecksumKind : std::uint8_t {
  kNone,
  kCrc32Base62,
  kCrc32Base36,
  kCrc32Hex,
  kCrc32HexLe,
  kBech32,
  kBase64Url256,
  kJwt,
};

struct Checksum {
  ChecksumKind kind = ChecksumKind::kNone;
  std::uint8_t body = 0;    // capture group the checksum covers
  std::uint8_t digits = 0;  // capture group that holds it
};

// How a kind of key tells in its own bytes when it was made.
enum class TimeKind : std::uint8_t {
  kNone,
  kUuid7,
  kUlid,
  kKsuid,
  kObjectId,
  kJson,         // base64 of an object with "iat" and "exp"
  kJwt,          // one behind a prefix; others are known everywhere
  kMacaroon,     // libmacaroons' second format, with PyPI's caveats
  kFlyMacaroon,  // Fly.io's
  kSas,          // beside the key, in the address that it signs
};

struct KeyTime {
  TimeKind kind = TimeKind::kNone;
  std::uint8_t at = 0;  // so many bytes of the secret stand before it
};

// Words that must, may or must not stand near a match. Words are lower case.
struct Context {
  std::span<const std::string_view> words;
  std::span<const std::string_view> unless;
  std::uint32_t within = 0;  // bytes on either side of the match
  bool required = false;
};

// One way a kind of key shows itself. `anchor` is what stage 1 looks for, of
// bounded width: either it is contained in every match, beginning at most
// `reach` bytes after the match does; or (anchor_is_context) it is any of the
// context's words, one of which is near every match.
struct Shape {
  std::string_view pattern;  // RE2, macros expanded
  std::string_view anchor;   // Hyperscan
  bool anchor_is_context = false;
  bool spell_out = false;  // see match/anchor.h
  std::uint32_t reach = 0;
  std::uint32_t anchor_min = 0;  // width of the anchor in bytes
  std::uint32_t anchor_max = 0;
  std::uint32_t max_length = 0;  // longest match looked at
  std::uint8_t group = 0;        // the capture group that is the secret
  CharClass before;  // bytes that may not stand directly before the secret
  CharClass after;   // and after it
  Context context;
};

struct Rule {
  std::string_view id;
  std::string_view title;
  std::string_view provider;       // slug
  std::string_view provider_name;  // for people
  std::string_view advice;
  Severity severity = Severity::kMedium;
  Confidence confidence = Confidence::kHigh;
  Tier tier = Tier::kStandard;
  bool guessable = false;
  bool is_public = false;
  bool generic = false;  // yields to every rule that is not
  KeyTime time;
  // How many leading bytes of the secret are the same in every key of this
  // kind, and so may be shown.
  std::uint32_t known_prefix = 0;
  double entropy = 0;  // least, bits per byte
  Checksum checksum;
  std::span<const Shape> shapes;
  std::span<const std::string_view> yields_to;
  std::span<const std::string_view> placeholders;  // lower case, `*` wildcard
  std::span<const std::string_view> sources;
};

// Bounds that hold for every rule, checked when it is loaded. Together they
// bound how far from an anchor stage 2 ever looks.
inline constexpr std::uint32_t kMaxReach = 4096;
inline constexpr std::uint32_t kMaxMatchLength = 16384;
inline constexpr std::uint32_t kMaxContextDistance = 2048;

}  // namespace keytidy
