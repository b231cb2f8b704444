// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <cstdint>
#include <optional>
#include <random>
#include <string>
#include <string_view>

#include "base/time.h"

namespace keytidy {
namespace {

// What `text` is read as; "none" where it is no time.
std::string Read(std::string_view text) {
  const auto seconds = ParseTime(text);
  return seconds ? IsoTime(*seconds) : "none";
}

TEST(ParseTime, Dates) {
  EXPECT_EQ(ParseTime("1970-01-01"), 0);
  EXPECT_EQ(Read("2026-03-31"), "2026-03-31T00:00:00Z");
  EXPECT_EQ(Read("2024-02-29"), "2024-02-29T00:00:00Z");
  EXPECT_EQ(Read("2000-02-29"), "2000-02-29T00:00:00Z");
}

TEST(ParseTime, DatesThatNoCalendarHas) {
  for (const std::string_view text :
       {"2023-02-29", "1900-02-29", "2026-00-10", "2026-13-10", "2026-04-31",
        "2026-01-00", "2026-01-32"}) {
    EXPECT_EQ(Read(text), "none") << text;
  }
}

TEST(ParseTime, Rfc3339) {
  const std::string wanted = "2026-03-31T10:00:00Z";
  for (const std::string_view text :
       {"2026-03-31T10:00:00Z", "2026-03-31t10:00:00z", "2026-03-31 10:00:00",
        "2026-03-31T10:00:00", "2026-03-31 10:00:00 UTC",
        "2026-03-31 10:00:00 GMT", "2026-03-31T10:00:00UTC",
        "2026-03-31T10:00:00.5Z", "2026-03-31T10:00:00.123456789Z",
        "2026-03-31T10:00:00,5Z", "2026-03-31T10:00Z",
        "2026-03-31T12:00:00+02:00", "2026-03-31T12:00:00.000+0200",
        "2026-03-31 12:00:00 +0200", "2026-03-31T12:00:00+02",
        "2026-03-31T05:30:00-04:30", "2026-03-31T10:00:00-00:00"}) {
    EXPECT_EQ(Read(text), wanted) << text;
  }
}

TEST(ParseTime, AZoneMayChangeTheDay) {
  EXPECT_EQ(Read("2026-01-01T00:30:00+01:00"), "2025-12-31T23:30:00Z");
  EXPECT_EQ(Read("2025-12-31T23:30:00-01:00"), "2026-01-01T00:30:00Z");
  EXPECT_EQ(ParseTime("1970-01-01T00:00:00+01:00"), -3600);
}

TEST(ParseTime, ALeapSecondIsTheNextMinute) {
  EXPECT_EQ(Read("2016-12-31T23:59:60Z"), "2017-01-01T00:00:00Z");
  EXPECT_EQ(Read("2016-12-31T23:59:61Z"), "none");
}

TEST(ParseTime, HttpDates) {
  EXPECT_EQ(ParseTime("Sun, 06 Nov 1994 08:49:37 GMT"), 784111777);
  EXPECT_EQ(Read("Thu, 29 Feb 2024 23:59:59 GMT"), "2024-02-29T23:59:59Z");
  for (const std::string_view text :
       {"Sun, 06 Nov 1994 08:49:37", "Sun, 06 Nov 1994 08:49:37 CET",
        "Sun, 6 Nov 1994 08:49:37 GMT", "Sun, 06 nov 1994 08:49:37 GMT",
        "Sun, 06 anF 1994 08:49:37 GMT", "Sun, 06 Nov 94 08:49:37 GMT",
        "Sun, 31 Nov 1994 08:49:37 GMT", "Sun, 06 Nov 1994 24:49:37 GMT",
        "Sunday, 06-Nov-94 08:49:37 GMT", "Sun Nov  6 08:49:37 1994", "Sun, ",
        "Sun, 06", "Sun, 06 No", "Sun, 06 Nov 1994 08:49:37 GMT "}) {
    EXPECT_EQ(Read(text), "none") << text;
  }
}

TEST(ParseTime, SecondsAndMilliseconds) {
  EXPECT_EQ(ParseTime("0"), 0);
  EXPECT_EQ(ParseTime("1774951200"), 1774951200);
  EXPECT_EQ(ParseTime("99999999999"), 99999999999);
  EXPECT_EQ(ParseTime("100000000000"), 100000000);
  EXPECT_EQ(ParseTime("1774951200999"), 1774951200);
  EXPECT_EQ(ParseTime("99999999999999"), 99999999999);
  EXPECT_EQ(ParseTime("999999999999999"), std::nullopt);
  EXPECT_EQ(ParseTime(std::string(1000, '9')), std::nullopt);
}

TEST(ParseTime, WhatIsNoTime) {
  for (const std::string_view text : {"",
                                      " ",
                                      "-1",
                                      "+1",
                                      "1.5",
                                      "1e9",
                                      "never",
                                      "null",
                                      "true",
                                      "2026",
                                      "2026-",
                                      "2026-03",
                                      "2026-3-31",
                                      "26-03-31",
                                      "2026/03/31",
                                      "2026-03-31T",
                                      "2026-03-31T10",
                                      "2026-03-31T10:00:0",
                                      "2026-03-31T1:00",
                                      "2026-03-31T24:00:00Z",
                                      "2026-03-31T10:60:00Z",
                                      "2026-03-31T10:00:00Zx",
                                      "2026-03-31T10:00:00 EST",
                                      "2026-03-31T10:00:00+2",
                                      "2026-03-31x",
                                      "2026-03-31T10:00:00Z\n",
                                      "x2026-03-31",
                                      " 2026-03-31"}) {
    EXPECT_EQ(Read(text), text == "2026" ? "1970-01-01T00:33:46Z" : "none")
        << text;
  }
  EXPECT_EQ(ParseTime(std::string_view("\0", 1)), std::nullopt);
}

// What we write is read again as it was.
TEST(ParseTime, ReadsWhatIsoTimeWrites) {
  std::mt19937_64 random(1);
  for (int i = 0; i < 5000; ++i) {
    const auto seconds = static_cast<std::int64_t>(random() % 253402300800);
    ASSERT_EQ(ParseTime(IsoTime(seconds)), seconds) << seconds;
  }
}

// Any bytes: nothing but a year that four digits can say comes out.
TEST(ParseTime, IsWithinBoundsForAnyText) {
  constexpr std::string_view kAlphabet = "0123456789-:TZ+., GMTSunNov";
  std::mt19937 random(2);
  for (int i = 0; i < 20000; ++i) {
    std::string text;
    for (std::size_t n = random() % 32; n > 0; --n) {
      text += kAlphabet[random() % kAlphabet.size()];
    }
    const auto seconds = ParseTime(text);
    if (!seconds) continue;
    ASSERT_GE(*seconds, -62167219200 - 400000) << text;
    ASSERT_LE(*seconds, 253402300800 + 400000) << text;
  }
}

}  // namespace
}  // namespace keytidy
