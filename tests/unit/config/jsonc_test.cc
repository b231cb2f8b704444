// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <cmath>
#include <cstdint>
#include <limits>
#include <string>
#include <string_view>
#include <vector>

#include "config/node.h"

namespace keytidy::config {
namespace {

// The tree on one line: values, and the places of names and values.
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
  return "null";
}

std::string Shown(const Node& node) {
  return fmt::format("{}@{}:{}", ShownValue(node), node.place.line,
                     node.place.column);
}

std::string Tree(std::string_view text) {
  const auto document = ParseJsonc("a.json", std::string(text));
  return document ? Shown(document->root) : document.error().message;
}

// The first line of the message; "" where the text is good.
std::string ErrorOf(std::string_view text) {
  const auto document = ParseJsonc("a.json", std::string(text));
  if (document) return "";
  EXPECT_EQ(document.error().code, ErrorCode::kInvalid);
  const std::string& message = document.error().message;
  return message.substr(0, message.find('\n'));
}

// The only text of a document that is one.
std::string TextOf(std::string_view text) {
  const auto document = ParseJsonc("a.json", std::string(text));
  if (!document) return document.error().message;
  EXPECT_EQ(document->root.kind, Node::Kind::kString);
  return document->root.string;
}

const Node* At(const Node& node, std::string_view name) {
  const Node* found = node.Find(name);
  EXPECT_NE(found, nullptr) << name;
  return found;
}

TEST(ParseJsonc, Scalars) {
  EXPECT_EQ(Tree("true"), "true@1:1");
  EXPECT_EQ(Tree("false"), "false@1:1");
  EXPECT_EQ(Tree("null"), "null@1:1");
  EXPECT_EQ(Tree("\"x\""), "'x'@1:1");
  EXPECT_EQ(Tree("{}"), "{}@1:1");
  EXPECT_EQ(Tree("[]"), "[]@1:1");
  EXPECT_EQ(Tree(" \t\r\n 7 \n"), "7@2:2");
}

TEST(ParseJsonc, PlacesOfNamesAndValues) {
  EXPECT_EQ(Tree("{\n  \"a\": 1,\n  \"b\" : [true,\n\t\"x\"], \"c\":{}\n}\n"),
            "{a@2:3=1@2:8 b@3:3=[true@3:10 'x'@4:2]@3:9 c@4:8={}@4:12}@1:1");
}

TEST(ParseJsonc, ColumnsCountCharacters) {
  EXPECT_EQ(Tree("{\"\xC3\xA4\xE2\x82\xAC\": \"\xF0\x9F\x94\x91\", \"b\": 1}"),
            "{\xC3\xA4\xE2\x82\xAC@1:2='\xF0\x9F\x94\x91'@1:8 b@1:13=1@1:18}"
            "@1:1");
}

TEST(ParseJsonc, LinesOfWindows) {
  EXPECT_EQ(Tree("{\r\n\"a\": 1,\r\n\"b\": 2\r\n}\r\n"),
            "{a@2:1=1@2:6 b@3:1=2@3:6}@1:1");
}

// Of every value: what stands between its first and its last byte.
TEST(ParseJsonc, SpansAreOfBytes) {
  const std::string text =
      "\xEF\xBB\xBF// \xC3\xA4\n{ \"\xC3\xA4\" : \"x\\u00e4\\\"y\" /* , */, "
      "\"n\":-1.5e3,\"a\":[1, {\"in\" : null }, ] }\n";
  const auto document = ParseJsonc("a.json", text);
  ASSERT_TRUE(document) << document.error().message;
  const auto bytes = [&](const Node* node) {
    return text.substr(node->start, node->end - node->start);
  };
  const Node& root = document->root;
  EXPECT_EQ(root.start, text.find('{'));
  EXPECT_EQ(root.end, text.size() - 1);
  EXPECT_EQ(bytes(At(root, "\xC3\xA4")), "\"x\\u00e4\\\"y\"");
  EXPECT_EQ(bytes(At(root, "n")), "-1.5e3");
  const Node* list = At(root, "a");
  EXPECT_EQ(bytes(list), "[1, {\"in\" : null }, ]");
  ASSERT_EQ(list->items.size(), 2u);
  EXPECT_EQ(bytes(&list->items[0]), "1");
  EXPECT_EQ(bytes(&list->items[1]), "{\"in\" : null }");
  EXPECT_EQ(bytes(At(list->items[1], "in")), "null");
}

TEST(ParseJsonc, Comments) {
  EXPECT_EQ(Tree("// first\n/* a \n b */ { // x }\n\"a\"/**/:/* , */1 /***/ , "
                 "// y\n} // end"),
            "{a@4:1=1@4:16}@3:7");
  EXPECT_EQ(Tree("1//"), "1@1:1");
  EXPECT_EQ(TextOf("\"// no /* comment */\""), "// no /* comment */");
}

TEST(ParseJsonc, ACommentThatDoesNotEnd) {
  EXPECT_EQ(ErrorOf("{ /* x }"), "a.json:1:3: this comment does not end");
  EXPECT_EQ(ErrorOf("/*/"), "a.json:1:1: this comment does not end");
  EXPECT_EQ(ErrorOf("/"), "a.json:1:1: a value must stand here");
}

TEST(ParseJsonc, CommasAtTheEnd) {
  EXPECT_EQ(Tree("{\"a\": 1,}"), "{a@1:2=1@1:7}@1:1");
  EXPECT_EQ(Tree("[1, 2 , ]"), "[1@1:2 2@1:5]@1:1");
  EXPECT_EQ(ErrorOf("[,]"), "a.json:1:2: a value must stand here");
  EXPECT_EQ(ErrorOf("[1,,]"), "a.json:1:4: a value must stand here");
  EXPECT_EQ(ErrorOf("{,}"), "a.json:1:2: a name in quotes must stand here");
  EXPECT_EQ(ErrorOf("1,"), "a.json:1:2: something follows the value");
}

TEST(ParseJsonc, AByteOrderMark) {
  EXPECT_EQ(Tree("\xEF\xBB\xBF{\"a\": 1}"), "{a@1:2=1@1:7}@1:1");
  EXPECT_NE(ErrorOf("\xEF\xBB\xBF\xEF\xBB\xBF{}"), "");
}

TEST(ParseJsonc, OfTheSameNameTheLastCounts) {
  const auto document =
      ParseJsonc("a.json", "{\"a\": 1, \"b\": 2, \"a\": 3, \"\\u0061\": 4}");
  ASSERT_TRUE(document);
  EXPECT_EQ(document->root.members.size(), 2u);
  EXPECT_EQ(At(document->root, "a")->integer, 4);
  EXPECT_EQ(At(document->root, "b")->integer, 2);
}

// Not even where there are very many names.
TEST(ParseJsonc, OfTheSameNameAmongManyTheLastCounts) {
  std::string text = "{\"a\": 1";
  for (int i = 0; i < 3000; ++i) text += fmt::format(", \"n{}\": 0", i);
  const auto document = ParseJsonc("a.json", text + ", \"a\": 2}");
  ASSERT_TRUE(document);
  EXPECT_EQ(At(document->root, "a")->integer, 2);
}

TEST(ParseJsonc, Depth) {
  const auto nested = [](std::string_view open, std::string_view close,
                         int depth) {
    std::string out;
    for (int i = 0; i < depth; ++i) out += open;
    out += "1";
    for (int i = 0; i < depth; ++i) out += close;
    return out;
  };
  EXPECT_EQ(ErrorOf(nested("[", "]", 200)), "");
  EXPECT_EQ(ErrorOf(nested("{\"a\":", "}", 200)), "");
  EXPECT_EQ(ErrorOf(nested("[", "]", 201)), "a.json:1:201: nests too deep");
  EXPECT_EQ(ErrorOf(nested("{\"a\":", "}", 201)),
            "a.json:1:1001: nests too deep");
  EXPECT_EQ(ErrorOf(std::string(1'000'000, '[')),
            "a.json:1:201: nests too deep");
  // Next to each other is not within each other.
  std::string beside = "[";
  for (int i = 0; i < 1000; ++i) beside += "[[]],";
  EXPECT_EQ(ErrorOf(beside + "]"), "");
}

TEST(ParseJsonc, Escapes) {
  EXPECT_EQ(TextOf(R"("\"\\\/\b\f\n\r\t")"), "\"\\/\b\f\n\r\t");
  EXPECT_EQ(TextOf(R"("\u0041\u00e4\u20AC")"), "A\xC3\xA4\xE2\x82\xAC");
  EXPECT_EQ(TextOf(R"("\u0000")"), std::string(1, '\0'));
  EXPECT_EQ(TextOf("\"a\tb\""), "a\tb");
}

TEST(ParseJsonc, PairsOfSurrogates) {
  const std::string half = "\xEF\xBF\xBD";
  EXPECT_EQ(TextOf(R"("\uD83D\uDD11")"), "\xF0\x9F\x94\x91");
  EXPECT_EQ(TextOf(R"("\ud800\udc00")"), "\xF0\x90\x80\x80");
  EXPECT_EQ(TextOf(R"("\uDBFF\uDFFF")"), "\xF4\x8F\xBF\xBF");
  // Halves alone become the character that stands for what cannot be shown.
  EXPECT_EQ(TextOf(R"("\uD83Dx")"), half + "x");
  EXPECT_EQ(TextOf(R"("\uDD11")"), half);
  EXPECT_EQ(TextOf(R"("\uD83D\n")"), half + "\n");
  EXPECT_EQ(TextOf(R"("\uD83D\u0041")"), half + "A");
  EXPECT_EQ(TextOf(R"("\uD83D\uD83D\uDD11")"), half + "\xF0\x9F\x94\x91");
}

TEST(ParseJsonc, EscapesThatThereAreNot) {
  for (const std::string_view text :
       {R"("\x41")", R"("\'")", R"("\a")", R"("\U0041")", "\"\\\n\"",
        "\"\\\xC3\xA4\""}) {
    EXPECT_EQ(ErrorOf(text), "a.json:1:3: there is no such escape") << text;
  }
  for (const std::string_view text :
       {R"("\u")", R"("\u1")", R"("\u12g4")", R"("\u 123")", R"("\u-123")"}) {
    EXPECT_NE(ErrorOf(text).find("four hexadecimal digits must follow"),
              std::string::npos)
        << text;
  }
  // The second half is read on its own.
  EXPECT_NE(ErrorOf(R"("\uD83D\uDD1")"), "");
  EXPECT_NE(ErrorOf(R"("\uD83D\u")"), "");
}

TEST(ParseJsonc, ATextThatDoesNotEnd) {
  EXPECT_EQ(ErrorOf("\"abc"), "a.json:1:5: this text does not end");
  EXPECT_EQ(ErrorOf("{\"a\n\": 1}"), "a.json:1:4: this text does not end");
  EXPECT_EQ(ErrorOf("{\"a\": \"b\\"), "a.json:1:10: there is no such escape");
}

TEST(ParseJsonc, Numbers) {
  EXPECT_EQ(Tree("[0, -0, 7, -12]"), "[0@1:2 0@1:5 7@1:9 -12@1:12]@1:1");
  EXPECT_EQ(Tree("[1.5, -2.25, 1e3, 2E-1]"),
            "[1.5f@1:2 -2.25f@1:7 1000f@1:14 0.2f@1:19]@1:1");
  EXPECT_EQ(Tree("9223372036854775807"), "9223372036854775807@1:1");
  EXPECT_EQ(Tree("-9223372036854775808"), "-9223372036854775808@1:1");
  const auto big = ParseJsonc("a.json", "9223372036854775808");
  ASSERT_TRUE(big);
  EXPECT_EQ(big->root.kind, Node::Kind::kFloat);
  EXPECT_EQ(big->root.number, 9223372036854775808.0);
  const auto whole = ParseJsonc("a.json", "42");
  ASSERT_TRUE(whole);
  EXPECT_EQ(whole->root.number, 42.0);
}

TEST(ParseJsonc, NumbersBeyondWhatFits) {
  const auto number = [](std::string_view text) {
    const auto document = ParseJsonc("a.json", std::string(text));
    EXPECT_TRUE(document) << text;
    return document ? document->root.number : 0;
  };
  EXPECT_TRUE(std::isinf(number("1e999")));
  EXPECT_TRUE(std::isinf(number(std::string(400, '9'))));
  EXPECT_LT(number("-1e999"), 0);
  EXPECT_LT(std::abs(number("1e-999")), 1e-300);
}

TEST(ParseJsonc, WhatIsNoNumber) {
  for (const std::string_view text :
       {"+1", ".5", "-", "1x", "0x10", "1_000", "NaN", "Infinity", "-nan",
        "-inf", "-Infinity", "--1", "1e", "1.2.3"}) {
    EXPECT_EQ(ErrorOf(text), "a.json:1:1: a value must stand here") << text;
  }
}

TEST(ParseJsonc, WhatIsNoValue) {
  EXPECT_EQ(ErrorOf(""), "a.json:1:1: the file ends where a value must stand");
  EXPECT_EQ(ErrorOf(" // x\n"),
            "a.json:2:1: the file ends where a value must stand");
  for (const std::string_view text :
       {"True", "nil", "undefined", "'a'", "a", "}", "]", ":", ",", "truefalse",
        "\x01"}) {
    EXPECT_EQ(ErrorOf(text), "a.json:1:1: a value must stand here") << text;
  }
  EXPECT_EQ(ErrorOf("{a: 1}"), "a.json:1:2: a name in quotes must stand here");
  EXPECT_EQ(ErrorOf("{\"a\" 1}"), "a.json:1:6: ':' must stand here");
  EXPECT_EQ(ErrorOf("{\"a\": 1 \"b\": 2}"),
            "a.json:1:9: ',' or '}' must stand here");
  EXPECT_EQ(ErrorOf("[1 2]"), "a.json:1:4: ',' or ']' must stand here");
  EXPECT_EQ(ErrorOf("[1}"), "a.json:1:3: ',' or ']' must stand here");
  EXPECT_EQ(ErrorOf("{\"a\": }"), "a.json:1:7: a value must stand here");
  EXPECT_EQ(ErrorOf("{} {}"), "a.json:1:4: something follows the value");
}

// A zero byte is no end of the file.
TEST(ParseJsonc, AZeroByte) {
  const std::string_view zero("\0", 1);
  EXPECT_NE(ErrorOf(zero), "");
  EXPECT_NE(ErrorOf("[" + std::string(zero) + "]"), "");
  EXPECT_NE(ErrorOf("{" + std::string(zero)), "");
  EXPECT_EQ(TextOf("\"a" + std::string(zero) + "b\""),
            "a" + std::string(zero) + "b");
}

TEST(ParseJsonc, AMistakeIsShownWithItsLine) {
  const auto document = ParseJsonc("a.json", "{\n  \"\xC3\xA4\": nope\n}");
  ASSERT_FALSE(document);
  EXPECT_EQ(document.error().message,
            "a.json:2:8: a value must stand here\n"
            "    \"\xC3\xA4\": nope\n"
            "         ^");
}

constexpr std::string_view kSample =
    "\xEF\xBB\xBF{ // c\n \"a\": [1, -2.5e3, true, null, \"\\u00e4\\uD83D"
    "\\uDD11\\\"\xC3\xA4\", {}],\n /* d */ \"b\": {\"c\": [[]], \"c\": \"x\",},"
    " \"\": 7}";

TEST(ParseJsonc, EveryTruncationIsAnError) {
  ASSERT_EQ(ErrorOf(kSample), "");
  for (std::size_t size = 0; size < kSample.size(); ++size) {
    // In memory of its own, so that nothing readable stands behind it.
    const std::vector<char> bytes(kSample.begin(),
                                  kSample.begin() + static_cast<long>(size));
    EXPECT_NE(ErrorOf({bytes.data(), size}), "") << size;
  }
}

// Whatever byte stands wherever, it is read or refused; a span is within the
// text and in order.
void CheckSpans(const Node& node, std::uint32_t start, std::uint32_t end) {
  ASSERT_LE(start, node.start);
  ASSERT_LT(node.start, node.end);
  ASSERT_LE(node.end, end);
  for (const Node& item : node.items) CheckSpans(item, node.start, node.end);
  for (const Member& member : node.members) {
    CheckSpans(member.value, node.start, node.end);
  }
}

TEST(ParseJsonc, EveryOtherByte) {
  for (std::size_t at = 0; at < kSample.size(); ++at) {
    for (const char c : {'{', '}', '[', ']', '"', '\\', '/', '*', ',', ':', 'u',
                         '0', '-', 'e', '\n', '\0', '\xFF', ' '}) {
      std::string text(kSample);
      text[at] = c;
      const auto document = ParseJsonc("a.json", text);
      if (!document) {
        ASSERT_EQ(document.error().message.substr(0, 7), "a.json:");
        continue;
      }
      CheckSpans(document->root, 0, static_cast<std::uint32_t>(text.size()));
    }
  }
}

TEST(ParseJsonc, MoreValuesThanAreReadIsAnError) {
  std::string text = "[";
  for (int i = 0; i < 500'000; ++i) text += "1,";
  const auto read = ParseJsonc("a.json", text + "]");
  ASSERT_FALSE(read);
  EXPECT_NE(read.error().message.find("holds more values than are read"),
            std::string::npos);
  EXPECT_TRUE(ParseJsonc("a.json", text.substr(0, 2000) + "]"));
}

}  // namespace
}  // namespace keytidy::config
