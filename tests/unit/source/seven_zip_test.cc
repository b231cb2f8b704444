// SPDX-License-Identifier: Apache-2.0
//
// Headers of 7z archives that ask for too much, made by hand.
#include "source/seven_zip.h"

#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <vector>

#include "base/digest.h"
#include "source/archive.h"
#include "unit/source/archive_maker.h"

namespace keytidy::source {
namespace {

using std::string_literals::operator""s;
using Strings = std::vector<std::string>;

std::string Fixed(std::uint64_t value, int size) {
  std::string out;
  for (int i = 0; i < size; ++i) {
    out += static_cast<char>(value >> (8 * i) & 0xFF);
  }
  return out;
}

std::string Number(std::uint64_t value) { return "\xFF" + Fixed(value, 8); }

// A 7z archive of packed streams and a header.
std::string Archive(const std::string& packed, const std::string& header) {
  const std::string place = Fixed(packed.size(), 8) + Fixed(header.size(), 8) +
                            Fixed(Crc32(header), 4);
  return "7z\xBC\xAF\x27\x1C\0\4"s + Fixed(Crc32(place), 4) + place + packed +
         header;
}

const std::string kCopy = "\1\1\0"s;               // one coder, id of one byte
const std::string kAes = "\1\x04\x06\xF1\x07\1"s;  // one coder, of four

// One folder that unpacks one packed stream.
std::string Streams(std::uint64_t packed, const std::string& coders,
                    std::uint64_t unpacked) {
  return "\6"s + Number(0) + Number(1) + "\x09" + Number(packed) + "\0"s +
         "\7\x0B\1\0"s + coders + "\x0C" + Number(unpacked) + "\0"s;
}

// Names of one letter, from `a` on.
std::string Files(std::uint64_t count) {
  std::string names;
  for (std::uint64_t i = 0; i < count && i < 26; ++i) {
    names += std::string(1, static_cast<char>('a' + i)) + "\0\0\0"s;
  }
  return "\5"s + Number(count) + "\x11" + Number(names.size() + 1) + "\0"s +
         names + "\0"s;
}

// A header with one folder, stored, of five bytes, cut into files as `cut`
// says.
std::string Header(const std::string& cut, std::uint64_t files) {
  return "\1\4"s + Streams(5, kCopy, 5) + "\x08" + cut + "\0\0"s +
         Files(files) + "\0"s;
}

TEST(SevenZipTest, ASoundHeader) {
  EXPECT_EQ(Lines(Archive("alpha", Header("", 1)), "x"), Strings{"x!a: alpha"});
  // Cut in two, after two bytes.
  EXPECT_EQ(Lines(Archive("alpha", Header("\x0D\2\x09\2"s, 2)), "x"),
            (Strings{"x!a: al", "x!b: pha"}));
}

TEST(SevenZipTest, APackedHeader) {
  const std::string header = Header("", 1);
  const std::string packed = "alpha" + header;
  // Packed by copying; it lies after the file.
  std::string encoded = "\x17\6"s + Number(5) + Number(1) + "\x09" +
                        Number(header.size()) + "\0"s + "\7\x0B\1\0"s + kCopy +
                        "\x0C" + Number(header.size()) + "\0\0"s;
  EXPECT_EQ(Lines(Archive(packed, encoded), "x"), Strings{"x!a: alpha"});
}

TEST(SevenZipTest, TooManyFilesAreALimit) {
  EXPECT_EQ(Lines(Archive("alpha", Header("", 100000000)), "x"),
            Strings{"?x: archive limit: more than 100,000 entries"});
}

TEST(SevenZipTest, CountsThatTheHeaderCannotMean) {
  const Strings damaged = {"?x: cannot be unpacked: damaged 7z header"};
  const std::uint64_t many = 100000000;
  // Parts of a folder, packed streams, folders.
  EXPECT_EQ(Lines(Archive("alpha", Header("\x0D" + Number(many), 1)), "x"),
            damaged);
  EXPECT_EQ(Lines(Archive("", "\1\4\6"s + Number(0) + Number(many)), "x"),
            damaged);
  EXPECT_EQ(
      Lines(Archive("", "\1\4\7\x0B"s + Number(many) + "\0"s + kCopy), "x"),
      Strings{"?x: cannot be unpacked: 7z header of an unsupported form"});
  // The first part larger than the whole.
  EXPECT_EQ(Lines(Archive("alpha", Header("\x0D\2\x09\6"s, 2)), "x"), damaged);
  // More packed streams used than there are.
  EXPECT_EQ(Lines(Archive("", "\1\4\7\x0B\1\0"s + kCopy + "\x0C\5\0\0"s), "x"),
            damaged);
}

TEST(SevenZipTest, AHeaderThatUnpacksToTooMuch) {
  const std::string encoded =
      "\x17"s + Streams(5, kCopy, kMaxSevenZipHeader + 1) + "\0"s;
  EXPECT_EQ(
      Lines(Archive("alpha", encoded), "x"),
      Strings{"?x: cannot be unpacked: 7z header of an unsupported form"});
}

TEST(SevenZipTest, MemoryForExecutableCode) {
  // The form with two coders and four packed streams, three of which
  // libarchive holds in memory.
  const auto archive = [](std::uint64_t size) {
    const std::string coders = "\2\x01\0\x14\x03\x03\x01\x1B\4\1"s +  // coders
                               "\1\0"s + std::string("\2\0\3\4", 4);
    return Archive(std::string(4, 'p'), "\1\4\6\0\4\x09\1"s + Number(size) +
                                            "\1\1\0\7\x0B\1\0"s + coders +
                                            "\x0C\1\1\0\0\0"s);
  };
  const Strings lines = Lines(archive(std::uint64_t{65} << 20), "x");
  EXPECT_EQ(lines, Strings{"?x: cannot be unpacked: 7z with more executable "
                           "code than can be held in memory"});
}

TEST(SevenZipTest, Encrypted) {
  const std::string header =
      "\1\4"s + Streams(5, kAes, 5) + "\x08\0\0"s + Files(1) + "\0"s;
  EXPECT_EQ(Lines(Archive("alpha", header), "x"), Strings{"?x!a: encrypted"});
  const std::string encoded = "\x17"s + Streams(5, kAes, 40) + "\0"s;
  EXPECT_EQ(Lines(Archive("alpha", encoded), "x"), Strings{"?x: encrypted"});
}

TEST(SevenZipTest, WhereTheHeaderIsMustBeInTheFile) {
  std::string archive = Archive("alpha", Header("", 1));
  archive[19] = '\x7F';  // the highest byte of its offset
  EXPECT_EQ(Lines(archive, "x"),
            Strings{"?x: cannot be unpacked: truncated 7z file"});
}

TEST(SevenZipTest, EveryLengthOfAHeader) {
  const std::string header = Header("\x0D\2\x09\2\x0A\1ABCDEFGH"s, 2);
  for (std::size_t size = 0; size < header.size(); ++size) {
    const std::string archive = Archive("alpha", header.substr(0, size));
    ArchiveBudget budget;
    MemoryReader reader(archive);
    const Status status = CheckSevenZip(reader, budget);
    const std::size_t count_ends = header.find("\x11\xFF");
    EXPECT_EQ(status.has_value(), size == 0 || size >= count_ends) << size;
  }
}

}  // namespace
}  // namespace keytidy::source
