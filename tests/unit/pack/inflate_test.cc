// SPDX-License-Identifier: Apache-2.0
#include "pack/inflate.h"

#include <gtest/gtest.h>

#include <string>

#include "unit/pack/pack_maker.h"

namespace keytidy::pack {
namespace {

// Read in pieces of this size; the message after what came before it.
std::string Streamed(std::string_view data, std::size_t piece) {
  InflateStream stream(data);
  std::string out;
  std::string buffer(piece, '\0');
  for (;;) {
    const auto n = stream.Read(buffer.data(), piece);
    if (!n) {
      EXPECT_EQ(n.error().code, ErrorCode::kDamaged);
      return out + "|" + n.error().message;
    }
    if (*n == 0) return out;
    out.append(buffer, 0, *n);
  }
}

std::string Text() {
  std::string out;
  for (int i = 0; i < 500; ++i) out += std::to_string(i * i) + " ";
  return out;
}

TEST(InflateStream, AnyPiece) {
  const std::string data = Deflated(Text());
  for (const std::size_t piece : {1, 2, 7, 1000, 100000}) {
    EXPECT_EQ(Streamed(data, piece), Text());
    EXPECT_EQ(Streamed(data + "what follows", piece), Text());
  }
  EXPECT_EQ(Streamed(Deflated(""), 10), "");
}

TEST(InflateStream, TheEndStaysTheEnd) {
  const std::string data = Deflated("x");
  InflateStream stream(data);
  InflateStream moved(std::move(stream));
  char out[4];
  EXPECT_EQ(*moved.Read(out, 4), 1u);
  EXPECT_EQ(*moved.Read(out, 4), 0u);
  EXPECT_EQ(*moved.Read(out, 4), 0u);
}

TEST(InflateStream, EveryTruncation) {
  const std::string data = Deflated("some text, some text, some text");
  for (std::size_t n = 0; n < data.size(); ++n) {
    const std::string got = Streamed(data.substr(0, n), 8);
    EXPECT_TRUE(got.ends_with("|its compressed data is cut short")) << got;
  }
}

TEST(InflateStream, EveryFlippedByte) {
  const std::string data = Deflated("some text, some text, some text");
  for (std::size_t i = 0; i < data.size(); ++i) {
    std::string changed = data;
    changed[i] = static_cast<char>(changed[i] ^ 0xFF);
    EXPECT_NE(Streamed(changed, 8).find('|'), std::string::npos) << i;
  }
}

TEST(Inflater, ExactlyTheStatedSize) {
  const std::string data = Deflated(Text());
  const std::size_t size = Text().size();
  Inflater inflater;
  std::string out(size, '\0');
  const auto used = inflater.Inflate(data + "what follows", out.data(), size);
  ASSERT_TRUE(used);
  EXPECT_EQ(*used, data.size());
  EXPECT_EQ(out, Text());
  std::string more(size + 1, '\0');
  for (const std::size_t wrong : {std::size_t{0}, size - 1, size + 1}) {
    const auto bad = inflater.Inflate(data, more.data(), wrong);
    ASSERT_FALSE(bad);
    EXPECT_EQ(bad.error().message, "its compressed data does not make the " +
                                       std::to_string(wrong) +
                                       " bytes it states");
  }
  EXPECT_FALSE(inflater.Inflate("", out.data(), 0));
  char none = 0;
  EXPECT_TRUE(inflater.Inflate(Deflated(""), &none, 0));
}

TEST(Inflater, EveryTruncationAndFlippedByte) {
  const std::string text = "some text, some text, some text";
  const std::string data = Deflated(text);
  Inflater inflater;
  std::string out(text.size(), '\0');
  for (std::size_t i = 0; i < data.size(); ++i) {
    EXPECT_FALSE(inflater.Inflate(data.substr(0, i), out.data(), out.size()));
    std::string changed = data;
    changed[i] = static_cast<char>(changed[i] ^ 0xFF);
    EXPECT_FALSE(inflater.Inflate(changed, out.data(), out.size())) << i;
  }
}

TEST(CouldInflateTo, NeverDeniesWhatIsPossible) {
  for (const std::size_t size : {0, 1, 1031, 1032, 100000, 20000000}) {
    EXPECT_TRUE(
        CouldInflateTo(Deflated(std::string(size, 'x'), 9).size(), size))
        << size;
  }
  EXPECT_FALSE(CouldInflateTo(100, 1 << 20));
  EXPECT_FALSE(CouldInflateTo(0, ~std::uint64_t{0}));
}

}  // namespace
}  // namespace keytidy::pack
