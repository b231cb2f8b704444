// SPDX-License-Identifier: Apache-2.0
#include "match/example.h"

#include <re2/re2.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <optional>
#include <utility>
#include <vector>

#include "base/text.h"
#include "match/checksum.h"

namespace keytidy::match {
namespace {

constexpr std::string_view kDigits = "0123456789";
constexpr std::string_view kLower = "abcdefghijklmnopqrstuvwxyz";
constexpr std::string_view kUpper = "ABCDEFGHIJKLMNOPQRSTUVWXYZ";

const std::array<std::pair<std::string_view, std::string>, 13>& Alphabets() {
  static const std::array<std::pair<std::string_view, std::string>, 13>
      alphabets = [] {
        const std::string d(kDigits), l(kLower), u(kUpper);
        return std::array<std::pair<std::string_view, std::string>, 13>{{
            {"hex", d + "abcdef"},
            {"HEX", d + "ABCDEF"},
            {"digit", d},
            {"lower", l},
            {"upper", u},
            {"letter", l + u},
            {"alnum", d + l + u},
            {"loweralnum", d + l},
            {"upperalnum", d + u},
            {"base64", u + l + d + "+/"},
            {"base64url", u + l + d + "-_"},
            {"base32", u + "234567"},
            {"bech32", "QPZRY9X8GF2TVDW0S3JN54KHCE6MUA7L"},
        }};
      }();
  return alphabets;
}

std::string Base64(std::string_view bytes, std::string_view last_two,
                   bool padded) {
  const std::string alphabet = std::string(kUpper) + std::string(kLower) +
                               std::string(kDigits) + std::string(last_two);
  std::string out;
  std::uint32_t bits = 0;
  int count = 0;
  for (const char c : bytes) {
    bits = (bits << 8) | static_cast<unsigned char>(c);
    for (count += 8; count >= 6; count -= 6) {
      out.push_back(alphabet[(bits >> (count - 6)) & 63]);
    }
  }
  if (count > 0) out.push_back(alphabet[(bits << (6 - count)) & 63]);
  while (padded && out.size() % 4 != 0) out.push_back('=');
  return out;
}

std::string RandomBytes(Random& random, std::size_t size) {
  std::string out;
  while (out.size() < size) {
    out.push_back(static_cast<char>(random.Below(256)));
  }
  return out;
}

std::string MakeUuid(Random& random) {
  std::string out = random.Pick("0123456789abcdef", 36);
  for (const std::size_t dash : {8, 13, 18, 23}) out[dash] = '-';
  out[14] = '4';
  out[19] = "89ab"[random.Below(4)];
  return out;
}

std::string MakeJwt(Random& random, std::string_view payload) {
  const std::string claims =
      payload.empty()
          ? fmt::format(R"({{"sub":"{}","iat":{}}})", random.Pick(kDigits, 10),
                        1700000000 + random.Below(100000000))
          : std::string(payload);
  return fmt::format("{}.{}.{}",
                     Base64(R"({"alg":"HS256","typ":"JWT"})", "-_", false),
                     Base64(claims, "-_", false),
                     Base64(RandomBytes(random, 32), "-_", false));
}

std::string MakePem(Random& random, std::string_view label) {
  std::string out = fmt::format("-----BEGIN {}-----\n", label);
  for (int line = 0; line < 10; ++line) {
    out += Base64(RandomBytes(random, 48), "+/", true) + "\n";
  }
  return out + fmt::format("-----END {}-----", label);
}

struct Range {
  std::size_t low = 0;
  std::size_t high = 0;
};

bool ParseRange(std::string_view text, Range* range) {
  const char* end = text.data() + text.size();
  const auto low = std::from_chars(text.data(), end, range->low);
  if (low.ec != std::errc()) return false;
  const char* next = low.ptr;
  range->high = range->low;
  if (next != end && *next == '-') {
    const auto high = std::from_chars(next + 1, end, range->high);
    if (high.ec != std::errc()) return false;
    next = high.ptr;
  }
  constexpr std::size_t kMost = 100000;
  return next == end && range->high >= range->low && range->high <= kMost;
}

std::size_t ChecksumWidth(ChecksumKind kind) {
  switch (kind) {
    case ChecksumKind::kCrc32Base62:
    case ChecksumKind::kBech32:
      return 6;
    case ChecksumKind::kCrc32Base36:
      return 7;
    case ChecksumKind::kCrc32Hex:
    case ChecksumKind::kCrc32HexLe:
      return 8;
    case ChecksumKind::kNone:
    case ChecksumKind::kBase64Url256:
    case ChecksumKind::kJwt:
      return 0;
  }
  return 0;
}

// Writes the checksum at `at`, where its place is already held by zeros.
Status FillChecksum(const Rule& rule, std::size_t at, std::string* text) {
  const std::size_t width = ChecksumWidth(rule.checksum.kind);
  if (rule.checksum.kind == ChecksumKind::kBech32) {
    const std::size_t separator = text->rfind('1', at);
    std::size_t begin = separator;
    if (separator == std::string::npos) {
      return Fail(ErrorCode::kInvalid, "a bech32 example has no '1'");
    }
    while (begin > 0 &&
           (IsAlnum((*text)[begin - 1]) || (*text)[begin - 1] == '-')) {
      --begin;
    }
    const std::string whole = Bech32Encode(
        std::string_view(*text).substr(begin, separator - begin),
        std::string_view(*text).substr(separator + 1, at - separator - 1));
    text->replace(at, width, whole, whole.size() - width, width);
    return {};
  }
  for (const Shape& shape : rule.shapes) {
    const RE2 pattern(
        re2::StringPiece(shape.pattern.data(), shape.pattern.size()),
        RE2::Latin1);
    std::array<re2::StringPiece, 10> groups;
    std::size_t from = 0;
    while (pattern.Match(*text, from, text->size(), RE2::UNANCHORED,
                         groups.data(),
                         std::min(static_cast<int>(groups.size()),
                                  1 + pattern.NumberOfCapturingGroups()))) {
      const re2::StringPiece& digits = groups[rule.checksum.digits];
      const re2::StringPiece& body = groups[rule.checksum.body];
      const auto place = static_cast<std::size_t>(digits.data() - text->data());
      if (place == at) {
        const auto value = ChecksumDigits(
            rule.checksum.kind, {body.data(), body.size()}, digits.size());
        if (!value) break;
        text->replace(at, width, *value);
        // Hexadecimal digits are upper case where the pattern says so.
        if (!pattern.Match(*text, from, text->size(), RE2::UNANCHORED, nullptr,
                           0)) {
          std::transform(value->begin(), value->end(),
                         text->begin() + static_cast<std::ptrdiff_t>(at),
                         ToUpper);
        }
        return {};
      }
      from = static_cast<std::size_t>(groups[0].data() - text->data()) + 1;
    }
  }
  return Fail(ErrorCode::kInvalid,
              "{{checksum}} does not stand where the pattern's digits are");
}

class Expansion {
 public:
  Expansion(const Rule& rule, std::uint64_t seed)
      : rule_(rule), random_(seed) {}

  Result<std::string> Run(std::string_view pattern) {
    while (!pattern.empty()) {
      const char c = pattern.front();
      if ((c == '{' || c == '}') && pattern.size() > 1 && pattern[1] == c) {
        out_.push_back(c);
        pattern.remove_prefix(2);
      } else if (c == '{') {
        const std::size_t size = FieldSize(pattern);
        if (size == 0) {
          return Fail(ErrorCode::kInvalid, "a '{{' is not closed");
        }
        if (auto ok = Field(pattern.substr(1, size - 2)); !ok) {
          return Fail(ok.error());
        }
        pattern.remove_prefix(size);
      } else {
        out_.push_back(c);
        pattern.remove_prefix(1);
      }
    }
    for (const std::size_t at : checksums_) {
      if (auto ok = FillChecksum(rule_, at, &out_); !ok) {
        return Fail(ok.error());
      }
    }
    return std::move(out_);
  }

 private:
  // Braces and brackets nest inside a field.
  static std::size_t FieldSize(std::string_view text) {
    int depth = 0;
    bool in_class = false;
    for (std::size_t i = 0; i < text.size(); ++i) {
      if (text[i] == '[') in_class = true;
      if (text[i] == ']') in_class = false;
      if (in_class) continue;
      if (text[i] == '{') ++depth;
      if (text[i] == '}' && --depth == 0) return i + 1;
    }
    return 0;
  }

  Status Field(std::string_view field) {
    if (field == "checksum") {
      checksums_.push_back(out_.size());
      out_.append(ChecksumWidth(rule_.checksum.kind), '0');
      return {};
    }
    if (field == "uuid") {
      out_ += MakeUuid(random_);
      return {};
    }
    if (field == "jwt" || field.substr(0, 4) == "jwt:") {
      out_ += MakeJwt(random_, field.substr(field.size() > 4 ? 4 : 3));
      return {};
    }
    if (field.substr(0, 4) == "pem:") {
      out_ += MakePem(random_, field.substr(4));
      return {};
    }
    if (field.substr(0, 4) == "one:") {
      std::vector<std::string_view> choices;
      std::string_view rest = field.substr(4);
      for (;;) {
        const std::size_t bar = rest.find('|');
        choices.push_back(rest.substr(0, bar));
        if (bar == std::string_view::npos) break;
        rest.remove_prefix(bar + 1);
      }
      out_ += choices[random_.Below(choices.size())];
      return {};
    }
    const std::size_t colon = field.rfind(':');
    Range range;
    const bool sized = colon != std::string_view::npos &&
                       ParseRange(field.substr(colon + 1), &range);
    const auto alphabet = Alphabet(field.substr(0, colon));
    if (!sized || !alphabet || alphabet->empty()) {
      return Fail(ErrorCode::kInvalid, "{{{}}} is no template", field);
    }
    const std::size_t length =
        range.low + random_.Below(range.high - range.low + 1);
    out_ += random_.Pick(*alphabet, length);
    return {};
  }

  static std::optional<std::string> Alphabet(std::string_view name) {
    for (const auto& [known, letters] : Alphabets()) {
      if (known == name) return letters;
    }
    if (name.empty() || name.front() != '[') return std::nullopt;
    const auto parsed = CharClass::Parse(name);
    if (!parsed) return std::nullopt;
    return parsed->Members();
  }

  const Rule& rule_;
  Random random_;
  std::string out_;
  std::vector<std::size_t> checksums_;
};

}  // namespace

std::uint64_t Random::Next() {
  state_ += 0x9E3779B97F4A7C15u;
  std::uint64_t z = state_;
  z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9u;
  z = (z ^ (z >> 27)) * 0x94D049BB133111EBu;
  return z ^ (z >> 31);
}

std::string Random::Pick(std::string_view alphabet, std::size_t length) {
  std::string out(length, '\0');
  for (char& c : out) c = alphabet[Below(alphabet.size())];
  return out;
}

Result<std::string> ExpandExample(std::string_view pattern, const Rule& rule,
                                  std::uint64_t seed) {
  return Expansion(rule, seed).Run(pattern);
}

}  // namespace keytidy::match
