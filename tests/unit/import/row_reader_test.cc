// SPDX-License-Identifier: Apache-2.0
#include "verify/row_reader.h"

#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <vector>

#include "import/listed_row.h"
#include "unit/import/table_scene.h"

namespace keytidy::imports {
namespace {

using Texts = std::vector<std::string>;

constexpr std::string_view kCredential = "manager-key-manager-key";

Recipe Acme() {
  Recipe out;
  out.provider = "acme";
  Listing list;
  list.rows = "/keys";
  list.hint = "/hint";
  list.last = 4;
  list.state = "/state";
  list.never = {{"/expires", "@null"}};
  list.fields.key_id = "/id";
  list.fields.name = "/name";
  list.fields.owner = "/user/name";
  list.fields.scopes = "/scopes";
  list.fields.created = "/created";
  list.fields.expires = "/expires";
  out.list = list;
  return out;
}

verify::Values Given() {
  verify::Values out;
  out.SetSecret("manager", kCredential, "********");
  return out;
}

// The rows as text; why there are none instead.
Texts Read(const Recipe& recipe, std::string_view body,
           const verify::Values& values = Given()) {
  verify::HttpAnswer answer;
  answer.status = 200;
  answer.body = body;
  const auto page = verify::ReadRows(*recipe.list, answer, values);
  if (!page) return {"!! " + page.error().message};
  Texts out;
  std::uint64_t number = 0;
  for (const verify::ListedKey& key : page->keys) {
    bool dropped = false;
    out.push_back(
        TextOf(RowOf(key, ++number, recipe, OptionsFor("").keys, &dropped)));
    if (dropped) out.back() += " dropped";
  }
  if (page->rows != page->keys.size()) {
    out.push_back("of " + std::to_string(page->rows));
  }
  return out;
}

TEST(RowReader, Rows) {
  EXPECT_EQ(
      Read(Acme(), R"({"keys":[{"id":7,"name":"laptop","hint":"****ab12",)"
                   R"("state":"Active","user":{"name":"ann"},)"
                   R"("scopes":["read","write"],"created":"2026-03-31",)"
                   R"("expires":null},{"hint":"ab12","scopes":"a, b",)"
                   R"("created":1774951200.5,"expires":1774951200123,)"
                   R"("state":false}]})"),
      (Texts{"1 acme last=ab12 id=7 name=laptop owner=ann scope=read "
             "scope=write created=2026-03-31T00:00:00Z never active",
             "2 acme last=ab12 scope=a scope=b created=2026-03-31T10:00:00Z "
             "expires=2026-03-31T10:00:00Z inactive"}));
  EXPECT_EQ(Read(Acme(), R"({"keys":[]})"), Texts{});
}

TEST(RowReader, NeverMoreOfAKeyThanTheListingSays) {
  const std::string body = R"({"keys":[{"hint":"abcdefghijklmnopqrstuvwxyz"},)"
                           R"({"hint":"abc"},{"hint":7},{"hint":["a"]}]})";
  EXPECT_EQ(Read(Acme(), body),
            (Texts{"1 acme last=wxyz", "2 acme", "3 acme", "4 acme"}));
  Recipe first = Acme();
  first.list->last = 0;
  first.list->first = 15;
  EXPECT_EQ(Read(first, body), (Texts{"1 acme first=abcdefghijklmno", "2 acme",
                                      "3 acme", "4 acme"}));
  Recipe whole = Acme();
  whole.list->last = 0;
  EXPECT_EQ(Read(whole, body), (Texts{"1 acme key=fp26", "2 acme key=fp3",
                                      "3 acme key=fp1", "4 acme"}));
}

TEST(RowReader, WhatIsNoRow) {
  EXPECT_EQ(Read(Acme(), R"({"keys":[1,"x",null,[],{"id":"a"}]})"),
            (Texts{"1 acme id=a", "of 5"}));
}

TEST(RowReader, WhatIsNoList) {
  const Texts none = {"!! the answer holds no list of keys"};
  for (const std::string_view body :
       {"", "x", "{}", "[]", R"({"keys":{}})", R"({"keys":7})", "null"}) {
    EXPECT_EQ(Read(Acme(), body), none) << body;
  }
  EXPECT_EQ(Read(Acme(), std::string(100'000, '[')), none);
  std::string many = "{\"keys\":[";
  for (int i = 0; i <= 10'000; ++i) many += i == 0 ? "{}" : ",{}";
  EXPECT_EQ(Read(Acme(), many + "]}"),
            Texts{"!! the answer holds more than 10000 keys"});
}

TEST(RowReader, CredentialsAndKeysAreNoFacts) {
  const std::string key = "key!abcdefghijkl";
  for (const std::string& form : verify::FormsOf(kCredential)) {
    EXPECT_EQ(Read(Acme(), R"({"keys":[{"id":")" + form + R"(","name":"<)" +
                               form + R"(>","hint":"ab12","scopes":[")" + form +
                               R"(","read"],"state":")" + form + R"("}]})"),
              Texts{"1 acme last=ab12 scope=read"});
  }
  EXPECT_EQ(Read(Acme(), R"({"keys":[{"id":"7","name":"a )" + key +
                             R"(","scopes":[")" + key + R"("]}]})"),
            Texts{"1 acme id=7 dropped"});
}

// Fields that the provider does not document.
TEST(RowReader, PlacesOfTheUser) {
  Recipe recipe = Acme();
  recipe.list->hint = "%{list_hint}";
  recipe.list->fields.name = "%{list_name}";
  const std::string body =
      R"({"keys":[{"tail":"ab12cd34","label":"laptop","id":1}]})";
  EXPECT_EQ(Read(recipe, body), Texts{"!! list_hint"});
  const Status missing = verify::CheckListing(*recipe.list, Given());
  ASSERT_FALSE(missing);
  EXPECT_EQ(missing.error().message, "list_hint");
  verify::Values values = Given();
  values.SetRaw("list_hint", "/tail");
  EXPECT_TRUE(verify::CheckListing(*recipe.list, values));
  EXPECT_EQ(Read(recipe, body, values), Texts{"1 acme last=cd34 id=1"});
  values.SetRaw("list_name", "/label");
  EXPECT_EQ(Read(recipe, body, values),
            Texts{"1 acme last=cd34 id=1 name=laptop"});
}

}  // namespace
}  // namespace keytidy::imports
