// SPDX-License-Identifier: Apache-2.0
//
// Every checksum is computed a second time here, from its definition.
#include "match/checksum.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cctype>
#include <cstdint>
#include <string>
#include <string_view>

#include "match/example.h"

namespace keytidy::match {
namespace {

using namespace std::string_view_literals;

constexpr std::string_view kAlnum =
    "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
constexpr std::string_view kBase64Url =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

// CRC-32/ISO-HDLC: reflected, bit by bit.
std::uint32_t NaiveCrc(std::string_view text) {
  std::uint32_t crc = 0xFFFFFFFFu;
  for (const char c : text) {
    for (int bit = 0; bit < 8; ++bit) {
      const std::uint32_t in = (static_cast<unsigned char>(c) >> bit) & 1u;
      const bool out = ((crc ^ in) & 1u) != 0;
      crc >>= 1;
      if (out) crc ^= 0xEDB88320u;
    }
  }
  return ~crc;
}

// `value` in base |alphabet|, exactly `width` digits; least digit last.
std::string NaiveDigits(std::uint64_t value, std::string_view alphabet,
                        std::size_t width) {
  std::string out(width, '?');
  for (std::size_t i = width; i-- > 0; value /= alphabet.size()) {
    out[i] = alphabet[value % alphabet.size()];
  }
  EXPECT_EQ(value, 0u);
  return out;
}

std::string NaiveBase64Url(std::string_view bytes) {
  std::string bits;
  for (const char c : bytes) {
    for (int bit = 7; bit >= 0; --bit) {
      bits.push_back(((static_cast<unsigned char>(c) >> bit) & 1) != 0 ? '1'
                                                                       : '0');
    }
  }
  while (bits.size() % 6 != 0) bits.push_back('0');
  std::string out;
  for (std::size_t i = 0; i < bits.size(); i += 6) {
    out.push_back(kBase64Url[std::stoul(bits.substr(i, 6), nullptr, 2)]);
  }
  return out;
}

std::string Upper(std::string text) {
  std::transform(text.begin(), text.end(), text.begin(), [](char c) {
    return static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
  });
  return text;
}

bool Holds(ChecksumKind kind, std::string_view body, std::string_view digits) {
  return ChecksumHolds(kind, std::string(body) + std::string(digits), body,
                       digits);
}

bool Bech32(std::string_view text) {
  return ChecksumHolds(ChecksumKind::kBech32, text, {}, {});
}

bool JwtHeader(std::string_view json) {
  return ChecksumHolds(ChecksumKind::kJwt, {}, NaiveBase64Url(json), {});
}

TEST(Checksum, TheNaiveCrcIsTheCatalogued) {
  EXPECT_EQ(NaiveCrc("123456789"), 0xCBF43926u);  // its check value
  EXPECT_EQ(NaiveCrc(""), 0u);
}

TEST(Checksum, NoneHoldsAlways) {
  EXPECT_TRUE(ChecksumHolds(ChecksumKind::kNone, "", "", ""));
  EXPECT_TRUE(ChecksumHolds(ChecksumKind::kNone, "abc", "ab", "c"));
  EXPECT_EQ(ChecksumDigits(ChecksumKind::kNone, "abc", 6), std::nullopt);
}

// 30 characters and six digits, as GitHub's tokens have them.
TEST(Checksum, Crc32Base62) {
  Random random(1);
  for (int i = 0; i < 200; ++i) {
    const std::string body = random.Pick(kAlnum, 30);
    const std::string digits = NaiveDigits(NaiveCrc(body), kAlnum, 6);
    EXPECT_EQ(ChecksumDigits(ChecksumKind::kCrc32Base62, body, 6), digits);
    EXPECT_TRUE(Holds(ChecksumKind::kCrc32Base62, body, digits)) << body;
    for (std::size_t at = 0; at < digits.size(); ++at) {
      std::string wrong = digits;
      wrong[at] = kAlnum[(kAlnum.find(wrong[at]) + 1) % kAlnum.size()];
      EXPECT_FALSE(Holds(ChecksumKind::kCrc32Base62, body, wrong)) << body;
    }
  }
}

TEST(Checksum, Crc32Base62IsPaddedWithZeros) {
  constexpr std::uint32_t kFiveDigits = 62u * 62 * 62 * 62 * 62;
  int padded = 0;
  for (int i = 0; i < 100; ++i) {
    const std::string body = "body" + std::to_string(i);
    if (NaiveCrc(body) >= kFiveDigits) continue;
    ++padded;
    const auto digits = ChecksumDigits(ChecksumKind::kCrc32Base62, body, 6);
    ASSERT_TRUE(digits);
    EXPECT_EQ(digits->size(), 6u);
    EXPECT_EQ(digits->front(), '0');
    EXPECT_TRUE(Holds(ChecksumKind::kCrc32Base62, body, *digits));
    EXPECT_FALSE(
        Holds(ChecksumKind::kCrc32Base62, body, digits->substr(1) + "0"));
  }
  EXPECT_GT(padded, 5);
}

TEST(Checksum, Crc32Base62MindsCaseAndWidth) {
  const std::string digits = NaiveDigits(NaiveCrc("some body"), kAlnum, 6);
  ASSERT_NE(Upper(digits), digits);
  EXPECT_FALSE(Holds(ChecksumKind::kCrc32Base62, "some body", Upper(digits)));
  EXPECT_FALSE(Holds(ChecksumKind::kCrc32Base62, "some body", ""));
  EXPECT_FALSE(
      Holds(ChecksumKind::kCrc32Base62, "some body", digits.substr(0, 5)));
  EXPECT_TRUE(Holds(ChecksumKind::kCrc32Base62, "some body", "00" + digits));
}

TEST(Checksum, Crc32Base36InEitherCase) {
  Random random(2);
  for (int i = 0; i < 200; ++i) {
    const std::string body = random.Pick(kAlnum, 20);
    const std::string digits =
        NaiveDigits(NaiveCrc(body), "0123456789abcdefghijklmnopqrstuvwxyz", 7);
    EXPECT_EQ(ChecksumDigits(ChecksumKind::kCrc32Base36, body, 7), digits);
    EXPECT_TRUE(Holds(ChecksumKind::kCrc32Base36, body, digits));
    EXPECT_TRUE(Holds(ChecksumKind::kCrc32Base36, body, Upper(digits)));
    EXPECT_FALSE(Holds(ChecksumKind::kCrc32Base36, body + "x", digits));
  }
}

TEST(Checksum, Crc32HexBothByteOrders) {
  // 0xCBF43926, whose bytes from the least are 26 39 f4 cb.
  EXPECT_EQ(ChecksumDigits(ChecksumKind::kCrc32Hex, "123456789", 8),
            "cbf43926");
  EXPECT_EQ(ChecksumDigits(ChecksumKind::kCrc32HexLe, "123456789", 8),
            "2639f4cb");
  EXPECT_TRUE(Holds(ChecksumKind::kCrc32Hex, "123456789", "CBF43926"));
  EXPECT_TRUE(Holds(ChecksumKind::kCrc32HexLe, "123456789", "2639F4cb"));
  EXPECT_FALSE(Holds(ChecksumKind::kCrc32Hex, "123456789", "2639f4cb"));
  EXPECT_FALSE(Holds(ChecksumKind::kCrc32HexLe, "123456789", "cbf43926"));
  EXPECT_FALSE(Holds(ChecksumKind::kCrc32Hex, "123456789", "bf43926"));
  EXPECT_FALSE(Holds(ChecksumKind::kCrc32Hex, "123456789", "cbf4392"));
}

TEST(Checksum, Crc32HexIsPaddedWithZeros) {
  int padded = 0;
  for (int i = 0; i < 200; ++i) {
    const std::string body = "body" + std::to_string(i);
    const std::uint32_t crc = NaiveCrc(body);
    if (crc >> 28 != 0 && (crc & 0xF0) != 0) continue;
    ++padded;
    const std::string digits = NaiveDigits(crc, "0123456789abcdef", 8);
    std::string swapped;
    for (int pair = 3; pair >= 0; --pair) {
      swapped += digits.substr(static_cast<std::size_t>(pair) * 2, 2);
    }
    EXPECT_TRUE(Holds(ChecksumKind::kCrc32Hex, body, digits)) << body;
    EXPECT_TRUE(Holds(ChecksumKind::kCrc32HexLe, body, swapped)) << body;
  }
  EXPECT_GT(padded, 5);
}

// The vectors of BIP-173.
TEST(Checksum, Bech32PublishedValid) {
  EXPECT_TRUE(Bech32("A12UEL5L"));
  EXPECT_TRUE(Bech32("a12uel5l"));
  EXPECT_TRUE(
      Bech32("an83characterlonghumanreadablepartthatcontainsthenumber1andthe"
             "excludedcharactersbio1tt5tgs"));
  EXPECT_TRUE(Bech32("abcdef1qpzry9x8gf2tvdw0s3jn54khce6mua7lmqqqxw"));
  EXPECT_TRUE(Bech32("11" + std::string(82, 'q') + "c8247j"));
  EXPECT_TRUE(
      Bech32("split1checkupstagehandshakeupstreamerranterredcaperred2y9e3w"));
  EXPECT_TRUE(Bech32("?1ezyfcl"));
}

TEST(Checksum, Bech32PublishedInvalid) {
  EXPECT_FALSE(Bech32("pzry9x0s0muk"));   // no separator
  EXPECT_FALSE(Bech32("1pzry9x0s0muk"));  // nothing before it
  EXPECT_FALSE(Bech32("x1b4n0q5v"));      // a character that is not data
  EXPECT_FALSE(Bech32("li1dgmt3"));       // too short for a checksum
  EXPECT_FALSE(Bech32("de1lg7wt\xFF"));   // the same, in the checksum
  EXPECT_FALSE(Bech32("A1G7SGD8"));       // of the prefix in upper case
  EXPECT_FALSE(Bech32("10a06t8"));        // nothing before the separator
  EXPECT_FALSE(Bech32("1qzzfhee"));
}

// The prefix is of printable ASCII.
TEST(Checksum, Bech32PublishedInvalidPrefix) {
  EXPECT_FALSE(
      Bech32("\x20"
             "1nwldj5"));
  EXPECT_FALSE(
      Bech32("\x7F"
             "1axkwrx"));
  EXPECT_FALSE(
      Bech32("\x80"
             "1eym55h"));
}

TEST(Checksum, Bech32IsOfOneCase) {
  EXPECT_FALSE(Bech32("A12uEL5L"));
  EXPECT_FALSE(Bech32("a12UEL5L"));
  EXPECT_FALSE(Bech32("abcdef1qpzry9x8gf2tvdw0s3jn54khce6mua7lmqqqxW"));
}

// BIP-173 ends at 90 characters; age, which borrows the form, does not.
TEST(Checksum, Bech32OfAnyLength) {
  EXPECT_TRUE(
      Bech32("an84characterslonghumanreadablepartthatcontainsthenumber1andthe"
             "excludedcharactersbio1569pvx"));
}

TEST(Checksum, Bech32EncodeIsUpperCase) {
  EXPECT_EQ(Bech32Encode("A", ""), "A12UEL5L");
  EXPECT_EQ(Bech32Encode("ABCDEF", "QPZRY9X8GF2TVDW0S3JN54KHCE6MUA7L"),
            "ABCDEF1QPZRY9X8GF2TVDW0S3JN54KHCE6MUA7LMQQQXW");
}

TEST(Checksum, Bech32AnyOneCharacterWrong) {
  Random random(3);
  constexpr std::string_view kData = "QPZRY9X8GF2TVDW0S3JN54KHCE6MUA7L";
  const std::string good =
      Bech32Encode("AGE-SECRET-KEY-", random.Pick(kData, 52));
  EXPECT_TRUE(Bech32(good));
  for (std::size_t at = good.find('1') + 1; at < good.size(); ++at) {
    std::string wrong = good;
    wrong[at] = kData[(kData.find(wrong[at]) + 1 + random.Below(31)) % 32];
    EXPECT_FALSE(Bech32(wrong)) << at;
  }
}

// 32 bytes leave two bits of the last of 43 characters, which are zero.
TEST(Checksum, Base64Url256LastCharacter) {
  constexpr std::string_view kLast = "AEIMQUYcgkosw048";
  const std::string body(42, 'x');
  for (int c = 0; c < 256; ++c) {
    const char last = static_cast<char>(c);
    EXPECT_EQ(ChecksumHolds(ChecksumKind::kBase64Url256, {}, body + last, {}),
              kLast.find(last) != std::string_view::npos)
        << c;
  }
  EXPECT_FALSE(
      ChecksumHolds(ChecksumKind::kBase64Url256, {}, body.substr(1) + "A", {}));
  EXPECT_FALSE(ChecksumHolds(ChecksumKind::kBase64Url256, {}, body + "AA", {}));
  EXPECT_FALSE(ChecksumHolds(ChecksumKind::kBase64Url256, {}, "", {}));
  EXPECT_EQ(ChecksumDigits(ChecksumKind::kBase64Url256, body, 1), std::nullopt);
}

TEST(Checksum, Base64Url256OfAnyThirtyTwoBytes) {
  Random random(4);
  for (int i = 0; i < 200; ++i) {
    std::string bytes(32, '\0');
    for (char& c : bytes) c = static_cast<char>(random.Below(256));
    const std::string body = NaiveBase64Url(bytes);
    ASSERT_EQ(body.size(), 43u);
    EXPECT_TRUE(ChecksumHolds(ChecksumKind::kBase64Url256, {}, body, {}));
  }
}

TEST(Checksum, JwtHeaderNamesAnAlgorithm) {
  EXPECT_TRUE(JwtHeader(R"({"alg":"HS256","typ":"JWT"})"));
  EXPECT_TRUE(JwtHeader(R"({ "typ": "JWT", "alg": "none" })"));
  EXPECT_FALSE(JwtHeader(R"({"typ":"JWT"})"));
  EXPECT_FALSE(JwtHeader(R"("alg":"HS256")"));
  EXPECT_FALSE(JwtHeader(R"({"alg":"HS256")"));
  EXPECT_FALSE(JwtHeader("{}"));
  EXPECT_FALSE(JwtHeader(""));
}

TEST(Checksum, JwtHeaderIsBase64Url) {
  const std::string good = NaiveBase64Url(R"({"alg":"HS256"})");
  EXPECT_TRUE(ChecksumHolds(ChecksumKind::kJwt, {}, good, {}));
  EXPECT_FALSE(ChecksumHolds(ChecksumKind::kJwt, {}, good + "=", {}));
  EXPECT_FALSE(ChecksumHolds(ChecksumKind::kJwt, {}, "+" + good, {}));
}

// The vectors of RFC 4648, without their padding.
TEST(Checksum, DecodeBase64Url) {
  EXPECT_EQ(DecodeBase64Url(""), "");
  EXPECT_EQ(DecodeBase64Url("Zg"), "f");
  EXPECT_EQ(DecodeBase64Url("Zm8"), "fo");
  EXPECT_EQ(DecodeBase64Url("Zm9v"), "foo");
  EXPECT_EQ(DecodeBase64Url("Zm9vYg"), "foob");
  EXPECT_EQ(DecodeBase64Url("Zm9vYmE"), "fooba");
  EXPECT_EQ(DecodeBase64Url("Zm9vYmFy"), "foobar");
  EXPECT_EQ(DecodeBase64Url("_-8"), "\xFF\xEF");
  EXPECT_EQ(DecodeBase64Url("AAAA"), "\0\0\0"sv);
}

TEST(Checksum, DecodeBase64UrlRefuses) {
  EXPECT_EQ(DecodeBase64Url("Z"), std::nullopt);
  EXPECT_EQ(DecodeBase64Url("Zm9vY"), std::nullopt);
  EXPECT_EQ(DecodeBase64Url("Zg=="), std::nullopt);
  EXPECT_EQ(DecodeBase64Url("Zm+v"), std::nullopt);
  EXPECT_EQ(DecodeBase64Url("Zm/v"), std::nullopt);
  EXPECT_EQ(DecodeBase64Url("Zm v"), std::nullopt);
  EXPECT_EQ(DecodeBase64Url("Zm9\xFF"), std::nullopt);
}

TEST(Checksum, DecodeBase64UrlUndoesEncoding) {
  Random random(5);
  for (std::size_t size = 0; size < 100; ++size) {
    std::string bytes(size, '\0');
    for (char& c : bytes) c = static_cast<char>(random.Below(256));
    EXPECT_EQ(DecodeBase64Url(NaiveBase64Url(bytes)), bytes);
  }
}

}  // namespace
}  // namespace keytidy::match
