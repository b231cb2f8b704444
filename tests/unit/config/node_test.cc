// SPDX-License-Identifier: Apache-2.0
#include "config/node.h"

#include <gtest/gtest.h>

#include <string>
#include <string_view>

namespace keytidy::config {
namespace {

Document Text(std::string_view text) {
  return {"a.toml", std::string(text), {}};
}

std::string At(std::string_view text, Place place) {
  const Error error = Text(text).ErrorAt(place, "what is wrong");
  EXPECT_EQ(error.code, ErrorCode::kInvalid);
  return error.message;
}

TEST(ErrorAt, ShowsTheLineAndACaret) {
  EXPECT_EQ(At("one\ntwo = 2\nthree\n", {2, 7}),
            "a.toml:2:7: what is wrong\n"
            "  two = 2\n"
            "        ^");
}

TEST(ErrorAt, TheFirstAndTheLastLine) {
  EXPECT_EQ(At("x = 1", {1, 1}),
            "a.toml:1:1: what is wrong\n"
            "  x = 1\n"
            "  ^");
  EXPECT_EQ(At("x = 1\ny", {2, 1}),
            "a.toml:2:1: what is wrong\n"
            "  y\n"
            "  ^");
}

TEST(ErrorAt, DirectlyAfterTheLine) {
  EXPECT_EQ(At("x =\n", {1, 4}),
            "a.toml:1:4: what is wrong\n"
            "  x =\n"
            "     ^");
}

TEST(ErrorAt, BeyondTheLineTheCaretStandsAtItsEnd) {
  EXPECT_EQ(At("x =\n", {1, 9}),
            "a.toml:1:9: what is wrong\n"
            "  x =\n"
            "     ^");
}

TEST(ErrorAt, OfALineThatIsNotThereOnlyThePlace) {
  EXPECT_EQ(At("x =\n", {7, 2}), "a.toml:7:2: what is wrong");
  EXPECT_EQ(At("\nx = 1\n", {1, 1}), "a.toml:1:1: what is wrong");
}

TEST(ErrorAt, WithoutAPlaceOnlyTheName) {
  EXPECT_EQ(At("x = 1\n", {0, 0}), "a.toml: what is wrong");
}

TEST(ErrorAt, LinesMayEndAsOnWindows) {
  EXPECT_EQ(At("x = 1\r\ny = 2\r\n", {1, 5}),
            "a.toml:1:5: what is wrong\n"
            "  x = 1\n"
            "      ^");
}

TEST(ErrorAt, TabsStandInBothLines) {
  EXPECT_EQ(At("\tx\t= 1\n", {1, 6}),
            "a.toml:1:6: what is wrong\n"
            "  \tx\t= 1\n"
            "  \t \t  ^");
}

// Columns are characters, not bytes.
TEST(ErrorAt, CharactersOfSeveralBytesAreOneColumn) {
  EXPECT_EQ(At("x = 'K\xC3\xB6ln \xE2\x82\xAC \xF0\x9F\x98\x80' y\n", {1, 16}),
            "a.toml:1:16: what is wrong\n"
            "  x = 'K\xC3\xB6ln \xE2\x82\xAC \xF0\x9F\x98\x80' y\n"
            "                 ^");
}

// What would drive a terminal is written out, and takes more room than the one
// character that it was.
TEST(ErrorAt, TheCaretAllowsForWhatIsWrittenOut) {
  EXPECT_EQ(At("x = '\xE2\x80\xAE' y\n", {1, 9}),
            "a.toml:1:9: what is wrong\n"
            "  x = '\\u{202e}' y\n"
            "                 ^");
  EXPECT_EQ(At("x = '\x1b' y\n", {1, 9}),
            "a.toml:1:9: what is wrong\n"
            "  x = '\\x1b' y\n"
            "             ^");
}

TEST(ErrorAt, ALongLineIsCut) {
  const std::string line = "x = '" + std::string(500, 'v') + "'";
  EXPECT_EQ(At(line, {1, 3}),
            "a.toml:1:3: what is wrong\n  " + line.substr(0, 160) + "\n    ^");
  EXPECT_EQ(At(line, {1, 400}), "a.toml:1:400: what is wrong");
}

// Byte 160 is the second of a character.
TEST(ErrorAt, ALongLineIsNotCutInsideACharacter) {
  const std::string line = std::string(159, 'v') + "\xC3\xB6\xC3\xB6";
  EXPECT_EQ(At(line, {1, 1}),
            "a.toml:1:1: what is wrong\n  " + std::string(159, 'v') + "\n  ^");
}

// Letters and digits in no order, made here so that nothing stands in the file.
std::string MadeUpKey(std::size_t size) {
  std::string out;
  for (std::size_t i = 0; i < size; ++i) {
    out.push_back("k7q2vx9m4zt8w1b5"[(i * 7 + i / 16) % 16]);
  }
  return out;
}

// A key may stand in a configuration by mistake.
TEST(ErrorAt, KeysAreStarredOut) {
  const std::string key = MadeUpKey(40);
  EXPECT_EQ(At("\tx = '" + key + "' y\n", {1, 50}),
            "a.toml:1:50: what is wrong\n"
            "  \tx = '" +
                std::string(40, '*') +
                "' y\n"
                "  \t" +
                std::string(48, ' ') + "^");
  const Error error = Text("x").ErrorAt({1, 1}, "unknown '" + key + "'");
  EXPECT_EQ(error.message.find(key), std::string::npos);
}

TEST(ErrorAt, AKeyAtTheCutIsStarredOutToo) {
  const std::string key = MadeUpKey(40);
  for (std::size_t before = 120; before < 160; ++before) {
    const std::string shown = At(std::string(before, ' ') + key, {1, 1});
    EXPECT_EQ(shown.find(key.substr(0, 4)), std::string::npos) << before;
  }
}

TEST(ErrorAt, ALongWordIsNoKey) {
  EXPECT_EQ(At("a-rather-long-name-of-a-field = 1\n", {1, 1}),
            "a.toml:1:1: what is wrong\n"
            "  a-rather-long-name-of-a-field = 1\n"
            "  ^");
}

TEST(Node, FindsAMemberByName) {
  Node table;
  table.kind = Node::Kind::kTable;
  for (const char* name : {"b", "a"}) {
    Member member;
    member.key = name;
    member.value.kind = Node::Kind::kString;
    member.value.string = std::string("value of ") + name;
    table.members.push_back(member);
  }
  ASSERT_NE(table.Find("a"), nullptr);
  EXPECT_EQ(table.Find("a")->string, "value of a");
  EXPECT_EQ(table.Find("A"), nullptr);
  EXPECT_EQ(table.Find(""), nullptr);
  EXPECT_EQ(Node().Find("a"), nullptr);
}

TEST(Node, KindsHaveNamesForPeople) {
  EXPECT_EQ(Name(Node::Kind::kNull), "nothing");
  EXPECT_EQ(Name(Node::Kind::kBool), "true or false");
  EXPECT_EQ(Name(Node::Kind::kInteger), "a whole number");
  EXPECT_EQ(Name(Node::Kind::kFloat), "a number");
  EXPECT_EQ(Name(Node::Kind::kString), "a string");
  EXPECT_EQ(Name(Node::Kind::kArray), "an array");
  EXPECT_EQ(Name(Node::Kind::kTable), "a table");
}

}  // namespace
}  // namespace keytidy::config
