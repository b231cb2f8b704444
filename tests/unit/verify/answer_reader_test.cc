// SPDX-License-Identifier: Apache-2.0
#include "verify/answer_reader.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace keytidy::verify {
namespace {

using Texts = std::vector<std::string>;

constexpr std::string_view kKey = "kry_abcdefghijklmnop";

std::optional<std::string> AsItIs(std::string_view text) {
  return std::string(text);
}

HttpAnswer AnswerOf(std::string body, NamedTexts headers = {}) {
  HttpAnswer out;
  out.status = 200;
  out.headers = std::move(headers);
  out.body = std::move(body);
  return out;
}

Condition ConditionOf(int first, int last) {
  Condition out;
  out.status = {{first, last}};
  return out;
}

bool Holds(const HttpAnswer& answer, const Condition& condition,
           const Filler& fill = AsItIs) {
  return AnswerReader(answer).Holds(condition, fill);
}

bool JsonHolds(std::string body, std::string pointer, std::string what) {
  Condition condition = ConditionOf(200, 200);
  condition.json = {{std::move(pointer), std::move(what)}};
  return Holds(AnswerOf(std::move(body)), condition);
}

KeyFacts Read(const HttpAnswer& answer, const MetadataFields& fields,
              std::string_view key = kKey, const Filler& fill = AsItIs) {
  const Secret secret(key);
  return AnswerReader(answer).Read(fields, secret, fill);
}

// What is read as the key's name.
std::string NameIn(std::string body, std::string place = "/name",
                   std::string_view key = kKey) {
  MetadataFields fields;
  fields.name = std::move(place);
  return Read(AnswerOf(std::move(body)), fields, key).name;
}

Texts ScopesIn(std::string body, std::string_view key = kKey) {
  MetadataFields fields;
  fields.scopes = "/scopes";
  return Read(AnswerOf(std::move(body)), fields, key).scopes;
}

// The id of the row that is the key's, by its first 8 bytes.
std::string RowIn(std::string body, RowSelector row = {"/data", "/p", 8, 0, ""},
                  const Filler& fill = AsItIs) {
  MetadataFields fields;
  fields.row = std::move(row);
  fields.key_id = "row:/id";
  return Read(AnswerOf(std::move(body)), fields, kKey, fill).key_id;
}

TEST(Holds, Status) {
  Condition condition;
  EXPECT_FALSE(Holds(AnswerOf(""), condition));
  condition.status = {{401, 401}, {200, 204}};
  HttpAnswer answer = AnswerOf("");
  for (const auto& [status, wanted] :
       {std::pair(199, false), std::pair(200, true), std::pair(204, true),
        std::pair(205, false), std::pair(401, true), std::pair(0, false)}) {
    answer.status = status;
    EXPECT_EQ(Holds(answer, condition), wanted) << status;
  }
}

TEST(Holds, Headers) {
  Condition condition = ConditionOf(200, 200);
  condition.headers = {{"x-kind", "api*key"}};
  EXPECT_TRUE(Holds(AnswerOf("", {{"x-kind", "api-key"}}), condition));
  EXPECT_TRUE(Holds(AnswerOf("", {{"x-kind", "apikey"}}), condition));
  EXPECT_TRUE(Holds(AnswerOf("", {{"x-kind", "no"}, {"x-kind", "api key"}}),
                    condition));
  EXPECT_FALSE(Holds(AnswerOf("", {{"x-kind", "api-keys"}}), condition));
  EXPECT_FALSE(Holds(AnswerOf("", {{"x-kinds", "api-key"}}), condition));
  EXPECT_FALSE(Holds(AnswerOf(""), condition));
}

TEST(Holds, GlobsOverWholeTexts) {
  const auto matches = [](std::string glob, std::string text) {
    return JsonHolds("{\"a\":\"" + text + "\"}", "/a", std::move(glob));
  };
  EXPECT_TRUE(matches("", ""));
  EXPECT_TRUE(matches("*", ""));
  EXPECT_TRUE(matches("*", "abc"));
  EXPECT_TRUE(matches("a*c", "ac"));
  EXPECT_TRUE(matches("a*b*c", "aXbYc"));
  EXPECT_TRUE(matches("*b*", "abc"));
  EXPECT_TRUE(matches("**", "x"));
  EXPECT_FALSE(matches("", "x"));
  EXPECT_FALSE(matches("a", "ab"));
  EXPECT_FALSE(matches("ab*bc", "abc"));
  EXPECT_FALSE(matches("a*b*c", "acb"));
  EXPECT_FALSE(matches("a?c", "abc"));
  EXPECT_FALSE(matches("[a]", "a"));
  EXPECT_FALSE(matches("A", "a"));
}

TEST(Holds, TypesOfJson) {
  const std::string body =
      R"({"s":"x","es":"","n":0,"b":false,"a":[1],"ea":[],"o":{"k":1},)"
      R"("eo":{},"z":null})";
  const struct {
    std::string_view what;
    std::string_view holds;  // of s es n b a ea o eo z and what is not there
  } kCases[] = {{"@string", "s"},
                {"@number", "n"},
                {"@bool", "b"},
                {"@array", "a ea"},
                {"@object", "o eo"},
                {"@null", "z"},
                {"@any", "s es n b a ea o eo"},
                {"@absent", "es ea eo z none"}};
  for (const auto& one : kCases) {
    for (const std::string_view name :
         {"s", "es", "n", "b", "a", "ea", "o", "eo", "z", "none"}) {
      const std::string list = " " + std::string(one.holds) + " ";
      const bool wanted =
          list.find(" " + std::string(name) + " ") != std::string::npos;
      EXPECT_EQ(JsonHolds(body, "/" + std::string(name), std::string(one.what)),
                wanted)
          << one.what << " " << name;
    }
  }
}

TEST(Holds, GlobsOverScalars) {
  EXPECT_TRUE(JsonHolds("{\"a\":true}", "/a", "true"));
  EXPECT_TRUE(JsonHolds("{\"a\":false}", "/a", "f*"));
  EXPECT_TRUE(JsonHolds("{\"a\":1020}", "/a", "1020"));
  EXPECT_TRUE(JsonHolds("{\"a\":-3}", "/a", "-*"));
  EXPECT_FALSE(JsonHolds("{\"a\":null}", "/a", "null"));
  EXPECT_FALSE(JsonHolds("{\"a\":[]}", "/a", "*"));
  EXPECT_FALSE(JsonHolds("{\"a\":{}}", "/a", "*"));
  EXPECT_FALSE(JsonHolds("{}", "/a", "*"));
}

TEST(Holds, Pointers) {
  const std::string body = R"({"a":[{"b/c":1,"d~e":2}],"":3})";
  EXPECT_TRUE(JsonHolds(body, "", "@object"));
  EXPECT_TRUE(JsonHolds(body, "/", "3"));
  EXPECT_TRUE(JsonHolds(body, "/a/0/b~1c", "1"));
  EXPECT_TRUE(JsonHolds(body, "/a/0/d~0e", "2"));
  EXPECT_TRUE(JsonHolds("[7]", "/0", "7"));
  EXPECT_TRUE(JsonHolds("\"x\"", "", "x"));
}

// Pointers that lead nowhere, and such as are none, hold nothing.
TEST(Holds, PointersThatLeadNowhere) {
  const std::string body = R"({"a":[1],"s":"x"})";
  for (const std::string_view pointer :
       {"/a/1", "/a/-", "/a/00", "/a/01", "/a/x", "/a/-1", "/a/0/b", "/s/0",
        "/s/x", "/b/c/d", "a", "a/0", "/~", "/~2", "/a~",
        "/a/99999999999999999999999", "/a/18446744073709551615"}) {
    EXPECT_FALSE(JsonHolds(body, std::string(pointer), "@any")) << pointer;
    EXPECT_TRUE(JsonHolds(body, std::string(pointer), "@absent")) << pointer;
  }
}

TEST(Holds, WhatIsNoJsonHoldsNoJson) {
  for (const std::string_view body :
       {"", " ", "<html>", "{", "{\"a\":1", "{\"a\":1}x", "{'a':1}", "nul",
        "{\"a\":1,}", "[1e999]", "\xFF", "{\"a\":\"\xFF\"}", "\"\xC3\x28\"",
        "{\"a\":\"\\ud800\"}", "{\"a\":01}", "\"a\nb\""}) {
    EXPECT_FALSE(JsonHolds(std::string(body), "", "@any")) << body;
    EXPECT_FALSE(JsonHolds(std::string(body), "/none", "@absent")) << body;
  }
}

TEST(Holds, TextAndEmptyBody) {
  Condition condition = ConditionOf(200, 200);
  condition.text = {"one", "two"};
  EXPECT_TRUE(Holds(AnswerOf("<b>two</b> one"), condition));
  EXPECT_FALSE(Holds(AnswerOf("one"), condition));
  EXPECT_FALSE(Holds(AnswerOf("One two"), condition));
  Condition empty = ConditionOf(200, 200);
  empty.empty_body = true;
  EXPECT_TRUE(Holds(AnswerOf(""), empty));
  EXPECT_FALSE(Holds(AnswerOf(" "), empty));
}

TEST(Holds, AllThatIsSetMustHold) {
  Condition condition = ConditionOf(200, 200);
  condition.headers = {{"x", "1"}};
  condition.json = {{"/a", "1"}, {"/b", "2"}};
  condition.text = {"a"};
  const NamedTexts headers = {{"x", "1"}};
  EXPECT_TRUE(Holds(AnswerOf("{\"a\":1,\"b\":2}", headers), condition));
  EXPECT_FALSE(Holds(AnswerOf("{\"a\":1,\"b\":3}", headers), condition));
  EXPECT_FALSE(Holds(AnswerOf("{\"a\":1,\"b\":2}"), condition));
}

TEST(Holds, FillsPointers) {
  Condition condition = ConditionOf(200, 200);
  condition.json = {{"%{where}", "1"}};
  const HttpAnswer answer = AnswerOf("{\"a\":1}");
  std::string asked;
  EXPECT_TRUE(Holds(answer, condition, [&](std::string_view text) {
    asked = text;
    return std::optional<std::string>("/a");
  }));
  EXPECT_EQ(asked, "%{where}");
  const Filler nothing = [](std::string_view) { return std::nullopt; };
  EXPECT_FALSE(Holds(answer, condition, nothing));
  condition.json = {{"%{where}", "@absent"}};
  EXPECT_FALSE(Holds(answer, condition, nothing));
}

TEST(Hostile, DeepJson) {
  const auto deep = [](std::size_t n) {
    return std::string(n, '[') + "1" + std::string(n, ']');
  };
  EXPECT_TRUE(JsonHolds(deep(64), "", "@array"));
  EXPECT_FALSE(JsonHolds(deep(65), "", "@array"));
  EXPECT_FALSE(JsonHolds(deep(1'000'000), "", "@array"));
  EXPECT_FALSE(JsonHolds(std::string(1'000'000, '['), "", "@any"));
  std::string objects;
  for (int i = 0; i < 100'000; ++i) objects += "{\"a\":";
  EXPECT_FALSE(JsonHolds(objects, "", "@any"));
  // Brackets in strings are no depth; behind an escape the string goes on.
  EXPECT_TRUE(JsonHolds("\"" + std::string(100, '[') + "\"", "", "@string"));
  EXPECT_TRUE(JsonHolds("\"\\\"" + std::string(100, '{') + "\"", "", "@any"));
}

TEST(Hostile, HugeNumbers) {
  EXPECT_TRUE(JsonHolds("{\"a\":18446744073709551615}", "/a", "@number"));
  EXPECT_TRUE(JsonHolds("{\"a\":-9223372036854775808}", "/a", "@number"));
  const std::string digits(400, '9');
  EXPECT_FALSE(JsonHolds("{\"a\":" + digits + "}", "/a", "@number"));
  EXPECT_EQ(NameIn("{\"name\":18446744073709551616}"),
            "1.8446744073709552e+19");
  MetadataFields fields;
  fields.created = "/at";
  for (const std::string_view at :
       {"18446744073709551615", "-1", "1e300", "1.5", "999999999999999",
        "\"9999999999999999999999\"", "true", "[]", "{}", "null", "\"\""}) {
    const std::string body = fmt::format("{{\"at\":{}}}", at);
    EXPECT_EQ(Read(AnswerOf(body), fields).created, std::nullopt) << at;
  }
}

// Whichever of two counts, it is one of them, and the same each time.
TEST(Hostile, DuplicateKeys) {
  const std::string body = R"({"a":"x","a":"y"})";
  EXPECT_NE(JsonHolds(body, "/a", "x"), JsonHolds(body, "/a", "y"));
}

TEST(Hostile, InvalidUtf8) {
  MetadataFields fields;
  fields.name = "header:x-name";
  EXPECT_EQ(Read(AnswerOf("", {{"x-name", "a\xFF\x80z"}}), fields).name,
            "a\xEF\xBF\xBD\xEF\xBF\xBDz");
  EXPECT_EQ(NameIn("{\"name\":\"a\xFFz\"}"), "");
}

TEST(Read, PointersHeadersAndTimes) {
  MetadataFields fields;
  fields.key_id = "/id";
  fields.name = "/key/name";
  fields.owner = "header:X-Owner";
  fields.account = "/none";
  fields.scopes = "/scopes";
  fields.created = "/created";
  fields.expires = "/expires";
  fields.last_used = "header:x-used";
  const KeyFacts facts = Read(
      AnswerOf(R"({"id":7,"key":{"name":"ci"},"scopes":["a","b c",1,true],)"
               R"("created":"2026-03-31T10:00:00Z","expires":1774951200000})",
               {{"x-owner", "ada"},
                {"x-used",
                 "Sun, 06 Nov 1994 08:49:37 "
                 "GMT"}}),
      fields);
  KeyFacts wanted;
  wanted.key_id = "7";
  wanted.name = "ci";
  wanted.owner = "ada";
  wanted.scopes = {"a", "b c", "1", "true"};
  wanted.created = 1774951200;
  wanted.expires = 1774951200;
  wanted.last_used = 784111777;
  EXPECT_EQ(facts, wanted);
}

TEST(Read, NothingWhereNothingIsTold) {
  EXPECT_EQ(Read(AnswerOf("{\"name\":\"x\"}"), MetadataFields()), KeyFacts());
  EXPECT_EQ(NameIn("{\"name\":null}"), "");
  EXPECT_EQ(NameIn("{\"name\":[\"x\"]}"), "");
  EXPECT_EQ(NameIn("{\"name\":{\"x\":1}}"), "");
  EXPECT_EQ(NameIn("no json"), "");
  EXPECT_EQ(NameIn("{\"name\":\"x\"}", "row:/name"), "");
  EXPECT_EQ(NameIn("{\"name\":\"x\"}", "header:name"), "");
}

TEST(Read, Scopes) {
  EXPECT_EQ(ScopesIn(R"({"scopes":"read, write  admin,"})"),
            (Texts{"read", "write", "admin"}));
  EXPECT_EQ(ScopesIn(R"({"scopes":""})"), Texts());
  EXPECT_EQ(ScopesIn(R"({"scopes":[]})"), Texts());
  EXPECT_EQ(ScopesIn(R"({"scopes":["a",null,[],{},""]})"), Texts{"a"});
  EXPECT_EQ(ScopesIn(R"({"scopes":{"a":true}})"), Texts());
  MetadataFields fields;
  fields.scopes = "header:x-scopes";
  EXPECT_EQ(Read(AnswerOf("", {{"x-scopes", "repo, user"}}), fields).scopes,
            (Texts{"repo", "user"}));
}

TEST(Read, ScopesOfARow) {
  MetadataFields fields;
  fields.row = RowSelector{"", "/p", 8, 0, ""};
  fields.scopes = "row:/scopes";
  EXPECT_EQ(Read(AnswerOf(R"([{"p":"kry_abcd","scopes":["a"]},)"
                          R"({"p":"kry_zzzz","scopes":["b"]}])"),
                 fields)
                .scopes,
            Texts{"a"});
}

TEST(Read, ABoundOnScopes) {
  std::string list;
  for (int i = 0; i < 500; ++i) list += fmt::format("\"s{}\",", i);
  list.pop_back();
  EXPECT_EQ(ScopesIn("{\"scopes\":[" + list + "]}").size(), 100u);
}

TEST(Read, OneLineOfBoundedLength) {
  EXPECT_EQ(NameIn(R"({"name":"a\nb\u0000c\u001b[31m\u007f"})"), "a b c [31m ");
  EXPECT_EQ(NameIn("{\"name\":\"" + std::string(256, 'x') + "\"}"),
            std::string(256, 'x'));
  EXPECT_EQ(NameIn("{\"name\":\"" + std::string(100'000, 'x') + "\"}"),
            std::string(253, 'x'));
  for (std::size_t n = 240; n < 260; ++n) {
    const std::string name =
        NameIn("{\"name\":\"" + std::string(n, 'x') +
               "\xF0\x9F\x94\x91\xF0\x9F\x94\x91\xF0\x9F\x94\x91\"}");
    EXPECT_LE(name.size(), 256u) << n;
  }
}

TEST(Read, AKeyThatTheAnswerRepeatsIsLeftOut) {
  const std::string key(kKey);
  EXPECT_EQ(NameIn("{\"name\":\"" + key + "\"}"), "");
  EXPECT_EQ(NameIn("{\"name\":\"the key " + key + "!\"}"), "");
  EXPECT_EQ(NameIn("{\"name\":\"kry_abcd\"}"), "kry_abcd");
  EXPECT_EQ(ScopesIn("{\"scopes\":[\"a\",\"" + key + "\"]}"), Texts{"a"});
  EXPECT_EQ(ScopesIn("{\"scopes\":\"a " + key + "\"}"), Texts());
  EXPECT_EQ(NameIn("{\"name\":1234567890123456}", "/name", "1234567890123456"),
            "");
  // Written with escapes it is the same text.
  EXPECT_EQ(NameIn(R"({"name":"\u006bry_abcdefghijklmnop"})"), "");
  MetadataFields fields;
  fields.owner = "header:x-key";
  EXPECT_EQ(Read(AnswerOf("", {{"x-key", key}}), fields).owner, "");
}

// A link that holds the key says it too.
TEST(Read, AKeyThatTheAnswerRepeatsEscapedIsLeftOut) {
  const std::string_view key = "ab/cd+ef==ghijkl";
  EXPECT_EQ(
      NameIn(R"({"name":"/k?key=ab%2Fcd%2Bef%3D%3Dghijkl"})", "/name", key),
      "");
}

// What is cleaned must not become the key.
TEST(Read, ACleanedTextIsNotTheKey) {
  EXPECT_EQ(
      NameIn(R"({"name":"pass\tword phrase"})", "/name", "pass word phrase"),
      "");
}

TEST(Row, ByFirstBytes) {
  EXPECT_EQ(
      RowIn(R"({"data":[{"p":"kry_zzzz","id":1},{"p":"kry_abcd","id":2}]})"),
      "2");
  EXPECT_EQ(RowIn(R"({"data":[{"p":"kry_abc","id":1}]})"), "");
  EXPECT_EQ(RowIn(R"({"data":[{"p":"kry_abcde","id":1}]})"), "");
  EXPECT_EQ(RowIn(R"({"data":[]})"), "");
}

TEST(Row, ByLastBytes) {
  const RowSelector row = {"/data", "/p", 0, 4, ""};
  EXPECT_EQ(
      RowIn(R"({"data":[{"p":"...mnop","id":1},{"p":"...mnoq","id":2}]})", row),
      "1");
  EXPECT_EQ(RowIn(R"({"data":[{"p":"nop","id":1}]})", row), "");
}

TEST(Row, ByAValue) {
  const RowSelector row = {"/data", "/p", 0, 0, "%{name}"};
  const std::string body =
      R"({"data":[{"p":"a","id":1},{"p":"b","id":2},{"p":3,"id":4}]})";
  const auto says = [](std::string value) -> Filler {
    return [value](std::string_view) { return std::optional(value); };
  };
  EXPECT_EQ(RowIn(body, row, says("b")), "2");
  EXPECT_EQ(RowIn(body, row, says("3")), "4");
  EXPECT_EQ(RowIn(body, row, says("c")), "");
  EXPECT_EQ(RowIn(body, row, [](std::string_view) { return std::nullopt; }),
            "");
}

TEST(Row, TwoThatLookAlikeAreNone) {
  EXPECT_EQ(RowIn(R"({"data":[{"p":"kry_abcd","id":1},{"p":"x","id":2},)"
                  R"({"p":"kry_abcd","id":3}]})"),
            "");
}

TEST(Row, RowsOfOtherForms) {
  EXPECT_EQ(RowIn(R"({"data":{"p":"kry_abcd","id":1}})"), "");
  EXPECT_EQ(RowIn(R"({"data":"kry_abcd"})"), "");
  EXPECT_EQ(RowIn(R"({"data":[1,"x",null,[],{"p":[]},{"p":"kry_abcd",)"
                  R"("id":5}]})"),
            "5");
}

// A key shorter than what a row shows of it is shown whole.
TEST(Row, AShortKey) {
  const HttpAnswer answer = AnswerOf(R"({"data":[{"p":"abcd","id":1}]})");
  MetadataFields fields;
  fields.row = RowSelector{"/data", "/p", 0, 4, ""};
  fields.key_id = "row:/id";
  EXPECT_EQ(Read(answer, fields, "bcd").key_id, "1");
  EXPECT_EQ(Read(answer, fields, "zabcd").key_id, "1");
}

TEST(TextAt, Scalars) {
  const HttpAnswer answer = AnswerOf(R"({"a":"x","b":[1],"c":2})");
  const AnswerReader reader(answer);
  const Secret secret(kKey);
  const auto at = [&](const std::string& place) {
    return reader.TextAt(place, std::nullopt, secret, AsItIs).value_or("none");
  };
  EXPECT_EQ(at("/a"), "x");
  EXPECT_EQ(at("/c"), "2");
  EXPECT_EQ(at("/b"), "none");
  EXPECT_EQ(at("/z"), "none");
  EXPECT_EQ(at("header:a"), "none");
  EXPECT_EQ(at("row:/a"), "none");
}

}  // namespace
}  // namespace keytidy::verify
