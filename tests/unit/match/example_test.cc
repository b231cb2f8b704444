// SPDX-License-Identifier: Apache-2.0
#include "match/example.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <regex>
#include <set>
#include <string>
#include <string_view>

#include "match/checksum.h"

namespace keytidy::match {
namespace {

std::string Expand(std::string_view pattern, std::uint64_t seed = 1,
                   const Rule& rule = {}) {
  const auto text = ExpandExample(pattern, rule, seed);
  EXPECT_TRUE(text) << pattern << ": " << text.error().message;
  return text.value_or("");
}

std::string Refusal(std::string_view pattern, const Rule& rule = {}) {
  const auto text = ExpandExample(pattern, rule, 1);
  EXPECT_FALSE(text) << pattern;
  if (text) return "";
  EXPECT_EQ(text.error().code, ErrorCode::kInvalid);
  return text.error().message;
}

std::string Sorted(std::string text) {
  std::sort(text.begin(), text.end());
  return text;
}

// The different characters of `text`, ascending.
std::string CharactersOf(std::string_view text) {
  const std::set<char> all(text.begin(), text.end());
  return {all.begin(), all.end()};
}

// A rule of one shape with a checksum.
struct ChecksumRule {
  ChecksumRule(ChecksumKind kind, std::string_view pattern) {
    shapes[0].pattern = pattern;
    rule.shapes = shapes;
    rule.checksum = {kind, 1, 2};
  }
  ChecksumRule(const ChecksumRule&) = delete;
  ChecksumRule& operator=(const ChecksumRule&) = delete;

  std::array<Shape, 1> shapes;
  Rule rule;
};

// SplitMix64's published first numbers for this seed.
TEST(Random, IsSplitMix64) {
  Random random(1234567);
  EXPECT_EQ(random.Next(), 6457827717110365317u);
  EXPECT_EQ(random.Next(), 3203168211198807973u);
  EXPECT_EQ(random.Next(), 9817491932198370423u);
  EXPECT_EQ(random.Next(), 4593380528125082431u);
  EXPECT_EQ(random.Next(), 16408922859458223821u);
}

TEST(Random, BelowAndPick) {
  Random random(1);
  for (int i = 0; i < 1000; ++i) EXPECT_LT(random.Below(7), 7u);
  EXPECT_EQ(random.Pick("x", 3), "xxx");
  EXPECT_EQ(random.Pick("ab", 0), "");
  EXPECT_EQ(CharactersOf(random.Pick("ab", 100)), "ab");
}

TEST(ExpandExample, PlainTextStays) {
  EXPECT_EQ(Expand(""), "");
  EXPECT_EQ(Expand("KEY = 'a b'\n"), "KEY = 'a b'\n");
  EXPECT_EQ(Expand("\xC3\xA9\xFF"), "\xC3\xA9\xFF");
}

TEST(ExpandExample, DoubledBraces) {
  EXPECT_EQ(Expand("{{ \"a\": 1 }}"), "{ \"a\": 1 }");
  EXPECT_EQ(Expand("${{KEY}}"), "${KEY}");
  EXPECT_EQ(Expand("{{{{x}}}}"), "{{x}}");
  EXPECT_EQ(Expand("{{{digit:0}}}"), "{}");
}

TEST(ExpandExample, Alphabets) {
  const std::string d = "0123456789";
  const std::string u = "ABCDEFGHIJKLMNOPQRSTUVWXYZ";
  const std::string l = "abcdefghijklmnopqrstuvwxyz";
  EXPECT_EQ(CharactersOf(Expand("{hex:5000}")), d + "abcdef");
  EXPECT_EQ(CharactersOf(Expand("{HEX:5000}")), d + "ABCDEF");
  EXPECT_EQ(CharactersOf(Expand("{digit:5000}")), d);
  EXPECT_EQ(CharactersOf(Expand("{lower:5000}")), l);
  EXPECT_EQ(CharactersOf(Expand("{upper:5000}")), u);
  EXPECT_EQ(CharactersOf(Expand("{letter:5000}")), u + l);
  EXPECT_EQ(CharactersOf(Expand("{alnum:5000}")), d + u + l);
  EXPECT_EQ(CharactersOf(Expand("{loweralnum:5000}")), d + l);
  EXPECT_EQ(CharactersOf(Expand("{upperalnum:5000}")), d + u);
  EXPECT_EQ(CharactersOf(Expand("{base64:5000}")), Sorted("+/" + d + u + l));
  EXPECT_EQ(CharactersOf(Expand("{base64url:5000}")), Sorted("-_" + d + u + l));
  EXPECT_EQ(CharactersOf(Expand("{base32:5000}")), Sorted(u + "234567"));
  EXPECT_EQ(CharactersOf(Expand("{bech32:5000}")),
            Sorted("QPZRY9X8GF2TVDW0S3JN54KHCE6MUA7L"));
}

TEST(ExpandExample, Classes) {
  EXPECT_EQ(CharactersOf(Expand("{[a-c~.]:500}")), ".abc~");
  EXPECT_EQ(CharactersOf(Expand("{[x:]:500}")), ":x");
  EXPECT_EQ(CharactersOf(Expand("{[{}]:500}")), "{}");
  EXPECT_EQ(CharactersOf(Expand("{[\\]a]:500}")), "]a");
}

TEST(ExpandExample, Lengths) {
  EXPECT_EQ(Expand("<{hex:0}>"), "<>");
  EXPECT_EQ(Expand("{hex:64}").size(), 64u);
  EXPECT_EQ(Expand("{hex:100000}").size(), 100000u);
  std::set<std::size_t> sizes;
  for (std::uint64_t seed = 0; seed < 100; ++seed) {
    sizes.insert(Expand("{alnum:3-5}", seed).size());
  }
  EXPECT_EQ(sizes, (std::set<std::size_t>{3, 4, 5}));
}

TEST(ExpandExample, TheSeedDecides) {
  EXPECT_EQ(Expand("a {hex:32} {uuid}", 7), Expand("a {hex:32} {uuid}", 7));
  EXPECT_NE(Expand("{hex:32}", 7), Expand("{hex:32}", 8));
  EXPECT_NE(Expand("{hex:32}", 0), Expand("{hex:32}", 1));
}

TEST(ExpandExample, OneOf) {
  std::set<std::string> seen;
  for (std::uint64_t seed = 0; seed < 100; ++seed) {
    seen.insert(Expand("k{one:dev|prod|}", seed));
  }
  EXPECT_EQ(seen, (std::set<std::string>{"k", "kdev", "kprod"}));
  EXPECT_EQ(Expand("{one:only}"), "only");
}

TEST(ExpandExample, Uuid) {
  const std::regex form(
      "[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}");
  for (std::uint64_t seed = 0; seed < 100; ++seed) {
    EXPECT_TRUE(std::regex_match(Expand("{uuid}", seed), form));
  }
}

TEST(ExpandExample, Jwt) {
  const std::string token = Expand("{jwt}");
  const std::size_t first = token.find('.');
  const std::size_t second = token.find('.', first + 1);
  ASSERT_NE(second, std::string::npos);
  EXPECT_EQ(DecodeBase64Url(token.substr(0, first)),
            R"({"alg":"HS256","typ":"JWT"})");
  const auto claims =
      DecodeBase64Url(token.substr(first + 1, second - first - 1));
  ASSERT_TRUE(claims);
  EXPECT_TRUE(std::regex_match(
      *claims, std::regex(R"(\{"sub":"[0-9]{10}","iat":1[78][0-9]{8}\})")));
  EXPECT_EQ(token.size() - second - 1, 43u);
}

TEST(ExpandExample, JwtWithClaims) {
  const std::string token = Expand(R"({jwt:{"iss":"x","a":["}"]}}!)");
  ASSERT_EQ(token.back(), '!');
  const std::size_t first = token.find('.');
  const std::size_t second = token.find('.', first + 1);
  EXPECT_EQ(DecodeBase64Url(token.substr(first + 1, second - first - 1)),
            R"({"iss":"x","a":["}"]})");
}

TEST(ExpandExample, Pem) {
  const std::string text = Expand("{pem:RSA PRIVATE KEY}");
  EXPECT_TRUE(
      std::regex_match(text, std::regex("-----BEGIN RSA PRIVATE KEY-----\n"
                                        "([A-Za-z0-9+/]{64}\n){10}"
                                        "-----END RSA PRIVATE KEY-----")));
}

TEST(ExpandExample, UnknownTemplates) {
  EXPECT_EQ(Refusal("{nope:3}"), "{nope:3} is no template");
  EXPECT_EQ(Refusal("{}"), "{} is no template");
  EXPECT_EQ(Refusal("{hex}"), "{hex} is no template");
  EXPECT_EQ(Refusal("{hex:}"), "{hex:} is no template");
  EXPECT_EQ(Refusal("{hex:x}"), "{hex:x} is no template");
  EXPECT_EQ(Refusal("{hex:3x}"), "{hex:3x} is no template");
  EXPECT_EQ(Refusal("{hex:-3}"), "{hex:-3} is no template");
  EXPECT_EQ(Refusal("{hex:3-}"), "{hex:3-} is no template");
  EXPECT_EQ(Refusal("{hex:5-3}"), "{hex:5-3} is no template");
  EXPECT_EQ(Refusal("{hex:100001}"), "{hex:100001} is no template");
  EXPECT_EQ(Refusal("{hex:99999999999999999999999}"),
            "{hex:99999999999999999999999} is no template");
  EXPECT_EQ(Refusal("{[z-a]:3}"), "{[z-a]:3} is no template");
  EXPECT_EQ(Refusal("{[]:3}"), "{[]:3} is no template");
}

TEST(ExpandExample, AnOpenBrace) {
  EXPECT_EQ(Refusal("a {hex:3"), "a '{' is not closed");
  EXPECT_EQ(Refusal("{"), "a '{' is not closed");
  EXPECT_EQ(Refusal("{[}:3"), "a '{' is not closed");
}

TEST(ExpandExample, ChecksumOfTheBody) {
  const ChecksumRule with(ChecksumKind::kCrc32Base62,
                          "demo_([0-9A-Za-z]{30})([0-9A-Za-z]{6})");
  for (std::uint64_t seed = 0; seed < 50; ++seed) {
    const std::string text =
        Expand("KEY=demo_{alnum:30}{checksum};", seed, with.rule);
    ASSERT_EQ(text.size(), 46u);
    EXPECT_EQ(text.substr(39, 6), ChecksumDigits(ChecksumKind::kCrc32Base62,
                                                 text.substr(9, 30), 6));
  }
}

TEST(ExpandExample, ChecksumsOfSeveralKeys) {
  const ChecksumRule with(ChecksumKind::kCrc32HexLe,
                          "demo_([a-z]{9})([0-9a-f]{8})");
  const std::string text =
      Expand("demo_{lower:9}{checksum} demo_{lower:9}{checksum}", 1, with.rule);
  ASSERT_EQ(text.size(), 45u);
  EXPECT_EQ(text.substr(14, 8),
            ChecksumDigits(ChecksumKind::kCrc32HexLe, text.substr(5, 9), 8));
  EXPECT_EQ(text.substr(37, 8),
            ChecksumDigits(ChecksumKind::kCrc32HexLe, text.substr(28, 9), 8));
}

TEST(ExpandExample, ChecksumInUpperCaseWhereThePatternWantsIt) {
  const ChecksumRule with(ChecksumKind::kCrc32Hex,
                          "DEMO_([0-9]{9})([0-9A-F]{8})");
  EXPECT_EQ(Expand("DEMO_123456789{checksum}", 1, with.rule),
            "DEMO_123456789CBF43926");
}

TEST(ExpandExample, ChecksumBech32) {
  const ChecksumRule with(ChecksumKind::kBech32,
                          "DEMO-KEY-1[02-9AC-HJ-NP-Z]{26}");
  for (std::uint64_t seed = 0; seed < 50; ++seed) {
    const std::string text =
        Expand("KEY=DEMO-KEY-1{bech32:20}{checksum}", seed, with.rule);
    EXPECT_TRUE(ChecksumHolds(ChecksumKind::kBech32, text.substr(4), {}, {}))
        << text;
  }
}

TEST(ExpandExample, AChecksumInTheWrongPlace) {
  constexpr std::string_view kWrong =
      "{checksum} does not stand where the pattern's digits are";
  const ChecksumRule with(ChecksumKind::kCrc32Hex,
                          "demo_([a-z]{9})([0-9a-f]{8})");
  EXPECT_EQ(Refusal("demo_{lower:8}{checksum}", with.rule), kWrong);
  EXPECT_EQ(Refusal("{checksum}", with.rule), kWrong);
  EXPECT_EQ(Refusal("demo_{checksum}"), kWrong);
  const ChecksumRule bech32(ChecksumKind::kBech32, "DEMO-1[02-9A-Z]{6}");
  EXPECT_EQ(Refusal("DEMO-{checksum}", bech32.rule),
            "a bech32 example has no '1'");
}

// More groups than a rule can name. In a process of its own: what goes wrong
// here is memory.
TEST(ExpandExampleDeathTest, APatternOfManyGroups) {
  std::string pattern = "demo_([a-z]{9})([0-9a-f]{8})";
  for (int i = 0; i < 30; ++i) pattern += "(x?)";
  const ChecksumRule with(ChecksumKind::kCrc32Hex, pattern);
  EXPECT_EXIT(
      {
        const std::string text =
            Expand("demo_{lower:9}{checksum}", 1, with.rule);
        const bool good =
            text.size() == 22 &&
            text.substr(14) ==
                ChecksumDigits(ChecksumKind::kCrc32Hex, text.substr(5, 9), 8);
        std::exit(good ? 0 : 1);
      },
      testing::ExitedWithCode(0), "");
}

}  // namespace
}  // namespace keytidy::match
