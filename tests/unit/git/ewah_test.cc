// SPDX-License-Identifier: Apache-2.0
#include "git/ewah.h"

#include <gtest/gtest.h>

#include <string>

#include "unit/git/index_maker.h"

namespace keytidy::git {
namespace {

// The set bits of the first `size`, or "beyond" or "damaged".
std::string Bits(const std::string& bytes, std::size_t size) {
  std::string_view rest = bytes;
  const auto bitmap = EwahBitmap::Take(&rest);
  if (!bitmap) return "damaged";
  EXPECT_TRUE(rest.empty());
  const auto bits = bitmap->Expand(size);
  if (!bits) return "beyond";
  EXPECT_EQ(bits->size(), size);
  std::string out;
  std::size_t count = 0;
  for (std::size_t i = 0; i < size; ++i) {
    if (!(*bits)[i]) continue;
    out += (out.empty() ? "" : " ") + std::to_string(i);
    ++count;
  }
  EXPECT_EQ(count, bitmap->count());
  return out;
}

TEST(Ewah, WithoutBits) {
  EXPECT_EQ(Bits(Ewah(0, ""), 3), "");
  EXPECT_EQ(Bits(Ewah(0, EwahMarker(false, 0, 0)), 3), "");
  EXPECT_EQ(Bits(Ewah(640, EwahMarker(false, 10, 0)), 3), "");
  EXPECT_EQ(EwahBitmap().count(), 0u);
  EXPECT_EQ(EwahBitmap().Expand(2)->size(), 2u);
}

TEST(Ewah, WordsAsTheyAre) {
  const std::string words =
      EwahMarker(false, 0, 2) + Big64(0x8000000000000005) + Big64(1);
  EXPECT_EQ(Bits(Ewah(65, words), 65), "0 2 63 64");
  EXPECT_EQ(Bits(Ewah(65, words), 64), "beyond");
  EXPECT_EQ(Bits(Ewah(64, words), 65), "damaged");
  EXPECT_EQ(Bits(Ewah(128, words), 70), "0 2 63 64");
}

TEST(Ewah, RunsBetweenWords) {
  const std::string words = EwahMarker(false, 1, 1) + Big64(2) +
                            EwahMarker(true, 1, 1) + Big64(1) +
                            EwahMarker(false, 0, 0);
  std::string expected = "65";
  for (int i = 128; i <= 192; ++i) expected += " " + std::to_string(i);
  EXPECT_EQ(Bits(Ewah(193, words), 193), expected);
  EXPECT_EQ(Bits(Ewah(193, words), 192), "beyond");
}

// What would take half a gigabyte is counted, and is refused without a try.
TEST(Ewah, RunsWithoutMeasure) {
  const std::string words = EwahMarker(true, 0x3FFFFFF, 0);
  std::string_view rest = words;
  const std::string bytes = Ewah(0xFFFFFFFF, words);
  rest = bytes;
  EXPECT_EQ(EwahBitmap::Take(&rest)->count(), 64u * 0x3FFFFFF);
  EXPECT_EQ(Bits(bytes, 1000), "beyond");
  EXPECT_EQ(Bits(Ewah(0xFFFFFFFF, EwahMarker(true, 0xFFFFFFFF, 0)), 1000),
            "damaged");
  std::string many;
  for (int i = 0; i < 100; ++i) many += EwahMarker(false, 0xFFFFFFFF, 0);
  EXPECT_EQ(Bits(Ewah(0xFFFFFFFF, many), 1000), "damaged");
}

TEST(Ewah, CountsThatCannotBe) {
  EXPECT_EQ(Bits(Ewah(64, EwahMarker(false, 0, 1)), 64), "damaged");
  EXPECT_EQ(Bits(Ewah(64, EwahMarker(false, 0, 0x7FFFFFFF)), 64), "damaged");
  EXPECT_EQ(Bits(Ewah(63, EwahMarker(true, 1, 0)), 64), "damaged");
  EXPECT_EQ(Bits(Big32(1) + Big32(0xFFFFFFFF) + Big64(0) + Big32(0), 64),
            "damaged");
  const std::string whole = Ewah(1, EwahMarker(false, 0, 1) + Big64(1));
  for (std::size_t n = 0; n < whole.size(); ++n) {
    EXPECT_EQ(Bits(whole.substr(0, n), 64), "damaged") << n;
  }
}

}  // namespace
}  // namespace keytidy::git
