// SPDX-License-Identifier: Apache-2.0
#include "verify/judge.h"

#include <gtest/gtest.h>

#include <string>
#include <string_view>

namespace keytidy::verify {
namespace {

constexpr std::string_view kKey = "kry_abcdefghijklmnop";

Answer AnswerOf(int status, NamedTexts json, Outcome outcome,
                std::string says) {
  Answer out;
  out.when.status = {{status, status}};
  out.when.json = std::move(json);
  out.outcome = outcome;
  out.says = std::move(says);
  return out;
}

Recipe RecipeOf() {
  Recipe out;
  out.id = "kryton-key";
  out.provider = "kryton";
  out.provider_name = "Kryton";
  Step step;
  step.url = "https://api.example.com/me";
  step.answers = {
      AnswerOf(200, {{"/login", "@string"}}, Outcome::kActive, "it is alive"),
      AnswerOf(401, {{"/error", "*"}}, Outcome::kInactive, "it is dead"),
      AnswerOf(403, {{"/scope", "@any"}}, Outcome::kNext, "go on")};
  step.answers[0].metadata.name = "/name";
  out.steps = {step};
  return out;
}

HttpAnswer Http(int status, std::string body, NamedTexts headers = {}) {
  HttpAnswer out;
  out.status = status;
  out.body = std::move(body);
  out.headers = std::move(headers);
  return out;
}

Values ValuesOf() {
  Values out;
  out.SetSecret("secret", kKey, "kry_********");
  return out;
}

Judgement Judged(const HttpAnswer& answer, const Recipe& recipe = RecipeOf(),
                 const Values& values = ValuesOf()) {
  // What is pointed at must outlive the call.
  Judgement out = Judge(recipe, recipe.steps[0], answer, values);
  EXPECT_EQ(out.answer != nullptr, out.outcome != Outcome::kUnknown);
  out.answer = nullptr;
  return out;
}

TEST(Judge, ByTheAnswersOfTheRecipe) {
  const Judgement active = Judged(Http(200, R"({"login":"a","name":"ci"})"));
  EXPECT_EQ(active.outcome, Outcome::kActive);
  EXPECT_EQ(active.says, "it is alive");
  EXPECT_EQ(active.facts.name, "ci");
  EXPECT_EQ(Judged(Http(401, R"({"error":"x"})")).outcome, Outcome::kInactive);
  EXPECT_EQ(Judged(Http(403, R"({"scope":"x"})")).outcome, Outcome::kNext);
}

TEST(Judge, TheFirstThatAppliesDecides) {
  Recipe recipe = RecipeOf();
  recipe.steps[0].answers.push_back(
      AnswerOf(200, {}, Outcome::kInactive, "a later one"));
  const Judgement first =
      Judge(recipe, recipe.steps[0], Http(200, R"({"login":"a"})"), ValuesOf());
  EXPECT_EQ(first.answer, &recipe.steps[0].answers[0]);
  const Judgement last =
      Judge(recipe, recipe.steps[0], Http(200, "{}"), ValuesOf());
  EXPECT_EQ(last.answer, &recipe.steps[0].answers[3]);
}

TEST(Judge, WhatNoAnswerMatchesProvesNothing) {
  const std::string page =
      "a web page, as proxies and firewalls send it, proves nothing";
  const std::string other =
      "an answer that the recipe does not know proves nothing";
  const std::string redirect =
      "the server redirects elsewhere, where the key is not sent";
  const struct {
    HttpAnswer answer;
    std::string says;
  } kCases[] = {
      {Http(301, "{}"), redirect},
      {Http(302, "<html>"), redirect},
      {Http(303, ""), redirect},
      {Http(307, "<html>"), redirect},
      {Http(308, ""), redirect},
      {Http(300, ""), other},
      {Http(304, ""), other},
      {Http(305, ""), other},
      {Http(399, ""), other},
      {Http(429, "<html>"), "the server limits the rate of requests"},
      {Http(500, "{}"), "the server has an error of its own"},
      {Http(503, "<html>"), "the server has an error of its own"},
      {Http(407, "{}"), "the proxy asks for a password"},
      {Http(200, " \r\n\t<!DOCTYPE HTML><p>"), page},
      {Http(403, "<HTML lang='x'>"), page},
      {Http(200, "{}", {{"content-type", "Text/HTML; charset=x"}}), page},
      {Http(200, ""), other},
      {Http(200, "{}"), other},
      {Http(401, "{}"), other},
      {Http(404, "not found"), other},
      {Http(0, ""), other}};
  for (const auto& one : kCases) {
    const Judgement judged = Judged(one.answer);
    EXPECT_EQ(judged.outcome, Outcome::kUnknown);
    EXPECT_EQ(judged.says, one.says) << one.answer.status << one.answer.body;
    EXPECT_EQ(judged.facts, KeyFacts());
  }
}

Recipe RecipeWithParameter() {
  Recipe recipe = RecipeOf();
  recipe.parameters.push_back(
      {"where", Parameter::Kind::kPointer, "where it names the key"});
  recipe.steps[0].answers[0].when.json = {{"%{where}", "@string"}};
  return recipe;
}

TEST(Judge, AnAnswerThatNeedsWhatIsNotSetDoesNotApply) {
  const Judgement judged =
      Judged(Http(200, R"({"login":"a"})"), RecipeWithParameter());
  EXPECT_EQ(judged.outcome, Outcome::kUnknown);
  EXPECT_EQ(judged.says,
            "Kryton does not document where it names the key: set where under "
            "[verify.kryton] in your own configuration");
}

TEST(Judge, OtherAnswersStillApply) {
  EXPECT_EQ(
      Judged(Http(401, R"({"error":"x"})"), RecipeWithParameter()).outcome,
      Outcome::kInactive);
}

TEST(Judge, AParameterThatIsSet) {
  Values values = ValuesOf();
  values.SetRaw("where", "/login");
  EXPECT_EQ(Judged(Http(200, R"({"login":"a"})"), RecipeWithParameter(), values)
                .outcome,
            Outcome::kActive);
  const Judgement judged =
      Judged(Http(200, R"({"name":"a"})"), RecipeWithParameter(), values);
  EXPECT_EQ(judged.says,
            "an answer that the recipe does not know proves nothing");
}

TEST(Judge, NothingIsMissingWhereTheStatusIsAnother) {
  EXPECT_EQ(Judged(Http(404, "{}"), RecipeWithParameter()).says,
            "an answer that the recipe does not know proves nothing");
}

TEST(Judge, TheKeyIsNotRepeated) {
  EXPECT_EQ(
      Judged(Http(200, R"({"login":"a","name":"of kry_abcdefghijklmnop"})"))
          .facts.name,
      "");
}

// The other half is a key too.
TEST(Judge, NorIsTheKeyBesideIt) {
  Values values = ValuesOf();
  values.SetSecret("other", "half-of-the-key-pair", "****");
  const Judgement judged =
      Judged(Http(200, R"({"login":"a","name":"half-of-the-key-pair"})"),
             RecipeOf(), values);
  EXPECT_EQ(judged.outcome, Outcome::kActive);
  EXPECT_EQ(judged.facts.name.find("half-of-the-key-pair"), std::string::npos);
}

TEST(MissingParameter, OneThatIsNone) {
  EXPECT_EQ(MissingParameter(RecipeOf(), "x"), "'x' is not known");
}

Answer Saving(NamedTexts save) {
  Answer out;
  out.save = std::move(save);
  return out;
}

TEST(Save, PutsTextsIntoTheValues) {
  Values values = ValuesOf();
  const auto saved =
      Save(Saving({{"id", "/id"}, {"kind", "header:x-kind"}}),
           Http(200, R"({"id":7})", {{"x-kind", "api"}}), &values);
  ASSERT_TRUE(saved) << saved.error().message;
  EXPECT_EQ(values.Get("id"), "7");
  EXPECT_EQ(values.Get("kind"), "api");
}

TEST(Save, ANewKeyIsASecret) {
  Values values = ValuesOf();
  ASSERT_TRUE(Save(Saving({{"new_secret", "/key"}}),
                   Http(201, R"({"key":"kry_new-one"})"), &values));
  EXPECT_EQ(values.Get("new_secret"), "kry_new-one");
  EXPECT_EQ(values.Mask("kry_new-one"), "********");
}

TEST(Save, OfARow) {
  Answer answer = Saving({{"id", "row:/id"}});
  answer.metadata.row = RowSelector{"", "/p", 8, 0, ""};
  Values values = ValuesOf();
  ASSERT_TRUE(Save(answer,
                   Http(200, R"([{"p":"kry_zzzz","id":1},)"
                             R"({"p":"kry_abcd","id":2}])"),
                   &values));
  EXPECT_EQ(values.Get("id"), "2");
}

TEST(Save, WhatIsNotThere) {
  for (const std::string_view body :
       {"{}", R"({"id":""})", R"({"id":null})", R"({"id":[1]})", "no json"}) {
    Values values = ValuesOf();
    const auto saved =
        Save(Saving({{"id", "/id"}}), Http(200, std::string(body)), &values);
    ASSERT_FALSE(saved) << body;
    EXPECT_EQ(saved.error().code, ErrorCode::kNotFound);
    EXPECT_EQ(saved.error().message, "the answer does not hold id");
    EXPECT_FALSE(values.Has("id"));
  }
}

}  // namespace
}  // namespace keytidy::verify
