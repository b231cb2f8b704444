// SPDX-License-Identifier: Apache-2.0
#include "base/digest.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <string_view>
#include <utility>

namespace keytidy {
namespace {

// FIPS 180-4 examples.
TEST(Sha256, PublishedVectors) {
  EXPECT_EQ(ToHex(Sha256("")),
            "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  EXPECT_EQ(ToHex(Sha256("abc")),
            "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  EXPECT_EQ(
      ToHex(Sha256("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq")),
      "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1");
  EXPECT_EQ(ToHex(Sha256(std::string(1000000, 'a'))),
            "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
}

struct HmacVector {
  std::string key;
  std::string data;
  std::string_view mac;
};

// RFC 4231, sections 4.2 to 4.8 without the truncated one.
TEST(HmacSha256, Rfc4231) {
  std::string counting;
  for (char c = 1; c <= 25; ++c) counting.push_back(c);
  const HmacVector vectors[] = {
      {std::string(20, '\x0b'), "Hi There",
       "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7"},
      {"Jefe", "what do ya want for nothing?",
       "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"},
      {std::string(20, '\xaa'), std::string(50, '\xdd'),
       "773ea91e36800e46854db8ebd09181a72959098b3ef8c122d9635514ced565fe"},
      {counting, std::string(50, '\xcd'),
       "82558a389a443c0ea4cc819899f2083a85f0faa3e578f8077a2e3ff46729665b"},
      {std::string(131, '\xaa'),
       "Test Using Larger Than Block-Size Key - Hash Key First",
       "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54"},
      {std::string(131, '\xaa'),
       "This is a test using a larger than block-size key and a larger than "
       "block-size data. The key needs to be hashed before being used by the "
       "HMAC algorithm.",
       "9b09ffa71b942fcb27635fbcd5b0e944bfdc63644f0713938a7f51535c3a35e2"},
  };
  for (const HmacVector& vector : vectors) {
    EXPECT_EQ(ToHex(HmacSha256(vector.key, vector.data)), vector.mac)
        << vector.data;
  }
}

TEST(HmacSha256, KeyOfExactlyOneBlockIsNotHashed) {
  // A key of one block equals itself, one byte more is replaced by its digest.
  const std::string block(64, 'k');
  const Sha256Digest digest = Sha256(block + "k");
  const std::string hashed(digest.begin(), digest.end());
  EXPECT_EQ(HmacSha256(block + "k", "x"), HmacSha256(hashed, "x"));
  EXPECT_NE(HmacSha256(block, "x"), HmacSha256(block + "k", "x"));
}

TEST(HmacSha256, ShorterKeyIsPaddedWithZeros) {
  EXPECT_EQ(HmacSha256(std::string("k\0\0", 3), "x"), HmacSha256("k", "x"));
}

TEST(GitBlobId, IsWhatGitSays) {
  EXPECT_EQ(ToHex(GitBlobId("")), "e69de29bb2d1d6434b8b29ae775ad8c2e48c5391");
  EXPECT_EQ(ToHex(GitBlobId("hello\n")),
            "ce013625030ba8dba906f756967f9e9ca394464a");
}

TEST(GitBlobHasher, PiecesOfAnySizeGiveTheSame) {
  std::string text;
  for (int i = 0; i < 5000; ++i) text += std::to_string(i * i);
  const Sha1Digest whole = GitBlobId(text);
  for (const std::size_t piece : {1u, 7u, 63u, 64u, 65u, 4096u}) {
    GitBlobHasher hasher(text.size());
    for (std::size_t at = 0; at < text.size(); at += piece) {
      hasher.Update(std::string_view(text).substr(at, piece));
    }
    EXPECT_EQ(hasher.Finish(), whole) << piece;
  }
}

TEST(GitBlobHasher, GoesOnAfterAMove) {
  GitBlobHasher first(6);
  first.Update("hel");
  GitBlobHasher second(std::move(first));
  second.Update("lo\n");
  EXPECT_EQ(ToHex(second.Finish()), "ce013625030ba8dba906f756967f9e9ca394464a");
}

TEST(GitBlobHasher, EmptyPiecesChangeNothing) {
  GitBlobHasher hasher(0);
  hasher.Update("");
  EXPECT_EQ(hasher.Finish(), GitBlobId(""));
}

TEST(Crc32, CheckValues) {
  EXPECT_EQ(Crc32(""), 0u);
  EXPECT_EQ(Crc32("123456789"), 0xcbf43926u);
  EXPECT_EQ(Crc32(std::string_view("\0", 1)), 0xd202ef8du);
  EXPECT_EQ(Crc32("\xff\xff\xff\xff"), 0xffffffffu);
}

TEST(ToHex, LowerCaseAndTwoDigitsForEachByte) {
  const std::uint8_t bytes[] = {0x00, 0x0f, 0xa0, 0xff};
  EXPECT_EQ(ToHex(bytes, 4), "000fa0ff");
  EXPECT_EQ(ToHex(bytes, 1), "00");
  EXPECT_EQ(ToHex(bytes, 0), "");
}

}  // namespace
}  // namespace keytidy
