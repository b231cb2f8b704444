// SPDX-License-Identifier: Apache-2.0
#include "inventory/fingerprint.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <filesystem>

#include "unit/inventory/scene.h"

namespace keytidy::inventory {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

ErrorCode CodeOf(const Result<FingerprintKey>& key) {
  EXPECT_FALSE(key);
  return key ? ErrorCode::kInternal : key.error().code;
}

TEST(Fingerprint, IsOfTheBytesAndTheKey) {
  const TempDir dir;
  const auto one = FingerprintKey::ReadOrMake(dir / "one.key");
  const auto same = FingerprintKey::ReadOrMake(dir / "one.key");
  const auto other = FingerprintKey::ReadOrMake(dir / "other.key");
  ASSERT_TRUE(one && same && other);
  const std::string text = one->Fingerprint("some key");
  EXPECT_TRUE(IsFingerprint(text)) << text;
  EXPECT_EQ(same->Fingerprint("some key"), text);
  EXPECT_EQ(same->CheckValue(), one->CheckValue());
  EXPECT_NE(one->Fingerprint("some kez"), text);
  EXPECT_NE(other->Fingerprint("some key"), text);
  EXPECT_NE(other->CheckValue(), one->CheckValue());
  EXPECT_NE(one->Fingerprint(""), one->CheckValue());
}

// Stored fingerprints must mean the same in every later version.
TEST(Fingerprint, StaysWhatItWas) {
  const TempDir dir;
  const std::string path = dir.Write("fixed.key", std::string(32, 'k'));
  chmod(path.c_str(), 0600);
  const auto key = FingerprintKey::Read(path);
  ASSERT_TRUE(key);
  EXPECT_EQ(key->Fingerprint("abc"), "cd0d1ef8b049d2bc0085b00e4ca88142");
  EXPECT_EQ(key->CheckValue(), "ff3815f58eb15459a964a11d0adc1bc5");
}

TEST(Fingerprint, HintsAreNoFingerprints) {
  const TempDir dir;
  const std::string path = dir.Write("fixed.key", std::string(32, 'k'));
  chmod(path.c_str(), 0600);
  const auto key = FingerprintKey::Read(path);
  ASSERT_TRUE(key);
  const std::string first = key->Hint(HintSide::kFirst, "abcd");
  const std::string last = key->Hint(HintSide::kLast, "abcd");
  EXPECT_TRUE(IsFingerprint(first) && IsFingerprint(last));
  EXPECT_NE(first, last);
  EXPECT_NE(first, key->Fingerprint("abcd"));
  EXPECT_NE(last, key->Fingerprint("abcd"));
  // Stored hints must mean the same in every later version.
  EXPECT_EQ(first, "f908c063479c3bcebb36ed45dc6ec1f1");
  EXPECT_EQ(last, "c760858417191bf0c2f852eaa8ca791e");
}

TEST(Fingerprint, AsHexAndBack) {
  const auto key = FingerprintKey::Make();
  ASSERT_TRUE(key);
  const auto same = FingerprintKey::FromHex(key->Hex());
  ASSERT_TRUE(same);
  EXPECT_EQ(same->CheckValue(), key->CheckValue());
  EXPECT_EQ(same->Hex(), key->Hex());
  EXPECT_EQ(key->Hex().size(), 64u);
  EXPECT_NE(FingerprintKey::Make()->Hex(), key->Hex());
  for (const std::string& wrong :
       {std::string(), std::string(63, '0'), std::string(64, 'g'),
        std::string(66, '0')}) {
    EXPECT_EQ(CodeOf(FingerprintKey::FromHex(wrong)), ErrorCode::kDamaged);
  }
}

TEST(Fingerprint, TheKeyIsPrivateAndMadeOnce) {
  const TempDir dir;
  const std::string path = dir / "inventory.key";
  EXPECT_EQ(CodeOf(FingerprintKey::Read(path)), ErrorCode::kNotFound);
  ASSERT_TRUE(FingerprintKey::ReadOrMake(path));
  const std::string bytes = dir.Read("inventory.key");
  EXPECT_EQ(bytes.size(), 32u);
  EXPECT_NE(bytes, std::string(32, '\0'));
  struct stat info;
  ASSERT_EQ(lstat(path.c_str(), &info), 0);
  EXPECT_EQ(info.st_mode & 07777, 0600u);
  ASSERT_TRUE(FingerprintKey::ReadOrMake(path));
  EXPECT_EQ(dir.Read("inventory.key"), bytes);
  EXPECT_THAT(dir.Names(), ElementsAre("inventory.key"));
}

TEST(Fingerprint, RefusesFilesThatAreNoKey) {
  const TempDir dir;
  const std::string bytes(32, 'k');
  for (const auto& content :
       {std::string(), bytes.substr(1), bytes + "k", std::string(9999, 'k')}) {
    const std::string path = dir.Write("inventory.key", content);
    chmod(path.c_str(), 0600);
    EXPECT_EQ(CodeOf(FingerprintKey::ReadOrMake(path)), ErrorCode::kDamaged);
    EXPECT_EQ(dir.Read("inventory.key"), content);
  }
  const std::string open = dir.Write("open.key", bytes);
  chmod(open.c_str(), 0640);
  EXPECT_EQ(CodeOf(FingerprintKey::ReadOrMake(open)), ErrorCode::kInvalid);
  chmod(open.c_str(), 0600);
  const std::string link = dir.Symlink("link.key", open);
  EXPECT_EQ(CodeOf(FingerprintKey::ReadOrMake(link)), ErrorCode::kInvalid);
  const std::string dangling = dir.Symlink("dangling.key", dir / "none");
  EXPECT_EQ(CodeOf(FingerprintKey::ReadOrMake(dangling)), ErrorCode::kInvalid);
  EXPECT_FALSE(std::filesystem::exists(dir / "none"));
}

TEST(Fingerprint, StandsBesideItsInventory) {
  EXPECT_EQ(FingerprintKey::PathBeside("/a/inventory.db"), "/a/inventory.key");
  EXPECT_EQ(FingerprintKey::PathBeside("/a/team"), "/a/team.key");
}

TEST(Fingerprint, WhatIsOne) {
  EXPECT_TRUE(IsFingerprint(FingerprintOf(1)));
  EXPECT_FALSE(IsFingerprint(FingerprintOf(1) + "0"));
  EXPECT_FALSE(IsFingerprint(std::string(32, 'A')));
  EXPECT_FALSE(IsFingerprint(std::string(32, 'g')));
  EXPECT_FALSE(IsFingerprint(""));
}

TEST(Fingerprint, AnInventoryWantsItsOwnKey) {
  const TempDir dir;
  const std::string path = dir / "inventory.db";
  Recorded(*Opened(path), RunAt(kNow), {KeyOf(1)});
  const std::string before = dir.Read("inventory.db");
  const std::string bytes = dir.Read("inventory.key");

  std::filesystem::remove(dir / "inventory.key");
  auto opened = Inventory::Open(path);
  ASSERT_FALSE(opened);
  EXPECT_EQ(opened.error().code, ErrorCode::kDamaged);
  EXPECT_THAT(opened.error().message, HasSubstr("inventory.key: is missing"));
  EXPECT_FALSE(std::filesystem::exists(dir / "inventory.key"));

  const std::string key = dir.Write("inventory.key", std::string(32, 'k'));
  chmod(key.c_str(), 0600);
  opened = Inventory::Open(path);
  ASSERT_FALSE(opened);
  EXPECT_EQ(opened.error().code, ErrorCode::kDamaged);
  EXPECT_THAT(opened.error().message, HasSubstr("is not the key"));
  EXPECT_EQ(dir.Read("inventory.db"), before);

  dir.Write("inventory.key", bytes);
  EXPECT_EQ(Listed(*Opened(path)).size(), 1u);
}

}  // namespace
}  // namespace keytidy::inventory
