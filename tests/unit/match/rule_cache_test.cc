// SPDX-License-Identifier: Apache-2.0
#include "match/rule_cache.h"

#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "unit/match/rule_text.h"

namespace keytidy::match {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kDatabase = "the database's bytes \n\x01\xFF";

// A checked set of two rules with three shapes.
rules::RuleSet MakeSet(bool checked) {
  rules::RuleSet set;
  const std::string text =
      std::string(kFileHead) +
      RuleText("one",
               "pattern = 'demo_[0-9a-f]{16}'\n"
               "examples = ['demo_{hex:16}']") +
      RuleText("two", "examples = ['damo-{digit:16}', 'dumo={digit:16}']") +
      "[[rule.shape]]\npattern = 'damo-?[0-9]{16}'\n"
      "[[rule.shape]]\npattern = 'dumo=[0-9]{16,}'\nanchor = 'dumo='\n"
      "max_length = 40\n";
  EXPECT_TRUE(set.Add("demo.toml", text));
  CheckOptions options;
  options.seeds = 1;
  options.worst_case = false;
  if (checked) {
    const Status good = CheckRules(&set, options);
    EXPECT_TRUE(good) << good.error().message;
  }
  return set;
}

std::string Measures(const rules::RuleSet& set) {
  std::string out;
  for (const Rule& rule : set.rules()) {
    out += fmt::format("[{}", rule.known_prefix);
    for (const Shape& shape : rule.shapes) {
      out += fmt::format(" {},{},{}", shape.anchor_min, shape.anchor_max,
                         shape.max_length);
    }
    out += ']';
  }
  return out;
}

class RuleCacheTest : public testing::Test {
 protected:
  RuleCacheTest() : key_(std::string(32, 'a') + std::string(32, 'b')) {
    std::string name = testing::TempDir() + "keytidy-cache-XXXXXX";
    top_ = mkdtemp(name.data());
    directory_ = top_ + "/cache/keytidy";
    path_ = directory_ + "/rules-" + key_.substr(0, 32);
  }
  ~RuleCacheTest() override { fs::remove_all(top_); }

  void Store() { StoreCache(directory_, key_, MakeSet(true), kDatabase); }

  std::optional<std::string> Load() const { return Load(key_); }
  std::optional<std::string> Load(std::string_view key) const {
    rules::RuleSet set = MakeSet(false);
    return LoadCache(directory_, key, &set);
  }

  static std::string Read(const std::string& path) {
    std::ifstream in(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(in),
            std::istreambuf_iterator<char>()};
  }
  // Keeps the mode of a file that is there.
  static void Write(const std::string& path, std::string_view bytes) {
    std::ofstream out(path, std::ios::binary);
    out << bytes;
  }
  static unsigned ModeOf(const std::string& path) {
    struct stat st = {};
    EXPECT_EQ(lstat(path.c_str(), &st), 0) << path;
    return st.st_mode & 07777u;
  }

  std::string key_;
  std::string top_;
  std::string directory_;
  std::string path_;
};

TEST_F(RuleCacheTest, KeepsBytesAndMeasures) {
  Store();
  rules::RuleSet set = MakeSet(false);
  EXPECT_EQ(Measures(set), "[0 0,0,0][0 0,0,0 0,0,40]");
  const auto bytes = LoadCache(directory_, key_, &set);
  ASSERT_TRUE(bytes);
  EXPECT_EQ(*bytes, kDatabase);
  EXPECT_EQ(Measures(set), "[5 21,21,21][1 20,21,21 5,5,40]");
  EXPECT_EQ(Measures(set), Measures(MakeSet(true)));
}

TEST_F(RuleCacheTest, IsPrivate) {
  Store();
  EXPECT_EQ(ModeOf(directory_), 0700u);
  EXPECT_EQ(ModeOf(path_), 0600u);
  // Nothing else is left behind.
  EXPECT_EQ(std::distance(fs::directory_iterator(directory_), {}), 1);
}

TEST_F(RuleCacheTest, AnEmptyDatabase) {
  StoreCache(directory_, key_, MakeSet(true), "");
  EXPECT_EQ(Load(), "");
}

TEST_F(RuleCacheTest, IsReplaced) {
  Store();
  StoreCache(directory_, key_, MakeSet(true), "newer");
  EXPECT_EQ(Load(), "newer");
}

TEST_F(RuleCacheTest, AbsentWhereThereIsNone) {
  EXPECT_EQ(Load(), std::nullopt);
  Store();
  EXPECT_NE(Load(), std::nullopt);
  EXPECT_EQ(Load(std::string(64, 'c')), std::nullopt);
}

// The file is named after half of the key.
TEST_F(RuleCacheTest, AbsentForAKeyThatOnlyBeginsAlike) {
  Store();
  EXPECT_EQ(Load(std::string(32, 'a') + std::string(32, 'c')), std::nullopt);
}

TEST_F(RuleCacheTest, NoDirectoryKeepsNothing) {
  StoreCache("", key_, MakeSet(true), kDatabase);
  rules::RuleSet set = MakeSet(false);
  EXPECT_EQ(LoadCache("", key_, &set), std::nullopt);
}

TEST_F(RuleCacheTest, AnyByteDamaged) {
  Store();
  const std::string good = Read(path_);
  ASSERT_GT(good.size(), 112u);
  for (std::size_t at = 0; at < good.size(); ++at) {
    for (const int bit : {0, 7}) {
      std::string damaged = good;
      damaged[at] = static_cast<char>(damaged[at] ^ (1 << bit));
      Write(path_, damaged);
      ASSERT_EQ(Load(), std::nullopt) << at;
    }
  }
  Write(path_, good);
  EXPECT_EQ(Load(), kDatabase);
}

TEST_F(RuleCacheTest, AnyLengthButTheRightOne) {
  Store();
  const std::string good = Read(path_);
  for (std::size_t size = 0; size < good.size(); ++size) {
    Write(path_, good.substr(0, size));
    ASSERT_EQ(Load(), std::nullopt) << size;
  }
  Write(path_, good + '\0');
  EXPECT_EQ(Load(), std::nullopt);
}

TEST_F(RuleCacheTest, ModesThatOthersCanUse) {
  Store();
  for (const unsigned mode :
       {0644u, 0640u, 0604u, 0660u, 0602u, 0610u, 0601u, 0777u}) {
    ASSERT_EQ(chmod(path_.c_str(), mode), 0);
    EXPECT_EQ(Load(), std::nullopt) << mode;
  }
  for (const unsigned mode : {0600u, 0400u, 0700u}) {
    ASSERT_EQ(chmod(path_.c_str(), mode), 0);
    EXPECT_EQ(Load(), kDatabase) << mode;
  }
}

TEST_F(RuleCacheTest, AnotherOwner) {
  if (geteuid() != 0) GTEST_SKIP() << "only root can give a file away";
  Store();
  ASSERT_EQ(chown(path_.c_str(), 1, 1), 0);
  EXPECT_EQ(Load(), std::nullopt);
  ASSERT_EQ(chown(path_.c_str(), 0, 0), 0);
  EXPECT_EQ(Load(), kDatabase);
}

TEST_F(RuleCacheTest, ASymbolicLink) {
  Store();
  const std::string elsewhere = top_ + "/elsewhere";
  fs::rename(path_, elsewhere);
  fs::create_symlink(elsewhere, path_);
  EXPECT_EQ(Load(), std::nullopt);
  // Nothing is written through it either.
  const std::string before = Read(elsewhere);
  StoreCache(directory_, key_, MakeSet(true), "newer");
  EXPECT_EQ(Read(elsewhere), before);
  EXPECT_TRUE(fs::is_symlink(path_));
}

TEST_F(RuleCacheTest, WhatIsNoFile) {
  fs::create_directories(directory_);
  fs::create_directory(path_);
  EXPECT_EQ(Load(), std::nullopt);
  fs::remove(path_);
  ASSERT_EQ(mkfifo(path_.c_str(), 0600), 0);
  EXPECT_EQ(Load(), std::nullopt);  // and does not wait for a writer
}

TEST_F(RuleCacheTest, ADirectoryThatCannotBeMade) {
  Write(top_ + "/file", "x");
  StoreCache(top_ + "/file/keytidy", key_, MakeSet(true), kDatabase);
  rules::RuleSet set = MakeSet(false);
  EXPECT_EQ(LoadCache(top_ + "/file/keytidy", key_, &set), std::nullopt);
}

class Environment : public testing::Test {
 protected:
  Environment() {
    for (const char* name : kNames) {
      const char* value = std::getenv(name);
      if (value != nullptr) saved_[name] = value;
      unsetenv(name);
    }
  }
  ~Environment() override {
    for (const char* name : kNames) {
      unsetenv(name);
      if (saved_.contains(name)) setenv(name, saved_[name].c_str(), 1);
    }
  }

  static constexpr const char* kNames[] = {"XDG_CACHE_HOME", "HOME"};
  std::map<std::string, std::string> saved_;
};

TEST_F(Environment, CacheDirectory) {
  EXPECT_EQ(CacheDirectory(), "");
  setenv("HOME", "/home/demo", 1);
  EXPECT_EQ(CacheDirectory(), "/home/demo/.cache/keytidy");
  setenv("XDG_CACHE_HOME", "/var/cache/demo", 1);
  EXPECT_EQ(CacheDirectory(), "/var/cache/demo/keytidy");
}

TEST_F(Environment, CacheDirectoryIsAbsolute) {
  setenv("HOME", "/home/demo", 1);
  setenv("XDG_CACHE_HOME", "cache", 1);
  EXPECT_EQ(CacheDirectory(), "/home/demo/.cache/keytidy");
  setenv("XDG_CACHE_HOME", "", 1);
  setenv("HOME", "demo", 1);
  EXPECT_EQ(CacheDirectory(), "");
}

}  // namespace
}  // namespace keytidy::match
