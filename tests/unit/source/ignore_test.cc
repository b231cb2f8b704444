// SPDX-License-Identifier: Apache-2.0
//
// Small scenes for the rules of gitignore(5); tests/diff/ignore_diff.py
// compares thousands of random ones with git.
#include "source/ignore.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <map>
#include <string>
#include <string_view>

namespace keytidy::source {
namespace {

// The ignore files of a tree, by directory ("" is the root).
using Tree = std::map<std::string, std::string>;

IgnoreStack::Files FilesOf(const Tree& tree, const std::string& directory) {
  const auto it = tree.find(directory);
  if (it == tree.end()) return {};
  const std::string above = directory.empty() ? "" : directory + "/";
  return {IgnoreFile::Parse(it->second, above + ".gitignore")};
}

// What a walk is told about `path`, a directory when it ends in a slash. It
// stops at the first component that is ignored.
IgnoreMatch Ask(const Tree& tree, std::string path, std::string* told) {
  const bool is_directory = path.ends_with('/');
  if (is_directory) path.pop_back();
  IgnoreStack stack(FilesOf(tree, ""));
  IgnoreMatch match;
  for (std::size_t begin = 0;;) {
    const std::size_t slash = path.find('/', begin);
    const bool last = slash == std::string::npos;
    const std::string name = path.substr(begin, slash - begin);
    match = stack.Match(name, !last || is_directory);
    if (match.line != 0) {
      *told = fmt::format("{}:{}:{}", match.file, match.line, match.pattern);
    } else {
      *told = "";
    }
    if (last || match.ignored) return match;
    stack = stack.Enter(name, FilesOf(tree, path.substr(0, slash)));
    begin = slash + 1;
  }
}

std::string Told(const Tree& tree, std::string_view path) {
  std::string told;
  Ask(tree, std::string(path), &told);
  return told;
}

bool Ignored(std::string_view text, std::string_view path) {
  std::string told;
  return Ask({{"", std::string(text)}}, std::string(path), &told).ignored;
}

TEST(IgnoreTest, NothingIsIgnoredWithoutFiles) {
  const IgnoreStack stack;
  EXPECT_FALSE(stack.Match("a", false).ignored);
  EXPECT_FALSE(stack.Enter("d", {}).Match("a", true).ignored);
}

TEST(IgnoreTest, ANameMatchesAtAnyDepth) {
  EXPECT_TRUE(Ignored("a.log\n", "a.log"));
  EXPECT_TRUE(Ignored("a.log\n", "x/y/a.log"));
  EXPECT_FALSE(Ignored("a.log\n", "a.logs"));
  EXPECT_FALSE(Ignored("a.log\n", "A.log"));
}

TEST(IgnoreTest, ASlashBindsToTheDirectoryOfTheFile) {
  EXPECT_TRUE(Ignored("/a\n", "a"));
  EXPECT_FALSE(Ignored("/a\n", "x/a"));
  EXPECT_TRUE(Ignored("x/a\n", "x/a"));
  EXPECT_FALSE(Ignored("x/a\n", "y/x/a"));
}

TEST(IgnoreTest, ATrailingSlashMeansDirectoriesOnly) {
  EXPECT_TRUE(Ignored("build/\n", "build/"));
  EXPECT_TRUE(Ignored("build/\n", "x/build/notes.txt"));
  EXPECT_FALSE(Ignored("build/\n", "build"));
}

TEST(IgnoreTest, StarsAndQuestionMarksStopAtASlash) {
  EXPECT_TRUE(Ignored("*.o\n", "x/a.o"));
  EXPECT_TRUE(Ignored("a*c\n", "abbc"));
  EXPECT_TRUE(Ignored("x/*.o\n", "x/a.o"));
  EXPECT_FALSE(Ignored("x/*.o\n", "x/y/a.o"));
  EXPECT_TRUE(Ignored("a?c\n", "abc"));
  EXPECT_FALSE(Ignored("/a?c\n", "a/c"));
}

TEST(IgnoreTest, TwoStarsCrossSlashesInThreePlaces) {
  EXPECT_TRUE(Ignored("**/a/b\n", "a/b"));
  EXPECT_TRUE(Ignored("**/a/b\n", "x/y/a/b"));
  EXPECT_TRUE(Ignored("a/**\n", "a/x/y"));
  EXPECT_FALSE(Ignored("a/**\n", "a/"));
  EXPECT_TRUE(Ignored("a/**/b\n", "a/b"));
  EXPECT_TRUE(Ignored("a/**/b\n", "a/x/y/b"));
  EXPECT_FALSE(Ignored("a/**/b\n", "a/xb"));
  // Elsewhere they are a star ...
  EXPECT_FALSE(Ignored("/?a**b\n", "xa/b"));
  // ... but after a literal beginning git takes them for leading ones.
  EXPECT_TRUE(Ignored("/a**/b\n", "ab"));
}

TEST(IgnoreTest, Classes) {
  EXPECT_TRUE(Ignored("[a-c]x\n", "bx"));
  EXPECT_FALSE(Ignored("[a-c]x\n", "dx"));
  EXPECT_TRUE(Ignored("[!a-c]x\n", "dx"));
  EXPECT_TRUE(Ignored("[^a-c]x\n", "dx"));
  EXPECT_TRUE(Ignored("[]-]x\n", "]x"));
  EXPECT_TRUE(Ignored("[\\]]x\n", "]x"));
  EXPECT_TRUE(Ignored("v[[:digit:].]\n", "v."));
  EXPECT_TRUE(Ignored("v[![:alpha:]]\n", "v7"));
  EXPECT_FALSE(Ignored("v[[:alpha:]]\n", "v\xC3"));
  EXPECT_FALSE(Ignored("/a[/]b\n", "a/b"));
}

TEST(IgnoreTest, WhatIsNotWellFormedMatchesNothing) {
  EXPECT_FALSE(Ignored("[a\n", "[a"));
  EXPECT_FALSE(Ignored("[[:nope:]]\n", "n"));
  EXPECT_FALSE(Ignored("a\\\n", "a"));
  EXPECT_FALSE(Ignored("a\\\n", "a\\"));
  EXPECT_FALSE(Ignored("!\n/\n//\n", "a"));
}

TEST(IgnoreTest, CommentsEscapesAndSpaces) {
  EXPECT_FALSE(Ignored("#a\n", "#a"));
  EXPECT_TRUE(Ignored("\\#a\n", "#a"));
  EXPECT_TRUE(Ignored("\\!a\n", "!a"));
  EXPECT_TRUE(Ignored("a  \n", "a"));
  EXPECT_TRUE(Ignored("a\\ \n", "a "));
  EXPECT_TRUE(Ignored("a\t\n", "a\t"));
  EXPECT_TRUE(Ignored(" a\n", " a"));
  EXPECT_TRUE(Ignored("\\*\n", "*"));
  EXPECT_FALSE(Ignored("\\*\n", "a"));
}

TEST(IgnoreTest, LineEndsAndByteOrderMark) {
  EXPECT_TRUE(Ignored("a\r\nb\r\n", "b"));
  EXPECT_TRUE(Ignored("a\r\nb", "b"));
  EXPECT_TRUE(
      Ignored("\xEF\xBB\xBF"
              "a\n",
              "a"));
  EXPECT_TRUE(Ignored(std::string_view("a\0b\n", 4), "a"));
}

TEST(IgnoreTest, TheLastPatternDecides) {
  EXPECT_FALSE(Ignored("*.log\n!keep.log\n", "keep.log"));
  EXPECT_TRUE(Ignored("!keep.log\n*.log\n", "keep.log"));
  EXPECT_TRUE(Ignored("!a\na\n", "a"));
  EXPECT_FALSE(Ignored("a\n!a\n", "a"));
  EXPECT_TRUE(Ignored("a\n!a/\n", "a"));
}

TEST(IgnoreTest, NothingComesBackBelowAnIgnoredDirectory) {
  EXPECT_TRUE(Ignored("d/\n!d/a\n", "d/a"));
  EXPECT_FALSE(Ignored("d/*\n!d/a\n", "d/a"));
  EXPECT_EQ(Told({{"", "d\n"}, {"d", "!a\n"}}, "d/a"), ".gitignore:1:d");
}

TEST(IgnoreTest, ADeeperFileOutranks) {
  const Tree tree = {{"", "*.log\n"}, {"d", "!keep.log\n/sub/a\n"}};
  EXPECT_EQ(Told(tree, "d/keep.log"), "d/.gitignore:1:!keep.log");
  EXPECT_EQ(Told(tree, "keep.log"), ".gitignore:1:*.log");
  EXPECT_EQ(Told(tree, "d/sub/a"), "d/.gitignore:2:/sub/a");
  EXPECT_EQ(Told(tree, "d/x/sub/a"), "");
}

TEST(IgnoreTest, ALaterFileOfADirectoryOutranksAnEarlier) {
  const IgnoreStack stack({IgnoreFile::Parse("a\nb\n", ".gitignore"),
                           IgnoreFile::Parse("!a\n", ".ignore")});
  EXPECT_FALSE(stack.Match("a", false).ignored);
  EXPECT_EQ(stack.Match("a", false).file, ".ignore");
  EXPECT_TRUE(stack.Match("b", false).ignored);
}

TEST(IgnoreTest, SaysWhichLineDecided) {
  const Tree tree = {{"", "# build results\n\n*.o  \nobj/\r\n"}};
  EXPECT_EQ(Told(tree, "x/a.o"), ".gitignore:3:*.o");
  EXPECT_EQ(Told(tree, "x/obj/a"), ".gitignore:4:obj/");
  EXPECT_EQ(Told(tree, "x/a.c"), "");
}

TEST(IgnoreTest, PathsCountFromWhereTheFilesBegin) {
  IgnoreStack stack = IgnoreStack().Enter("above", {});
  stack = stack.Enter("root", {IgnoreFile::Parse("/x/a\n", "f")});
  EXPECT_TRUE(stack.Enter("x", {}).Match("a", false).ignored);
  EXPECT_FALSE(stack.Match("a", false).ignored);
}

TEST(IgnoreTest, AFileWithoutPatternsIsEmpty) {
  EXPECT_TRUE(IgnoreFile::Parse("# only\n\n[\n/\n", "f")->empty());
  EXPECT_FALSE(IgnoreFile::Parse("a", "f")->empty());
}

// The following would take longer than anyone waits if the time were not
// bounded, or overflow the stack if it were recursive.

TEST(IgnoreTest, ManyStarsOnALongName) {
  std::string stars;
  for (int i = 0; i < 10000; ++i) stars += "*a";
  EXPECT_FALSE(Ignored(stars + "\n", std::string(4000, 'a')));
  EXPECT_FALSE(Ignored(stars.substr(0, 4000) + "b\n", std::string(4000, 'a')));
  EXPECT_TRUE(Ignored(std::string(10000, '*') + "b\n", "aaab"));
}

TEST(IgnoreTest, ManyDirectoryWildcardsOnADeepPath) {
  std::string pattern;
  std::string path;
  for (int i = 0; i < 700; ++i) pattern += "**/*a*/";
  for (int i = 0; i < 1000; ++i) path += "aa/";
  EXPECT_TRUE(Ignored(pattern + "*\n", path + "b"));
  EXPECT_FALSE(Ignored(pattern + "c\n", path + "b"));
}

TEST(IgnoreTest, LinesOfAMegabyte) {
  std::string names = "[";
  for (int i = 0; i < 500000; ++i) names += "[:";
  EXPECT_TRUE(Ignored(names + "a]\n", ":"));
  EXPECT_FALSE(Ignored(std::string(1000000, '[') + "\n", "["));
  EXPECT_FALSE(Ignored(std::string(1000000, '?') + "\n", "a"));
  EXPECT_FALSE(Ignored(std::string(1000000, '\\') + "\n", "\\"));
}

}  // namespace
}  // namespace keytidy::source
