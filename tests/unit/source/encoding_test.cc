// SPDX-License-Identifier: Apache-2.0
#include "source/encoding.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>
#include <random>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "source/byte_reader.h"

namespace keytidy::source {
namespace {

constexpr std::string_view kReplaced = "\xEF\xBF\xBD";
constexpr Encoding kWide[] = {Encoding::kUtf16Le, Encoding::kUtf16Be,
                              Encoding::kUtf32Le, Encoding::kUtf32Be};

// Hands out at most `piece` bytes at a time, then fails if it is told to.
class SlowReader final : public ByteReader {
 public:
  SlowReader(std::string_view bytes, std::size_t piece, bool fails = false)
      : bytes_(bytes), piece_(piece), fails_(fails) {}
  Result<std::size_t> Read(char* data, std::size_t size) override {
    if (bytes_.empty() && fails_) return Fail(ErrorCode::kIo, "torn");
    const std::size_t n = std::min({size, piece_, bytes_.size()});
    bytes_.copy(data, n);
    bytes_.remove_prefix(n);
    return n;
  }

 private:
  std::string_view bytes_;
  std::size_t piece_;
  bool fails_;
};

// One code unit in an encoding.
std::string Unit(Encoding encoding, char32_t unit) {
  const bool wide =
      encoding == Encoding::kUtf32Le || encoding == Encoding::kUtf32Be;
  std::string out;
  for (int i = 0; i < (wide ? 4 : 2); ++i) {
    out.push_back(static_cast<char>(unit >> (8 * i)));
  }
  if (encoding == Encoding::kUtf16Be || encoding == Encoding::kUtf32Be) {
    std::reverse(out.begin(), out.end());
  }
  return out;
}

// One character in an encoding.
std::string Encoded(Encoding encoding, char32_t c) {
  const bool is16 =
      encoding == Encoding::kUtf16Le || encoding == Encoding::kUtf16Be;
  if (!is16 || c < 0x10000) return Unit(encoding, c);
  return Unit(encoding, 0xD800 + ((c - 0x10000) >> 10)) +
         Unit(encoding, 0xDC00 + ((c - 0x10000) & 0x3FF));
}

std::string Encoded(Encoding encoding, std::u32string_view text) {
  std::string out;
  for (const char32_t c : text) out += Encoded(encoding, c);
  return out;
}

// The decoded text, read in pieces of `room` from pieces of `piece`.
std::string Decoded(Encoding encoding, std::string_view raw,
                    std::size_t piece = 1 << 20, std::size_t room = 1 << 16) {
  SlowReader input(raw, piece);
  TextReader reader(input, encoding);
  std::string out;
  std::string buffer(room, '\0');
  for (;;) {
    const auto n = reader.Read(buffer.data(), room);
    EXPECT_TRUE(n);
    if (!n || *n == 0) return out;
    out.append(buffer, 0, *n);
  }
}

// What `raw` is read as; the same however it arrives and is asked for.
std::string Read(Encoding encoding, std::string_view raw) {
  const std::string whole = Decoded(encoding, raw);
  for (const std::size_t piece : {1u, 2u, 3u, 5u}) {
    for (const std::size_t room : {1u, 2u, 7u}) {
      EXPECT_EQ(Decoded(encoding, raw, piece, room), whole)
          << piece << " " << room;
    }
  }
  return whole;
}

TEST(DetectEncoding, ByTheByteOrderMark) {
  const auto detect = [](std::string_view head) {
    const Detected detected = DetectEncoding(head);
    return std::pair(detected.encoding, detected.mark);
  };
  EXPECT_EQ(detect("\xFF\xFE"
                   "a"),
            std::pair(Encoding::kUtf16Le, std::size_t{2}));
  EXPECT_EQ(detect("\xFE\xFF"
                   "a"),
            std::pair(Encoding::kUtf16Be, std::size_t{2}));
  EXPECT_EQ(detect({"\xFF\xFE\0\0", 4}),
            std::pair(Encoding::kUtf32Le, std::size_t{4}));
  EXPECT_EQ(detect({"\0\0\xFE\xFF", 4}),
            std::pair(Encoding::kUtf32Be, std::size_t{4}));
  EXPECT_EQ(detect("\xFF\xFE"), std::pair(Encoding::kUtf16Le, std::size_t{2}));
}

TEST(DetectEncoding, OtherwiseBytes) {
  for (const std::string_view head :
       {std::string_view(""), std::string_view("\xFF"),
        std::string_view("text"), std::string_view("\xEF\xBB\xBFtext"),
        std::string_view("\0\0\xFE", 3), std::string_view(" \xFF\xFE")}) {
    EXPECT_EQ(DetectEncoding(head).encoding, Encoding::kBytes);
    EXPECT_EQ(DetectEncoding(head).mark, 0u);
  }
}

TEST(LooksBinary, ANulAmongTheFirst8000Bytes) {
  EXPECT_FALSE(LooksBinary(""));
  EXPECT_FALSE(LooksBinary("\x01\x7f\xff"));
  EXPECT_TRUE(LooksBinary({"a\0b", 3}));
  std::string text(9000, 'a');
  text[8000] = '\0';
  EXPECT_FALSE(LooksBinary(text));
  text[7999] = '\0';
  EXPECT_TRUE(LooksBinary(text));
}

TEST(TextReader, BytesPassUntouched) {
  const std::string bytes("a\0\xff\xC3\r\n\xFE", 7);
  EXPECT_EQ(Read(Encoding::kBytes, bytes), bytes);
}

TEST(TextReader, CharactersOfEveryWidth) {
  const std::u32string text =
      U"a\u007f\u0080\u07ff\u0800\uffff\U00010000"
      U"\U0010ffff\r\n";
  for (const Encoding encoding : kWide) {
    EXPECT_EQ(Read(encoding, Encoded(encoding, text)),
              "a\x7f\xC2\x80\xDF\xBF\xE0\xA0\x80\xEF\xBF\xBF\xF0\x90\x80\x80"
              "\xF4\x8F\xBF\xBF\r\n");
  }
}

TEST(TextReader, NothingIsNothing) {
  for (const Encoding encoding : kWide) EXPECT_EQ(Read(encoding, ""), "");
}

TEST(TextReader, SurrogatePairs) {
  EXPECT_EQ(Read(Encoding::kUtf16Le, {"\x3D\xD8\x00\xDE", 4}),
            "\xF0\x9F\x98\x80");
  EXPECT_EQ(Read(Encoding::kUtf16Be, {"\xD8\x3D\xDE\x00", 4}),
            "\xF0\x9F\x98\x80");
}

TEST(TextReader, LoneSurrogatesAreReplacedOneByOne) {
  const std::string replaced(kReplaced);
  for (const Encoding encoding : {Encoding::kUtf16Le, Encoding::kUtf16Be}) {
    const auto units = [&](const std::u32string& text) {
      std::string out;
      for (const char32_t unit : text) out += Unit(encoding, unit);
      return out;
    };
    const char32_t high = 0xD83D;
    const char32_t low = 0xDE00;
    EXPECT_EQ(Read(encoding, units({U'a', high, U'b'})), "a" + replaced + "b");
    EXPECT_EQ(Read(encoding, units({U'a', low, U'b'})), "a" + replaced + "b");
    EXPECT_EQ(Read(encoding, units({low, high})), replaced + replaced);
    EXPECT_EQ(Read(encoding, units({high, high, low})),
              replaced + "\xF0\x9F\x98\x80");
    EXPECT_EQ(Read(encoding, units({U'a', high})), "a" + replaced);
  }
}

TEST(TextReader, SurrogatesAreNoCharactersOfUtf32) {
  for (const Encoding encoding : {Encoding::kUtf32Le, Encoding::kUtf32Be}) {
    EXPECT_EQ(Read(encoding, Unit(encoding, 0xD83D) + Unit(encoding, 0xDE00)),
              std::string(kReplaced) + std::string(kReplaced));
  }
}

TEST(TextReader, ValuesAboveUnicodeAreReplaced) {
  for (const Encoding encoding : {Encoding::kUtf32Le, Encoding::kUtf32Be}) {
    EXPECT_EQ(Read(encoding, Unit(encoding, 0x110000) + Unit(encoding, 'a') +
                                 Unit(encoding, 0xFFFFFFFF)),
              std::string(kReplaced) + "a" + std::string(kReplaced));
  }
}

TEST(TextReader, AnIncompleteUnitAtTheEndIsReplaced) {
  const std::string replaced(kReplaced);
  for (const Encoding encoding : kWide) {
    const std::string a = Unit(encoding, 'a');
    for (std::size_t cut = 1; cut < a.size(); ++cut) {
      EXPECT_EQ(Read(encoding, a + a.substr(0, cut)), "a" + replaced) << cut;
    }
  }
  // Half a surrogate pair, and half a unit after it.
  EXPECT_EQ(Read(Encoding::kUtf16Le, {"\x3D\xD8\x00", 3}), replaced + replaced);
}

TEST(TextReader, ManyCharactersInManyPieces) {
  std::u32string text;
  for (int i = 0; i < 60000; ++i) text += i % 3 == 0 ? U'\U0001F600' : U'x';
  std::string utf8;
  for (const char32_t c : text) utf8 += c == U'x' ? "x" : "\xF0\x9F\x98\x80";
  for (const Encoding encoding : kWide) {
    const std::string raw = Encoded(encoding, text);
    EXPECT_TRUE(Decoded(encoding, raw) == utf8);
    EXPECT_TRUE(Decoded(encoding, raw, 4095, 777) == utf8);
  }
}

TEST(TextReader, AFailureComesAfterWhatWasRead) {
  SlowReader input({"a\0b\0c", 5}, 2, true);
  TextReader reader(input, Encoding::kUtf16Le);
  std::string text(10, '\0');
  EXPECT_EQ(reader.Read(text.data(), 10).value_or(0), 1u);
  EXPECT_EQ(reader.Read(text.data() + 1, 9).value_or(0), 1u);
  EXPECT_EQ(text.substr(0, 2), "ab");
  const auto n = reader.Read(text.data() + 2, 8);
  ASSERT_FALSE(n);
  EXPECT_EQ(n.error().message, "torn");
}

TEST(RawWidth, OfBytesIsTheirNumber) {
  EXPECT_EQ(RawWidth(Encoding::kBytes, ""), 0u);
  EXPECT_EQ(RawWidth(Encoding::kBytes, "a\xC3\xB6\xFF"), 4u);
}

TEST(RawWidth, ACharacterCountsWhereItBegins) {
  const std::string_view smile = "\xF0\x9F\x98\x80";
  EXPECT_EQ(RawWidth(Encoding::kUtf16Le, smile), 4u);
  EXPECT_EQ(RawWidth(Encoding::kUtf16Le, smile.substr(0, 1)), 4u);
  EXPECT_EQ(RawWidth(Encoding::kUtf16Le, smile.substr(1)), 0u);
  EXPECT_EQ(RawWidth(Encoding::kUtf16Be, "a\xC3\xB6\xE2\x82\xAC"), 6u);
  EXPECT_EQ(RawWidth(Encoding::kUtf32Le, "a\xC3\xB6\xE2\x82\xAC"), 12u);
  EXPECT_EQ(RawWidth(Encoding::kUtf32Be, smile), 4u);
}

// Decodes one unit or pair after the other, and remembers where each began.
struct Mapped {
  std::string utf8;
  std::vector<std::uint64_t> raw_of;  // of each byte of utf8, and of the end
};

Mapped Map(Encoding encoding, const std::vector<char32_t>& units,
           std::string* raw) {
  Mapped out;
  const bool is16 =
      encoding == Encoding::kUtf16Le || encoding == Encoding::kUtf16Be;
  for (std::size_t i = 0; i < units.size(); ++i) {
    const std::uint64_t began = raw->size();
    std::string bytes = Unit(encoding, units[i]);
    const bool pair = is16 && units[i] >= 0xD800 && units[i] < 0xDC00 &&
                      i + 1 < units.size() && units[i + 1] >= 0xDC00 &&
                      units[i + 1] < 0xE000;
    if (pair) bytes += Unit(encoding, units[++i]);
    *raw += bytes;
    const std::string character = Decoded(encoding, bytes);
    for (std::size_t b = 0; b < character.size(); ++b) {
      // Behind its first byte a character has been counted.
      out.raw_of.push_back(b == 0 ? began : raw->size());
    }
    out.utf8 += character;
  }
  out.raw_of.push_back(raw->size());
  return out;
}

TEST(RawWidth, OfAnyBeginningIsItsOffsetInTheFile) {
  std::mt19937 random(20240607);
  const auto below = [&](std::uint32_t n) {
    return static_cast<std::uint32_t>(random() % n);
  };
  for (int round = 0; round < 200; ++round) {
    const Encoding encoding = kWide[round % 4];
    const bool is16 = round % 4 < 2;
    std::vector<char32_t> units;
    for (std::uint32_t i = below(40); i > 0; --i) {
      switch (below(5)) {
        case 0:
          units.push_back(0xD800 + below(0x400));
          break;
        case 1:
          units.push_back(0xDC00 + below(0x400));
          break;
        case 2:
          units.push_back(is16 ? below(0xD800) : below(0x120000));
          break;
        default:
          units.push_back(below(0x100));
      }
    }
    std::string raw;
    const Mapped mapped = Map(encoding, units, &raw);
    ASSERT_EQ(Decoded(encoding, raw, 3, 5), mapped.utf8);
    for (std::size_t n = 0; n <= mapped.utf8.size(); ++n) {
      ASSERT_EQ(RawWidth(encoding, mapped.utf8.substr(0, n)), mapped.raw_of[n])
          << "round " << round << ", " << n << " bytes";
    }
  }
}

// Of any stretch: the whole is the sum of its parts.
TEST(RawWidth, AddsUp) {
  const std::string text = "a\xC3\xB6\xE2\x82\xAC\xF0\x9F\x98\x80\nz";
  for (const Encoding encoding : kWide) {
    const std::uint64_t whole = RawWidth(encoding, text);
    for (std::size_t n = 0; n <= text.size(); ++n) {
      EXPECT_EQ(RawWidth(encoding, text.substr(0, n)) +
                    RawWidth(encoding, text.substr(n)),
                whole);
    }
  }
}

}  // namespace
}  // namespace keytidy::source
