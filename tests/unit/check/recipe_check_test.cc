// SPDX-License-Identifier: Apache-2.0
#include "check/recipe_check.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

namespace keytidy::check {
namespace {

Rule RuleOf(std::string_view id, std::string_view provider) {
  Rule rule;
  rule.id = id;
  rule.provider = provider;
  return rule;
}

std::vector<Rule> Rules() {
  std::vector<Rule> out = {RuleOf("p-key", "p"), RuleOf("p-half", "p"),
                           RuleOf("q-key", "q"), RuleOf("any-key", "p")};
  out.back().generic = true;
  return out;
}

// Lines 1 to 15, and the records behind them.
constexpr std::string_view kRecipe = R"(provider = 'p'
name = 'P'
[[recipe]]
id = 'a'
rules = ['p-key']
sources = ['s']
[[recipe.step]]
title = 'Ask'
url = 'https://api.p.example/'
[[recipe.step.answer]]
status = [200]
json = { '/login' = '@string' }
verdict = 'active'
says = 'alive'
metadata = { name = '/name', row = { field = '/p', first = 4 } }
)";

constexpr std::string_view kRecords = R"([[recipe.step.answer]]
status = [401]
verdict = 'inactive'
says = 'dead'
[[recipe.record]]
status = 200
body = '{"login":"a","name":"ci"}'
verdict = 'active'
metadata = { name = 'ci' }
[[recipe.record]]
status = 401
verdict = 'inactive'
[[recipe.record]]
status = 403
body = '<html>'
verdict = 'unknown'
)";

std::string FileOf(std::string_view from = "", std::string_view to = "") {
  std::string out(kRecipe);
  out += kRecords;
  if (from.empty()) return out;
  const std::size_t at = out.find(from);
  EXPECT_NE(at, std::string::npos) << from;
  return out.replace(at, from.size(), to);
}

// What is wrong, without the lines and carets.
std::vector<std::string> MistakesOf(const std::string& text) {
  const std::vector<Rule> rules = Rules();
  const auto file = CheckRecipes(rules, "a.toml", text);
  if (file) return {};
  EXPECT_EQ(file.error().code, ErrorCode::kInvalid);
  std::vector<std::string> out;
  std::string_view rest = file.error().message;
  while (!rest.empty()) {
    const std::string_view line = rest.substr(0, rest.find('\n'));
    if (line.starts_with("a.toml:")) out.emplace_back(line);
    rest.remove_prefix(std::min(rest.size(), line.size() + 1));
  }
  return out;
}

using Mistakes = std::vector<std::string>;

TEST(CheckRecipes, AGoodFile) {
  const std::vector<Rule> rules = Rules();
  const auto file = CheckRecipes(rules, "a.toml", FileOf());
  ASSERT_TRUE(file) << file.error().message;
  EXPECT_EQ(file->recipes.size(), 1u);
}

TEST(CheckRecipes, WhatDoesNotReadWell) {
  EXPECT_EQ(MistakesOf(FileOf("title = 'Ask'\n", "")),
            Mistakes{"a.toml:7:1: step: 'title' is missing"});
}

TEST(CheckRecipes, RulesThatAreNotThere) {
  EXPECT_EQ(MistakesOf(FileOf("'p-key'", "'p-key', 'p-kex'")),
            Mistakes{"a.toml:3:1: there is no rule 'p-kex'"});
  EXPECT_EQ(MistakesOf(FileOf("sources = ['s']",
                              "sources = ['s']\n[recipe.with.half]\n"
                              "rules = ['p-half', 'p-hulf']")),
            Mistakes{"a.toml:3:1: there is no rule 'p-hulf'"});
}

TEST(CheckRecipes, RulesThatLeaveTheProviderOpen) {
  EXPECT_EQ(MistakesOf(FileOf("'p-key'", "'p-key', 'any-key'")),
            Mistakes{"a.toml:3:1: 'any-key' leaves the provider open: nobody "
                     "may be sent such a key"});
}

TEST(CheckRecipes, RulesOfAnotherProvider) {
  EXPECT_EQ(MistakesOf(FileOf("'p-key'", "'p-key', 'q-key'")),
            Mistakes{"a.toml:3:1: 'q-key' is a rule of another provider"});
}

TEST(CheckRecipes, ARecordForEachVerdict) {
  const Mistakes wanted = {
      "a.toml:3:1: needs a record for active, for unknown, and for inactive "
      "where an answer can be that"};
  for (const std::string_view without :
       {"[[recipe.record]]\nstatus = 401\nverdict = 'inactive'\n",
        "[[recipe.record]]\nstatus = 403\nbody = '<html>'\n"
        "verdict = 'unknown'\n"}) {
    EXPECT_EQ(MistakesOf(FileOf(without, "")), wanted);
  }
}

// One that never says that a key is dead needs no record of that.
TEST(CheckRecipes, ARecipeThatIsNeverInactive) {
  std::string text = FileOf(
      "[[recipe.step.answer]]\nstatus = [401]\nverdict = 'inactive'\n"
      "says = 'dead'\n",
      "");
  const std::string record =
      "[[recipe.record]]\nstatus = 401\nverdict = 'inactive'\n";
  text.replace(text.find(record), record.size(), "");
  EXPECT_EQ(MistakesOf(text), Mistakes());
  const std::string unknown =
      "[[recipe.record]]\nstatus = 403\nbody = '<html>'\n"
      "verdict = 'unknown'\n";
  text.replace(text.find(unknown), unknown.size(), "");
  EXPECT_EQ(MistakesOf(text).size(), 1u);
}

TEST(CheckRecipes, RecordsThatComeToSomethingElse) {
  EXPECT_EQ(MistakesOf(FileOf("status = 403\n", "status = 401\n")),
            Mistakes{"a.toml:28:1: this record comes to inactive (dead), not "
                     "unknown"});
  EXPECT_EQ(MistakesOf(FileOf("{ name = 'ci' }", "{ name = 'cd' }")),
            Mistakes{"a.toml:20:1: 'name' is read as 'ci', not 'cd'"});
}

TEST(CheckRecipes, AKeyOfARecord) {
  EXPECT_EQ(MistakesOf(FileOf("status = 403\n",
                              "status = 403\nsecret = 'p_{hex:8}'\n")),
            Mistakes());
  EXPECT_EQ(MistakesOf(FileOf("status = 403\n",
                              "status = 403\nsecret = '{nothing:8}'\n"))
                .size(),
            1u);
}

TEST(CheckRecipes, AllThatIsWrong) {
  std::string text = FileOf("'p-key'", "'p-key', 'q-key'");
  text.replace(text.find("{ name = 'ci' }"), 15, "{ name = 'cd' }");
  EXPECT_EQ(MistakesOf(text).size(), 2u);
}

}  // namespace
}  // namespace keytidy::check
