// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>
#include <vector>

#include "config/node.h"

namespace keytidy::config {
namespace {

// The tree on one line: kinds, values, and the places of keys and values.
std::string Shown(const Node& node);

std::string ShownValue(const Node& node) {
  switch (node.kind) {
    case Node::Kind::kBool:
      return node.boolean ? "true" : "false";
    case Node::Kind::kInteger:
      return fmt::format("{}", node.integer);
    case Node::Kind::kFloat:
      return fmt::format("{}f", node.number);
    case Node::Kind::kString:
      return fmt::format("'{}'", node.string);
    case Node::Kind::kArray: {
      std::string out;
      for (const Node& item : node.items) {
        out += (out.empty() ? "" : " ") + Shown(item);
      }
      return "[" + out + "]";
    }
    case Node::Kind::kTable: {
      std::string out;
      for (const Member& member : node.members) {
        out += fmt::format("{}{}@{}:{}={}", out.empty() ? "" : " ", member.key,
                           member.key_place.line, member.key_place.column,
                           Shown(member.value));
      }
      return "{" + out + "}";
    }
    case Node::Kind::kNull:
      break;
  }
  return "nothing";
}

std::string Shown(const Node& node) {
  return fmt::format("{}@{}:{}", ShownValue(node), node.place.line,
                     node.place.column);
}

std::string Tree(std::string_view text) {
  const auto document = ParseToml("a.toml", std::string(text));
  return document ? ShownValue(document->root) : document.error().message;
}

std::string ErrorOf(std::string_view text) {
  const auto document = ParseToml("a.toml", std::string(text));
  if (document) return "no error";
  EXPECT_EQ(document.error().code, ErrorCode::kInvalid);
  return document.error().message;
}

TEST(ParseToml, KeepsNameAndText) {
  const auto document = ParseToml("dir/a.toml", "x = 1\n");
  ASSERT_TRUE(document);
  EXPECT_EQ(document->name, "dir/a.toml");
  EXPECT_EQ(document->text, "x = 1\n");
}

TEST(ParseToml, NothingIsAnEmptyTable) {
  const auto document = ParseToml("a.toml", "# a comment\n");
  ASSERT_TRUE(document);
  EXPECT_EQ(Shown(document->root), "{}@1:1");
}

TEST(ParseToml, ValuesHaveKindsAndPlaces) {
  EXPECT_EQ(Tree("s = 'text'\n"
                 "i = -42\n"
                 "f = 1.5\n"
                 "b = true\n"),
            "{s@1:1='text'@1:5 i@2:1=-42@2:5 f@3:1=1.5f@3:5 b@4:1=true@4:5}");
}

TEST(ParseToml, AWholeNumberIsANumberToo) {
  const auto document = ParseToml("a.toml", "i = 7\nf = 7.5\n");
  ASSERT_TRUE(document);
  EXPECT_EQ(document->root.Find("i")->number, 7.0);
  EXPECT_EQ(document->root.Find("f")->number, 7.5);
  EXPECT_EQ(document->root.Find("f")->integer, 0);
}

TEST(ParseToml, TheOrderOfTheFileIsKept) {
  EXPECT_EQ(Tree("z = 1\na = 2\nm = 3\n"),
            "{z@1:1=1@1:5 a@2:1=2@2:5 m@3:1=3@3:5}");
  EXPECT_EQ(Tree("[z]\n[a]\nk = 1\n[m]\n"),
            "{z@1:2={}@1:1 a@2:2={k@3:1=1@3:5}@2:1 m@4:2={}@4:1}");
  EXPECT_EQ(Tree("t = { z = 1, a = 2 }\n"),
            "{t@1:1={z@1:7=1@1:11 a@1:14=2@1:18}@1:5}");
}

TEST(ParseToml, ArraysOverLines) {
  EXPECT_EQ(Tree("a = [\n  1,\n  'two',\n  [ 3 ],\n]\n"),
            "{a@1:1=[1@2:3 'two'@3:3 [3@4:5]@4:3]@1:5}");
}

TEST(ParseToml, ArraysOfTables) {
  EXPECT_EQ(Tree("[[a]]\nx = 1\n\n[[a]]\ny = 2\n"),
            "{a@1:3=[{x@2:1=1@2:5}@1:1 {y@5:1=2@5:5}@4:1]@1:1}");
}

TEST(ParseToml, ColumnsAreCharacters) {
  EXPECT_EQ(Tree("\t'\xC3\xB6\xE2\x82\xAC' = '\xF0\x9F\x98\x80' # \xC3\xB6\n"),
            "{\xC3\xB6\xE2\x82\xAC@1:2='\xF0\x9F\x98\x80'@1:9}");
}

TEST(ParseToml, LinesMayEndAsOnWindowsAndBeginWithAMark) {
  EXPECT_EQ(Tree("\xEF\xBB\xBFx = 1\r\ny = 2\r\n"),
            "{x@1:1=1@1:5 y@2:1=2@2:5}");
}

TEST(ParseToml, ASyntaxErrorShowsItsPlace) {
  EXPECT_EQ(ErrorOf("x = 1\n\ty = @\n"),
            "a.toml:2:6: Error while parsing value: could not determine value "
            "type\n"
            "  \ty = @\n"
            "  \t    ^");
}

TEST(ParseToml, ASyntaxErrorAfterCharactersOfSeveralBytes) {
  EXPECT_EQ(ErrorOf("x = '\xC3\xB6\xE2\x82\xAC' y\n"),
            "a.toml:1:10: Error while parsing key-value pair: expected a "
            "comment or whitespace, saw 'y'\n"
            "  x = '\xC3\xB6\xE2\x82\xAC' y\n"
            "           ^");
}

TEST(ParseToml, AKeyGivenTwice) {
  const std::string message = ErrorOf("x = 1\nx = 2\n");
  EXPECT_EQ(message.substr(0, 9), "a.toml:2:");
  EXPECT_NE(message.find("cannot redefine existing integer 'x'"),
            std::string::npos)
      << message;
}

TEST(ParseToml, NotUtf8) {
  EXPECT_EQ(ErrorOf("x = '\xFF'\n"), "a.toml: not valid UTF-8");
  EXPECT_EQ(ErrorOf("x = '\xED\xA0\x80'\n"), "a.toml: not valid UTF-8");
}

TEST(ParseToml, ASyntaxErrorDrivesNoTerminal) {
  const std::string message = ErrorOf("x = 1 \xE2\x80\xAE\n");
  EXPECT_EQ(message.find("\xE2\x80\xAE"), std::string::npos) << message;
}

TEST(ParseToml, ValuesNestedTooDeepAreAnError) {
  const std::string deep(100000, '[');
  EXPECT_EQ(ErrorOf("x = " + deep).substr(0, 9), "a.toml:1:");
}

// In a process of its own: a tree of tables as deep as the file likes must not
// take the stack with it.
[[noreturn]] void ParseDeepTables(const std::string& text) {
  { const auto document = ParseToml("a.toml", text); }
  std::exit(0);
}

TEST(ParseToml, TablesNestedTooDeepAreNoCrash) {
  std::string dotted;
  for (int i = 0; i < 100000; ++i) dotted += "a.";
  EXPECT_EXIT(ParseDeepTables(dotted + "a = 1\n"), testing::ExitedWithCode(0),
              "");
  EXPECT_EXIT(ParseDeepTables("[" + dotted + "a]\n"),
              testing::ExitedWithCode(0), "");
}

TEST(ParseToml, EveryBeginningOfAFileIsReadOrRefused) {
  const std::string text =
      "# \xC3\xB6\n[[allow]]\nrule = 'a'\nlist = [1, 2.5, { x = \"\\u00e9\" "
      "}]\n"
      "when = 1979-05-27T07:32:00Z\n[t.u]\nm = \"\"\"\nlines\n\"\"\"\n";
  ASSERT_TRUE(ParseToml("a.toml", text)) << ErrorOf(text);
  for (std::size_t size = 0; size < text.size(); ++size) {
    const auto document = ParseToml("a.toml", text.substr(0, size));
    if (document) continue;
    EXPECT_EQ(document.error().message.substr(0, 7), "a.toml:") << size;
  }
}

}  // namespace
}  // namespace keytidy::config
