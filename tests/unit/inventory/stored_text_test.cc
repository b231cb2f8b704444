// SPDX-License-Identifier: Apache-2.0
#include "inventory/stored_text.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace keytidy::inventory {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

TEST(StoredText, GoodTextStays) {
  for (const std::string text : {"", "a", "a\nb\t", "\xC3\xA4\xE2\x82\xAC"}) {
    EXPECT_EQ(StoredText(text), text);
  }
}

TEST(StoredText, OtherBytesAreSpelledOut) {
  EXPECT_EQ(StoredText("a\xFF"), "a\\xFF");
  EXPECT_EQ(StoredText("\xC3\xA4\xFF"), "\\xC3\\xA4\\xFF");
  EXPECT_EQ(StoredText(std::string_view("a\0b", 3)), "a\\x00b");
}

TEST(StoredText, ListsAreLines) {
  EXPECT_EQ(JoinLines({"a", "", "b\nc"}), "a\nb c");
  EXPECT_THAT(SplitLines("a\nb c"), ElementsAre("a", "b c"));
  EXPECT_THAT(SplitLines("\n\na\n"), ElementsAre("a"));
  EXPECT_THAT(SplitLines(""), IsEmpty());
}

TEST(StoredText, ValuesComeInOrder) {
  Values values;
  values.Text("a\xFF").Lines({"x", "y"}).Lines({}).Number(3);
  values.MaybeNumber(std::nullopt).MaybeNumber(4);
  const std::span<const Value> bound = values;
  ASSERT_EQ(bound.size(), 6u);
  EXPECT_EQ(std::get<std::string_view>(bound[0]), "a\\xFF");
  EXPECT_EQ(std::get<std::string_view>(bound[1]), "x\ny");
  EXPECT_EQ(std::get<std::string_view>(bound[2]), "");
  EXPECT_EQ(std::get<std::int64_t>(bound[3]), 3);
  EXPECT_TRUE(std::holds_alternative<std::monostate>(bound[4]));
  EXPECT_EQ(std::get<std::int64_t>(bound[5]), 4);
}

}  // namespace
}  // namespace keytidy::inventory
