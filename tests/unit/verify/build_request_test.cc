// SPDX-License-Identifier: Apache-2.0
#include "verify/build_request.h"

#include <gtest/gtest.h>

#include <random>
#include <string>
#include <string_view>

namespace keytidy::verify {
namespace {

constexpr std::string_view kKey = "top/secret+key \"42\"";

Step StepOf(std::string url = "https://api.example.com/me") {
  Step out;
  out.url = std::move(url);
  return out;
}

Values ValuesOf(std::string_view key = kKey) {
  Values out;
  out.SetSecret("secret", key, "to********");
  out.SetSecret("other", "half-of-it", "ha********");
  out.SetRaw("base", "https://notes.example.com/k");
  out.Set("name", "x y");
  out.Set("none", "");
  out.Set("time", "1700000000");
  return out;
}

Request Built(const Step& step, const Values& values = ValuesOf()) {
  auto out = BuildRequest(step, values);
  EXPECT_TRUE(out) << out.error().message;
  return out ? *std::move(out) : Request();
}

std::string ErrorOf(const Step& step, const Values& values = ValuesOf()) {
  const auto out = BuildRequest(step, values);
  if (out) return "no error";
  EXPECT_EQ(out.error().code, ErrorCode::kInvalid);
  return out.error().message;
}

std::string Described(const Step& step, const Values& values = ValuesOf()) {
  const auto out = DescribeRequest(step, values);
  EXPECT_TRUE(out) << out.error().message;
  return out.value_or("error");
}

TEST(BuildRequest, MethodUrlAndHeaders) {
  Step step = StepOf("%{base}/me/%{name}?k=%{secret}");
  step.headers = {{"Authorization", "Bearer %{secret}"}, {"Accept", "*/*"}};
  const Request request = Built(step);
  EXPECT_EQ(request.method, "GET");
  EXPECT_EQ(request.url,
            "https://notes.example.com/k/me/x%20y?k=top%2Fsecret%2Bkey%20"
            "%2242%22");
  EXPECT_EQ(request.headers,
            (NamedTexts{{"Authorization", "Bearer top/secret+key \"42\""},
                        {"Accept", "*/*"}}));
  EXPECT_FALSE(request.has_body);
  EXPECT_EQ(request.body, "");
  EXPECT_EQ(request.user, "");
  EXPECT_EQ(request.aws_sigv4, "");
}

TEST(BuildRequest, AHeaderOfNothingIsLeftOut) {
  Step step = StepOf();
  step.headers = {{"X-Token", "%{none}"}, {"X-Name", "[%{none}]"}};
  EXPECT_EQ(Built(step).headers, (NamedTexts{{"X-Name", "[]"}}));
}

TEST(BuildRequest, Basic) {
  Step step = StepOf();
  step.basic = "%{other}:%{secret}";
  EXPECT_EQ(Built(step).user, "half-of-it:" + std::string(kKey));
}

TEST(BuildRequest, Form) {
  Step step = StepOf();
  step.method = "POST";
  step.form = {{"grant type", "a&b=c"}, {"key", "%{secret}"}};
  const Request request = Built(step);
  EXPECT_TRUE(request.has_body);
  EXPECT_EQ(request.body,
            "grant+type=a%26b%3Dc&key=top%2Fsecret%2Bkey+%2242%22");
  EXPECT_EQ(
      request.headers,
      (NamedTexts{{"Content-Type", "application/x-www-form-urlencoded"}}));
}

TEST(BuildRequest, Json) {
  Step step = StepOf();
  step.method = "POST";
  step.json = R"({"key":"%{secret}"})";
  const Request request = Built(step);
  EXPECT_EQ(request.body, R"({"key":"top/secret+key \"42\""})");
  EXPECT_EQ(request.headers,
            (NamedTexts{{"Content-Type", "application/json"}}));
}

TEST(BuildRequest, TheRecipesContentTypeCounts) {
  Step step = StepOf();
  step.json = "{}";
  step.headers = {{"content-TYPE", "application/vnd.api+json"}};
  EXPECT_EQ(Built(step).headers,
            (NamedTexts{{"content-TYPE", "application/vnd.api+json"}}));
}

TEST(BuildRequest, BodyAsItIs) {
  Step step = StepOf();
  step.method = "POST";
  step.body = "<k>%{secret}</k>";
  const Request request = Built(step);
  EXPECT_EQ(request.body, "<k>top/secret+key \"42\"</k>");
  EXPECT_EQ(request.headers, NamedTexts());
}

TEST(BuildRequest, WhatIsPostedHasABody) {
  for (const std::string_view method : {"POST", "PUT", "PATCH"}) {
    Step step = StepOf();
    step.method = method;
    EXPECT_TRUE(Built(step).has_body) << method;
  }
  for (const std::string_view method : {"GET", "HEAD", "DELETE"}) {
    Step step = StepOf();
    step.method = method;
    EXPECT_FALSE(Built(step).has_body) << method;
  }
}

TEST(BuildRequest, AMissingValueIsNamed) {
  Step step = StepOf("https://api.example.com%{path}");
  for (const auto& out :
       {BuildRequest(step, ValuesOf()).map([](const Request&) { return 0; }),
        DescribeRequest(step, ValuesOf()).map([](const std::string&) {
          return 0;
        })}) {
    ASSERT_FALSE(out);
    EXPECT_EQ(out.error().code, ErrorCode::kNotFound);
    EXPECT_EQ(out.error().message, "path");
  }
}

TEST(BuildRequest, NoLineBreakInAHeader) {
  Step step = StepOf();
  step.headers = {{"Authorization", "Bearer %{secret}"}};
  for (const char c : {'\n', '\r', '\0', '\t', '\x01', '\x1F', '\x7F'}) {
    for (const std::string& key :
         {std::string("ab") + c + "X-Evil: 1", std::string(1, c) + "ab",
          std::string("ab") + c}) {
      EXPECT_EQ(ErrorOf(step, ValuesOf(key)),
                "the key holds a character that no header may hold");
    }
  }
}

TEST(BuildRequest, ALineBreakIsFineWhereItIsEscaped) {
  const Values values = ValuesOf("a\r\nb");
  Step step = StepOf("https://api.example.com/%{secret}");
  step.form = {{"key", "%{secret}"}};
  EXPECT_EQ(Built(step, values).url, "https://api.example.com/a%0D%0Ab");
  EXPECT_EQ(Built(step, values).body, "key=a%0D%0Ab");
  step.form.clear();
  step.json = "\"%{secret}\"";
  EXPECT_EQ(Built(step, values).body, "\"a\\u000d\\u000ab\"");
}

TEST(BuildRequest, NoBlankInAUrl) {
  for (const std::string_view raw :
       {"https://a.example/x y", "https://a.example/x\ny",
        "https://a.example/\r\nHost: b", "https://a.example/\x7F"}) {
    Values values = ValuesOf();
    values.SetRaw("base", raw);
    EXPECT_EQ(ErrorOf(StepOf("%{base}/me"), values),
              "the URL holds a blank or a line break")
        << raw;
  }
}

TEST(BuildRequest, AwsSigV4) {
  Step step = StepOf();
  step.sign.kind = Signature::Kind::kAwsSigV4;
  step.sign.service = "sts";
  step.sign.region = "us-east-1";
  step.sign.key_id = "%{other}";
  const Request request = Built(step);
  EXPECT_EQ(request.user, "half-of-it:" + std::string(kKey));
  EXPECT_EQ(request.aws_sigv4, "aws:amz:us-east-1:sts");
  EXPECT_EQ(Described(step),
            "GET https://api.example.com/me\n"
            "Authorization: AWS Signature Version 4 for sts in us-east-1, as "
            "ha********\n");
}

Step HmacStep() {
  Step step = StepOf();
  step.sign.kind = Signature::Kind::kHmacSha256;
  step.sign.header = "X-Signature";
  step.sign.message = "what do ya want for nothing?";
  return step;
}

// RFC 4231, case 2.
TEST(BuildRequest, Hmac) {
  Step step = HmacStep();
  EXPECT_EQ(Built(step, ValuesOf("Jefe")).headers,
            (NamedTexts{{"X-Signature",
                         "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec5"
                         "8b964ec3843"}}));
  step.sign.encoding = Signature::Encoding::kBase64;
  const std::string base64 = "W9zBRr9gdU5qBCQmCJV1x1oAPwidJzmDnexYuWTsOEM=";
  EXPECT_EQ(Built(step, ValuesOf("Jefe")).headers,
            (NamedTexts{{"X-Signature", base64}}));
  step.sign.base64_key = true;
  for (const std::string_view key : {"SmVmZQ==", "SmVmZQ"}) {
    EXPECT_EQ(Built(step, ValuesOf(key)).headers,
              (NamedTexts{{"X-Signature", base64}}));
  }
}

TEST(BuildRequest, AnHmacOverTheTime) {
  Step step = HmacStep();
  step.sign.message = "%{time}GET/me";
  const std::string first = Built(step).headers[0].second;
  Values later = ValuesOf();
  later.Set("time", "1700000001");
  EXPECT_EQ(first.size(), 64u);
  EXPECT_NE(Built(step, later).headers[0].second, first);
}

TEST(BuildRequest, AKeyThatIsNoBase64) {
  Step step = HmacStep();
  step.sign.base64_key = true;
  for (const std::string_view key : {"a b", "a=b", "ab\n", "\xFF\xFF"}) {
    EXPECT_EQ(ErrorOf(step, ValuesOf(key)),
              "the key is not the base64 it should be");
  }
}

TEST(DescribeRequest, AsAPersonReadsIt) {
  Step step = StepOf("%{base}/me?k=%{secret}");
  step.method = "POST";
  step.headers = {{"Authorization", "Bearer %{secret}"}};
  step.basic = "%{other}:%{secret}";
  step.form = {{"key", "%{secret}"}, {"name", "%{name}"}};
  EXPECT_EQ(Described(step),
            "POST https://notes.example.com/k/me?k=to********\n"
            "Authorization: Bearer to********\n"
            "Content-Type: application/x-www-form-urlencoded\n"
            "Authorization: Basic, as ha********:to********\n"
            "\nkey=to********&name=x y\n");
}

TEST(DescribeRequest, AnHmac) {
  EXPECT_EQ(Described(HmacStep()),
            "GET https://api.example.com/me\n"
            "X-Signature: HMAC-SHA256 made with the key\n");
}

// Wherever a recipe puts the keys, the description has none of them.
TEST(DescribeRequest, NeverHoldsAKey) {
  constexpr std::string_view kBytes = "abcXYZ019-._~ /+=&%?#\"\\\xC3\xA4";
  std::mt19937 random(6);
  const auto piece = [&] {
    constexpr std::string_view kPieces[] = {"%{secret}", "%{other}", "x",
                                            "%{name}",   ":",        "%{time}"};
    std::string out;
    for (std::size_t n = 1 + random() % 4; n > 0; --n) {
      out += kPieces[random() % std::size(kPieces)];
    }
    return out;
  };
  for (int i = 0; i < 2000; ++i) {
    std::string keys[2];
    for (std::string& key : keys) {
      for (std::size_t n = 12 + random() % 12; n > 0; --n) {
        key += kBytes[random() % kBytes.size()];
      }
    }
    Values values = ValuesOf(keys[0]);
    values.SetSecret("other", keys[1], "****");
    Step step = StepOf("https://api.example.com/" + piece());
    step.headers = {{"X-A", piece()}, {"X-B", piece()}};
    if (random() % 2 == 0) step.basic = piece();
    switch (random() % 4) {
      case 0:
        step.form = {{"a", piece()}, {"b", piece()}};
        break;
      case 1:
        step.json = "\"" + piece() + "\"";
        break;
      case 2:
        step.body = piece();
        break;
      default:
        break;
    }
    if (random() % 3 == 0) {
      step.sign.kind = random() % 2 == 0 ? Signature::Kind::kAwsSigV4
                                         : Signature::Kind::kHmacSha256;
      step.sign.key_id = step.sign.message = piece();
    }
    const std::string text = Described(step, values);
    for (const std::string& key : keys) {
      for (const Escape escape :
           {Escape::kNone, Escape::kUrl, Escape::kJson, Escape::kForm}) {
        ASSERT_EQ(text.find(Escaped(key, escape)), std::string::npos) << text;
      }
    }
  }
}

}  // namespace
}  // namespace keytidy::verify
