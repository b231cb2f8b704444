// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <string>
#include <string_view>

#include "config/node.h"
#include "unit/config/shown.h"

namespace keytidy::config {
namespace {

Result<Document> Parse(std::string_view text) {
  return ParseIni("a.ini", std::string(text));
}
std::string Tree(std::string_view text) { return Shown(Parse(text)); }
std::string Spans(std::string_view text) { return Written(Parse(text)); }

TEST(ParseIni, Sections) {
  EXPECT_EQ(Tree("a = b\n[c]\nd=e\n  f  =  g h  \n[i]\n"),
            "{a='b' c={d='e' f='g h'} i={}}");
  EXPECT_EQ(Tree("[a \"b ] c\"] # d\ne = f\n[ g ]\n"),
            "{a \"b ] c\"={e='f'}  g ={}}");
  EXPECT_EQ(Tree(""), "{}");
}

TEST(ParseIni, WhatComesTwice) {
  EXPECT_EQ(Tree("[a]\nb=1\nb=2\n[c]\n[a]\nb=3\n"),
            "{a={b='1' b='2' b='3'} c={}}");
}

TEST(ParseIni, CommentsBeginLines) {
  EXPECT_EQ(Tree("# a=b\n ; c=d\ne = f # g\nh = i;j\n"), "{e='f # g' h='i;j'}");
}

TEST(ParseIni, LinesThatAreNeither) {
  EXPECT_EQ(Tree("a\n= b\n[c\n\"d\"\n\ne=f\n"), "{e='f'}");
}

TEST(ParseIni, ColonsToo) {
  EXPECT_EQ(Tree("a: b=c\nd:e\nf:\n"), "{a='b=c' d='e' f=''}");
  EXPECT_EQ(Tree("//host/:name=value\na b:c\nu = v:w\n"),
            "{//host/:name='value' u='v:w'}");
}

TEST(ParseIni, Quotes) {
  EXPECT_EQ(Tree("a = \"b c\"\nd = 'e'\nf = \"g\nh = \"\n"),
            "{a='b c' d='e' f='\"g' h='\"'}");
  EXPECT_EQ(Tree("[Service]\nEnvironment=\"A=b\" \"C=d\"\n"),
            "{Service={Environment='\"A=b\" \"C=d\"'}}");
  EXPECT_EQ(Tree("a = \"b\\\"c\"\n"), "{a='\"b\\\"c\"'}");
}

TEST(ParseIni, LinesThatGoOn) {
  EXPECT_EQ(Tree("a = b \\\n  c\\\nd\ne = f\n"), "{a='b    c d' e='f'}");
  EXPECT_EQ(Tree("a = b \\\r\n# c\r\n; d\r\n  e\r\nf = g\r\n"),
            "{a='b    e' f='g'}");
  EXPECT_EQ(Tree("a = b\\"), "{a='b\\'}");
  EXPECT_EQ(Tree("a = b\\\n"), "{a='b'}");
  EXPECT_EQ(Tree("a = b\\\n# c"), "{a='b'}");
}

TEST(ParseIni, Spans) {
  EXPECT_EQ(Spans("\xEF\xBB\xBF\xC3\xA4 = \"b\" \r\nc=\r\nd: e f\r\n"),
            "1:5 \"b\"; 2:3 ; 3:4 e f");
  EXPECT_EQ(Spans("a = b \\\n  c \nd=e"), "1:5 b \\\n  c; 3:3 e");
  const auto document = Parse("[s]\n  ab = c\n");
  ASSERT_TRUE(document);
  const Member& section = document->root.members[0];
  EXPECT_EQ(section.key_place.column, 2U);
  EXPECT_EQ(section.value.members[0].key_place.line, 2U);
  EXPECT_EQ(section.value.members[0].key_place.column, 3U);
}

}  // namespace
}  // namespace keytidy::config
