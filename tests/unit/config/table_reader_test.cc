// SPDX-License-Identifier: Apache-2.0
#include "config/table_reader.h"

#include <gtest/gtest.h>

#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace keytidy::config {
namespace {

Document Parsed(std::string_view text) {
  auto document = ParseToml("a.toml", std::string(text));
  EXPECT_TRUE(document) << document.error().message;
  return *std::move(document);
}

// Reads the root of `text` as the table "thing"; says what was wrong.
std::string ErrorsOf(std::string_view text,
                     const std::function<void(TableReader&)>& read) {
  const Document document = Parsed(text);
  Errors errors(document);
  TableReader reader(document.root, "thing", &errors);
  read(reader);
  if (errors.empty()) return "";
  const Error error = errors.Take();
  EXPECT_EQ(error.code, ErrorCode::kInvalid);
  return error.message;
}

TEST(TableReader, ReadsEveryKind) {
  const std::string errors = ErrorsOf(
      "s = 'x'\nr = 'y'\nb = false\ni = 3\nn = 2.5\nl = ['a', 'b']\nt = { k = "
      "1 }\n[[ts]]\nk = 2\n[[ts]]\nk = 3\n",
      [](TableReader& table) {
        EXPECT_EQ(table.String("s"), "x");
        EXPECT_EQ(table.RequiredString("r"), "y");
        EXPECT_EQ(table.Bool("b"), false);
        EXPECT_EQ(table.Integer("i", 0, 9), 3);
        EXPECT_EQ(table.Number("n", 0, 9), 2.5);
        EXPECT_EQ(table.Number("i", 0, 9), 3.0);
        EXPECT_EQ(table.Strings("l"), (std::vector<std::string>{"a", "b"}));
        ASSERT_NE(table.Table("t"), nullptr);
        EXPECT_EQ(table.Table("t")->Find("k")->integer, 1);
        ASSERT_EQ(table.Tables("ts").size(), 2u);
        EXPECT_EQ(table.Tables("ts")[1]->Find("k")->integer, 3);
        EXPECT_EQ(table.Any("s")->string, "x");
        table.Finish();
      });
  EXPECT_EQ(errors, "");
}

TEST(TableReader, AbsentFieldsAreNoError) {
  const std::string errors = ErrorsOf("", [](TableReader& table) {
    EXPECT_EQ(table.String("x"), std::nullopt);
    EXPECT_EQ(table.Bool("x"), std::nullopt);
    EXPECT_EQ(table.Integer("x", 0, 9), std::nullopt);
    EXPECT_EQ(table.Number("x", 0, 9), std::nullopt);
    EXPECT_TRUE(table.Strings("x").empty());
    EXPECT_EQ(table.Table("x"), nullptr);
    EXPECT_TRUE(table.Tables("x").empty());
    EXPECT_EQ(table.Any("x"), nullptr);
    table.Finish();
  });
  EXPECT_EQ(errors, "");
}

TEST(TableReader, ARequiredStringIsMissing) {
  const auto read = [](TableReader& table) {
    EXPECT_EQ(table.RequiredString("reason"), "");
    table.Finish();
  };
  EXPECT_EQ(ErrorsOf("", read), "a.toml:1:1: thing: 'reason' is missing");
  EXPECT_EQ(ErrorsOf("# c\n", read),
            "a.toml:1:1: thing: 'reason' is missing\n"
            "  # c\n"
            "  ^");
  EXPECT_EQ(ErrorsOf("reason = ''\n", read),
            "a.toml:1:10: thing: 'reason' is missing\n"
            "  reason = ''\n"
            "           ^");
}

TEST(TableReader, ARequiredStringOfTheWrongTypeIsOneError) {
  EXPECT_EQ(
      ErrorsOf("reason = 5\n",
               [](TableReader& table) {
                 EXPECT_EQ(table.RequiredString("reason"), "");
               }),
      "a.toml:1:10: thing: 'reason' must be a string, not a whole number\n"
      "  reason = 5\n"
      "           ^");
}

TEST(TableReader, WrongTypes) {
  const auto first_line = [](std::string_view text, const auto& read) {
    const std::string errors = ErrorsOf(text, read);
    return errors.substr(0, errors.find('\n'));
  };
  EXPECT_EQ(first_line(
                "x = 1.5",
                [](TableReader& t) { EXPECT_EQ(t.String("x"), std::nullopt); }),
            "a.toml:1:5: thing: 'x' must be a string, not a number");
  EXPECT_EQ(
      first_line("x = 'true'",
                 [](TableReader& t) { EXPECT_EQ(t.Bool("x"), std::nullopt); }),
      "a.toml:1:5: thing: 'x' must be true or false, not a string");
  EXPECT_EQ(first_line("x = 1.5",
                       [](TableReader& t) {
                         EXPECT_EQ(t.Integer("x", 0, 9), std::nullopt);
                       }),
            "a.toml:1:5: thing: 'x' must be a whole number, not a number");
  EXPECT_EQ(first_line("x = true",
                       [](TableReader& t) {
                         EXPECT_EQ(t.Number("x", 0, 9), std::nullopt);
                       }),
            "a.toml:1:5: thing: 'x' must be a number, not true or false");
  EXPECT_EQ(
      first_line("x = 'a'",
                 [](TableReader& t) { EXPECT_TRUE(t.Strings("x").empty()); }),
      "a.toml:1:5: thing: 'x' must be an array, not a string");
  EXPECT_EQ(
      first_line("x = []",
                 [](TableReader& t) { EXPECT_EQ(t.Table("x"), nullptr); }),
      "a.toml:1:5: thing: 'x' must be a table, not an array");
  EXPECT_EQ(
      first_line("[x]",
                 [](TableReader& t) { EXPECT_TRUE(t.Tables("x").empty()); }),
      "a.toml:1:1: thing: 'x' must be an array, not a table");
}

TEST(TableReader, ItemsOfTheWrongType) {
  EXPECT_EQ(
      ErrorsOf(
          "x = ['a', 2, 'b', [],]",
          [](TableReader& table) {
            EXPECT_EQ(table.Strings("x"), (std::vector<std::string>{"a", "b"}));
          }),
      "a.toml:1:11: thing: 'x' holds strings, not a whole number\n"
      "  x = ['a', 2, 'b', [],]\n"
      "            ^\n"
      "a.toml:1:19: thing: 'x' holds strings, not an array\n"
      "  x = ['a', 2, 'b', [],]\n"
      "                    ^");
  EXPECT_EQ(ErrorsOf("x = [{}, 'a']",
                     [](TableReader& table) {
                       EXPECT_EQ(table.Tables("x").size(), 1u);
                     }),
            "a.toml:1:10: thing: 'x' holds tables, not a string\n"
            "  x = [{}, 'a']\n"
            "           ^");
}

TEST(TableReader, NumbersOutOfRange) {
  const auto integer = [](TableReader& table) {
    return table.Integer("x", -1, 9).has_value();
  };
  const auto errors_with = [&](std::string_view text) {
    return ErrorsOf(text, [&](TableReader& t) { EXPECT_FALSE(integer(t)); });
  };
  const std::string wanted = "a.toml:1:5: thing: 'x' must be from -1 to 9\n";
  EXPECT_EQ(errors_with("x = 10"), wanted + "  x = 10\n      ^");
  EXPECT_EQ(errors_with("x = -2"), wanted + "  x = -2\n      ^");
  EXPECT_EQ(ErrorsOf("x = 9", [&](TableReader& t) { EXPECT_TRUE(integer(t)); }),
            "");
  EXPECT_EQ(
      ErrorsOf("x = -1", [&](TableReader& t) { EXPECT_TRUE(integer(t)); }), "");
}

TEST(TableReader, FractionsOutOfRange) {
  for (const std::string value : {"8.5", "-0.1", "nan", "inf"}) {
    EXPECT_EQ(ErrorsOf("x = " + value,
                       [](TableReader& table) {
                         EXPECT_EQ(table.Number("x", 0, 8), std::nullopt);
                       }),
              "a.toml:1:5: thing: 'x' must be from 0 to 8\n  x = " + value +
                  "\n      ^");
  }
}

TEST(TableReader, UnknownFieldsAtTheirKeys) {
  EXPECT_EQ(ErrorsOf("rule = 'a'\nzzzzzz = 1\n",
                     [](TableReader& table) {
                       table.String("rule");
                       table.Finish();
                     }),
            "a.toml:2:1: thing: unknown field 'zzzzzz'\n"
            "  zzzzzz = 1\n"
            "  ^");
}

TEST(TableReader, UnknownFieldsNearAKnownOne) {
  EXPECT_EQ(ErrorsOf("  reson = 'a'\n",
                     [](TableReader& table) {
                       table.String("rule");
                       table.String("reason");
                       table.Finish();
                     }),
            "a.toml:1:3: thing: unknown field 'reson'; did you mean 'reason'?\n"
            "    reson = 'a'\n"
            "    ^");
}

TEST(TableReader, AFieldAskedForInAnyWayIsKnown) {
  EXPECT_EQ(ErrorsOf("a = 1\nb = 2\n",
                     [](TableReader& table) {
                       table.Any("a");
                       table.String("b");
                       table.Finish();
                     }),
            "a.toml:2:5: thing: 'b' must be a string, not a whole number\n"
            "  b = 2\n"
            "      ^");
}

TEST(TableReader, PlacesOfFields) {
  const Document document = Parsed("\n[t]\nx = 'y'\n");
  Errors errors(document);
  TableReader reader(*document.root.Find("t"), "t", &errors);
  EXPECT_EQ(reader.PlaceOf("x").line, 3u);
  EXPECT_EQ(reader.PlaceOf("x").column, 5u);
  EXPECT_EQ(reader.PlaceOf("absent").line, 2u);
  EXPECT_EQ(reader.PlaceOf("absent").column, 1u);
}

TEST(TableReader, ItsOwnErrorsStandAtTheField) {
  EXPECT_EQ(
      ErrorsOf("x = 'y'\n",
               [](TableReader& table) { table.Error("x", "'x' is odd"); }),
      "a.toml:1:5: thing: 'x' is odd\n"
      "  x = 'y'\n"
      "      ^");
}

TEST(TableReader, WhatIsNoTable) {
  const Document document = Parsed("x = 1\n");
  Errors errors(document);
  TableReader reader(*document.root.Find("x"), "allow", &errors);
  EXPECT_EQ(errors.Take().message,
            "a.toml:1:5: allow must be a table, not a whole number\n"
            "  x = 1\n"
            "      ^");
}

TEST(Errors, ComeInTheOrderOfTheFile) {
  const Document document = Parsed("a = 1\nb = 2\n");
  Errors errors(document);
  EXPECT_TRUE(errors.empty());
  errors.Add({2, 1}, "third");
  errors.Add({1, 5}, "second");
  errors.Add({1, 1}, "first");
  errors.Add({2, 1}, "fourth");
  EXPECT_FALSE(errors.empty());
  EXPECT_EQ(errors.Take().message,
            "a.toml:1:1: first\n  a = 1\n  ^\n"
            "a.toml:1:5: second\n  a = 1\n      ^\n"
            "a.toml:2:1: third\n  b = 2\n  ^\n"
            "a.toml:2:1: fourth\n  b = 2\n  ^");
}

}  // namespace
}  // namespace keytidy::config
