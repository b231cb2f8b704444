// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <cmath>
#include <string>
#include <string_view>

#include "config/node.h"
#include "unit/config/shown.h"

namespace keytidy::config {
namespace {

Result<Document> Parse(std::string_view text) {
  return ParseYaml("a.yaml", std::string(text));
}
std::string Tree(std::string_view text) { return Shown(Parse(text)); }
std::string Spans(std::string_view text) { return Written(Parse(text)); }
std::string ErrorOf(std::string_view text) { return FirstLine(Parse(text)); }

std::string Repeated(std::string_view part, std::size_t times) {
  std::string out;
  for (std::size_t i = 0; i < times; ++i) out += part;
  return out;
}

TEST(ParseYaml, TablesAndArrays) {
  EXPECT_EQ(Tree("a: b\nc:\n  d: [e, 'f']\n  g:\n  - h\n  - i: j\n"),
            "{a='b' c={d=['e' 'f'] g=['h' {i='j'}]}}");
  EXPECT_EQ(Tree("[a: b, {c, d: }]"), "[{a='b'} {c=null d=null}]");
}

TEST(ParseYaml, Empty) {
  EXPECT_EQ(Tree(""), "null");
  EXPECT_EQ(Tree("\xEF\xBB\xBF"), "null");
  EXPECT_EQ(Tree("# c\n"), "null");
}

TEST(ParseYaml, PlainScalarsByTheCoreSchema) {
  EXPECT_EQ(Tree("[null, Null, ~, true, False, TRUE]"),
            "[null null null true false true]");
  EXPECT_EQ(Tree("[yes, on, NO, nULL, tRue]"),
            "['yes' 'on' 'NO' 'nULL' 'tRue']");
  EXPECT_EQ(Tree("[0, -12, +7, 012, 0o17, 0x1F]"), "[0 -12 7 12 15 31]");
  EXPECT_EQ(Tree("[1.5, -.5, 2., 1e3, +1E-1]"), "[1.5f -0.5f 2f 1000f 0.1f]");
  EXPECT_EQ(Tree("[.inf, -.Inf]"), "[inff -inff]");
  EXPECT_EQ(Tree("[inf, nan, 1e, ., -, 1_000, 0b1, 0o8, 0x, 1:30, -0x1, +]"),
            "['inf' 'nan' '1e' '.' '-' '1_000' '0b1' '0o8' '0x' '1:30' '-0x1' "
            "'+']");
  const auto nan = Parse(".nan");
  ASSERT_TRUE(nan);
  EXPECT_EQ(nan->root.kind, Node::Kind::kFloat);
  EXPECT_TRUE(std::isnan(nan->root.number));
}

TEST(ParseYaml, IntegersOf64Bits) {
  EXPECT_EQ(Tree("[9223372036854775807, -9223372036854775808]"),
            "[9223372036854775807 -9223372036854775808]");
  const auto big = Parse("9223372036854775808");
  ASSERT_TRUE(big);
  EXPECT_EQ(big->root.kind, Node::Kind::kFloat);
  EXPECT_EQ(big->root.number, 9223372036854775808.0);
  EXPECT_EQ(Tree("[-0x1, 0x8000000000000000]"),
            "['-0x1' 9.223372036854776e+18f]");
  EXPECT_EQ(Tree(std::string(400, '9')), "inff");
  EXPECT_EQ(Tree("[1e999, -1e999, 1e-999]"), "[inff -inff 0f]");
}

TEST(ParseYaml, QuotedAndTaggedScalarsAreStrings) {
  EXPECT_EQ(Tree("[\"1\", 'true', !!str 5, !vault x, !secret 7, \"\"]"),
            "['1' 'true' '5' 'x' '7' '']");
  EXPECT_EQ(Tree("[!!int 5, !!bool true, !!int \"5\"]"), "[5 true '5']");
  EXPECT_EQ(Tree("a: !vault |\n  b\n  c\n"), "{a='b\nc\n'}");
}

TEST(ParseYaml, DirectivesAndDocuments) {
  EXPECT_EQ(Tree("%YAML 1.2\n---\na: b\n"), "{a='b'}");
  EXPECT_EQ(Tree("a: b\n---\n- c\n...\n# d\ne\n"), "[{a='b'} ['c'] 'e']");
  EXPECT_EQ(Tree("---\n---\n"), "[null null]");
}

TEST(ParseYaml, OfTheSameNameTheLastCounts) {
  EXPECT_EQ(Tree("a: 1\nb: 2\na: 3\n"), "{a=3 b=2}");
}

TEST(ParseYaml, Names) {
  EXPECT_EQ(Tree("{1: a, true: b, 'c d': e, ~: f}"),
            "{1='a' true='b' c d='e' null='f'}");
  EXPECT_EQ(Tree("? [x, y]\n: z\n"), "{x,y='z'}");
  const auto document = Parse("a:\n  \xC3\xA4 b: c\n");
  ASSERT_TRUE(document);
  const Member& member = document->root.members[0].value.members[0];
  EXPECT_EQ(member.key_place.line, 2U);
  EXPECT_EQ(member.key_place.column, 3U);
  EXPECT_EQ(member.value.place.column, 8U);
}

TEST(ParseYaml, Aliases) {
  EXPECT_EQ(Tree("a: &x {b: c}\nd: *x\n<<: *x\n"),
            "{a={b='c'} d={b='c'} <<={b='c'}}");
  // It stands where it is written.
  EXPECT_EQ(Spans("a: &x 'k'\nb: *x\n"), "1:7 'k'; 1:7 'k'");
  EXPECT_EQ(Tree("&k a: b\n*k : c\n"), "{a='c'}");
  EXPECT_EQ(ErrorOf("a: *x\n"),
            "a.yaml:1:4: the referenced anchor is not defined");
  // Names are of one document.
  EXPECT_NE(ErrorOf("&x a\n---\n*x\n"), "");
}

TEST(ParseYaml, AnAliasWithinWhatItNames) {
  EXPECT_EQ(ErrorOf("a: &x {b: *x}\n"),
            "a.yaml:1:11: an alias stands within what it names");
  EXPECT_EQ(ErrorOf("&x [*x]"),
            "a.yaml:1:5: an alias stands within what it names");
}

TEST(ParseYaml, WhatAliasesMultiplyIsBounded) {
  std::string text = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n";
  for (int i = 1; i < 10; ++i) {
    const std::string last = fmt::format("*a{}", i - 1);
    text += fmt::format("a{}: &a{} [", i, i) + Repeated(last + ", ", 9) + last +
            "]\n";
  }
  EXPECT_EQ(ErrorOf(text), "a.yaml:1:16: too many values");
  // A long text many times over.
  text = "- &a " + std::string(1 << 20, 'x') + "\n" + Repeated("- *a\n", 40);
  EXPECT_EQ(ErrorOf(text), "a.yaml:1:6: too many values");
  // Depth: each is one deeper than the last.
  text = "- &a0 [x]\n";
  for (int i = 1; i < 199; ++i) {
    text += fmt::format("- &a{} [*a{}]\n", i, i - 1);
  }
  EXPECT_EQ(ErrorOf(text), "");
  EXPECT_NE(ErrorOf(text + "- [*a198]\n").find("nests too deep"),
            std::string::npos);
}

TEST(YamlSpans, Plain) {
  EXPECT_EQ(Spans("a: b\nc:   d e  # f\n"), "1:4 b; 2:6 d e");
  EXPECT_EQ(Spans("a: b\n  c\n\n  d\ne: f#g\n"), "1:4 b\n  c\n\n  d; 5:4 f#g");
  EXPECT_EQ(Spans("[a, b c,{d: e:f}]"), "1:2 a; 1:5 b c; 1:13 e:f");
  EXPECT_EQ(Spans("- 12\n- true\n- -1.50\n"), "1:3 12; 2:3 true; 3:3 -1.50");
}

TEST(YamlSpans, Quoted) {
  EXPECT_EQ(Spans("a: \"b \\\" # \\\\\"\nc: 'd''e'\n"),
            "1:4 \"b \\\" # \\\\\"; 2:4 'd''e'");
  EXPECT_EQ(Spans("a: \"b\n  c\"\nd: ''\n"), "1:4 \"b\n  c\"; 3:4 ''");
  EXPECT_EQ(Spans("{\"a\":\"b\",c: 'd'}"), "1:6 \"b\"; 1:13 'd'");
}

TEST(YamlSpans, BlockScalars) {
  EXPECT_EQ(Spans("a: |\n  b\n\n  c\n\nd: e\n"), "1:4 |\n  b\n\n  c; 6:4 e");
  EXPECT_EQ(Spans("a: >- # why\n  b # c\n  d\ne: f\n"),
            "1:4 >- # why\n  b # c\n  d; 4:4 f");
  EXPECT_EQ(Spans("a: |2-\n   b\n"), "1:4 |2-\n   b");
  EXPECT_EQ(Spans("a: |\nb: c\n"), "1:4 |; 2:4 c");
}

TEST(YamlSpans, AnchorsAndTagsStandBefore) {
  EXPECT_EQ(Spans("a: &x !vault b\nc: !!str  'd'\ne: !<tag:x> f\n"),
            "1:14 b; 2:11 'd'; 3:13 f");
  EXPECT_EQ(Spans("a: !vault # why\n  b\n"), "2:3 b");
  EXPECT_EQ(Spans("a: !vault |\n  b\n"), "1:11 |\n  b");
  EXPECT_EQ(Spans("a: !b\"c\"\nd: !e-<f\n"), "1:6 \"c\"; 2:7 <f");
  EXPECT_EQ(Spans("a: !!str\n'b': c\n"), "1:4 ; 2:6 c");
}

TEST(YamlSpans, BytesWhateverTheCharacters) {
  EXPECT_EQ(Spans("\xEF\xBB\xBF\xC3\xA4: \xF0\x9D\x84\x9E\r\n"
                  "b: '\xC3\xBC'\r\nc: d\r\n"),
            "1:4 \xF0\x9D\x84\x9E; 2:4 '\xC3\xBC'; 3:4 d");
  EXPECT_EQ(Spans("\xEF\xBB\xBF"
                  "a: |\r\n  b\r\n  c\r\nd: \"e\r\n  f\"\r\n"),
            "1:4 |\r\n  b\r\n  c; 4:4 \"e\r\n  f\"");
  const auto document = Parse("\xEF\xBB\xBF\xC3\xA4: xy\n");
  ASSERT_TRUE(document);
  EXPECT_EQ(document->root.members[0].value.start, 7U);
  EXPECT_EQ(document->root.members[0].value.end, 9U);
}

TEST(ParseYaml, NestingIsBounded) {
  const auto nested = [](std::size_t depth) {
    return std::string(depth, '[') + std::string(depth, ']');
  };
  EXPECT_EQ(ErrorOf(nested(200)), "");
  EXPECT_EQ(ErrorOf(nested(201)), "a.yaml:1:201: nests too deep");
  EXPECT_EQ(ErrorOf(Repeated("- ", 200) + "a"), "");
  EXPECT_EQ(ErrorOf(Repeated("- ", 500'000)), "a.yaml:1:401: nests too deep");
  EXPECT_NE(ErrorOf(Repeated("? ", 500'000)), "");
  EXPECT_NE(ErrorOf(std::string(400'000, '[')), "");
  EXPECT_NE(ErrorOf(std::string(400'000, '{')), "");
  EXPECT_EQ(ErrorOf(std::string(1'000'001, '[')),
            "a.yaml:1:1: too many brackets and commas");
}

TEST(ParseYaml, SizeIsBounded) {
  const auto large = Parse(std::string((8 << 20) + 1, ' '));
  ASSERT_FALSE(large);
  EXPECT_EQ(large.error().code, ErrorCode::kLimit);
  EXPECT_EQ(ErrorOf(Repeated("- a\n", 200'000)),
            "a.yaml:200000:3: too many values");
}

TEST(ParseYaml, MistakesHaveTheirPlaces) {
  const auto document = Parse("a: b\nc: \"d\n");
  ASSERT_FALSE(document);
  EXPECT_EQ(document.error().code, ErrorCode::kInvalid);
  EXPECT_EQ(document.error().message,
            "a.yaml:2:4: this text does not end\n  c: \"d\n     ^");
  EXPECT_EQ(ErrorOf("'d''\n"), "a.yaml:1:1: this text does not end");
  EXPECT_NE(ErrorOf("a: \"d\\\"\n"), "");
  EXPECT_EQ(ErrorOf("\xC3\xA4: [b\n"),
            "a.yaml:2:1: end of sequence flow not found");
  EXPECT_EQ(ErrorOf("a: b: c\n"), "a.yaml:1:5: illegal map value");
  EXPECT_EQ(ErrorOf("a: \x04\n"), "a.yaml:1:4: a control character");
  EXPECT_EQ(ErrorOf(std::string_view("a: \0\n", 5)),
            "a.yaml:1:4: a control character");
  EXPECT_EQ(ErrorOf("a: b\rc: d\n"), "a.yaml:1:5: a control character");
  EXPECT_EQ(ErrorOf("a: b\r"), "a.yaml:1:5: a control character");
  EXPECT_EQ(ErrorOf("a: \xFF\n"), "a.yaml: not valid UTF-8");
}

// The parser would go on with another document, or for ever.
TEST(ParseYaml, SomethingFollowsTheValue) {
  EXPECT_EQ(ErrorOf("'a' 'b'\n"), "a.yaml:1:5: something follows the value");
  EXPECT_EQ(ErrorOf(",\n"), "a.yaml:1:1: something follows the value");
  EXPECT_NE(ErrorOf("...\n,\n"), "");
}

}  // namespace
}  // namespace keytidy::config
