// SPDX-License-Identifier: Apache-2.0
#include "pack/loose.h"

#include <gtest/gtest.h>

#include <string>

#include "unit/pack/pack_maker.h"
#include "unit/temp_dir.h"

namespace keytidy::pack {
namespace {

constexpr std::uint64_t kLimit = 1 << 20;

// "type content", or the message.
std::string Whole(std::string_view bytes, std::uint64_t limit = kLimit) {
  const auto object = LooseObject::Parse(bytes);
  if (!object) return object.error().message;
  const auto content = object->ReadAll(limit);
  if (!content) return content.error().message;
  EXPECT_EQ(content->size(), object->head().size);
  return std::string(Name(object->head().type)) + " " + *content;
}

std::string OfText(std::string_view text) { return Whole(Deflated(text)); }

TEST(LooseObject, AllTypes) {
  for (const std::string type : {"commit", "tree", "blob", "tag"}) {
    EXPECT_EQ(Whole(LooseBytes(type, "content")), type + " content");
  }
  EXPECT_EQ(Whole(LooseBytes("blob", "")), "blob ");
  EXPECT_EQ(Whole(LooseBytes("blob", std::string(100000, 'x'))),
            "blob " + std::string(100000, 'x'));
}

TEST(LooseObject, HeadsThatAreNone) {
  const std::string type = "loose object: no such type";
  const std::string number = "loose object: its size is no number";
  const std::string end = "loose object: its head has no end";
  using std::string_literals::operator""s;
  EXPECT_EQ(OfText("blob"s), end);
  EXPECT_EQ(OfText("blob 3"s), end);
  EXPECT_EQ(OfText("blob "s + std::string(40, '1') + "\0"s), end);
  EXPECT_EQ(OfText("blob\0abc"s), type);
  EXPECT_EQ(OfText("blab 3\0abc"s), type);
  EXPECT_EQ(OfText(" 3\0abc"s), type);
  EXPECT_EQ(OfText("none 3\0abc"s), type);
  EXPECT_EQ(OfText("blob \0abc"s), number);
  EXPECT_EQ(OfText("blob -3\0abc"s), number);
  EXPECT_EQ(OfText("blob +3\0abc"s), number);
  EXPECT_EQ(OfText("blob 03\0abc"s), number);
  EXPECT_EQ(OfText("blob 3 \0abc"s), number);
  EXPECT_EQ(OfText("blob  3\0abc"s), number);
  EXPECT_EQ(OfText("blob 18446744073709551616\0abc"s), number);
  EXPECT_EQ(OfText("blob 18446744073709551615\0abc"s),
            "loose object: states a size that it cannot have");
}

TEST(LooseObject, SizesThatDoNotHold) {
  using std::string_literals::operator""s;
  EXPECT_EQ(OfText("blob 4\0abc"s),
            "loose object: shorter than the size it states");
  EXPECT_EQ(OfText("blob 2\0abc"s),
            "loose object: longer than the size it states");
  EXPECT_EQ(OfText("blob 0\0abc"s),
            "loose object: longer than the size it states");
}

TEST(LooseObject, ALimitOnWhatIsReadAtOnce) {
  const std::string bytes = LooseBytes("blob", std::string(kLimit + 1, 'x'));
  const auto object = LooseObject::Parse(bytes);
  ASSERT_TRUE(object);
  EXPECT_EQ(object->head().size, kLimit + 1);
  const auto content = object->ReadAll(kLimit);
  ASSERT_FALSE(content);
  EXPECT_EQ(content.error().code, ErrorCode::kLimit);
  EXPECT_EQ(content.error().message, "larger than 1,048,576 bytes");
  EXPECT_TRUE(object->ReadAll(kLimit + 1));
}

TEST(LooseObject, ReadsFromTheStartEachTime) {
  const std::string bytes = LooseBytes("blob", "0123456789");
  const auto object = LooseObject::Parse(bytes);
  ASSERT_TRUE(object);
  for (int i = 0; i < 2; ++i) {
    auto reader = object->Content();
    char out[4];
    ASSERT_EQ(*reader.Read(out, 4), 4u);
    EXPECT_EQ(std::string_view(out, 4), "0123");
    ASSERT_EQ(*reader.Read(out, 3), 3u);
    EXPECT_EQ(std::string_view(out, 3), "456");
    ASSERT_EQ(*reader.Read(out, 0), 0u);
    ASSERT_EQ(*reader.Read(out, 4), 3u);
    ASSERT_EQ(*reader.Read(out, 4), 0u);
  }
}

TEST(LooseObject, EveryTruncationAndFlippedByte) {
  const std::string bytes = LooseBytes("blob", "some text, some text");
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    EXPECT_EQ(Whole(bytes.substr(0, i)).find("some"), std::string::npos) << i;
    std::string changed = bytes;
    changed[i] = static_cast<char>(changed[i] ^ 0x20);
    EXPECT_EQ(Whole(changed).find("blob "), std::string::npos) << i;
  }
}

TEST(LooseObject, Files) {
  const TempDir dir;
  const auto object =
      LooseObject::Open(dir.Write("a", LooseBytes("tag", "of a file")));
  ASSERT_TRUE(object);
  EXPECT_EQ(*object->ReadAll(kLimit), "of a file");
  EXPECT_EQ(LooseObject::Open(dir / "none").error().code, ErrorCode::kNotFound);
  EXPECT_EQ(LooseObject::Open(dir.Fifo("pipe")).error().code,
            ErrorCode::kUnsupported);
  EXPECT_EQ(LooseObject::Open(dir.Write("empty", "")).error().message,
            "its compressed data is cut short");
}

}  // namespace
}  // namespace keytidy::pack
