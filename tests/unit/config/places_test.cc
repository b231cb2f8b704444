// SPDX-License-Identifier: Apache-2.0
#include "config/places.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <string>

namespace keytidy::config {
namespace {

std::string At(const std::string& text, std::size_t offset) {
  const Place place = Places(text).At(offset);
  return std::to_string(place.line) + ":" + std::to_string(place.column);
}

TEST(Places, LinesAndColumns) {
  EXPECT_EQ(At("", 0), "1:1");
  EXPECT_EQ(At("ab\ncd", 2), "1:3");
  EXPECT_EQ(At("ab\ncd", 3), "2:1");
  EXPECT_EQ(At("ab\ncd", 5), "2:3");
  EXPECT_EQ(At("ab\n", 3), "2:1");
  EXPECT_EQ(At("ab\ncd", 99), "2:3");
}

TEST(Places, AByteOrderMarkIsNoColumn) {
  EXPECT_EQ(At("\xEF\xBB\xBF", 0), "1:1");
  EXPECT_EQ(At("\xEF\xBB\xBF"
               "ab",
               4),
            "1:2");
}

// Counted anew from the beginning of the line, whatever lies between.
TEST(Places, ColumnsCountCharactersInLongLines) {
  std::string text = "\xC3\xA4\n";
  for (int i = 0; i < 1000; ++i) text += i % 3 == 0 ? "\xE2\x82\xAC" : "x";
  const Places places(text);
  std::uint32_t column = 0;
  for (std::size_t i = 3; i < text.size(); ++i) {
    if ((static_cast<unsigned char>(text[i]) & 0xC0) == 0x80) continue;
    ++column;
    ASSERT_EQ(places.At(i).column, column) << i;
    ASSERT_EQ(places.At(i).line, 2U);
  }
  EXPECT_EQ(places.At(text.size()).column, 1001U);
}

TEST(Places, TextsOfWholeBlocks) {
  for (const std::size_t size : {255U, 256U, 257U, 512U}) {
    EXPECT_EQ(At(std::string(size, 'x'), size),
              "1:" + std::to_string(size + 1));
  }
}

}  // namespace
}  // namespace keytidy::config
