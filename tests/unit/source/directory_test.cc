// SPDX-License-Identifier: Apache-2.0
#include "source/directory.h"

#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <string>
#include <string_view>
#include <vector>

#include "unit/temp_dir.h"

namespace keytidy::source {
namespace {

// "name (kind)" of each entry, in order.
std::vector<std::string> Listed(const std::string& path) {
  const auto entries = ListDirectory(path);
  EXPECT_TRUE(entries) << entries.error().message;
  std::vector<std::string> out;
  if (!entries) return out;
  for (const Entry& entry : *entries) {
    out.push_back(entry.name + " (" + std::string(Name(entry.kind)) + ")");
  }
  return out;
}

using Lines = std::vector<std::string>;

TEST(ListDirectory, KindsOfEntriesSorted) {
  const TempDir dir;
  dir.Write("m", "x");
  dir.Directory("d");
  dir.Symlink("to-file", "m");
  dir.Symlink("to-dir", "d");
  dir.Symlink("to-nowhere", "nowhere");
  dir.Fifo("pipe");
  dir.Socket("socket");
  EXPECT_EQ(Listed(dir.path()),
            (Lines{"d (directory)", "m (file)", "pipe (pipe)",
                   "socket (socket)", "to-dir (symbolic link)",
                   "to-file (symbolic link)", "to-nowhere (symbolic link)"}));
}

TEST(ListDirectory, ADevice) {
  bool found = false;
  const auto entries = ListDirectory("/dev");
  ASSERT_TRUE(entries) << entries.error().message;
  for (const Entry& entry : *entries) {
    if (entry.name != "null") continue;
    found = true;
    EXPECT_EQ(entry.kind, EntryKind::kDevice);
  }
  EXPECT_TRUE(found);
}

TEST(ListDirectory, NamesAreSortedAsBytes) {
  const TempDir dir;
  for (const char* name :
       {"b", "a.b", "a", "B", ".x", "a-b", "\xC3\xB6", "10", "9"}) {
    dir.Write(name, "");
  }
  EXPECT_EQ(Listed(dir.path()),
            (Lines{".x (file)", "10 (file)", "9 (file)", "B (file)", "a (file)",
                   "a-b (file)", "a.b (file)", "b (file)", "\xC3\xB6 (file)"}));
}

TEST(ListDirectory, NamesMayBeOfAnyBytes) {
  const TempDir dir;
  dir.Write("a\n\x1b\xFF", "");
  dir.Write(std::string(255, 'n'), "");
  EXPECT_EQ(Listed(dir.path()),
            (Lines{"a\n\x1b\xFF (file)", std::string(255, 'n') + " (file)"}));
}

TEST(ListDirectory, AnEmptyOne) {
  const TempDir dir;
  EXPECT_EQ(Listed(dir.path()), Lines{});
}

TEST(ListDirectory, ManyEntries) {
  const TempDir dir;
  for (int i = 0; i < 3000; ++i) dir.Write(std::to_string(i), "");
  EXPECT_EQ(Listed(dir.path()).size(), 3000u);
}

TEST(ListDirectory, WhatIsNoDirectory) {
  const TempDir dir;
  const std::string missing = dir / "missing";
  const auto gone = ListDirectory(missing);
  ASSERT_FALSE(gone);
  EXPECT_EQ(gone.error().code, ErrorCode::kNotFound);
  EXPECT_EQ(gone.error().message, missing + ": No such file or directory");
  const std::string path = dir.Write("file", "x");
  const auto file = ListDirectory(path);
  ASSERT_FALSE(file);
  EXPECT_EQ(file.error().message, path + ": Not a directory");
  const std::string pipe = dir.Fifo("pipe");
  EXPECT_EQ(ListDirectory(pipe).error().message, pipe + ": Not a directory");
}

TEST(ListDirectory, NeverThroughASymbolicLink) {
  const TempDir dir;
  dir.Write("d/a", "x");
  EXPECT_FALSE(ListDirectory(dir.Symlink("link", "d")));
}

TEST(ListDirectory, WhatMayNotBeRead) {
  if (geteuid() == 0) GTEST_SKIP() << "nothing is forbidden to root";
  const TempDir dir;
  const std::string path = dir.Directory("d");
  ASSERT_EQ(chmod(path.c_str(), 0), 0);
  const auto entries = ListDirectory(path);
  ASSERT_EQ(chmod(path.c_str(), 0700), 0);
  ASSERT_FALSE(entries);
  EXPECT_EQ(entries.error().code, ErrorCode::kPermission);
  EXPECT_EQ(entries.error().message, path + ": Permission denied");
}

TEST(Names, OfKinds) {
  EXPECT_EQ(Name(EntryKind::kFile), "file");
  EXPECT_EQ(Name(EntryKind::kDirectory), "directory");
  EXPECT_EQ(Name(EntryKind::kSymlink), "symbolic link");
  EXPECT_EQ(Name(EntryKind::kPipe), "pipe");
  EXPECT_EQ(Name(EntryKind::kSocket), "socket");
  EXPECT_EQ(Name(EntryKind::kDevice), "device");
}

}  // namespace
}  // namespace keytidy::source
