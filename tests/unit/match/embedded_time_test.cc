// SPDX-License-Identifier: Apache-2.0
#include "match/embedded_time.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <optional>
#include <random>
#include <string>
#include <string_view>

#include "base/time.h"

namespace keytidy::match {
namespace {

std::string Shown(const std::optional<std::int64_t>& at) {
  return at ? IsoTime(*at) : "-";
}
// "issued not-before expires", or "none".
std::string Shown(const std::optional<Claims>& claims) {
  if (!claims) return "none";
  return Shown(claims->issued) + " " + Shown(claims->not_before) + " " +
         Shown(claims->expires);
}
std::string Made(TimeKind kind, std::string_view key, std::uint8_t at = 0) {
  const auto claims = TimeIn({kind, at}, key);
  return claims ? Shown(claims->issued) : "none";
}

// The examples of the forms' own documents.
TEST(EmbeddedTime, PublishedExamples) {
  EXPECT_EQ(Made(TimeKind::kUuid7, "017F22E2-79B0-7CC3-98C4-DC0C0C07398F"),
            "2022-02-22T19:22:22Z");
  EXPECT_EQ(Made(TimeKind::kUlid, "01ARZ3NDEKTSV4RRFFQ69G5FAV"),
            "2016-07-30T23:54:10Z");
  EXPECT_EQ(Made(TimeKind::kKsuid, "0ujtsYcgvSTl8PAuAdqWYSMnLOv"),
            "2017-10-10T04:00:47Z");
  EXPECT_EQ(Made(TimeKind::kObjectId, "507f1f77bcf86cd799439011"),
            "2012-10-17T21:13:27Z");
}

// Ids of Paddle, and the times of creation that its API gave with them.
TEST(EmbeddedTime, PaddleIdsAreUlids) {
  EXPECT_EQ(Made(TimeKind::kUlid, "01hytsesv6f8wqzw1eyctqw6qm"),
            "2024-05-26T15:49:09Z");
  EXPECT_EQ(Made(TimeKind::kUlid, "01hymwgpkx639a6mkvg99563sp"),
            "2024-05-24T08:47:10Z");
}

TEST(EmbeddedTime, BehindAPrefix) {
  EXPECT_EQ(Made(TimeKind::kUlid, "key_01ARZ3NDEKTSV4RRFFQ69G5FAV_rest", 4),
            "2016-07-30T23:54:10Z");
  EXPECT_EQ(Made(TimeKind::kUlid, "key_01ARZ3NDEKTSV4RRFFQ69G5FAV", 5), "none");
  EXPECT_EQ(Made(TimeKind::kUlid, "key", 3), "none");
  EXPECT_EQ(Made(TimeKind::kNone, "01ARZ3NDEKTSV4RRFFQ69G5FAV"), "none");
}

TEST(EmbeddedTime, WhatIsNotOfTheForm) {
  // Version 4; another variant; too short; a dash elsewhere.
  for (const char* text : {"017F22E2-79B0-4CC3-98C4-DC0C0C07398F",
                           "017F22E2-79B0-7CC3-C8C4-DC0C0C07398F",
                           "017F22E2-79B0-7CC3-98C4-DC0C0C07398",
                           "017F22E279B0-7CC3-98C4-DC0C0C07398FF", "", "-"}) {
    EXPECT_EQ(Made(TimeKind::kUuid7, text), "none") << text;
  }
  // More than 128 bits; letters that are no digits; too short.
  for (const char* text :
       {"81ARZ3NDEKTSV4RRFFQ69G5FAV", "01ARZ3NDEKTSV4RRFFQ69G5FAI",
        "01ARZ3NDEKTSV4RRFFQ69G5FAU", "01ARZ3NDEKTSV4RRFFQ69G5FA"}) {
    EXPECT_EQ(Made(TimeKind::kUlid, text), "none") << text;
  }
  // More than 160 bits; no digit; too short.
  for (const char* text :
       {"aWgEPTl1tmebfsQzFP4bxwgy80W", "0ujtsYcgvSTl8PAuAdqWYSMnLO-",
        "0ujtsYcgvSTl8PAuAdqWYSMnLO"}) {
    EXPECT_EQ(Made(TimeKind::kKsuid, text), "none") << text;
  }
  EXPECT_EQ(Made(TimeKind::kKsuid, "aWgEPTl1tmebfsQzFP4bxwgy80V"),
            "2150-06-19T23:21:35Z");  // the last there is
  EXPECT_EQ(Made(TimeKind::kObjectId, "507f1f77bcf86cd79943901"), "none");
  EXPECT_EQ(Made(TimeKind::kObjectId, "507f1f77bcf86cd79943901g"), "none");
}

TEST(EmbeddedTime, JsonInBase64) {
  // {"iat":1700000000.25,"url":""} with each alphabet and a second part.
  EXPECT_EQ(Made(TimeKind::kJson,
                 "x_eyJpYXQiOjE3MDAwMDAwMDAuMjUsInVybCI6IiJ9_abc", 2),
            "2023-11-14T22:13:20Z");
  EXPECT_EQ(Made(TimeKind::kJson, "eyJpYXQiOjE3MDAwMDAwMDAuMjUsInVybCI6IiJ9"),
            "2023-11-14T22:13:20Z");
  EXPECT_EQ(Made(TimeKind::kJson, "W10=_abc"), "none");  // []
  EXPECT_EQ(Made(TimeKind::kJson, "!!!_abc"), "none");
}

TEST(EmbeddedTime, TokensBehindAPrefix) {
  // {"iat":1700000000,"exp":1700003600}
  constexpr std::string_view kToken =
      "abc_12_eyJhbGciOiJIUzI1NiJ9."
      "eyJpYXQiOjE3MDAwMDAwMDAsImV4cCI6MTcwMDAwMzYwMH0.c2ln";
  EXPECT_EQ(Shown(TimeIn({TimeKind::kJwt, 0}, kToken)),
            "2023-11-14T22:13:20Z - 2023-11-14T23:13:20Z");
  EXPECT_EQ(Shown(TimeIn({TimeKind::kJwt, 0}, "abc_eyJhbGciOiJIUzI1NiJ9")),
            "none");
  EXPECT_EQ(Shown(TimeIn({TimeKind::kJwt, 0}, "abc_def")), "none");
}

std::string Sas(std::string_view text) {
  const std::size_t at = text.find("SIG");
  return Shown(SasTimes(text, {at, at + 3}));
}

TEST(SasTimes, BesideTheSignature) {
  EXPECT_EQ(Sas("https://a.example/c?sv=2022-11-02&se=2030-01-01T00:00:00Z&"
                "st=2024-01-01T00:00:00Z&sig=SIG"),
            "- 2024-01-01T00:00:00Z 2030-01-01T00:00:00Z");
  EXPECT_EQ(Sas("?sig=SIG&se=2030-01-01T00%3A00%3A00Z&sp=r"),
            "- - 2030-01-01T00:00:00Z");
  EXPECT_EQ(Sas("?st=2024-01-01T08:30Z&sig=SIG&se=2030-01-01"),
            "- 2024-01-01T08:30:00Z 2030-01-01T00:00:00Z");
  EXPECT_EQ(Sas("SharedAccessSignature sr=sb%3A%2F%2Fx&sig=SIG&se=1893456000"),
            "- - 2030-01-01T00:00:00Z");
}

TEST(SasTimes, AsFilesWriteIt) {
  EXPECT_EQ(Sas(R"("u": "?st=2024-01-01\u0026sig=SIG\u0026se=2030-01-01")"),
            "- 2024-01-01T00:00:00Z 2030-01-01T00:00:00Z");
  EXPECT_EQ(Sas("<a href='?st=2024-01-01&amp;sig=SIG&amp;se=2030-01-01'>"),
            "- 2024-01-01T00:00:00Z 2030-01-01T00:00:00Z");
  EXPECT_EQ(Sas("BlobEndpoint=https://a.example/;SharedAccessSignature="
                "se=2030-01-01&sig=SIG;st=2024-01-01"),
            "- - 2030-01-01T00:00:00Z");
}

TEST(SasTimes, OfNoOtherAddress) {
  EXPECT_EQ(Sas("?se=2030-01-01&sig=OLD ?sp=r&sig=SIG\n?se=2031-01-01"),
            "none");
  EXPECT_EQ(Sas("?se=2030-01-01\" \"?sig=SIG"), "none");
  EXPECT_EQ(Sas("?base=2030-01-01&sig=SIG&rest=2024-01-01"), "none");
  EXPECT_EQ(Sas("?se=tomorrow&st=&sig=SIG"), "none");
  EXPECT_EQ(Shown(SasTimes("", {0, 3})), "none");
  EXPECT_EQ(Shown(SasTimes("?se=2030-01-01&sig=SIG", {9, 3})), "none");
  const std::string far(5000, 'x');
  EXPECT_EQ(
      Sas("?se=2030-01-01&a=" + far + "&sig=SIG&b=" + far + "&st=2024-01-01"),
      "none");
}

// Whatever the bytes, something is answered.
TEST(EmbeddedTime, AnyBytes) {
  std::mt19937 random(20260331);
  int answered = 0;
  for (int round = 0; round < 20000; ++round) {
    std::string text(random() % 80, '\0');
    const bool readable = random() % 2 == 0;
    for (char& c : text) {
      c = readable ? "0123456789abcdefABCDEF-_.=/+"[random() % 28]
                   : static_cast<char>(random() % 256);
    }
    for (int kind = 0; kind <= static_cast<int>(TimeKind::kSas); ++kind) {
      const KeyTime time{static_cast<TimeKind>(kind),
                         static_cast<std::uint8_t>(random() % 6)};
      if (TimeIn(time, text)) ++answered;
    }
    (void)SasTimes(text, {random() % 90, random() % 90});
  }
  EXPECT_GT(answered, 0);
}

}  // namespace
}  // namespace keytidy::match
