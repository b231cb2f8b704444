// SPDX-License-Identifier: Apache-2.0
#include "rules/recipe_book.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <vector>

namespace keytidy::rules {
namespace {

std::string FileOf(std::string_view provider,
                   const std::vector<std::string_view>& rules) {
  std::string out = fmt::format("provider = '{0}'\nname = '{0}'\n", provider);
  for (const std::string_view rule : rules) {
    out += fmt::format(
        "[[recipe]]\nid = 'of-{0}'\nrules = ['{0}']\nsources = ['s']\n"
        "[[recipe.step]]\ntitle = 'Ask'\nurl = 'https://api.{1}.example/'\n"
        "[[recipe.step.answer]]\nstatus = [401]\nverdict = 'inactive'\n"
        "says = 'dead'\n",
        rule, provider);
  }
  return out;
}

Rule RuleOf(std::string_view id, std::string_view provider) {
  Rule rule;
  rule.id = id;
  rule.provider = provider;
  return rule;
}

class RecipeBookTest : public testing::Test {
 protected:
  RecipeBookTest() { catalogue_.recipes = embedded_; }

  std::string Find(const Rule& rule) {
    const Recipe* recipe = book_.Find(rule);
    return recipe == nullptr ? "none" : recipe->provider + "/" + recipe->id;
  }

  const std::string acme_ = FileOf("acme", {"acme-key", "acme-token"});
  const std::string kryton_ = FileOf("kryton", {"kryton-key"});
  const std::vector<EmbeddedRecipes> embedded_ = {
      {"acme", "acme.toml", acme_}, {"kryton", "kryton.toml", kryton_}};
  Catalogue catalogue_;
  RecipeBook book_{catalogue_};
};

TEST_F(RecipeBookTest, ByRule) {
  EXPECT_EQ(Find(RuleOf("acme-key", "acme")), "acme/of-acme-key");
  EXPECT_EQ(Find(RuleOf("acme-token", "acme")), "acme/of-acme-token");
  EXPECT_EQ(Find(RuleOf("kryton-key", "kryton")), "kryton/of-kryton-key");
  EXPECT_EQ(Find(RuleOf("acme-other", "acme")), "none");
  EXPECT_EQ(Find(RuleOf("acme-key", "nobody")), "none");
}

TEST_F(RecipeBookTest, OfTheRulesProviderOnly) {
  EXPECT_EQ(Find(RuleOf("acme-key", "kryton")), "none");
}

TEST_F(RecipeBookTest, TheSameOneEachTime) {
  const Rule rule = RuleOf("acme-key", "acme");
  EXPECT_EQ(book_.Find(rule), book_.Find(rule));
}

TEST_F(RecipeBookTest, NoneForGenericRules) {
  Rule rule = RuleOf("acme-key", "acme");
  rule.generic = true;
  EXPECT_EQ(Find(rule), "none");
}

TEST_F(RecipeBookTest, TheUsersOwnBeforeThoseOfTheCatalogue) {
  const auto added =
      book_.AddUserFile("my.toml", FileOf("mine", {"acme-key", "my-key"}));
  ASSERT_TRUE(added) << added.error().message;
  EXPECT_EQ(Find(RuleOf("acme-key", "acme")), "mine/of-acme-key");
  EXPECT_EQ(Find(RuleOf("acme-token", "acme")), "acme/of-acme-token");
  EXPECT_EQ(Find(RuleOf("my-key", "mine")), "mine/of-my-key");
}

TEST_F(RecipeBookTest, TheFirstOfTheUsersFiles) {
  ASSERT_TRUE(book_.AddUserFile("1.toml", FileOf("one", {"acme-key"})));
  ASSERT_TRUE(book_.AddUserFile("2.toml", FileOf("two", {"acme-key"})));
  EXPECT_EQ(Find(RuleOf("acme-key", "acme")), "one/of-acme-key");
}

// What was found before stays where it is.
TEST_F(RecipeBookTest, AddingKeepsWhatWasFound) {
  ASSERT_TRUE(book_.AddUserFile("1.toml", FileOf("one", {"my-key"})));
  const Recipe* first = book_.Find(RuleOf("my-key", "one"));
  for (int i = 0; i < 20; ++i) {
    ASSERT_TRUE(book_.AddUserFile("n.toml", FileOf("two", {"other"})));
  }
  EXPECT_EQ(book_.Find(RuleOf("my-key", "one")), first);
  EXPECT_EQ(first->id, "of-my-key");
}

TEST_F(RecipeBookTest, AWrongFileOfTheUser) {
  const auto added =
      book_.AddUserFile("my.toml", "provider = 'p'\nname = 'P'\nrecipe = 1\n");
  ASSERT_FALSE(added);
  EXPECT_EQ(added.error().code, ErrorCode::kInvalid);
  EXPECT_EQ(added.error().message.substr(0, 12), "my.toml:3:10");
}

TEST_F(RecipeBookTest, All) {
  ASSERT_TRUE(book_.AddUserFile("my.toml", FileOf("mine", {"my-key"})));
  std::vector<std::string> ids;
  for (const Recipe* recipe : book_.All()) ids.push_back(recipe->id);
  EXPECT_EQ(ids, (std::vector<std::string>{"of-my-key", "of-acme-key",
                                           "of-acme-token", "of-kryton-key"}));
}

}  // namespace
}  // namespace keytidy::rules
