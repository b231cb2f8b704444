// SPDX-License-Identifier: Apache-2.0
#include "verify/base_url.h"

#include <gtest/gtest.h>

#include <random>
#include <string>
#include <string_view>
#include <vector>

namespace keytidy::verify {
namespace {

const std::vector<std::string> kAny;
const std::vector<std::string> kOurs = {"*.konstantly.com", "konstantly.com"};

// "url host", or "refused".
std::string Parsed(std::string_view text,
                   const std::vector<std::string>& hosts = kAny,
                   bool loopback = false) {
  const auto base = ParseBaseUrl(text, hosts, loopback);
  if (!base) {
    EXPECT_EQ(base.error().code, ErrorCode::kInvalid);
    return "refused";
  }
  return base->url + " " + base->host;
}

std::string ErrorOf(std::string_view text,
                    const std::vector<std::string>& hosts = kAny,
                    bool loopback = false) {
  const auto base = ParseBaseUrl(text, hosts, loopback);
  return base ? "no error" : base.error().message;
}

TEST(ParseBaseUrl, HostPortAndPath) {
  EXPECT_EQ(Parsed("https://notes.example.com"),
            "https://notes.example.com notes.example.com");
  EXPECT_EQ(Parsed("https://notes.example.com:8443/"),
            "https://notes.example.com:8443 notes.example.com:8443");
  EXPECT_EQ(Parsed("https://notes.example.com/Kryton/v1//"),
            "https://notes.example.com/Kryton/v1 notes.example.com");
  EXPECT_EQ(Parsed("https://kryton"), "https://kryton kryton");
  EXPECT_EQ(Parsed("https://10.0.0.7/k"), "https://10.0.0.7/k 10.0.0.7");
  EXPECT_EQ(Parsed("https://[fd00::7]:8443/k"),
            "https://[fd00::7]:8443/k [fd00::7]:8443");
}

TEST(ParseBaseUrl, SchemeAndHostInLowerCaseAndThePathAsItIs) {
  EXPECT_EQ(Parsed("HTTPS://Notes.EXAMPLE.com/API"),
            "https://notes.example.com/API notes.example.com");
  EXPECT_EQ(Parsed("hTTpS://[FD00::A]"), "https://[fd00::a] [fd00::a]");
}

TEST(ParseBaseUrl, OtherSchemes) {
  for (const std::string_view text : {"",
                                      "https",
                                      "https:",
                                      "https:/",
                                      "https://",
                                      "https:///",
                                      "https:///a",
                                      "https//a.example",
                                      "https:a.example",
                                      "https:/a.example",
                                      "a.example",
                                      "//a.example",
                                      "ftp://a.example",
                                      "file:///etc/passwd",
                                      "ws://a.example",
                                      "httpss://a.example",
                                      "xhttps://a.example",
                                      " https://a.example",
                                      "https ://a.example",
                                      "javascript://a.example",
                                      "https://https://a.example",
                                      "https:\\\\a.example",
                                      "https:/\\a.example"}) {
    EXPECT_EQ(Parsed(text), "refused") << text;
  }
}

TEST(ParseBaseUrl, UserInfo) {
  for (const std::string_view text :
       {"https://konstantly.com@evil.example",
        "https://konstantly.com:443@evil.example",
        "https://user:pass@a.konstantly.com", "https://@a.example",
        "https://a.example@", "https://a.konstantly.com%40evil.example",
        "https://[::1]@evil.example", "https://evil@[::1]"}) {
    EXPECT_EQ(Parsed(text), "refused") << text;
    EXPECT_EQ(Parsed(text, kOurs), "refused") << text;
  }
}

TEST(ParseBaseUrl, BlanksBackslashesAndControlCharacters) {
  for (const std::string_view text : {"https://a.example ",
                                      "https://a .example",
                                      "https://a.example/a b",
                                      "https://a.example\t",
                                      "https://a.example\n",
                                      "https://a.example\r\nX:y",
                                      "https://a.example/\n",
                                      "https://evil.example\\.konstantly.com",
                                      "https://a.example/\\b",
                                      "https://a.example\\@b.example",
                                      "https://a.example/\x7F",
                                      "https://a\xC3\xA4.example",
                                      "https://a.example/\xC3\xA4",
                                      "https://a.example/\"",
                                      "https://a.example/<x>",
                                      "https://a.example/{x}",
                                      "https://a,b.example",
                                      "https://a;b.example",
                                      "https://a'b.example",
                                      "https://*.example",
                                      "https://$HOST",
                                      "https://%61.example"}) {
    EXPECT_EQ(Parsed(text), "refused") << text;
  }
  EXPECT_EQ(Parsed(std::string_view("https://a.example\0.b", 20)), "refused");
  EXPECT_EQ(Parsed(std::string_view("https://a.example/\0", 19)), "refused");
}

TEST(ParseBaseUrl, QueriesAndFragments) {
  for (const std::string_view text :
       {"https://a.example?x", "https://a.example/?x", "https://a.example/b#c",
        "https://a.example#", "https://evil.example#.konstantly.com",
        "https://evil.example?.konstantly.com",
        "https://evil.example/?@a.konstantly.com"}) {
    EXPECT_EQ(Parsed(text), "refused") << text;
  }
}

TEST(ParseBaseUrl, Ports) {
  EXPECT_EQ(Parsed("https://a.example:1"), "https://a.example:1 a.example:1");
  EXPECT_EQ(Parsed("https://a.example:65535"),
            "https://a.example:65535 a.example:65535");
  for (const std::string_view text :
       {"https://a.example:", "https://a.example:/", "https://a.example:x",
        "https://a.example:44x", "https://a.example:-1",
        "https://a.example:100000", "https://a:1:2", "https://:443",
        "https://a.example:443:"}) {
    EXPECT_EQ(Parsed(text), "refused") << text;
  }
}

TEST(ParseBaseUrl, NoPortHasSuchANumber) {
  EXPECT_EQ(Parsed("https://a.example:65536"), "refused");
  EXPECT_EQ(Parsed("https://a.example:99999"), "refused");
  EXPECT_EQ(Parsed("https://a.example:0"), "refused");
}

TEST(ParseBaseUrl, OddIpv6) {
  for (const std::string_view text :
       {"https://[::1", "https://::1", "https://::1]", "https://[::1]x",
        "https://x[::1]", "https://[::1]]", "https://[[::1]]",
        "https://[::1]:", "https://[::1]x:80", "https://[fe80::1%eth0]",
        "https://[fe80::1%25eth0]", "https://[::g]", "https://[a.example]",
        "https://[::1].example", "https://[::1]:80:80", "https://[v1.x]"}) {
    EXPECT_EQ(Parsed(text), "refused") << text;
  }
}

TEST(ParseBaseUrl, BracketsHoldAnAddress) {
  for (const std::string_view text :
       {"https://[]", "https://[:]", "https://[...]", "https://[1:2]",
        "https://[::1::2]", "https://[12345::]", "https://[1.2.3.4]"}) {
    EXPECT_EQ(Parsed(text), "refused") << text;
  }
}

TEST(ParseBaseUrl, OddNames) {
  for (const std::string_view text :
       {"https://.", "https://.example", "https://-a.example"}) {
    EXPECT_EQ(Parsed(text), "refused") << text;
  }
}

TEST(ParseBaseUrl, HostsOfARecipe) {
  EXPECT_EQ(Parsed("https://good.konstantly.com/x", kOurs),
            "https://good.konstantly.com/x good.konstantly.com");
  EXPECT_EQ(Parsed("https://GOOD.Konstantly.COM", kOurs),
            "https://good.konstantly.com good.konstantly.com");
  EXPECT_EQ(Parsed("https://konstantly.com:8443", kOurs),
            "https://konstantly.com:8443 konstantly.com:8443");
  for (const std::string_view text :
       {"https://good.konstantly.com.evil.example",
        "https://evil.example#.konstantly.com",
        "https://konstantly.com@evil.example",
        "https://evil.example/.konstantly.com",
        "https://evil.example:443.konstantly.com", "https://evilkonstantly.com",
        "https://konstantly.com.", "https://konstantly.comx",
        "https://konstantly.co", "https://.konstantly.com",
        "https://konstantly.com.evil.example:443", "https://127.0.0.1",
        "https://[::1]", "https://[::1]:443",
        "https://evil.example%2F.konstantly.com",
        "https://evil.example%00.konstantly.com",
        "https://evil.example\xE3\x80\x82konstantly.com",
        "https://\xD0\xBAonstantly.com"}) {
    EXPECT_EQ(Parsed(text, kOurs), "refused") << text;
  }
}

TEST(ParseBaseUrl, PlainHttp) {
  for (const std::string_view host :
       {"localhost", "127.0.0.1", "[::1]", "localhost:8080", "127.0.0.1:1",
        "[::1]:8080"}) {
    const std::string url = "http://" + std::string(host);
    EXPECT_EQ(Parsed(url), "refused") << url;
    const auto base = ParseBaseUrl(url, kAny, true);
    ASSERT_TRUE(base) << url;
    EXPECT_EQ(base->url, url);
    EXPECT_EQ(base->host, host);
    EXPECT_TRUE(base->loopback_http);
  }
  for (const std::string_view text :
       {"http://a.example", "http://localhost.example", "http://127.0.0.2",
        "http://127.1", "http://2130706433", "http://0x7f.0.0.1",
        "http://0.0.0.0", "http://[::]", "http://[::ffff:127.0.0.1]",
        "http://xlocalhost", "http://localhost.", "http://10.0.0.1",
        "http://localhost@evil.example", "http://evil.example#localhost",
        "http://localhost\\evil.example"}) {
    EXPECT_EQ(Parsed(text, kAny, true), "refused") << text;
  }
  EXPECT_EQ(Parsed("http://localhost", kOurs, true), "refused");
}

TEST(ParseBaseUrl, HttpsToLoopbackIsNotPlain) {
  const auto base = ParseBaseUrl("https://localhost:8443", kAny, true);
  ASSERT_TRUE(base);
  EXPECT_FALSE(base->loopback_http);
}

TEST(ParseBaseUrl, Messages) {
  EXPECT_EQ(ErrorOf("a.example"),
            "a.example: must be https:// and the name of a host");
  EXPECT_EQ(ErrorOf("https://a.example/?x"),
            "https://a.example/?x: may have a path, but nothing behind it");
  EXPECT_EQ(ErrorOf("http://a.example", kAny, true),
            "http://a.example: plain http would show the key on its way");
  EXPECT_EQ(ErrorOf("http://localhost"),
            "http://localhost: plain http, even to this machine, needs "
            "--allow-http-loopback");
  EXPECT_EQ(ErrorOf("https://evil.example", kOurs),
            "https://evil.example: the host must be *.konstantly.com or "
            "konstantly.com");
  EXPECT_EQ(ErrorOf("https://\x1B[31m"),
            "https://\\x1b[31m: must be https:// and the name of a host");
}

TEST(OriginOf, SchemeHostAndPort) {
  EXPECT_EQ(OriginOf("https://A.example:8443/b?c#d"), "https://a.example:8443");
  EXPECT_EQ(OriginOf("http://a"), "http://a");
  EXPECT_EQ(OriginOf("HTTP://a/"), "http://a");
  for (const std::string_view text :
       {"", "a.example", "ftp://a.example", "https://", "https://u@a.example",
        "https://a b", "https://a\\b", "https://a:b"}) {
    EXPECT_EQ(OriginOf(text), "") << text;
  }
}

TEST(HostOf, AndPathOf) {
  EXPECT_EQ(HostOf("https://a.example:1/b/c?d"), "a.example:1");
  EXPECT_EQ(PathOf("https://a.example:1/b/c?d"), "/b/c?d");
  EXPECT_EQ(HostOf("https://a.example?d"), "a.example");
  EXPECT_EQ(PathOf("https://a.example?d"), "?d");
  EXPECT_EQ(HostOf("https://a.example#d"), "a.example");
  EXPECT_EQ(PathOf("https://a.example"), "");
  EXPECT_EQ(HostOf("a.example"), "");
  EXPECT_EQ(PathOf("/a"), "");
}

// Whatever is taken has one meaning: scheme, a host of the letters that hosts
// are made of, and a path; and it is taken again as it is.
TEST(ParseBaseUrl, WhatIsTakenIsPlain) {
  constexpr std::string_view kPieces[] = {
      "https://", "http://", "a.example", ".konstantly.com",
      "@",        ":",       "/",         "?",
      "#",        "\\",      "[",         "]",
      "::1",      "443",     "%2F",       " ",
      "\t",       "A",       "-",         "localhost",
      "\xC3\xA4", ".",       "//",        "_"};
  std::mt19937 random(4);
  for (int i = 0; i < 20000; ++i) {
    std::string text = "https://";
    for (std::size_t n = random() % 6; n > 0; --n) {
      text += kPieces[random() % std::size(kPieces)];
    }
    for (const auto& hosts : {kAny, kOurs}) {
      const auto base = ParseBaseUrl(text, hosts, true);
      if (!base) continue;
      ASSERT_EQ(HostOf(base->url), base->host) << text;
      ASSERT_EQ(base->host.find_first_not_of(
                    "abcdefghijklmnopqrstuvwxyz0123456789-._:[]"),
                std::string::npos)
          << text;
      ASSERT_EQ(base->url.find_first_of("?#\\ \t"), std::string::npos) << text;
      const auto again = ParseBaseUrl(base->url, hosts, true);
      ASSERT_TRUE(again) << text;
      ASSERT_EQ(again->url, base->url) << text;
    }
  }
}

}  // namespace
}  // namespace keytidy::verify
