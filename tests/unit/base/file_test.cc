// SPDX-License-Identifier: Apache-2.0
#include "base/file.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "unit/temp_dir.h"

namespace keytidy {
namespace {

using Names = std::vector<std::string>;

mode_t ModeOf(const std::string& path) {
  struct stat st = {};
  EXPECT_EQ(stat(path.c_str(), &st), 0) << path;
  return st.st_mode & 07777;
}

bool IsOpen(int fd) { return fcntl(fd, F_GETFD) >= 0; }

// Puts the creation mask back.
class Umask {
 public:
  explicit Umask(mode_t mask) : before_(umask(mask)) {}
  ~Umask() { umask(before_); }
  Umask(const Umask&) = delete;
  Umask& operator=(const Umask&) = delete;

 private:
  mode_t before_;
};

TEST(Fd, ClosesWhatItOwns) {
  int number = -1;
  {
    Fd fd(open("/dev/null", O_RDONLY));
    number = fd.get();
    ASSERT_TRUE(fd);
    EXPECT_TRUE(IsOpen(number));
  }
  EXPECT_FALSE(IsOpen(number));
}

TEST(Fd, MovesAndReleases) {
  Fd first(open("/dev/null", O_RDONLY));
  const int number = first.get();
  Fd second(std::move(first));
  EXPECT_EQ(second.get(), number);
  Fd third(open("/dev/null", O_RDONLY));
  const int closed = third.get();
  third = std::move(second);
  EXPECT_FALSE(IsOpen(closed));
  EXPECT_EQ(third.get(), number);
  EXPECT_EQ(third.Release(), number);
  EXPECT_FALSE(third);
  EXPECT_TRUE(IsOpen(number));
  close(number);
}

TEST(Fd, IsEmptyByDefault) {
  Fd fd;
  EXPECT_FALSE(fd);
  EXPECT_EQ(fd.get(), -1);
  fd.Close();
}

TEST(SystemError, NamesThePathAndTheReason) {
  EXPECT_EQ(SystemError("a/b", ENOENT).message,
            "a/b: No such file or directory");
  EXPECT_EQ(SystemError("", ENOENT).message, "No such file or directory");
  EXPECT_EQ(SystemError("a", ENOENT).code, ErrorCode::kNotFound);
  EXPECT_EQ(SystemError("a", ENOTDIR).code, ErrorCode::kNotFound);
  EXPECT_EQ(SystemError("a", EACCES).code, ErrorCode::kPermission);
  EXPECT_EQ(SystemError("a", EPERM).code, ErrorCode::kPermission);
  EXPECT_EQ(SystemError("a", EIO).code, ErrorCode::kIo);
}

TEST(DirectoryOf, WhatIsBeforeTheLastSlash) {
  EXPECT_EQ(DirectoryOf("/a/b/c"), "/a/b");
  EXPECT_EQ(DirectoryOf("a/b"), "a");
  EXPECT_EQ(DirectoryOf("/a"), "/");
  EXPECT_EQ(DirectoryOf("a"), ".");
  EXPECT_EQ(DirectoryOf(""), ".");
}

TEST(RealPath, FollowsEveryLink) {
  TempDir dir;
  dir.Write("a/b", "");
  dir.Symlink("link", dir / "a");
  EXPECT_EQ(RealPath(dir / "link/../link/b"), dir / "a/b");
  EXPECT_EQ(RealPath(dir / "a/b"), dir / "a/b");
}

TEST(RealPath, NothingWhereNothingStands) {
  TempDir dir;
  dir.Symlink("link", dir / "gone");
  EXPECT_EQ(RealPath(dir / "gone"), std::nullopt);
  EXPECT_EQ(RealPath(dir / "link"), std::nullopt);
}

TEST(OpenRegular, OpensAndTellsTheSize) {
  const TempDir dir;
  const std::string path = dir.Write("a", "12345");
  for (const Links links : {Links::kRefuse, Links::kFollow, Links::kListed}) {
    const auto file = OpenRegular(path, links);
    ASSERT_TRUE(file) << file.error().message;
    EXPECT_EQ(file->size, 5u);
    std::array<char, 8> bytes{};
    const auto n = ReadFull(file->fd.get(), bytes.data(), bytes.size(), path);
    ASSERT_TRUE(n);
    EXPECT_EQ(std::string(bytes.data(), *n), "12345");
  }
}

TEST(OpenRegular, TheDescriptorIsNotInherited) {
  const TempDir dir;
  const auto file = OpenRegular(dir.Write("a", "x"), Links::kRefuse);
  ASSERT_TRUE(file);
  EXPECT_EQ(fcntl(file->fd.get(), F_GETFD), FD_CLOEXEC);
}

TEST(OpenRegular, ASymbolicLinkIsFollowedOnlyWhenAllowed) {
  const TempDir dir;
  dir.Write("target", "123");
  const std::string link = dir.Symlink("link", "target");
  const auto followed = OpenRegular(link, Links::kFollow);
  ASSERT_TRUE(followed) << followed.error().message;
  EXPECT_EQ(followed->size, 3u);

  const auto refused = OpenRegular(link, Links::kRefuse);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, ErrorCode::kUnsupported);
  EXPECT_EQ(refused.error().message, link + ": a symbolic link");

  // Became a link after it was listed.
  EXPECT_FALSE(OpenRegular(link, Links::kListed));
}

TEST(OpenRegular, ADanglingLinkIsNotFound) {
  const TempDir dir;
  const std::string link = dir.Symlink("link", "nowhere");
  const auto file = OpenRegular(link, Links::kFollow);
  ASSERT_FALSE(file);
  EXPECT_EQ(file.error().code, ErrorCode::kNotFound);
}

TEST(OpenRegular, MissingIsNotFound) {
  const TempDir dir;
  for (const Links links : {Links::kRefuse, Links::kFollow, Links::kListed}) {
    const auto file = OpenRegular(dir / "missing", links);
    ASSERT_FALSE(file);
    EXPECT_EQ(file.error().code, ErrorCode::kNotFound);
    EXPECT_EQ(file.error().message,
              dir / "missing" + ": No such file or directory");
  }
}

TEST(OpenRegular, BelowAFileIsNotFound) {
  const TempDir dir;
  const std::string path = dir.Write("a", "") + "/b";
  const auto file = OpenRegular(path, Links::kRefuse);
  ASSERT_FALSE(file);
  EXPECT_EQ(file.error().code, ErrorCode::kNotFound);
  EXPECT_EQ(file.error().message, path + ": Not a directory");
}

// Would hang if the pipe were opened as a file is.
TEST(OpenRegular, APipeIsRefusedWithoutWaiting) {
  const TempDir dir;
  const std::string path = dir.Fifo("pipe");
  for (const Links links : {Links::kRefuse, Links::kFollow, Links::kListed}) {
    const auto file = OpenRegular(path, links);
    ASSERT_FALSE(file);
    EXPECT_EQ(file.error().code, ErrorCode::kUnsupported);
    EXPECT_EQ(file.error().message, path + ": a pipe");
  }
}

TEST(OpenRegular, OtherKindsAreNamed) {
  const TempDir dir;
  const std::string socket = dir.Socket("s");
  for (const Links links : {Links::kRefuse, Links::kFollow}) {
    const auto is_directory = OpenRegular(dir.path(), links);
    ASSERT_FALSE(is_directory);
    EXPECT_EQ(is_directory.error().code, ErrorCode::kUnsupported);
    EXPECT_EQ(is_directory.error().message, dir.path() + ": a directory");
    const auto is_socket = OpenRegular(socket, links);
    ASSERT_FALSE(is_socket);
    EXPECT_EQ(is_socket.error().code, ErrorCode::kUnsupported);
    EXPECT_EQ(is_socket.error().message, socket + ": a socket");
    const auto is_device = OpenRegular("/dev/null", links);
    ASSERT_FALSE(is_device);
    EXPECT_EQ(is_device.error().code, ErrorCode::kUnsupported);
    EXPECT_EQ(is_device.error().message, "/dev/null: a device");
  }
}

TEST(OpenRegular, WhatMayNotBeReadIsAPermissionError) {
  if (geteuid() == 0) GTEST_SKIP() << "nothing is forbidden to root";
  const TempDir dir;
  const std::string path = dir.Write("a", "x");
  ASSERT_EQ(chmod(path.c_str(), 0), 0);
  const auto file = OpenRegular(path, Links::kRefuse);
  ASSERT_FALSE(file);
  EXPECT_EQ(file.error().code, ErrorCode::kPermission);
  EXPECT_EQ(file.error().message, path + ": Permission denied");
}

TEST(ReadFull, GoesOnAfterShortReads) {
  std::array<int, 2> ends{};
  ASSERT_EQ(pipe(ends.data()), 0);
  const Fd read_end(ends[0]);
  std::thread writer([write_end = Fd(ends[1])] {
    for (int i = 0; i < 10; ++i) {
      EXPECT_EQ(write(write_end.get(), "0123456789", 10), 10);
    }
  });
  std::string bytes(200, '\0');
  const auto n = ReadFull(read_end.get(), bytes.data(), bytes.size(), "pipe");
  writer.join();
  ASSERT_TRUE(n);
  EXPECT_EQ(*n, 100u);
}

TEST(ReadFull, StopsWhenItHasEnough) {
  const TempDir dir;
  const auto file = OpenRegular(dir.Write("a", "12345678"), Links::kRefuse);
  ASSERT_TRUE(file);
  std::array<char, 4> bytes{};
  EXPECT_EQ(ReadFull(file->fd.get(), bytes.data(), 3, "a").value(), 3u);
  EXPECT_EQ(std::string(bytes.data(), 3), "123");
  EXPECT_EQ(ReadFull(file->fd.get(), bytes.data(), 4, "a").value(), 4u);
  EXPECT_EQ(std::string(bytes.data(), 4), "4567");
}

TEST(ReadFull, SaysWhy) {
  char byte = 0;
  const Fd directory(open("/", O_RDONLY));
  const auto n = ReadFull(directory.get(), &byte, 1, "shown/name");
  ASSERT_FALSE(n);
  EXPECT_EQ(n.error().code, ErrorCode::kIo);
  EXPECT_EQ(n.error().message, "shown/name: Is a directory");
}

TEST(ReadSmallFile, UpToTheLimitAndNotBeyond) {
  const TempDir dir;
  const std::string path = dir.Write("a", "12345");
  EXPECT_EQ(ReadSmallFile(path, 6).value(), "12345");
  EXPECT_EQ(ReadSmallFile(path, 5).value(), "12345");
  const auto large = ReadSmallFile(path, 4);
  ASSERT_FALSE(large);
  EXPECT_EQ(large.error().code, ErrorCode::kLimit);
  EXPECT_EQ(large.error().message, path + ": larger than 4 bytes");
}

TEST(ReadSmallFile, AnEmptyFileUnderNoLimitAtAll) {
  const TempDir dir;
  EXPECT_EQ(ReadSmallFile(dir.Write("a", ""), 0).value(), "");
  EXPECT_FALSE(ReadSmallFile(dir.Write("b", "x"), 0));
}

TEST(ReadSmallFile, KeepsEveryByte) {
  const TempDir dir;
  std::string bytes;
  for (int i = 0; i < 70000; ++i) bytes.push_back(static_cast<char>(i * 31));
  EXPECT_EQ(ReadSmallFile(dir.Write("a", bytes), 1 << 20).value(), bytes);
}

TEST(ReadSmallFile, ReadsWhatSaysThatItIsEmpty) {
  struct stat st = {};
  if (stat("/proc/self/status", &st) != 0) GTEST_SKIP() << "no /proc";
  ASSERT_EQ(st.st_size, 0);
  const auto text = ReadSmallFile("/proc/self/status", 1 << 20);
  ASSERT_TRUE(text) << text.error().message;
  EXPECT_EQ(text->substr(0, 5), "Name:");
  EXPECT_EQ(text->back(), '\n');
  const auto limited = ReadSmallFile("/proc/self/status", 10);
  ASSERT_FALSE(limited);
  EXPECT_EQ(limited.error().code, ErrorCode::kLimit);
}

TEST(ReadSmallFile, FollowsLinksAndRefusesPipes) {
  const TempDir dir;
  dir.Write("a", "x");
  EXPECT_EQ(ReadSmallFile(dir.Symlink("link", "a"), 9).value(), "x");
  const auto pipe = ReadSmallFile(dir.Fifo("pipe"), 9);
  ASSERT_FALSE(pipe);
  EXPECT_EQ(pipe.error().code, ErrorCode::kUnsupported);
}

TEST(WritePrivateFile, IsPrivateWhateverTheUmask) {
  const TempDir dir;
  for (const mode_t mask : {0u, 022u, 077u, 0777u}) {
    const Umask umask(mask);
    const std::string path = dir / std::to_string(mask);
    ASSERT_TRUE(WritePrivateFile(path, "secret\n"));
    EXPECT_EQ(ModeOf(path), 0600u);
    EXPECT_EQ(dir.Read(std::to_string(mask)), "secret\n");
  }
}

TEST(WritePrivateFile, ReplacesAndTightensTheMode) {
  const TempDir dir;
  const std::string path = dir.Write("report", "a longer old text");
  ASSERT_EQ(chmod(path.c_str(), 0666), 0);
  ASSERT_TRUE(WritePrivateFile(path, "new"));
  EXPECT_EQ(dir.Read("report"), "new");
  EXPECT_EQ(ModeOf(path), 0600u);
  EXPECT_EQ(dir.Names(), Names{"report"});
}

TEST(WritePrivateFile, AReaderOfTheOldFileSeesAllOfIt) {
  const TempDir dir;
  const std::string path = dir.Write("report", "old and whole");
  const auto old = OpenRegular(path, Links::kRefuse);
  ASSERT_TRUE(old);
  ASSERT_TRUE(WritePrivateFile(path, "new"));
  std::array<char, 32> bytes{};
  const auto n = ReadFull(old->fd.get(), bytes.data(), bytes.size(), path);
  EXPECT_EQ(std::string(bytes.data(), *n), "old and whole");
}

TEST(WritePrivateFile, WritesNothingAndMuch) {
  const TempDir dir;
  ASSERT_TRUE(WritePrivateFile(dir / "empty", ""));
  EXPECT_EQ(dir.Read("empty"), "");
  const std::string much(3 << 20, 'x');
  ASSERT_TRUE(WritePrivateFile(dir / "much", much));
  EXPECT_EQ(dir.Read("much"), much);
}

TEST(WritePrivateFile, RefusesASymbolicLink) {
  const TempDir dir;
  dir.Write("target", "old");
  for (const std::string target : {"target", "nowhere"}) {
    const std::string link = dir.Symlink("link-" + target, target);
    const Status status = WritePrivateFile(link, "new");
    ASSERT_FALSE(status);
    EXPECT_EQ(status.error().code, ErrorCode::kInvalid);
    EXPECT_EQ(status.error().message,
              link + ": is a symbolic link; will not write through it");
  }
  EXPECT_EQ(dir.Read("target"), "old");
  EXPECT_EQ(dir.Names(), (Names{"link-nowhere", "link-target", "target"}));
}

TEST(WritePrivateFile, RefusesADirectoryAndAPipe) {
  const TempDir dir;
  const std::string below = dir.Directory("below");
  const std::string pipe = dir.Fifo("pipe");
  EXPECT_EQ(WritePrivateFile(below, "x").error().message,
            below + ": is a directory; will not write through it");
  EXPECT_EQ(WritePrivateFile(pipe, "x").error().message,
            pipe + ": is a pipe; will not write through it");
  EXPECT_EQ(WritePrivateFile("/dev/null", "x").error().message,
            "/dev/null: is a device; will not write through it");
  EXPECT_EQ(dir.Names(), (Names{"below", "pipe"}));
}

TEST(WritePrivateFile, IntoAMissingDirectory) {
  const TempDir dir;
  const std::string path = dir / "missing/report";
  const Status status = WritePrivateFile(path, "x");
  ASSERT_FALSE(status);
  EXPECT_EQ(status.error().code, ErrorCode::kNotFound);
  EXPECT_EQ(status.error().message, path + ": No such file or directory");
  EXPECT_EQ(dir.Names(), Names{});
}

TEST(WritePrivateFile, IntoADirectoryThatMayNotBeWritten) {
  if (geteuid() == 0) GTEST_SKIP() << "nothing is forbidden to root";
  const TempDir dir;
  const std::string path = dir.Directory("fixed") + "/report";
  ASSERT_EQ(chmod((dir / "fixed").c_str(), 0500), 0);
  EXPECT_EQ(WritePrivateFile(path, "x").error().code, ErrorCode::kPermission);
  EXPECT_EQ(CheckWritable(path).error().code, ErrorCode::kPermission);
  ASSERT_EQ(chmod((dir / "fixed").c_str(), 0700), 0);
  EXPECT_EQ(dir.Names("fixed"), Names{});
}

// The name itself fits, the name of the new file beside it does not.
TEST(WritePrivateFile, LeavesNothingBehindWhenItFails) {
  const TempDir dir;
  const Status status = WritePrivateFile(dir / std::string(255, 'n'), "x");
  ASSERT_FALSE(status);
  EXPECT_EQ(status.error().code, ErrorCode::kIo);
  EXPECT_EQ(dir.Names(), Names{});
}

// In a process of its own, where files may hold 1,000 bytes: the write fails
// when half of the new file is there.
[[noreturn]] void WriteTooMuch(const std::string& path) {
  std::signal(SIGXFSZ, SIG_IGN);
  rlimit limit = {};
  limit.rlim_cur = limit.rlim_max = 1000;
  setrlimit(RLIMIT_FSIZE, &limit);
  const Status status = WritePrivateFile(path, std::string(5000, 'x'));
  std::exit(!status && status.error().code == ErrorCode::kIo ? 0 : 1);
}

TEST(WritePrivateFile, LeavesNothingBehindWhenTheDiskIsFull) {
  const TempDir dir;
  const std::string path = dir.Write("report", "old");
  EXPECT_EXIT(WriteTooMuch(path), testing::ExitedWithCode(0), "");
  EXPECT_EQ(dir.Names(), Names{"report"});
  EXPECT_EQ(dir.Read("report"), "old");
}

TEST(CreatePrivateFile, IsPrivateWhateverTheUmask) {
  const TempDir dir;
  for (const mode_t mask : {mode_t{0000}, mode_t{0022}, mode_t{0777}}) {
    const Umask umask(mask);
    const std::string name = "made" + std::to_string(mask);
    ASSERT_TRUE(CreatePrivateFile(dir / name, "x\n"));
    EXPECT_EQ(ModeOf(dir / name), 0600u) << mask;
    EXPECT_EQ(dir.Read(name), "x\n");
  }
}

TEST(CreatePrivateFile, ReplacesNothing) {
  const TempDir dir;
  const std::string path = dir.Write("there", "first");
  const Status again = CreatePrivateFile(path, "second");
  ASSERT_FALSE(again);
  EXPECT_EQ(again.error().message, path + ": File exists");
  EXPECT_EQ(dir.Read("there"), "first");
}

TEST(CreatePrivateFile, GoesThroughNoLink) {
  const TempDir dir;
  const std::string link = dir.Symlink("link", dir / "target");
  EXPECT_FALSE(CreatePrivateFile(link, "x"));
  EXPECT_EQ(dir.Names(), Names{"link"});
  dir.Write("target", "x");
  EXPECT_FALSE(CreatePrivateFile(link, "y"));
  EXPECT_EQ(dir.Read("target"), "x");
}

TEST(CreatePrivateFile, RefusesADirectoryAndAPipe) {
  const TempDir dir;
  EXPECT_FALSE(CreatePrivateFile(dir.Fifo("pipe"), "x"));
  EXPECT_FALSE(CreatePrivateFile(dir.path(), "x"));
  const Status missing = CreatePrivateFile(dir / "no/such", "x");
  ASSERT_FALSE(missing);
  EXPECT_EQ(missing.error().code, ErrorCode::kNotFound);
}

// As above, in a process of its own.
[[noreturn]] void CreateTooMuch(const std::string& path) {
  std::signal(SIGXFSZ, SIG_IGN);
  rlimit limit = {};
  limit.rlim_cur = limit.rlim_max = 1000;
  setrlimit(RLIMIT_FSIZE, &limit);
  const Status status = CreatePrivateFile(path, std::string(5000, 'x'));
  std::exit(!status ? 0 : 1);
}

TEST(CreatePrivateFile, LeavesNothingBehindWhenTheDiskIsFull) {
  const TempDir dir;
  EXPECT_EXIT(CreateTooMuch(dir / "new"), testing::ExitedWithCode(0), "");
  EXPECT_EQ(dir.Names(), Names{});
}

TEST(CheckWritable, SaysWhatWritePrivateFileWouldSay) {
  const TempDir dir;
  EXPECT_TRUE(CheckWritable(dir / "new"));
  EXPECT_TRUE(CheckWritable(dir.Write("old", "x")));
  EXPECT_EQ(dir.Names(), Names{"old"});
  const std::string link = dir.Symlink("link", "old");
  EXPECT_EQ(CheckWritable(link).error().message,
            link + ": is a symbolic link; will not write through it");
  EXPECT_EQ(CheckWritable(dir.path()).error().message,
            dir.path() + ": is a directory; will not write through it");
  EXPECT_EQ(CheckWritable(dir / "missing/new").error().code,
            ErrorCode::kNotFound);
  EXPECT_EQ(CheckWritable(dir / "old/new").error().code, ErrorCode::kNotFound);
}

TEST(WriteAll, GoesOnAfterShortWrites) {
  std::array<int, 2> ends{};
  ASSERT_EQ(pipe(ends.data()), 0);
  Fd write_end(ends[1]);
  std::string read;
  std::thread reader([&read, read_end = Fd(ends[0])] {
    std::array<char, 4096> piece{};
    for (ssize_t n = 1; n > 0;) {
      n = ::read(read_end.get(), piece.data(), piece.size());
      if (n > 0) read.append(piece.data(), static_cast<std::size_t>(n));
    }
  });
  std::string bytes;
  for (int i = 0; i < 300000; ++i) bytes.push_back(static_cast<char>(i % 251));
  EXPECT_TRUE(WriteAll(write_end.get(), bytes));
  write_end.Close();
  reader.join();
  EXPECT_EQ(read, bytes);
}

TEST(WriteAll, AReaderThatIsGoneIsACancellation) {
  const auto before = std::signal(SIGPIPE, SIG_IGN);
  std::array<int, 2> ends{};
  ASSERT_EQ(pipe(ends.data()), 0);
  const Fd write_end(ends[1]);
  close(ends[0]);
  const Status status = WriteAll(write_end.get(), "x");
  std::signal(SIGPIPE, before);
  ASSERT_FALSE(status);
  EXPECT_EQ(status.error().code, ErrorCode::kCancelled);
  EXPECT_EQ(status.error().message, "the reader closed the pipe");
}

TEST(WriteAll, NothingIsWrittenAtOnce) { EXPECT_TRUE(WriteAll(-1, "")); }

TEST(WriteAll, OtherFailuresAreOfInputAndOutput) {
  const Fd full(open("/dev/full", O_WRONLY));
  if (!full) GTEST_SKIP() << "no /dev/full";
  const Status status = WriteAll(full.get(), "x");
  ASSERT_FALSE(status);
  EXPECT_EQ(status.error().code, ErrorCode::kIo);
}

}  // namespace
}  // namespace keytidy
