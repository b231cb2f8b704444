// SPDX-License-Identifier: Apache-2.0
//
// Headers and keys that begin with what begins no key: our own look at them
// comes before the parser's, which would end the process.
#include <gtest/gtest.h>

#include <string>
#include <string_view>

#include "config/node.h"

namespace keytidy::config {
namespace {

// The first line of the message; "" where the text is good.
std::string ErrorOf(std::string_view text) {
  const auto document = ParseToml("a.toml", std::string(text));
  if (document) return "";
  EXPECT_EQ(document.error().code, ErrorCode::kInvalid);
  const std::string& message = document.error().message;
  return message.substr(0, message.find('\n'));
}

constexpr std::string_view kName = ": a name must stand here";

std::string At(std::string_view place) {
  return "a.toml:" + std::string(place) + std::string(kName);
}

TEST(TomlHeader, BeginsWithNoKey) {
  for (const std::string_view text :
       {"[!]", "[.a]", "[]", "[=]", "[ ]", "[#]", "[", "[\n]", "[]]",
        "[\xC3\xA4]", "[:a]", "[,]", "[(a)]", "[\x01]"}) {
    EXPECT_EQ(ErrorOf(text).substr(0, 7), "a.toml:") << text;
    EXPECT_TRUE(ErrorOf(text).ends_with(kName)) << text;
  }
  EXPECT_EQ(ErrorOf("[!]"), At("1:2"));
  EXPECT_EQ(ErrorOf("[ \t!]"), At("1:4"));
  EXPECT_EQ(ErrorOf("\t[!]"), At("1:3"));
}

TEST(TomlHeader, OfArraysBeginsWithNoKey) {
  EXPECT_EQ(ErrorOf("[["), At("1:3"));
  EXPECT_EQ(ErrorOf("[[!]]"), At("1:3"));
  EXPECT_EQ(ErrorOf("[[]]"), At("1:3"));
  EXPECT_EQ(ErrorOf("[[[a]]]"), At("1:3"));
  EXPECT_EQ(ErrorOf("[[ \"a\" ]]\nx = 1\n"), "");
  EXPECT_EQ(ErrorOf("[[\n"), At("1:3"));
}

TEST(TomlHeader, BeginsWithAKey) {
  for (const std::string_view text :
       {"[a]", "[ a ]", "[0]", "[-]", "[_]", "[\"\"]", "['a.b']", "[a.\"b\".c]",
        "[[a]]\n[[a]]", "  [a]  # x", "[\"!\"]", "['[']"}) {
    EXPECT_EQ(ErrorOf(text), "") << text;
  }
}

TEST(TomlHeader, BehindAByteOrderMark) {
  EXPECT_EQ(ErrorOf("\xEF\xBB\xBF[a]\n"), "");
  EXPECT_EQ(ErrorOf("\xEF\xBB\xBF[!]\n"), At("1:2"));
}

// The first header of a file that is wrong is told before all that the parser
// finds, even what stands above it.
TEST(TomlHeader, TheOrderOfMessages) {
  EXPECT_EQ(ErrorOf("x = \n[!]\n"), At("2:2"));
  EXPECT_EQ(ErrorOf("[a]\n[!]\n[?]\n"), At("2:2"));
  EXPECT_EQ(ErrorOf("[!]\nx = \n"), At("1:2"));
  EXPECT_EQ(ErrorOf("x = 1\n\n  [ ! ]\n"), At("3:5"));
}

TEST(TomlHeader, AKeyOfOtherCharacters) {
  EXPECT_EQ(ErrorOf("\xC3\xA4 = 1\n"), At("1:1"));
  EXPECT_EQ(ErrorOf("x = 1\n  \xCB\x9C = 1\n"), At("2:3"));
  EXPECT_EQ(ErrorOf("\"\xC3\xA4\" = \"\xC3\xA4\" # \xC3\xA4\n"), "");
  EXPECT_EQ(ErrorOf("# \xC3\xA4\nx = [\n  \"\xC3\xA4\",\n]\n"), "");
  // Within a key: the parser's own mistake, and no crash.
  EXPECT_NE(ErrorOf("nse\xCB\x9C"
                    "ense-IdentVP"),
            "");
  EXPECT_NE(ErrorOf("a\xCB\x9C = 1\n"), "");
  EXPECT_NE(ErrorOf("a.\xCB\x9C = 1\n"), "");
  EXPECT_NE(ErrorOf("[a.\xCB\x9C]\n"), "");
  EXPECT_NE(ErrorOf("x = { \xCB\x9C = 1 }\n"), "");
}

TEST(TomlHeader, TextsOfManyLinesHoldWhatTheyLike) {
  EXPECT_EQ(ErrorOf("x = \"\"\"\n[!]\n[[\n\xC3\xA4\n\"\"\"\n"), "");
  EXPECT_EQ(ErrorOf("x = '''\n[!]\n\\'''\n[a]\n"), "");
  EXPECT_EQ(ErrorOf("x = \"\"\"\n\\\"\"\"\n[!]\n\"\"\"\n[a]\n"), "");
  EXPECT_EQ(ErrorOf("x = \"\"\"a\"\" \"b\n[!]\"\"\"\ny = 1\n"), "");
  // Up to two quotes may stand before the three that end it.
  EXPECT_EQ(ErrorOf("x = \"\"\"\n[!]\n\"\"\"\"\"\n[a]\n"), "");
  EXPECT_EQ(ErrorOf("x = '''\n[!]\n''''\ny = '''\n[!]\n'''\n"), "");
  EXPECT_EQ(ErrorOf("x = '''\n'''\n[!]\n"), At("3:2"));
  EXPECT_EQ(ErrorOf("x = \"\"\"\\\n  a\"\"\"\n[!]\n"), At("3:2"));
}

TEST(TomlHeader, TextsOfOneLine) {
  EXPECT_EQ(ErrorOf("x = \"[!]\"\ny = '[!'\n[a]\n"), "");
  EXPECT_EQ(ErrorOf("x = \"\\\"\"\n[!]\n"), At("2:2"));
  EXPECT_EQ(ErrorOf("x = '\\'\n[!]\n"), At("2:2"));
  EXPECT_EQ(ErrorOf("x = \"\"\n[!]\n"), At("2:2"));
  EXPECT_EQ(ErrorOf("\"'\" = 1\n[!]\n"), At("2:2"));
}

TEST(TomlHeader, CommentsHoldWhatTheyLike) {
  EXPECT_EQ(ErrorOf("# [!]\nx = 1 # ''' [\n[a] # ]\"\"\"\n[b]\n"), "");
  EXPECT_EQ(ErrorOf("# '''\n[!]\n# '''\n"), At("2:2"));
}

TEST(TomlHeader, ArraysHoldArraysAtTheBeginningOfALine) {
  EXPECT_EQ(ErrorOf("x = [\n[1, 2],\n[],\n[\"!\"],\n[ [] ],\n]\n"), "");
  EXPECT_EQ(ErrorOf("x = [ # [\n[1], # ]]\n]\n[a]\n"), "");
  EXPECT_EQ(ErrorOf("x = [\n[']'],\n[\n]]\n[!]\n"), At("5:2"));
  EXPECT_EQ(ErrorOf("x = { a = [\n[\n]\n] }\n[!]\n"), At("5:2"));
}

// A bracket that is not closed hides no header for good: the parser says where.
TEST(TomlHeader, BracketsThatAreNotClosed) {
  for (const std::string_view text :
       {"x = [\n[!]\n", "x = {\n[!]\n", "x = [[\n[!]]\n", "x = ]\n[!]\n",
        "x = 1 ]\n[!]\n", "[a\n[!]\n", "[a]]]\n[!]\n", "[a] [\n[!]\n",
        "[a.'b\n']\n[!]\n", "[a.\"b\n[!]\n"}) {
    EXPECT_NE(ErrorOf(text), "") << text;
  }
}

}  // namespace
}  // namespace keytidy::config
