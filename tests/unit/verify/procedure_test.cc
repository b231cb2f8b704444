// SPDX-License-Identifier: Apache-2.0
#include "verify/procedure.h"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <string>
#include <string_view>
#include <vector>

#include "unit/temp_dir.h"

namespace keytidy::verify {
namespace {

// What is sent back after answers with these lines of Set-Cookie.
std::string After(const std::vector<std::string>& lines) {
  CookieJar jar;
  for (const std::string& line : lines) {
    HttpAnswer answer;
    answer.headers.emplace_back("set-cookie", line);
    jar.Take(answer);
  }
  return jar.Header();
}

TEST(CookieJar, Empty) {
  EXPECT_EQ(CookieJar().Header(), "");
  EXPECT_EQ(After({}), "");
}

TEST(CookieJar, NameAndValueOnly) {
  EXPECT_EQ(After({"session=a1; Path=/; HttpOnly; Secure"}), "session=a1");
  EXPECT_EQ(After({"session=a=b==; Path=/"}), "session=a=b==");
  EXPECT_EQ(After({"session=a1"}), "session=a1");
}

TEST(CookieJar, SeveralOfOneAnswerInTheirOrder) {
  HttpAnswer answer;
  answer.headers = {{"set-cookie", "b=1; Path=/"},
                    {"content-type", "x=y"},
                    {"set-cookie", "a=2"}};
  CookieJar jar;
  jar.Take(answer);
  EXPECT_EQ(jar.Header(), "b=1; a=2");
}

TEST(CookieJar, TheLaterValueCounts) {
  EXPECT_EQ(After({"a=1", "b=2", "a=3"}), "a=3; b=2");
}

// How a server takes one back.
TEST(CookieJar, AnEmptyValueTakesItBack) {
  EXPECT_EQ(After({"a=1", "b=2", "a=; Max-Age=0"}), "b=2");
  EXPECT_EQ(After({"a=; Max-Age=0"}), "");
  EXPECT_EQ(After({"a=1", "a=", "a=3"}), "a=3");
}

TEST(CookieJar, WhatIsNoCookie) {
  EXPECT_EQ(After({"", "a", "=b", ";a=b", "; a=b", "a=1"}), "a=1");
}

TEST(CookieJar, IsBounded) {
  CookieJar jar;
  for (int i = 0; i < 1000; ++i) {
    HttpAnswer answer;
    answer.headers.emplace_back(
        "set-cookie",
        "c" + std::to_string(i) + "=" + std::string(20, 'x') + "; Path=/");
    jar.Take(answer);
  }
  EXPECT_LT(jar.Header().size(), 50u * 30);
  EXPECT_EQ(After({"a=" + std::string(10'000, 'x'), "b=1"}), "b=1");
  EXPECT_EQ(After({"a=" + std::string(8190, 'x')}).size(), 8192u);
}

// One that was known may still change where there is no room for others.
TEST(CookieJar, AKnownOneChangesWhenItIsFull) {
  CookieJar jar;
  HttpAnswer answer;
  for (int i = 0; i < 60; ++i) {
    answer.headers.emplace_back("set-cookie", "c" + std::to_string(i) + "=old");
  }
  answer.headers.emplace_back("set-cookie", "c0=new");
  jar.Take(answer);
  EXPECT_EQ(jar.Header().substr(0, 15), "c0=new; c1=old;");
}

TEST(WriteSecret, ALineThatNobodyElseReads) {
  const TempDir dir;
  ASSERT_TRUE(WriteSecret(dir / "key", Secret(std::string_view("new-key"))));
  EXPECT_EQ(dir.Read("key"), "new-key\n");
  struct stat info = {};
  ASSERT_EQ(stat((dir / "key").c_str(), &info), 0);
  EXPECT_EQ(info.st_mode & 07777, 0600u);
}

TEST(WriteSecret, ReplacesNothing) {
  const TempDir dir;
  dir.Write("key", "mine");
  dir.Symlink("link", dir / "target");
  const Secret secret(std::string_view("new-key"));
  for (const std::string_view name : {"key", "link"}) {
    const Status written = WriteSecret(dir / name, secret);
    ASSERT_FALSE(written) << name;
    EXPECT_EQ(written.error().message.find("new-key"), std::string::npos);
  }
  EXPECT_EQ(dir.Read("key"), "mine");
  EXPECT_EQ(dir.Names(), (std::vector<std::string>{"key", "link"}));
  EXPECT_FALSE(WriteSecret(dir / "no/such", secret));
}

}  // namespace
}  // namespace keytidy::verify
