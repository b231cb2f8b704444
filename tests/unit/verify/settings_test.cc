// SPDX-License-Identifier: Apache-2.0
//
// [verify.PROVIDER] of a configuration.
#include "config/settings.h"

#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace keytidy::config {
namespace {

using Parameters = std::vector<std::pair<std::string, std::string>>;

std::vector<VerifySettings> Read(std::string_view text) {
  auto settings = ParseSettings("a.toml", std::string(text));
  EXPECT_TRUE(settings) << settings.error().message;
  if (!settings) return {};
  return std::move(settings->verify);
}

// The first line of what is wrong.
std::string ErrorOf(std::string_view text) {
  const auto settings = ParseSettings("a.toml", std::string(text));
  if (settings) return "no error";
  EXPECT_EQ(settings.error().code, ErrorCode::kInvalid);
  return settings.error().message.substr(0,
                                         settings.error().message.find('\n'));
}

TEST(VerifySettings, None) {
  EXPECT_TRUE(Read("").empty());
  EXPECT_TRUE(Read("[verify]\n").empty());
}

TEST(VerifySettings, BaseAndParameters) {
  const auto verify = Read(
      "[verify.konstantly]\nbase = 'https://a.konstantly.com'\n"
      "path = '/api/me'\nname = '/name'\n[verify.acme]\nword = 'x'\n");
  ASSERT_EQ(verify.size(), 2u);
  EXPECT_EQ(verify[0].provider, "konstantly");
  EXPECT_EQ(verify[0].base, "https://a.konstantly.com");
  EXPECT_EQ(verify[0].parameters,
            (Parameters{{"path", "/api/me"}, {"name", "/name"}}));
  EXPECT_EQ(verify[0].place.line, 1u);
  EXPECT_EQ(verify[0].place.column, 9u);
  EXPECT_EQ(verify[1].provider, "acme");
  EXPECT_EQ(verify[1].base, "");
  EXPECT_EQ(verify[1].parameters, (Parameters{{"word", "x"}}));
}

TEST(VerifySettings, AProviderWithNothing) {
  const auto verify = Read("[verify.acme]\n");
  ASSERT_EQ(verify.size(), 1u);
  EXPECT_EQ(verify[0].base, "");
  EXPECT_TRUE(verify[0].parameters.empty());
}

TEST(VerifySettings, OnlyTexts) {
  EXPECT_EQ(ErrorOf("[verify.acme]\nbase = 7\n"),
            "a.toml:2:8: verify: 'base' must be a text");
  EXPECT_EQ(ErrorOf("[verify.acme]\nbase = ''\n"),
            "a.toml:2:8: verify: 'base' must be a text");
  EXPECT_EQ(ErrorOf("[verify.acme]\npath = ['/a']\n"),
            "a.toml:2:8: verify: 'path' must be a text");
  EXPECT_EQ(ErrorOf("[verify.acme]\npath = true\n"),
            "a.toml:2:8: verify: 'path' must be a text");
  EXPECT_EQ(ErrorOf("[verify.acme.more]\n"),
            "a.toml:1:1: verify: 'more' must be a text");
}

TEST(VerifySettings, OnlyTables) {
  EXPECT_EQ(ErrorOf("[verify]\nacme = 'https://a.example'\n"),
            "a.toml:2:8: verify: 'acme' must be a table");
  EXPECT_EQ(ErrorOf("verify = 'https://a.example'\n"),
            "a.toml:1:10: keytidy.toml: 'verify' must be a table, not a "
            "string");
}

}  // namespace
}  // namespace keytidy::config
