// SPDX-License-Identifier: Apache-2.0
//
// The part [recipe.list] of a rule file.
#include <gtest/gtest.h>

#include <string>
#include <string_view>

#include "rules/recipe_file.h"

namespace keytidy::rules {
namespace {

constexpr std::string_view kHead = R"(provider = 'acme'
name = 'Acme'
[[recipe]]
id = 'acme-key'
rules = ['acme-key']
sources = ['https://example.org/docs']
[recipe.parameter.where]
what = 'where it is'
kind = 'pointer'
[[recipe.step]]
title = 'Ask'
url = 'https://api.example.com/me'
headers = { Authorization = 'Bearer %{secret}' }
[[recipe.step.answer]]
status = [200]
json = { '/login' = '@string' }
verdict = 'active'
says = 'it is alive'
)";

constexpr std::string_view kList = R"([recipe.list]
rows = '/keys'
hint = '%{where}'
last = 8
per_page = 50
state = '/active'
never = { '/expires' = '@null' }
[recipe.list.fields]
key_id = '/id'
name = '/name'
[[recipe.list.needs]]
name = 'manager'
ask = 'A token'
env = 'ACME_TOKEN'
hidden = true
[[recipe.list.needs]]
name = 'session'
ask = 'A session'
env = 'ACME_SESSION'
optional = true
[[recipe.list.step]]
title = 'List'
url = 'https://api.example.com/keys?page=%{page}'
headers = { Authorization = 'Bearer %{manager}', Session = '%{session}' }
[[recipe.list.step.answer]]
status = [200]
json = { '/keys' = '@array' }
verdict = 'next'
says = 'it lists the keys'
)";

std::string With(std::string text, std::string_view what,
                 std::string_view instead) {
  const std::size_t at = text.find(what);
  EXPECT_NE(at, text.npos) << what;
  return text.replace(at, what.size(), instead);
}

// The first line of what is wrong; empty where it reads well.
std::string Wrong(const std::string& list) {
  const auto file = ReadRecipes("acme.toml", std::string(kHead) + list);
  if (file) return {};
  const std::string& message = file.error().message;
  const std::size_t at = message.find(": ");
  return message.substr(at + 2, message.find('\n') - at - 2);
}

TEST(Listing, IsRead) {
  const auto file =
      ReadRecipes("acme.toml", std::string(kHead) + std::string(kList));
  ASSERT_TRUE(file) << file.error().message;
  const auto& list = file->recipes.front().list;
  ASSERT_TRUE(list);
  EXPECT_EQ(list->rows, "/keys");
  EXPECT_EQ(list->hint, "%{where}");
  EXPECT_EQ(list->first, 0u);
  EXPECT_EQ(list->last, 8u);
  EXPECT_EQ(list->per_page, 50u);
  EXPECT_EQ(list->state, "/active");
  EXPECT_EQ(list->never, (NamedTexts{{"/expires", "@null"}}));
  EXPECT_EQ(list->fields.key_id, "/id");
  EXPECT_EQ(list->fields.name, "/name");
  ASSERT_EQ(list->procedure.needs.size(), 2u);
  EXPECT_FALSE(list->procedure.needs[0].optional);
  EXPECT_TRUE(list->procedure.needs[1].optional);
  EXPECT_EQ(list->procedure.steps.size(), 1u);
}

TEST(Listing, IsNotThereWhereNobodyWroteIt) {
  const auto file = ReadRecipes("acme.toml", std::string(kHead));
  ASSERT_TRUE(file);
  EXPECT_FALSE(file->recipes.front().list);
}

TEST(Listing, Mistakes) {
  const std::string list(kList);
  EXPECT_EQ(Wrong(With(list, "last = 8", "")),
            "list: a hint has one of 'first', 'last' and 'whole'");
  EXPECT_EQ(Wrong(With(list, "last = 8", "last = 8\nwhole = true")),
            "list: a hint has one of 'first', 'last' and 'whole'");
  EXPECT_EQ(Wrong(With(list, "hint = '%{where}'\nlast = 8", "last = 8")),
            "list: a hint has one of 'first', 'last' and 'whole'");
  EXPECT_EQ(Wrong(With(With(list, "hint = '%{where}'\nlast = 8", ""),
                       "key_id = '/id'", "")),
            "list: needs 'hint' or 'fields.key_id', to know a key by");
  EXPECT_EQ(Wrong(With(list, "%{where}", "where")),
            "list: must be a JSON pointer");
  EXPECT_EQ(Wrong(With(list, "%{where}", "%{there}")),
            "nothing is called 'there' here");
  EXPECT_EQ(Wrong(With(list, "per_page = 50", "")),
            "nothing is called 'page' here");
  EXPECT_EQ(Wrong(With(list, "env = 'ACME_SESSION'\n", "")),
            "needs: what nobody is asked for needs an 'env'");
  EXPECT_EQ(Wrong(With(list, "url = 'https", "writes = true\nurl = 'https")),
            "list: the step that lists keys changes nothing");
  EXPECT_EQ(Wrong(With(list, "https://api", "http://api")),
            "step: must begin with https:// and the name of a host");
}

// No key was found that could be sent along.
TEST(Listing, HasNoKey) {
  EXPECT_EQ(Wrong(With(std::string(kList), "%{manager}", "%{secret}")),
            "nothing is called 'secret' here");
}

}  // namespace
}  // namespace keytidy::rules
