// SPDX-License-Identifier: Apache-2.0
#include "core/text_template.h"

#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <vector>

namespace keytidy {
namespace {

using Names = std::vector<std::string>;

// Every name in angle brackets.
std::string Filled(std::string_view text) {
  return FillTemplate(text, [](std::string_view name) {
    return "<" + std::string(name) + ">";
  });
}

Names NamesIn(std::string_view text) {
  const auto names = TemplateNames(text);
  EXPECT_TRUE(names) << text;
  return names.value_or(Names{"error"});
}

TEST(TextTemplate, NamesInOrderAndRepeated) {
  EXPECT_EQ(NamesIn(""), Names());
  EXPECT_EQ(NamesIn("Bearer key"), Names());
  EXPECT_EQ(NamesIn("Bearer %{secret}"), Names{"secret"});
  EXPECT_EQ(NamesIn("%{b}%{a_1}%{b}"), (Names{"b", "a_1", "b"}));
  EXPECT_EQ(NamesIn("{secret} %secret % { %}"), Names());
  EXPECT_EQ(NamesIn("%%{a}"), Names{"a"});
}

TEST(TextTemplate, WhatBeginsNoName) {
  for (const std::string_view text :
       {"%{", "%{}", "%{a", "a %{ b}", "%{A}", "%{a-b}", "%{a.b}", "%{a%{b}",
        "%{%{a}}", "%{a }", "%{\xC3\xA4}", "ok %{a} then %{"}) {
    const auto names = TemplateNames(text);
    ASSERT_FALSE(names) << text;
    EXPECT_EQ(names.error().code, ErrorCode::kInvalid);
    EXPECT_EQ(names.error().message,
              "'%{' must be followed by a name of [a-z0-9_] and '}'");
  }
}

TEST(TextTemplate, Fills) {
  EXPECT_EQ(Filled(""), "");
  EXPECT_EQ(Filled("plain"), "plain");
  EXPECT_EQ(Filled("%{a}"), "<a>");
  EXPECT_EQ(Filled("x%{a}y%{b_2}z"), "x<a>y<b_2>z");
  EXPECT_EQ(Filled("%%{a}}"), "%<a>}");
}

TEST(TextTemplate, LeavesWhatBeginsNoName) {
  EXPECT_EQ(Filled("%{"), "%{");
  EXPECT_EQ(Filled("%{}%{a}"), "%{}<a>");
  EXPECT_EQ(Filled("%{first:15} %{a}"), "%{first:15} <a>");
  EXPECT_EQ(Filled("%{a%{b}"), "%{a<b>");
}

// What is put in is not a template again.
TEST(TextTemplate, ValuesAreNotFilledAgain) {
  const std::string out = FillTemplate(
      "%{a}-%{a}", [](std::string_view) { return std::string("%{b}%{"); });
  EXPECT_EQ(out, "%{b}%{-%{b}%{");
}

TEST(TextTemplate, EmptyValues) {
  const auto nothing = [](std::string_view) { return std::string(); };
  EXPECT_EQ(FillTemplate("a%{x}b%{y}", nothing), "ab");
}

// The names that are asked for are those that are listed.
TEST(TextTemplate, AsksForTheNamesItLists) {
  const std::string_view text = "u%{one}:%{two}@%{one}";
  Names asked;
  FillTemplate(text, [&](std::string_view name) {
    asked.emplace_back(name);
    return std::string();
  });
  EXPECT_EQ(asked, NamesIn(text));
}

}  // namespace
}  // namespace keytidy
