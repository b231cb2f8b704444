// SPDX-License-Identifier: Apache-2.0
#include "clients/address.h"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <vector>

#include "scene.h"

namespace keytidy::clients {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

// "scheme|user|password|host|port|path|query", or "none".
std::string Parts(std::string_view text) {
  const auto one = FindAddress(text);
  if (!one) return "none";
  return fmt::format("{}|{}|{}|{}|{}|{}|{}", one->scheme, one->user,
                     one->password, one->host, one->port, one->path,
                     one->query);
}

std::vector<std::string_view> Secrets(std::string_view text) {
  const auto one = FindAddress(text);
  return one ? SecretsIn(*one) : std::vector<std::string_view>();
}

TEST(FindAddress, AllParts) {
  EXPECT_EQ(Parts("https://u:p@example.com:81/a/b?c=d#e"),
            "https|u|p|example.com|81|/a/b|c=d#e");
  EXPECT_EQ(Parts("postgres://u:p@h/db"), "postgres|u|p|h||/db|");
  EXPECT_EQ(Parts("https://h"), "https|||h|||");
  EXPECT_EQ(Parts("git+ssh://git@h/o/r#main"), "git+ssh|git||h||/o/r|main");
}

TEST(FindAddress, NoUserPart) {
  EXPECT_EQ(Parts("http://h:80?a=b"), "http|||h|80||a=b");
  EXPECT_EQ(Parts("http://h/@scope/a:b"), "http|||h||/@scope/a:b|");
  EXPECT_EQ(Parts("http://h?m=a@b:c"), "http|||h|||m=a@b:c");
}

TEST(FindAddress, UserPart) {
  EXPECT_EQ(Parts("ftp://u@h"), "ftp|u||h|||");
  EXPECT_EQ(Parts("ftp://:p@h"), "ftp||p|h|||");
  EXPECT_EQ(Parts("ftp://u:@h"), "ftp|u||h|||");
  EXPECT_EQ(Parts("ftp://u:p:q@r@h"), "ftp|u|p:q@r|h|||");
}

TEST(FindAddress, BracketsOfIpv6) {
  EXPECT_EQ(Parts("http://[::1]:8000/a"), "http|||[::1]|8000|/a|");
  EXPECT_EQ(Parts("http://u:p@[2001:db8::1]"), "http|u|p|[2001:db8::1]|||");
  EXPECT_EQ(Parts("http://[::1/a]"), "http|||[::1||/a]|");
  EXPECT_EQ(Parts("http://["), "http|||[|||");
}

TEST(FindAddress, ReferencesDivideNothing) {
  EXPECT_EQ(Parts("https://${HOST:-a/b?c}:81/d"),
            "https|||${HOST:-a/b?c}|81|/d|");
  EXPECT_EQ(Parts("https://${env:U}:${env:P}@${env:H}/a"),
            "https|${env:U}|${env:P}|${env:H}||/a|");
  EXPECT_EQ(Parts("https://h/a?k=${{ secrets.K }}&l=1"),
            "https|||h||/a|k=${{ secrets.K }}&l=1");
  EXPECT_EQ(Parts("https://${A/b"), "https|||${A||/b|");
}

TEST(FindAddress, InsideOfAText) {
  EXPECT_EQ(Parts("see \"https://h/a\" there"), "https|||h||/a|");
  EXPECT_EQ(Parts("<http://h?a>b"), "http|||h|||a");
  EXPECT_EQ(Parts("--url=https://h/ b"), "https|||h||/|");
  EXPECT_EQ(Parts("http://a http://b"), "http|||a|||");
  EXPECT_EQ(Parts(":// _://x https://h"), "https|||h|||");
}

TEST(FindAddress, NothingThere) {
  for (const char* text :
       {"", "a", "://", "://a", "_://a", "a:/b", "mailto:a@b", "C:\\a"}) {
    EXPECT_EQ(Parts(text), "none") << text;
  }
}

TEST(FindAddress, EndsAnywhere) {
  EXPECT_EQ(Parts("a://"), "a||||||");
  EXPECT_EQ(Parts("a://@"), "a||||||");
  EXPECT_EQ(Parts("a://:@:"), "a||||||");
  EXPECT_EQ(Parts("a://?"), "a||||||");
  EXPECT_EQ(Parts("a:///"), "a|||||/|");
  const std::string whole = "https://u:p@[::1]:8/a?b=${C:-d}";
  for (std::size_t size = 0; size <= whole.size(); ++size) {
    // Of its own, so that a read beyond the end is one beyond an allocation.
    const std::vector<char> part(
        whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(size));
    const auto one = FindAddress({part.data(), part.size()});
    EXPECT_EQ(one.has_value(), size >= 8) << size;
  }
}

TEST(FindAddress, ViewsIntoTheText) {
  const std::string text = "x https://u:p@h:1/a?b";
  const auto one = FindAddress(text);
  ASSERT_TRUE(one);
  EXPECT_EQ(one->password.data(), text.data() + 12);
  EXPECT_EQ(one->query.data(), text.data() + 20);
}

TEST(FindAddress, LongTexts) {
  std::string text = "a://";
  for (int i = 0; i < 50'000; ++i) text += "${A}@";
  text += "h";
  const auto one = FindAddress(text);
  ASSERT_TRUE(one);
  EXPECT_EQ(one->host, "h");
  EXPECT_EQ(one->user.size(), text.size() - 6);
}

TEST(SecretsIn, Passwords) {
  EXPECT_THAT(Secrets("postgres://u:pa55@h/db"), ElementsAre("pa55"));
  EXPECT_THAT(Secrets("postgres://u:abc@h/db"), IsEmpty());
  EXPECT_THAT(Secrets("postgres://u:changeme@h/db"), IsEmpty());
  EXPECT_THAT(Secrets("postgres://u:${PASS}@h/db"), IsEmpty());
  EXPECT_THAT(Secrets("postgres://somebody@h/db"), IsEmpty());
}

TEST(SecretsIn, KeyInPlaceOfAUser) {
  const std::string key = MadeKey(32);
  EXPECT_THAT(Secrets("https://" + key + "@h/o/r"), ElementsAre(key));
}

TEST(SecretsIn, PartsOfThePath) {
  const std::string key = MadeKey(32);
  EXPECT_THAT(Secrets("https://h/a/" + key + "/mcp"), ElementsAre(key));
  EXPECT_THAT(Secrets("https://h/some-long-path-of-words-only/v1"), IsEmpty());
}

TEST(SecretsIn, QueryByName) {
  const std::string key = MadeKey(32);
  const std::string other = MadeKey(32, 3);
  EXPECT_THAT(Secrets("https://h/?a=1&api_key=" + key + "&region=" + other +
                      "#token=" + other),
              ElementsAre(key, other));
  EXPECT_THAT(Secrets("https://h/?api_key=${KEY}"), IsEmpty());
  EXPECT_THAT(Secrets("https://h/?api_key&=" + key), IsEmpty());
}

TEST(PortIn, OfAnAddressAHostOrAlone) {
  for (const char* text :
       {"8000", ":8000", "localhost:8000", "[::1]:8000", "127.0.0.1:8000/x",
        "http://localhost:8000", "https://u:1@h:8000/x?y=http://z:1",
        "tcp://0.0.0.0:8000", "80:localhost:8000"}) {
    EXPECT_EQ(PortIn(text), 8000U) << text;
  }
}

TEST(PortIn, NoneIsTold) {
  for (const char* text : {"", "a", "http://localhost", "http://[::1]/", "h:",
                           "h:x", "65536", "-1", "80a", "file:///srv/1"}) {
    EXPECT_EQ(PortIn(text), 0U) << text;
  }
}

TEST(IsLoopback, ThisMachineOnly) {
  for (const char* host :
       {"localhost", "LOCALHOST", "a.localhost", "127.0.0.1", "127.1", "[::1]",
        "::1", "0.0.0.0", "host.docker.internal"}) {
    EXPECT_TRUE(IsLoopback(host)) << host;
  }
  for (const char* host :
       {"", "example.com", "localhost.example.com", "127.example.com",
        "127.0.0.1.example.com", "192.0.2.127", "[::2]"}) {
    EXPECT_FALSE(IsLoopback(host)) << host;
  }
}

}  // namespace
}  // namespace keytidy::clients
