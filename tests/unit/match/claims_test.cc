// SPDX-License-Identifier: Apache-2.0
#include "match/claims.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <cstdint>
#include <string>
#include <string_view>

namespace keytidy::match {
namespace {

std::string Base64Url(std::string_view bytes) {
  constexpr std::string_view kDigits =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
  std::string out;
  std::uint32_t bits = 0;
  int count = 0;
  for (const char c : bytes) {
    bits = bits << 8 | static_cast<unsigned char>(c);
    for (count += 8; count >= 6; count -= 6) {
      out += kDigits[bits >> (count - 6) & 63];
    }
  }
  if (count > 0) out += kDigits[bits << (6 - count) & 63];
  return out;
}

std::string Token(std::string_view claims) {
  return Base64Url(R"({"alg":"HS256"})") + "." + Base64Url(claims) + "." +
         Base64Url("0123456789abcdef");
}

// "issued expires", "-" where it says nothing; "none" where it is no token.
std::string Said(std::string_view token) {
  const auto claims = ClaimsOf(Secret(token));
  if (!claims) return "none";
  const auto shown = [](const std::optional<std::int64_t>& time) {
    return time ? std::to_string(*time) : "-";
  };
  return shown(claims->issued) + " " + shown(claims->expires);
}
std::string SaidBy(std::string_view claims) { return Said(Token(claims)); }

TEST(ClaimsOf, IssuedAndExpires) {
  EXPECT_EQ(SaidBy(R"({"iat": 1700000000, "exp": 1800000000})"),
            "1700000000 1800000000");
  EXPECT_EQ(SaidBy(R"({"exp": 1800000000, "sub": "x"})"), "- 1800000000");
  EXPECT_EQ(SaidBy(R"({"iat": 1700000000})"), "1700000000 -");
  EXPECT_EQ(SaidBy(R"({"iat": 1})"), "1 -");
}

TEST(ClaimsOf, NotBeforeWhereNothingSaysWhen) {
  EXPECT_EQ(SaidBy(R"({"nbf": 1700000000})"), "1700000000 -");
  EXPECT_EQ(SaidBy(R"({"nbf": 1700000001, "iat": 1700000000})"),
            "1700000000 -");
  EXPECT_EQ(SaidBy(R"({"nbf": 1700000001, "iat": "x"})"), "1700000001 -");
}

TEST(ClaimsOf, Fractions) {
  EXPECT_EQ(SaidBy(R"({"iat": 1700000000.75, "exp": 1.8e9})"),
            "1700000000 1800000000");
}

TEST(ClaimsOf, TimesThatAreNone) {
  for (const char* time :
       {"1700000000000", "-1", "0", "-1700000000", "\"1700000000\"", "true",
        "null", "[1700000000]", "{}", "1e300", "1e11999",
        "99999999999999999999999999"}) {
    const std::string said =
        SaidBy(fmt::format(R"({{"iat": {0}, "nbf": {0}, "exp": {0}}})", time));
    EXPECT_TRUE(said == "- -" || said == "none") << time << ": " << said;
  }
}

TEST(ClaimsOf, TheLatestTime) {
  EXPECT_EQ(SaidBy(R"({"exp": 100000000000})"), "- 100000000000");
  EXPECT_EQ(SaidBy(R"({"exp": 100000000001})"), "- -");
}

TEST(ClaimsOf, ATokenThatSaysNothing) {
  EXPECT_EQ(SaidBy("{}"), "- -");
  EXPECT_EQ(SaidBy(R"({"sub": "x", "claims": {"exp": 1800000000}})"), "- -");
}

TEST(ClaimsOf, NoToken) {
  for (const char* claims : {"", "x", "[]", "1700000000", "\"exp\"", "null",
                             "{", "{\"exp\":", "\xFF\xFE"}) {
    EXPECT_EQ(SaidBy(claims), "none") << claims;
  }
}

TEST(ClaimsOf, OtherTexts) {
  const std::string token = Token(R"({"exp": 1800000000})");
  const std::size_t first = token.find('.');
  EXPECT_EQ(Said(""), "none");
  EXPECT_EQ(Said("eyJ"), "none");
  EXPECT_EQ(Said("eyJ."), "none");
  EXPECT_EQ(Said("eyJ.."), "none");
  EXPECT_EQ(Said(token.substr(0, first)), "none");
  EXPECT_EQ(Said(token.substr(0, token.rfind('.'))), "none");
  EXPECT_EQ(Said(token.substr(first + 1)), "none");
  EXPECT_EQ(Said("x" + token), "none");
  std::string damaged = token;
  damaged[first + 1] = '!';
  EXPECT_EQ(Said(damaged), "none");
}

// An empty signature is one that says "none"; five parts are encrypted.
TEST(ClaimsOf, OtherNumbersOfParts) {
  const std::string token = Token(R"({"exp": 1800000000})");
  EXPECT_EQ(Said(token.substr(0, token.rfind('.') + 1)), "- 1800000000");
  const std::string part = Base64Url("0123456789abcdef");
  EXPECT_EQ(Said(fmt::format("{0}.{1}.{1}.{1}.{1}",
                             Base64Url(R"({"alg":"dir"})"), part)),
            "none");
}

// "source time" for each piece of evidence.
std::string Word(KeyTime time, std::string_view key, std::string_view text = {},
                 Span place = {}) {
  Rule rule;
  rule.time = time;
  std::string out;
  for (const AgeEvidence& one : OwnWordOf(rule, Secret(key), text, place)) {
    out += fmt::format("{}{} {}", out.empty() ? "" : ", ", one.source, one.at);
  }
  return out;
}

// JSON Web Tokens are known whatever the rule.
TEST(OwnWordOf, Tokens) {
  const std::string both = Token(R"({"iat":1700000000,"exp":1800000000})");
  for (const KeyTime time :
       {KeyTime{}, KeyTime{TimeKind::kUlid, 3}, KeyTime{TimeKind::kJwt, 0}}) {
    EXPECT_EQ(Word(time, both),
              "token-claim 1700000000, token-expires 1800000000");
  }
  EXPECT_EQ(Word({}, Token(R"({"iat":1700000000})")),
            "token-claim 1700000000, token-never-expires 1700000000");
  EXPECT_EQ(Word({}, Token(R"({"sub":"x"})")), "");
  EXPECT_EQ(Word({}, "x_" + both), "");
}

// What stands behind a prefix may end by its provider's doing.
TEST(OwnWordOf, TokensBehindAPrefix) {
  EXPECT_EQ(Word({TimeKind::kJwt, 0}, "x_" + Token(R"({"iat":1700000000})")),
            "token-claim 1700000000");
}

TEST(OwnWordOf, EachFormByItsName) {
  EXPECT_EQ(Word({TimeKind::kUlid, 2}, "k_01ARZ3NDEKTSV4RRFFQ69G5FAV"),
            "ulid 1469922850");
  EXPECT_EQ(Word({TimeKind::kUuid7, 0}, "017F22E2-79B0-7CC3-98C4-DC0C0C07398F"),
            "uuid7 1645557742");
  EXPECT_EQ(Word({TimeKind::kKsuid, 0}, "0ujtsYcgvSTl8PAuAdqWYSMnLOv"),
            "ksuid 1507608047");
  EXPECT_EQ(Word({TimeKind::kObjectId, 0}, "507f1f77bcf86cd799439011"),
            "objectid 1350508407");
  EXPECT_EQ(Word({TimeKind::kJson, 2},
                 "x_" + Base64Url(R"({"iat":1700000000.5})") + "_secret"),
            "token-claim 1700000000");
  EXPECT_EQ(Word({}, "01ARZ3NDEKTSV4RRFFQ69G5FAV"), "");
}

TEST(OwnWordOf, MacaroonsHaveAWindow) {
  const std::string bytes = std::string("\x02\x01\x01L\x02\x01I\0", 8) +
                            "\x02\x19[0,1800000000,1700000000]";
  EXPECT_EQ(Word({TimeKind::kMacaroon, 5}, "pypi-" + Base64Url(bytes)),
            "token-not-before 1700000000, token-expires 1800000000");
}

TEST(OwnWordOf, SignaturesAreDatedBesideThem) {
  constexpr std::string_view kText = "?se=2030-01-01&st=2024-01-01&sig=SIG";
  const std::size_t at = kText.find("SIG");
  EXPECT_EQ(Word({TimeKind::kSas, 0}, "SIG", kText, {at, at + 3}),
            "token-not-before 1704067200, token-expires 1893456000");
  EXPECT_EQ(Word({TimeKind::kSas, 0}, "SIG"), "");
}

TEST(RunDigest, TellsValuesApart) {
  const Secret one("key-one");
  EXPECT_EQ(RunDigest(one, "salt").size(), 64U);
  EXPECT_EQ(RunDigest(one, "salt"), RunDigest(Secret("key-one"), "salt"));
  EXPECT_NE(RunDigest(one, "salt"), RunDigest(Secret("key-two"), "salt"));
  EXPECT_NE(RunDigest(one, "salt"), RunDigest(one, "other"));
}

}  // namespace
}  // namespace keytidy::match
