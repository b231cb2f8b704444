// SPDX-License-Identifier: Apache-2.0
#include "scan/window.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>
#include <random>
#include <string>
#include <string_view>
#include <tuple>
#include <vector>

namespace keytidy::scan {
namespace {

using source::Encoding;
using source::MemoryReader;

constexpr std::uint64_t kUnknown = ~std::uint64_t{0};

// Hands out a few bytes at a time, and counts how often it was asked.
class SlowReader final : public source::ByteReader {
 public:
  SlowReader(std::string_view bytes, std::size_t piece, bool fails = false)
      : bytes_(bytes), piece_(piece), fails_(fails) {}
  Result<std::size_t> Read(char* data, std::size_t size) override {
    ++asked_;
    if (bytes_.empty() && fails_) return Fail(ErrorCode::kIo, "torn");
    const std::size_t n = std::min({size, piece_, bytes_.size()});
    bytes_.copy(data, n);
    bytes_.remove_prefix(n);
    return n;
  }
  int asked() const { return asked_; }

 private:
  std::string_view bytes_;
  std::size_t piece_;
  bool fails_;
  int asked_ = 0;
};

TEST(Window, HoldsATextThatFits) {
  Window window;
  window.Reset(100);
  MemoryReader reader("one\ntwo\n");
  EXPECT_EQ(window.Fill(reader, kUnknown).value(), true);
  EXPECT_EQ(window.text(), "one\ntwo\n");
  EXPECT_EQ(window.base(), 0u);
  EXPECT_TRUE(window.holds_whole_file());
}

TEST(Window, HoldsNothing) {
  Window window;
  window.Reset(100);
  MemoryReader reader("");
  EXPECT_EQ(window.Fill(reader, kUnknown).value(), true);
  EXPECT_EQ(window.text(), "");
  const TextRange range = window.RangeOf({0, 0});
  EXPECT_EQ(range.line, 1u);
  EXPECT_EQ(range.column, 1u);
}

TEST(Window, StopsWhenItIsFull) {
  Window window;
  window.Reset(4);
  SlowReader reader("0123456789", 3);
  EXPECT_EQ(window.Fill(reader, kUnknown).value(), false);
  EXPECT_EQ(window.text(), "0123");
  window.Drop(3);
  EXPECT_EQ(window.text(), "3");
  EXPECT_EQ(window.base(), 3u);
  EXPECT_FALSE(window.holds_whole_file());
  EXPECT_EQ(window.Fill(reader, kUnknown).value(), false);
  EXPECT_EQ(window.text(), "3456");
  window.Drop(4);
  EXPECT_EQ(window.text(), "");
  EXPECT_EQ(window.Fill(reader, kUnknown).value(), true);
  EXPECT_EQ(window.text(), "789");
  EXPECT_EQ(window.base(), 7u);
}

TEST(Window, AKnownLengthSparesAQuestion) {
  Window window;
  window.Reset(100);
  SlowReader reader("0123456789", 5);
  EXPECT_EQ(window.Fill(reader, 10).value(), true);
  EXPECT_EQ(reader.asked(), 2);
  SlowReader other("0123456789", 5);
  window.Reset(100);
  EXPECT_EQ(window.Fill(other, kUnknown).value(), true);
  EXPECT_EQ(other.asked(), 3);
}

TEST(Window, AKnownLengthThatFillsItExactly) {
  Window window;
  window.Reset(10);
  SlowReader reader("0123456789", 5);
  EXPECT_EQ(window.Fill(reader, 10).value(), true);
}

TEST(Window, ATextShorterThanItsKnownLengthEndsAllTheSame) {
  Window window;
  window.Reset(100);
  MemoryReader reader("0123");
  EXPECT_EQ(window.Fill(reader, 10).value(), true);
  EXPECT_EQ(window.text(), "0123");
}

TEST(Window, KeepsWhatWasReadBeforeAFailure) {
  Window window;
  window.Reset(100);
  SlowReader reader("one\ntwo", 3, true);
  const auto ended = window.Fill(reader, kUnknown);
  ASSERT_FALSE(ended);
  EXPECT_EQ(ended.error().message, "torn");
  EXPECT_EQ(window.text(), "one\ntwo");
  EXPECT_EQ(window.RangeOf({4, 7}).line, 2u);
}

TEST(Window, BeginsAnew) {
  Window window;
  window.Reset(8);
  MemoryReader first("\n\n\n\n\n\n");
  ASSERT_TRUE(window.Fill(first, kUnknown));
  window.Drop(5);
  window.Reset(4);
  MemoryReader second("abcdef");
  EXPECT_EQ(window.Fill(second, kUnknown).value(), false);
  EXPECT_EQ(window.text(), "abcd");
  EXPECT_EQ(window.base(), 0u);
  EXPECT_EQ(window.RangeOf({1, 2}).line, 1u);
  EXPECT_EQ(window.RangeOf({1, 2}).column, 2u);
  EXPECT_EQ(window.RawSpan({1, 2}), (Span{1, 2}));
}

TEST(Window, LinesAndColumns) {
  Window window;
  window.Reset(100);
  MemoryReader reader("ab\n\ncd\r\ne");
  ASSERT_TRUE(window.Fill(reader, kUnknown));
  const auto at = [&](std::uint64_t start, std::uint64_t end) {
    const TextRange range = window.RangeOf({start, end});
    return std::tuple(range.line, range.column, range.end_line,
                      range.end_column);
  };
  using Range =
      std::tuple<std::uint64_t, std::uint64_t, std::uint64_t, std::uint64_t>;
  EXPECT_EQ(at(0, 2), (Range{1, 1, 1, 3}));
  EXPECT_EQ(at(1, 3), (Range{1, 2, 2, 1}));  // with the line break
  EXPECT_EQ(at(3, 3), (Range{2, 1, 2, 1}));
  EXPECT_EQ(at(4, 7), (Range{3, 1, 3, 4}));
  EXPECT_EQ(at(0, 9), (Range{1, 1, 4, 2}));
  EXPECT_EQ(at(8, 9), (Range{4, 1, 4, 2}));
}

TEST(Window, ColumnsAreBytes) {
  Window window;
  window.Reset(100);
  MemoryReader reader("\xC3\xB6\xE2\x82\xAC x");
  ASSERT_TRUE(window.Fill(reader, kUnknown));
  EXPECT_EQ(window.RangeOf({6, 7}).column, 7u);
}

TEST(Window, AWideTextIsPlacedInItsFile) {
  // A mark of two bytes; each character takes two, the smile four.
  Window window;
  window.Reset(100);
  window.SetEncoding(Encoding::kUtf16Le, 2);
  MemoryReader reader("a\n\xF0\x9F\x98\x80z");
  ASSERT_TRUE(window.Fill(reader, kUnknown));
  EXPECT_FALSE(window.holds_whole_file());
  EXPECT_EQ(window.RawSpan({0, 1}), (Span{2, 4}));
  EXPECT_EQ(window.RawSpan({2, 6}), (Span{6, 10}));
  EXPECT_EQ(window.RawSpan({6, 7}), (Span{10, 12}));
  const TextRange range = window.RangeOf({6, 7});
  EXPECT_EQ(range.line, 2u);
  EXPECT_EQ(range.column, 5u);
  EXPECT_EQ(range.end_column, 7u);
}

// For formats that count so: what is no UTF-8 counts byte by byte.
TEST(Window, CharactersAreCountedToo) {
  Window window;
  window.Reset(100);
  MemoryReader reader("x\n\xC3\xB6\xE2\x82\xACz\xF0\x9F\x98\x80y");
  ASSERT_TRUE(window.Fill(reader, kUnknown));
  const TextRange range = window.RangeOf({7, 13});
  EXPECT_EQ(range.column, 6u);
  EXPECT_EQ(range.character_column, 3u);
  EXPECT_EQ(range.end_column, 12u);
  EXPECT_EQ(range.end_character_column, 6u);
}

TEST(Window, TheMarkCountsInTheFirstLine) {
  Window window;
  window.Reset(100);
  window.SetEncoding(Encoding::kUtf16Be, 2);
  MemoryReader reader("ab");
  ASSERT_TRUE(window.Fill(reader, kUnknown));
  EXPECT_EQ(window.RangeOf({0, 1}).column, 3u);
}

// What the window should say, computed from the whole text.
struct Naive {
  std::string text;
  std::vector<std::uint64_t> raw;     // of each byte, and of the end
  std::vector<std::uint64_t> line;    // of each byte, and of the end
  std::vector<std::uint64_t> column;  // likewise
  std::vector<std::uint64_t> character_column;

  Naive(std::string of, Encoding encoding, std::uint64_t raw_start)
      : text(std::move(of)) {
    std::uint64_t at = raw_start;
    std::uint64_t line_number = 1;
    std::uint64_t line_start = 0;
    std::uint64_t characters = 0;
    for (std::size_t i = 0; i <= text.size(); ++i) {
      raw.push_back(at);
      line.push_back(line_number);
      column.push_back(at - line_start + 1);
      character_column.push_back(characters + 1);
      if (i == text.size()) break;
      const auto byte = static_cast<unsigned char>(text[i]);
      const bool wide = encoding != Encoding::kBytes;
      if (!wide) {
        ++at;
      } else if ((byte & 0xC0) != 0x80) {
        at += byte >= 0xF0 || encoding == Encoding::kUtf32Le ? 4 : 2;
      }
      if ((byte & 0xC0) != 0x80) ++characters;
      if (byte == '\n') {
        ++line_number;
        line_start = at;
        characters = 0;
      }
    }
  }
};

std::string RandomText(std::mt19937* random, std::size_t characters) {
  constexpr std::string_view kPieces[] = {"a",
                                          "bc",
                                          "\n",
                                          "\n\n",
                                          "\r\n",
                                          "\xC3\xB6",
                                          "\xE2\x82\xAC",
                                          "\xF0\x9F\x98\x80",
                                          "\xEF\xBF\xBD",
                                          "0123456789"};
  std::string out;
  for (std::size_t i = 0; i < characters; ++i) {
    out += kPieces[(*random)() % std::size(kPieces)];
  }
  return out;
}

// Asks for a few spans in any order, so that what is remembered from one
// question to the next is put to the test.
void CompareWith(const Naive& naive, Window* window, std::mt19937* random) {
  const std::size_t base = static_cast<std::size_t>(window->base());
  const std::size_t size = window->text().size();
  ASSERT_EQ(window->text(), std::string_view(naive.text).substr(base, size));
  for (int question = 0; question < 8; ++question) {
    std::size_t start = (*random)() % (size + 1);
    std::size_t end = (*random)() % (size + 1);
    if (start > end) std::swap(start, end);
    const Span span{start, end};
    if ((*random)() % 2 == 0) {
      ASSERT_EQ(window->RawSpan(span),
                (Span{naive.raw[base + start], naive.raw[base + end]}));
    } else {
      const TextRange range = window->RangeOf(span);
      ASSERT_EQ(range.line, naive.line[base + start]);
      ASSERT_EQ(range.column, naive.column[base + start]);
      ASSERT_EQ(range.end_line, naive.line[base + end]);
      ASSERT_EQ(range.end_column, naive.column[base + end]);
      ASSERT_EQ(range.character_column, naive.character_column[base + start]);
      ASSERT_EQ(range.end_character_column, naive.character_column[base + end]);
    }
  }
}

TEST(Window, AgreesWithTheWholeTextWhateverIsDropped) {
  std::mt19937 random(7);
  Window window;
  for (int round = 0; round < 300; ++round) {
    const Encoding encoding = round % 3 == 0   ? Encoding::kBytes
                              : round % 3 == 1 ? Encoding::kUtf16Be
                                               : Encoding::kUtf32Le;
    const std::uint64_t mark = round % 3 == 0 ? 0 : round % 3 == 1 ? 2 : 4;
    const Naive naive(RandomText(&random, random() % 120), encoding, mark);
    SlowReader reader(naive.text, 1 + random() % 40);
    window.Reset(1 + random() % 60);
    window.SetEncoding(encoding, mark);
    for (;;) {
      const auto ended = window.Fill(reader, kUnknown);
      ASSERT_TRUE(ended);
      ASSERT_NO_FATAL_FAILURE(CompareWith(naive, &window, &random)) << round;
      if (*ended) break;
      window.Drop(1 + random() % window.text().size());
      ASSERT_NO_FATAL_FAILURE(CompareWith(naive, &window, &random)) << round;
    }
    EXPECT_EQ(window.base() + window.text().size(), naive.text.size());
  }
}

}  // namespace
}  // namespace keytidy::scan
