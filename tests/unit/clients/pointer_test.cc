// SPDX-License-Identifier: Apache-2.0
#include "clients/pointer.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <vector>

#include "scene.h"

namespace keytidy::clients {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

// "path=text", "path#" for a name.
std::vector<std::string> At(std::string text, std::string_view pointer) {
  const config::Document document = Json(std::move(text));
  std::vector<std::string> out;
  ForEachAt(document.root, pointer, [&](const Target& target) {
    out.push_back(target.node == nullptr
                      ? target.path + "#"
                      : target.path + "=" + ScalarText(*target.node));
  });
  return out;
}

TEST(ForEachAt, Root) {
  EXPECT_THAT(At("{}", ""), ElementsAre("="));
  EXPECT_THAT(At("\"a\"", ""), ElementsAre("=a"));
}

TEST(ForEachAt, Names) {
  EXPECT_THAT(At(R"({"a": {"b": "c"}, "b": "d"})", "/a/b"),
              ElementsAre("a.b=c"));
  EXPECT_THAT(At(R"({"a": {"b": "c"}})", "/a/c"), IsEmpty());
  EXPECT_THAT(At(R"({"a": "b"})", "/a/b"), IsEmpty());
}

TEST(ForEachAt, NameWithADotIsOne) {
  EXPECT_THAT(At(R"({"amp.mcpServers": 1, "amp": {"mcpServers": 2}})",
                 "/amp.mcpServers"),
              ElementsAre("amp.mcpServers=1"));
}

TEST(ForEachAt, StarIsAnyMemberOrItem) {
  EXPECT_THAT(At(R"({"m": [{"k": "x"}, {"k": "y"}]})", "/m/*/k"),
              ElementsAre("m.0.k=x", "m.1.k=y"));
  EXPECT_THAT(At(R"({"m": {"b": {"k": "x"}, "a": {"k": "y"}}})", "/m/*/k"),
              ElementsAre("m.b.k=x", "m.a.k=y"));
  EXPECT_THAT(At("[1, 2]", "/*"), ElementsAre("0=1", "1=2"));
}

TEST(ForEachAt, TwoStarsAreEveryText) {
  EXPECT_THAT(At(R"({"a": {"b": "c", "d": [1, "e", null, true]}})", "/a/**"),
              ElementsAre("a.b=c", "a.d.1=e"));
  EXPECT_THAT(At(R"({"a": "b"})", "/a/**"), ElementsAre("a=b"));
  EXPECT_THAT(At("[[[\"a\"]]]", "/**"), ElementsAre("0.0.0=a"));
}

TEST(ForEachAt, HashIsTheNames) {
  EXPECT_THAT(At(R"({"p": {"/b": 1, "/a": {}}})", "/p/#"),
              ElementsAre("p./b#", "p./a#"));
  EXPECT_THAT(At(R"({"p": ["a"]})", "/p/#"), IsEmpty());
  EXPECT_THAT(At(R"({"a": null})", "/#"), ElementsAre("a#"));
}

TEST(ForEachAt, WrongTypesLeadNowhere) {
  for (const char* text :
       {"null", "1", "true", "\"a\"", "[]", "{}", "[null]", R"({"a": null})"}) {
    EXPECT_THAT(At(text, "/a/*/b"), IsEmpty()) << text;
    EXPECT_THAT(At(text, "/a/#"), IsEmpty()) << text;
    EXPECT_THAT(At(text, "/a/b/**"), IsEmpty()) << text;
  }
}

TEST(ForEachAt, LastMemberOnTheWay) {
  const config::Document document = Json(R"({"a": {"k": ["x"]}, "b": 1})");
  std::vector<std::string> out;
  ForEachAt(document.root, "/a/**", [&](const Target& target) {
    ASSERT_NE(target.member, nullptr);
    out.push_back(target.member->key);
  });
  EXPECT_THAT(out, ElementsAre("k"));
  ForEachAt(document.root, "", [&](const Target& target) {
    EXPECT_EQ(target.member, nullptr);
    EXPECT_EQ(target.node, &document.root);
  });
}

TEST(ForEachAt, DeepNesting) {
  const std::string text =
      std::string(200, '[') + "\"a\"" + std::string(200, ']');
  EXPECT_EQ(At(text, "/**").size(), 1U);
}

// A variable that is assigned twice has two values.
TEST(ForEachAt, NameThatIsThereTwice) {
  config::Node root;
  root.kind = config::Node::Kind::kTable;
  for (const char* text : {"a", "b"}) {
    config::Member member;
    member.key = "K";
    member.value.kind = config::Node::Kind::kString;
    member.value.string = text;
    root.members.push_back(member);
  }
  std::vector<std::string> out;
  ForEachAt(root, "/K",
            [&](const Target& target) { out.push_back(target.node->string); });
  EXPECT_THAT(out, ElementsAre("a", "b"));
}

TEST(TextOf, TextsAlone) {
  const config::Document document =
      Json(R"({"a": "x", "b": 1, "c": null, "d": {"a": "y"}, "e": ""})");
  ASSERT_NE(TextOf(document.root, "a"), nullptr);
  EXPECT_EQ(*TextOf(document.root, "a"), "x");
  ASSERT_NE(TextOf(document.root, "e"), nullptr);
  EXPECT_EQ(*TextOf(document.root, "e"), "");
  for (const char* key : {"b", "c", "d", "f"}) {
    EXPECT_EQ(TextOf(document.root, key), nullptr) << key;
  }
}

TEST(ScalarText, AsWritten) {
  EXPECT_THAT(At(R"(["a", true, false, -3, 1.5, null, [], {}, ""])", "/*"),
              ElementsAre("0=a", "1=true", "2=false", "3=-3", "4=1.5",
                          "5=", "6=", "7=", "8="));
}

}  // namespace
}  // namespace keytidy::clients
