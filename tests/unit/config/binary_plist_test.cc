// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "config/node.h"
#include "unit/config/shown.h"

namespace keytidy::config {
namespace {

std::string Bytes(std::uint64_t value, std::size_t size) {
  std::string out;
  for (std::size_t i = size; i-- > 0;) {
    out += static_cast<char>(value >> (8 * i) & 0xFF);
  }
  return out;
}

struct Layout {
  std::uint64_t top = 0;
  std::uint64_t count = 0;  // 0: of the objects
  std::uint64_t table = 0;  // 0: where it is
  std::uint64_t offset_size = 2;
  std::uint64_t reference_size = 1;
};

// Objects one after another, the table of their offsets, the trailer.
std::string File(const std::vector<std::string>& objects, Layout layout = {}) {
  std::string out = "bplist00";
  std::string table;
  for (const std::string& object : objects) {
    table += Bytes(out.size(), 2);
    out += object;
  }
  const std::uint64_t at = out.size();
  out += table + std::string(6, '\0') + Bytes(layout.offset_size, 1) +
         Bytes(layout.reference_size, 1);
  out += Bytes(layout.count == 0 ? objects.size() : layout.count, 8);
  out += Bytes(layout.top, 8) + Bytes(layout.table == 0 ? at : layout.table, 8);
  return out;
}

Result<Document> Parse(const std::string& bytes) {
  return ParsePlist("a.plist", bytes);
}
std::string Tree(const std::vector<std::string>& objects) {
  return Shown(Parse(File(objects)));
}

TEST(BinaryPlist, TablesAndArrays) {
  EXPECT_EQ(Tree({"\xD2\x01\x02\x03\x04",
                  "\x51"
                  "a",
                  "\x52"
                  "bc",
                  "\x09", "\xA2\x01\x03"}),
            "{a=true bc=['a' true]}");
  EXPECT_EQ(Tree({"\xC1\x01", std::string("\x08", 1)}), "[false]");
  EXPECT_EQ(Tree({"\xD0"}), "{}");
  EXPECT_EQ(Tree({std::string(1, '\0')}), "null");
}

TEST(BinaryPlist, OfTheSameNameTheLastCounts) {
  EXPECT_EQ(Tree({"\xD2\x01\x01\x02\x03",
                  "\x51"
                  "a",
                  "\x08", "\x09"}),
            "{a=true}");
}

TEST(BinaryPlist, Numbers) {
  EXPECT_EQ(Tree({"\x10" + Bytes(0xFF, 1)}), "255");
  EXPECT_EQ(Tree({"\x11" + Bytes(0x1234, 2)}), "4660");
  EXPECT_EQ(Tree({"\x13" + Bytes(~std::uint64_t{0}, 8)}), "-1");
  EXPECT_EQ(Tree({"\x14" + Bytes(0, 8) + Bytes(std::uint64_t{1} << 63, 8)}),
            "9.223372036854776e+18f");
  EXPECT_EQ(Tree({"\x14" + Bytes(0, 8) + Bytes(7, 8)}), "7");
  EXPECT_EQ(Tree({"\x22" + Bytes(0x3FC00000, 4)}), "1.5f");
  EXPECT_EQ(Tree({"\x23" + Bytes(0xC000000000000000, 8)}), "-2f");
  EXPECT_EQ(Tree({"\x81" + Bytes(513, 2)}), "513");
}

TEST(BinaryPlist, Strings) {
  EXPECT_EQ(Tree({"\x5F\x10\x10"
                  "0123456789abcdef"}),
            "'0123456789abcdef'");
  EXPECT_EQ(Tree({"\x64" + Bytes(0x00E4D83DDD110061, 8)}),
            "'\xC3\xA4\xF0\x9F\x94\x91"
            "a'");
  EXPECT_EQ(Tree({"\x62" + Bytes(0xD83D0061, 4)}),
            "'\xEF\xBF\xBD"
            "a'");
  EXPECT_EQ(Tree({"\x44"
                  "ABCD"}),
            "'QUJDRA=='");
  EXPECT_EQ(Tree({"\x43"
                  "ABC"}),
            "'QUJD'");
  EXPECT_EQ(Tree({"\x45"
                  "ABCDE"}),
            "'QUJDREU='");
  EXPECT_EQ(Tree({"\x51\xFF"}), "'\xEF\xBF\xBD'");
}

TEST(BinaryPlist, Dates) {
  EXPECT_EQ(Tree({"\x33" + Bytes(0, 8)}), "'2001-01-01T00:00:00Z'");
  EXPECT_EQ(Tree({"\x33" + Bytes(0x40F5180000000000, 8)}),  // 86,400
            "'2001-01-02T00:00:00Z'");
  EXPECT_EQ(Tree({"\x33" + Bytes(0x7FF8000000000000, 8)}),
            "a.plist: a date out of all bounds");
}

TEST(BinaryPlist, HasNoSpans) {
  const auto document = Parse(File({"\xA1\x01", "\x09"}));
  ASSERT_TRUE(document);
  EXPECT_EQ(document->root.items[0].start, document->root.items[0].end);
  EXPECT_EQ(document->root.items[0].place.line, 0U);
}

TEST(BinaryPlist, WhatIsWithinItself) {
  EXPECT_EQ(Tree({"\xA1\x01", "\xA1" + std::string(1, '\0')}),
            "a.plist: an object is within itself");
  EXPECT_EQ(Tree({"\xD1\x01" + std::string(1, '\0'),
                  "\x51"
                  "a"}),
            "a.plist: an object is within itself");
  // Twice beside itself is no ring.
  EXPECT_EQ(Tree({"\xA2\x01\x01", "\xA1\x02", "\x09"}), "[[true] [true]]");
}

TEST(BinaryPlist, DepthAndNumberAreBounded) {
  std::vector<std::string> chain;
  for (int i = 1; i <= 200; ++i) {
    chain.push_back("\xA1" + Bytes(static_cast<std::uint64_t>(i), 1));
  }
  chain.push_back("\x09");
  EXPECT_TRUE(Parse(File(chain)));
  chain.back() = "\xA1\xC9";
  chain.push_back("\x09");
  EXPECT_EQ(Tree(chain), "a.plist: nests too deep");
  // Each doubles what it holds.
  std::vector<std::string> doubled;
  for (std::uint64_t i = 1; i <= 40; ++i) {
    doubled.push_back("\xA2" + Bytes(i, 1) + Bytes(i, 1));
  }
  doubled.push_back("\x09");
  EXPECT_EQ(Tree(doubled), "a.plist: too many objects");
  const std::string text(1 << 14, 'x');
  std::string many = "\xAF\x11" + Bytes(4000, 2) + std::string(4000, '\x01');
  EXPECT_EQ(Tree({many, "\x5F\x11" + Bytes(text.size(), 2) + text}),
            "a.plist: too much text");
}

TEST(BinaryPlist, WhatReachesBeyondTheFile) {
  const std::string outside = "a.plist: an object reaches beyond the file";
  EXPECT_EQ(Tree({"\x52"
                  "a"}),
            outside);
  EXPECT_EQ(Tree({"\x62" + Bytes(0, 3)}), outside);
  EXPECT_EQ(Tree({"\xA2" + Bytes(0, 1)}), outside);
  EXPECT_EQ(Tree({"\xD1" + Bytes(0, 1)}), outside);
  EXPECT_EQ(Tree({"\x13" + Bytes(0, 7)}), outside);
  EXPECT_EQ(Tree({"\x5F"}), outside);
  EXPECT_EQ(Tree({"\x5F\x13" + Bytes(0, 7)}), outside);
  EXPECT_EQ(Tree({"\x6F\x13" + Bytes(std::uint64_t{1} << 63, 8)}), outside);
  EXPECT_EQ(Tree({"\xDF\x13" + Bytes(~std::uint64_t{0}, 8)}), outside);
  EXPECT_EQ(Tree({"\xA1\x05"}), "a.plist: a reference to no object");
}

TEST(BinaryPlist, ObjectsOfNoKnownKind) {
  const std::string unknown = "a.plist: an object of no known kind";
  EXPECT_EQ(Tree({"\x0F"}), unknown);
  EXPECT_EQ(Tree({"\x90"}), unknown);
  EXPECT_EQ(Tree({"\xF0"}), unknown);
  EXPECT_EQ(Tree({"\x15" + Bytes(0, 8)}), "a.plist: a number of no known size");
  EXPECT_EQ(Tree({"\x21" + Bytes(0, 2)}), "a.plist: a number of no known size");
  EXPECT_EQ(Tree({"\x5F\x51"}), "a.plist: a count is no number");
  EXPECT_EQ(Tree({"\xD1\x01\x01", "\x09"}),
            "a.plist: the name of a value is no string");
}

TEST(BinaryPlist, Trailers) {
  const std::string cut = "a.plist: this binary property list is cut off";
  const auto with = [](Layout layout) {
    return Shown(Parse(File({"\x09"}, layout)));
  };
  EXPECT_EQ(with({}), "true");
  EXPECT_EQ(with({.top = 1}), "a.plist: a reference to no object");
  EXPECT_EQ(with({.count = 2}), cut);
  EXPECT_EQ(with({.count = ~std::uint64_t{0}}), cut);
  EXPECT_EQ(with({.table = 7}), cut);
  EXPECT_EQ(with({.table = 12}), cut);
  EXPECT_EQ(with({.table = ~std::uint64_t{0}}), cut);
  EXPECT_EQ(with({.offset_size = 0}), cut);
  EXPECT_EQ(with({.offset_size = 9}), cut);
  EXPECT_EQ(with({.reference_size = 0}), cut);
  EXPECT_EQ(with({.reference_size = 255}), cut);
  // Without its last bytes the trailer is another.
  const std::string file = File({"\xA1\x01", "\x09"});
  for (std::size_t size = 8; size < file.size(); ++size) {
    EXPECT_EQ(Shown(Parse(file.substr(0, size))), cut) << size;
  }
}

}  // namespace
}  // namespace keytidy::config
