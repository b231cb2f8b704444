// SPDX-License-Identifier: Apache-2.0
#include "verify/retry_after.h"

#include <gtest/gtest.h>

#include <random>
#include <string>
#include <string_view>

namespace keytidy::verify {
namespace {

constexpr std::int64_t kNow = 784111777;  // Sun, 06 Nov 1994 08:49:37 GMT
constexpr std::int64_t kMost = 7 * 86400;
constexpr std::string_view kForm = "Retry after %{seconds}s";

HttpAnswer WithHeader(std::string_view value) {
  HttpAnswer out;
  out.status = 429;
  out.headers = {{"content-type", "text/plain"},
                 {"retry-after", std::string(value)}};
  return out;
}

HttpAnswer WithBody(std::string_view body) {
  HttpAnswer out;
  out.status = 429;
  out.body = body;
  return out;
}

// Seconds, or -1 where it does not say.
std::int64_t InHeader(std::string_view value) {
  const auto delay = RetryAfter(WithHeader(value), "", kNow);
  return delay ? delay->count() : -1;
}

std::int64_t InBody(std::string_view body, std::string_view form = kForm) {
  const auto delay = RetryAfter(WithBody(body), form, kNow);
  return delay ? delay->count() : -1;
}

TEST(RetryAfter, Seconds) {
  EXPECT_EQ(InHeader("0"), 0);
  EXPECT_EQ(InHeader("30"), 30);
  EXPECT_EQ(InHeader("030"), 30);
  EXPECT_EQ(InHeader("30  "), 30);
}

TEST(RetryAfter, ADate) {
  EXPECT_EQ(InHeader("Sun, 06 Nov 1994 08:50:07 GMT"), 30);
  EXPECT_EQ(InHeader("Sun, 06 Nov 1994 08:49:37 GMT"), 0);
  EXPECT_EQ(InHeader("Sun, 06 Nov 1994 08:49:36 GMT"), 0);
  EXPECT_EQ(InHeader("Thu, 01 Jan 1970 00:00:00 GMT"), 0);
}

TEST(RetryAfter, IsAWeekAtMost) {
  EXPECT_EQ(InHeader("604800"), kMost);
  EXPECT_EQ(InHeader("604801"), kMost);
  EXPECT_EQ(InHeader("999999999"), kMost);
  EXPECT_EQ(InHeader("Fri, 31 Dec 9999 23:59:59 GMT"), kMost);
  EXPECT_EQ(InBody("Retry after 999999999s"), kMost);
}

TEST(RetryAfter, WhatIsNotClear) {
  for (const std::string_view value :
       {"",           " ",
        "-1",         "+1",
        "1.5",        "1e3",
        "soon",       "30s",
        "0x10",       "3 0",
        "1,000",      "99999999999999999999999",
        "1994-11-06", "Sun, 32 Nov 1994 08:49:37 GMT",
        "Sun, ",      ", ",
        ",",          "Sun, 06 Nov 1994 08:49:37 PST",
        "\xFF\xFE",   "30\r\nX: y"}) {
    EXPECT_EQ(InHeader(value), -1) << value;
  }
  EXPECT_EQ(InHeader(std::string(1 << 20, '9')), -1);
  EXPECT_EQ(InHeader(std::string_view("3\0", 2)), -1);
}

TEST(RetryAfter, NothingSaid) {
  EXPECT_EQ(RetryAfter(HttpAnswer(), "", kNow), std::nullopt);
  EXPECT_EQ(InBody("Retry after 30s", ""), -1);
}

TEST(RetryAfter, InTheBody) {
  EXPECT_EQ(InBody("Retry after 30s"), 30);
  EXPECT_EQ(InBody("{\"error\":\"slow down. Retry after 7s.\"}"), 7);
  EXPECT_EQ(InBody("Retry after soon. Retry after s. Retry after 9s"), 9);
  EXPECT_EQ(InBody("Retry after 30 s"), -1);
  EXPECT_EQ(InBody("Retry after -30s"), -1);
  EXPECT_EQ(InBody("retry after 30s"), -1);
  EXPECT_EQ(InBody("Retry after 30"), -1);
  EXPECT_EQ(InBody("Retry after 12345678901s"), -1);
  EXPECT_EQ(InBody("Retry after "), -1);
  EXPECT_EQ(InBody(""), -1);
}

TEST(RetryAfter, OtherFormsOfTheBody) {
  EXPECT_EQ(InBody("wait: 12", "wait: %{seconds}"), 12);
  EXPECT_EQ(InBody("in 12 seconds", "%{seconds} seconds"), 12);
  EXPECT_EQ(InBody("", "%{seconds}"), -1);
  EXPECT_EQ(InBody("no number", "%{seconds}"), -1);
}

TEST(RetryAfter, TheHeaderCountsBeforeTheBody) {
  HttpAnswer answer = WithHeader("5");
  answer.body = "Retry after 30s";
  EXPECT_EQ(RetryAfter(answer, kForm, kNow)->count(), 5);
  answer = WithHeader("soon");
  answer.body = "Retry after 30s";
  EXPECT_EQ(RetryAfter(answer, kForm, kNow)->count(), 30);
}

TEST(RetryAfter, TheFirstHeaderThatSaysIt) {
  HttpAnswer answer = WithHeader("soon");
  answer.headers.emplace_back("retry-after", "8");
  answer.headers.emplace_back("retry-after", "9");
  EXPECT_EQ(RetryAfter(answer, "", kNow)->count(), 8);
}

// Whatever a server writes, the delay is from none to a week.
TEST(RetryAfter, IsWithinBoundsForAnyText) {
  constexpr std::string_view kAlphabet = "0123456789, SunNovGMT:-+.s";
  std::mt19937 random(5);
  for (int i = 0; i < 20000; ++i) {
    std::string text;
    for (std::size_t n = random() % 32; n > 0; --n) {
      text += kAlphabet[random() % kAlphabet.size()];
    }
    HttpAnswer answer = WithHeader(text);
    answer.body = "Retry after " + text;
    const auto delay = RetryAfter(answer, kForm, kNow);
    if (!delay) continue;
    ASSERT_GE(delay->count(), 0) << text;
    ASSERT_LE(delay->count(), kMost) << text;
  }
}

}  // namespace
}  // namespace keytidy::verify
