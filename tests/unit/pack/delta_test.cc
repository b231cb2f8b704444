// SPDX-License-Identifier: Apache-2.0
#include "pack/delta.h"

#include <gtest/gtest.h>

#include <random>
#include <string>
#include <vector>

#include "unit/pack/pack_maker.h"

namespace keytidy::pack {
namespace {

constexpr std::string_view kBase = "0123456789";

// The result, or the message. What lies behind the result is watched.
std::string Applied(const std::string& delta, std::string_view base = kBase,
                    std::vector<Copy>* copies = nullptr) {
  const auto sizes = ReadDeltaSizes(delta);
  if (!sizes) return sizes.error().message;
  if (sizes->result > 1 << 24) return "too large for this test";
  std::string out(sizes->result + 8, '#');
  const auto status = ApplyDelta(delta, *sizes, base, out.data(), copies);
  EXPECT_EQ(out.substr(sizes->result), "########");
  if (!status) {
    EXPECT_EQ(status.error().code, ErrorCode::kDamaged);
    return status.error().message;
  }
  return out.substr(0, sizes->result);
}

std::string Show(const std::vector<Copy>& copies) {
  std::string out;
  for (const Copy& copy : copies) {
    out += fmt::format("{}<{}+{} ", copy.to, copy.from, copy.size);
  }
  return out;
}

TEST(ApplyDelta, CopiesAndInserts) {
  std::vector<Copy> copies = {{1, 2, 3}};
  EXPECT_EQ(
      Applied(DeltaHead(10, 9) + CopyOp(7, 3) + InsertOp("ab") + CopyOp(0, 4),
              kBase, &copies),
      "789ab0123");
  EXPECT_EQ(Show(copies), "");  // all are short
}

TEST(ApplyDelta, JoinsCopiesThatBelongTogether) {
  std::string base;
  for (char c = ' '; c < 127; ++c) base += c;
  std::vector<Copy> copies;
  EXPECT_EQ(Applied(DeltaHead(95, 92) + CopyOp(0, 30) + CopyOp(30, 30) +
                        CopyOp(50, 32),
                    base, &copies),
            base.substr(0, 60) + base.substr(50, 32));
  EXPECT_EQ(Show(copies), "0<0+60 60<50+32 ");
}

TEST(ApplyDelta, TellsOfNoShortCopies) {
  const std::string base(100, 'x');
  std::vector<Copy> copies;
  Applied(DeltaHead(100, 4 * kLeastCopy) + CopyOp(0, kLeastCopy) +
              InsertOp("y") + CopyOp(0, kLeastCopy - 1) +
              CopyOp(1, kLeastCopy - 1) + InsertOp("y") + CopyOp(0, kLeastCopy),
          base, &copies);
  EXPECT_EQ(Show(copies), "0<0+32 96<0+32 ");
}

TEST(ApplyDelta, NothingAtAll) {
  std::vector<Copy> copies = {{1, 2, 3}};
  EXPECT_EQ(Applied(DeltaHead(0, 0), "", &copies), "");
  EXPECT_TRUE(copies.empty());
  EXPECT_EQ(Applied(DeltaHead(10, 0)), "");
}

TEST(ApplyDelta, ASizeOfZeroIsSixtyFourKibibytes) {
  const std::string base(0x10000, 'x');
  EXPECT_EQ(Applied(DeltaHead(0x10000, 0x10000) + "\x80", base), base);
  EXPECT_EQ(Applied(DeltaHead(10, 0x10000) + "\x80"),
            "delta: copies from or to where nothing is");
}

TEST(ApplyDelta, AllBytesOfOffsetsAndSizes) {
  std::string base(0x1020304 + 0x20304, '\0');
  for (std::size_t i = 0; i < base.size(); ++i) {
    base[i] = static_cast<char>(i * 7 + i / 256);
  }
  EXPECT_EQ(
      Applied(DeltaHead(base.size(), 0x20304) + CopyOp(0x1020304, 0x20304),
              base),
      base.substr(0x1020304));
}

TEST(ApplyDelta, OutsideTheBaseOrTheResult) {
  const std::string outside = "delta: copies from or to where nothing is";
  EXPECT_EQ(Applied(DeltaHead(10, 1) + CopyOp(10, 1)), outside);
  EXPECT_EQ(Applied(DeltaHead(10, 6) + CopyOp(5, 6)), outside);
  EXPECT_EQ(Applied(DeltaHead(10, 5) + CopyOp(0, 6)), outside);
  EXPECT_EQ(Applied(DeltaHead(10, 5) + CopyOp(0xFFFFFFFF, 0xFFFFFF)), outside);
  const std::string cannot = "delta: an instruction that cannot be";
  EXPECT_EQ(Applied(DeltaHead(10, 2) + InsertOp("abc")), cannot);
  EXPECT_EQ(Applied(DeltaHead(10, 9) + "\x09"
                                       "abc"),
            cannot);
  EXPECT_EQ(Applied(DeltaHead(10, 1) + std::string(1, '\0')), cannot);
}

TEST(ApplyDelta, SizesThatDoNotHold) {
  EXPECT_EQ(Applied(DeltaHead(9, 1) + InsertOp("a")),
            "delta: made for a base of 9 bytes, not 10");
  EXPECT_EQ(Applied(DeltaHead(10, 3) + InsertOp("ab")),
            "delta: makes 2 bytes, not 3");
  EXPECT_EQ(Applied(""), "delta: its sizes cannot be read");
  EXPECT_EQ(Applied("\x0A"), "delta: its sizes cannot be read");
  EXPECT_EQ(Applied(std::string(40, '\xFF')),
            "delta: its sizes cannot be read");
}

TEST(ReadDeltaSizes, UpToTheLargest) {
  for (unsigned bit = 0; bit < 63; ++bit) {
    const std::uint64_t n = std::uint64_t{1} << bit;
    const auto sizes = ReadDeltaSizes(DeltaHead(n, n - 1));
    ASSERT_TRUE(sizes) << bit;
    EXPECT_EQ(sizes->base, n);
    EXPECT_EQ(sizes->result, n - 1);
  }
  EXPECT_FALSE(ReadDeltaSizes(DeltaHead(std::uint64_t{1} << 63, 0)));
}

TEST(ApplyDelta, EveryTruncationAndEveryByte) {
  const std::string delta =
      DeltaHead(10, 15) + CopyOp(2, 5) + InsertOp("abcdef") + CopyOp(6, 4);
  EXPECT_EQ(Applied(delta), "23456abcdef6789");
  for (std::size_t n = 0; n < delta.size(); ++n) {
    EXPECT_TRUE(Applied(delta.substr(0, n)).starts_with("delta: ")) << n;
  }
  for (std::size_t i = 0; i < delta.size(); ++i) {
    for (int byte = 0; byte < 256; ++byte) {
      std::string changed = delta;
      changed[i] = static_cast<char>(byte);
      std::vector<Copy> copies;
      Applied(changed, kBase, &copies);
    }
  }
}

// Against an implementation that keeps to the text of gitformat-pack(5).
TEST(ApplyDelta, RandomOnes) {
  std::mt19937 random(1);
  for (int round = 0; round < 2000; ++round) {
    std::string base(1 + random() % 300, '\0');
    for (char& c : base) c = static_cast<char>(random());
    std::string wanted;
    std::string body;
    for (std::size_t i = random() % 10; i > 0; --i) {
      if (random() % 2 == 0) {
        const std::size_t from = random() % base.size();
        const std::size_t size = 1 + random() % (base.size() - from);
        body += CopyOp(from, size);
        wanted += base.substr(from, size);
      } else {
        const std::string text(1 + random() % 127, static_cast<char>(random()));
        body += InsertOp(text);
        wanted += text;
      }
    }
    std::vector<Copy> copies;
    ASSERT_EQ(
        Applied(DeltaHead(base.size(), wanted.size()) + body, base, &copies),
        wanted);
    std::size_t end = 0;
    for (const Copy& copy : copies) {
      ASSERT_GE(copy.to, end);
      ASSERT_GT(copy.size, 0u);
      ASSERT_EQ(wanted.substr(copy.to, copy.size),
                base.substr(copy.from, copy.size));
      end = copy.to + copy.size;
    }
  }
}

}  // namespace
}  // namespace keytidy::pack
