// SPDX-License-Identifier: Apache-2.0
#include "clients/plain_secret.h"

#include <gtest/gtest.h>

#include <string>
#include <string_view>

#include "scene.h"

namespace keytidy::clients {
namespace {

TEST(NamesSecret, Secrets) {
  for (const char* name :
       {"EXA_API_KEY",  "Authorization",    "x-api-key",
        "clientSecret", "password",         "exaApiKey",
        "apikey",       "APIKEY",           "GITHUB_PERSONAL_ACCESS_TOKEN",
        "GITHUB_PAT",   "HF_TOKEN",         "AWS_SECRET_ACCESS_KEY",
        "DB_PASS",      "cookie",           "authtoken",
        "accessToken",  "openAIApiKey",     "api-key",
        "bearer_token", "GEMINI_API_KEY_2", "APP.SECRET"}) {
    EXPECT_TRUE(NamesSecret(name)) << name;
  }
}

TEST(NamesSecret, OtherSettings) {
  for (const char* name : {"",
                           "-",
                           "___",
                           "MAX_TOKENS",
                           "KEY_FILE",
                           "AUTH_TYPE",
                           "PUBLIC_KEY",
                           "monkey",
                           "keyboard",
                           "tokenizer",
                           "PATH",
                           "HOME",
                           "DATABASE_URL",
                           "API_KEY_ID",
                           "TOKEN_LIMIT",
                           "passenger",
                           "SSH_KEY_PATH",
                           "\xFF\xFE",
                           "NEXT_PUBLIC_API_KEY",
                           "url",
                           "secretName",
                           "AUTH_PROVIDER"}) {
    EXPECT_FALSE(NamesSecret(name)) << name;
  }
}

// A flag of supergateway.
TEST(NamesSecret, DigitBeforeAWord) {
  EXPECT_TRUE(NamesSecret("oauth2Bearer"));
}

TEST(IsFiller, WhatAPersonWroteForAnother) {
  for (const char* value :
       {"",           "YOUR_API_KEY", "your-key",     "<token>",
        "xxxx",       "XXXXXXXX",     "changeme",     "...",
        "sk-...",     "**REDACTED**", "your_api_key", "put-key-here",
        "[REDACTED]", "aaaaaaaa",     "sk-xxxxxxxx",  "example-key",
        "insert key", "placeholder",  "\xE2\x80\xA6", "********"}) {
    EXPECT_TRUE(IsFiller(value)) << value;
  }
}

TEST(IsFiller, Keys) {
  for (std::size_t seed = 0; seed < 20; ++seed) {
    EXPECT_FALSE(IsFiller(MadeKey(32, seed))) << MadeKey(32, seed);
  }
  EXPECT_FALSE(IsFiller("ab"));
}

// Prefixes of real keys begin as the verbs do.
TEST(IsFiller, LongerWordsAreNotFiller) {
  EXPECT_FALSE(IsFiller("enterprise_" + MadeKey(32)));
  EXPECT_FALSE(IsFiller("replacement_" + MadeKey(32)));
  EXPECT_FALSE(IsFiller("todoist-" + MadeKey(32)));
  EXPECT_TRUE(IsFiller("replaceme"));
  EXPECT_TRUE(IsFiller("ENTER_KEY"));
}

TEST(Bare, SchemesQuotesAndWhiteSpace) {
  EXPECT_EQ(Bare("abc"), "abc");
  EXPECT_EQ(Bare("Bearer abc"), "abc");
  EXPECT_EQ(Bare("bearer  'abc' "), "abc");
  EXPECT_EQ(Bare("\"Basic abc\"\r\n"), "abc");
  EXPECT_EQ(Bare("token abc"), "abc");
  EXPECT_EQ(Bare("`abc`"), "abc");
}

TEST(Bare, OneSchemeOnly) { EXPECT_EQ(Bare("Bearer token abc"), "token abc"); }

TEST(Bare, NothingLeft) {
  EXPECT_EQ(Bare(""), "");
  EXPECT_EQ(Bare(" \"' "), "");
  EXPECT_EQ(Bare("Bearer"), "Bearer");
  EXPECT_EQ(Bare("Bearer "), "Bearer");
  EXPECT_EQ(Bare("Bearerabc"), "Bearerabc");
}

TEST(PlainSecret, AKeyInClear) {
  const std::string key = MadeKey(32);
  EXPECT_EQ(PlainSecret("API_KEY", key), key);
  EXPECT_EQ(PlainSecret("Authorization", "Bearer " + key), key);
  EXPECT_EQ(PlainSecret("api-key", "'" + key + "'"), key);
}

TEST(PlainSecret, ViewIntoTheValue) {
  const std::string value = "Bearer " + MadeKey(32);
  const std::string_view found = PlainSecret("Authorization", value);
  EXPECT_EQ(found.data(), value.data() + 7);
}

TEST(PlainSecret, NameMustSaySo) {
  const std::string key = MadeKey(32);
  EXPECT_EQ(PlainSecret("REGION", key), "");
  EXPECT_EQ(PlainSecret("", key), "");
  EXPECT_EQ(PlainSecret("KEY_FILE", key), "");
}

TEST(PlainSecret, References) {
  for (const char* value :
       {"${NAME}", "$NAME", "%NAME%", "{env:NAME}", "Bearer ${env:NAME}",
        "op://vault/item/key", "${{ secrets.NAME }}", "__encrypted__:abcd1234",
        "$(op read op://a/b/c)", "${NAME:-}", "${input:key}"}) {
    EXPECT_EQ(PlainSecret("API_KEY", value), "") << value;
  }
}

TEST(PlainSecret, FallbackOfAReference) {
  const std::string key = MadeKey(32);
  EXPECT_EQ(PlainSecret("API_KEY", "${NAME:-" + key + "}"), key);
  EXPECT_EQ(PlainSecret("API_KEY", "Bearer ${A:-${B:-" + key + "}}"), key);
  EXPECT_EQ(PlainSecret("API_KEY", "${NAME:-changeme}"), "");
}

TEST(PlainSecret, WhatIsNone) {
  for (const char* value :
       {"", "abc", "YOUR_API_KEY", "<key>", "true", "none", "keychain",
        "/run/secrets/key1", "./key1.pem", "~/key1.pem", "C:\\keys\\key1.pem",
        "https://example.com/k3y", "1234567890", "3.141592653", "two words 12",
        "some-long-name", "aaaaaaaaaaaa"}) {
    EXPECT_EQ(PlainSecret("API_KEY", value), "") << value;
  }
}

TEST(PlainSecret, PasswordsMayBeShort) {
  EXPECT_EQ(PlainSecret("password", "pa55"), "pa55");
  EXPECT_EQ(PlainSecret("DB_PASS", "s3cret!"), "s3cret!");
  EXPECT_EQ(PlainSecret("password", "abc"), "");
  EXPECT_EQ(PlainSecret("password", "changeme"), "");
  EXPECT_EQ(PlainSecret("password", "${DB_PASS}"), "");
  EXPECT_EQ(PlainSecret("API_KEY", "pa55"), "");
}

TEST(PlainSecret, FallbacksInFallbacksEnd) {
  std::string value;
  for (int i = 0; i < 60'000; ++i) value += "${A:-";
  value += "changeme" + std::string(60'000, '}');
  EXPECT_EQ(PlainSecret("API_KEY", value), "");
}

TEST(PlainSecret, FallbacksUpToEightDeep) {
  const std::string key = MadeKey(32);
  const auto nested = [&](int depth) {
    std::string value = key;
    for (int i = 0; i < depth; ++i) value = "${A:-" + value + "}";
    return value;
  };
  EXPECT_EQ(PlainSecret("API_KEY", nested(8)), key);
  EXPECT_EQ(PlainSecret("API_KEY", nested(9)), "");
  EXPECT_EQ(PlainSecret("API_KEY", "${A:-changeme}${B:-" + key + "}"), key);
}

// A person may well have chosen one.
TEST(PlainSecret, PasswordsMayBeWordsAndNumbers) {
  EXPECT_EQ(PlainSecret("password", "swordfish"), "swordfish");
  EXPECT_EQ(PlainSecret("password", "123456"), "123456");
  EXPECT_EQ(PlainSecret("password", "none"), "");
}

TEST(PlainSecret, BytesThatAreNoText) {
  EXPECT_EQ(PlainSecret("\xFF", "\xFF\x00\xFE"), "");
  EXPECT_EQ(PlainSecret("API_KEY", std::string(100, '\0')), "");
}

TEST(LooksRandom, OnlyWhatNobodyTypes) {
  EXPECT_TRUE(LooksRandom(MadeKey(20)));
  EXPECT_TRUE(LooksRandom(MadeKey(64)));
  EXPECT_FALSE(LooksRandom(MadeKey(19)));
  EXPECT_FALSE(LooksRandom(""));
  EXPECT_FALSE(LooksRandom("a-long-name-of-words-only"));
  EXPECT_FALSE(LooksRandom("123456789012345678901234"));
  EXPECT_FALSE(LooksRandom("a1a1a1a1a1a1a1a1a1a1a1a1"));
  EXPECT_FALSE(LooksRandom(MadeKey(32) + "/a"));
  EXPECT_FALSE(LooksRandom("your_" + MadeKey(32)));
}

}  // namespace
}  // namespace keytidy::clients
