// SPDX-License-Identifier: Apache-2.0
#include "git/config_file.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "unit/git/git_scene.h"

namespace keytidy::git {
namespace {

// "key=value" or "key" of each entry.
std::vector<std::string> Read(std::string_view text) {
  const auto file = ConfigFile::Parse(text);
  if (!file) return {"error: " + file.error().message};
  std::vector<std::string> out;
  for (const ConfigEntry& entry : file->entries()) {
    out.push_back(entry.key + (entry.value ? "=" + *entry.value : ""));
  }
  return out;
}

using Lines = std::vector<std::string>;
using ConfigFileTest = GitScene;

TEST(ConfigFile, Sections) {
  EXPECT_EQ(Read("[Core]\nBare = true\n[remote \"O.R\\\"i\\g\"]\n\tUrl=x\n"
                 "[branch.OLD]Merge=y\n[a]\n[b]x"),
            (Lines{"core.bare=true", "remote.O.R\"ig.url=x",
                   "branch.old.merge=y", "b.x"}));
}

TEST(ConfigFile, ByteOrderMarkAndDosLines) {
  EXPECT_EQ(Read("\xEF\xBB\xBF[a]\r\n\tb = c\r\n\td = e \\\r\n f\r\n"),
            (Lines{"a.b=c", "a.d=e  f"}));
}

TEST(ConfigFile, ANulEndsAValue) {
  EXPECT_EQ(Read(std::string_view("[a]b=c\0d\n", 9)), (Lines{"a.b=c"}));
}

TEST(ConfigFile, AnEmptyOne) { EXPECT_EQ(Read(""), Lines{}); }

TEST(ConfigFile, ErrorsHaveTheLine) {
  for (const auto& [text, line] :
       std::vector<std::pair<std::string, int>>{{"[a]\nb = \"c\nd=e\n", 2},
                                                {"[a]\n\nb = \\x\n", 3},
                                                {"[a\nb = c\n", 1},
                                                {"\n[a \"b\n", 2},
                                                {"[a \"b\"\n", 1},
                                                {"[]\n", 1},
                                                {"[a]\n=b\n", 2},
                                                {"[a]\nb c\n", 2},
                                                {"[a]\nb_c = d\n", 2},
                                                {"\xEF\xBB\n", 1}}) {
    const auto file = ConfigFile::Parse(text);
    ASSERT_FALSE(file) << text;
    EXPECT_EQ(file.error().code, ErrorCode::kDamaged);
    EXPECT_TRUE(
        file.error().message.starts_with("line " + std::to_string(line) + ":"))
        << text << file.error().message;
  }
}

TEST_F(ConfigFileTest, AsGitReadsIt) {
  const char* const texts[] = {
      "[a]\nb = c # d\ne = f ; g\nh = \"i # j\" ; k\n",
      "[a]\nb = \"c d\" e \"f\"\n g=\\t\\n\\\\\\\"x\n",
      "[a]\nb = one \\\n  two\nc=\"x\\\ny\"\n",
      "[a]b=1\n[a \"\"]c=2\n[A \"X y\"]D-e=3\n[a.X.Y]f=4\n",
      "; comment\n# comment\n[a] ; more\nb # none\nc\n d=\n",
      "[a]\nb=c\\",
      "[a]\nb = x  y\n",
      "[a]\nb = c\n[a]\nb = d",
      "[ a]\nb=c\n",
      "[a ]\nb=c\n",
      "[a]\n1b=c\n",
      "[a]\nb=c\\q\n",
      "[a]\nb=\"c\n",
      "[a] b = c = d\n",
      "[a]\r\nb = c\r\n\rd=e\r",
  };
  for (const std::string text : texts) {
    dir_.Write("config", text);
    const Ran git = Try("git config -z --file config --list");
    const auto file = ConfigFile::Read(dir_ / "config");
    ASSERT_EQ(git.code == 0, file.has_value()) << text;
    if (!file) {
      EXPECT_TRUE(file.error().message.starts_with(dir_ / "config:"));
      continue;
    }
    std::string ours;
    for (const ConfigEntry& entry : file->entries()) {
      ours += entry.key + (entry.value ? "\n" + *entry.value : "") + '\0';
    }
    EXPECT_EQ(ours, git.out) << text;
  }
}

TEST(ConfigFile, TheLastOneCounts) {
  const auto file = ConfigFile::Parse("[a]b=1\n[c]b=2\n[a]b=3\n");
  ASSERT_TRUE(file);
  ASSERT_NE(file->Last("a.b"), nullptr);
  EXPECT_EQ(file->Last("a.b")->value, "3");
  EXPECT_EQ(file->Last("a.b")->line, 3u);
  EXPECT_EQ(file->Last("a.c"), nullptr);
}

TEST(ConfigValue, Booleans) {
  EXPECT_EQ(ConfigBool(std::nullopt), true);
  for (const char* yes : {"true", "YES", "On", "1", "-1", "2k"}) {
    EXPECT_EQ(ConfigBool(yes), true) << yes;
  }
  for (const char* no : {"", "false", "No", "OFF", "0", "0x0"}) {
    EXPECT_EQ(ConfigBool(no), false) << no;
  }
  EXPECT_EQ(ConfigBool("maybe"), std::nullopt);
}

TEST(ConfigValue, Numbers) {
  EXPECT_EQ(ConfigInt("10"), 10);
  EXPECT_EQ(ConfigInt(" +2K"), 2048);
  EXPECT_EQ(ConfigInt("1g"), 1 << 30);
  EXPECT_EQ(ConfigInt("1kb"), std::nullopt);
  EXPECT_EQ(ConfigInt("9223372036854775807k"), std::nullopt);
  EXPECT_EQ(ConfigInt(""), std::nullopt);
}

TEST(ConfigKey, Canonical) {
  EXPECT_EQ(CanonicalKey("Core.hooksPath"), "core.hookspath");
  EXPECT_EQ(CanonicalKey("Remote.Up.Stream.URL"), "remote.Up.Stream.url");
  EXPECT_EQ(CanonicalKey("Alone"), "alone");
}

TEST_F(ConfigFileTest, CommandScope) {
  const ScopedVariable count("GIT_CONFIG_COUNT", "1");
  const ScopedVariable key("GIT_CONFIG_KEY_0", "A.b");
  const ScopedVariable value("GIT_CONFIG_VALUE_0", "");
  // As git itself hands it to what it starts.
  const std::string parameters =
      Run("git -c 'X.y=it'\\''s = !' -c A.c -c A.d= -c 'alias.p=!printenv "
          "GIT_CONFIG_PARAMETERS' p");
  const ScopedVariable text("GIT_CONFIG_PARAMETERS", parameters.c_str());
  const auto entries = CommandScopeConfig();
  ASSERT_TRUE(entries) << entries.error().message;
  Lines out;
  for (const ConfigEntry& entry : *entries) {
    out.push_back(entry.key + (entry.value ? "=" + *entry.value : ""));
  }
  out.pop_back();  // the alias
  EXPECT_EQ(out, (Lines{"a.b=", "x.y=it's = !", "a.c", "a.d="}));
}

TEST(CommandScope, OldFormAndMalformedOnes) {
  {
    const ScopedVariable text("GIT_CONFIG_PARAMETERS", "'a.b=c=d' 'E.f'");
    const auto entries = CommandScopeConfig();
    ASSERT_TRUE(entries);
    ASSERT_EQ(entries->size(), 2u);
    EXPECT_EQ((*entries)[0].value, "c=d");
    EXPECT_EQ((*entries)[1].key, "e.f");
  }
  for (const char* wrong : {"a.b=c", "'a.b", "'a'x", "'a'='b'c", "'a'=b"}) {
    const ScopedVariable text("GIT_CONFIG_PARAMETERS", wrong);
    EXPECT_FALSE(CommandScopeConfig()) << wrong;
  }
  const ScopedVariable count("GIT_CONFIG_COUNT", "2");
  EXPECT_FALSE(CommandScopeConfig());
}

}  // namespace
}  // namespace keytidy::git
