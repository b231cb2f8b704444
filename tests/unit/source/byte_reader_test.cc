// SPDX-License-Identifier: Apache-2.0
#include "source/byte_reader.h"

#include <gtest/gtest.h>
#include <sys/time.h>
#include <unistd.h>

#include <array>
#include <csignal>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/file.h"
#include "unit/temp_dir.h"

namespace keytidy::source {
namespace {

std::string ReadUpTo(ByteReader& reader, std::size_t size) {
  std::string out(size, '\0');
  const auto n = reader.Read(out.data(), size);
  EXPECT_TRUE(n);
  out.resize(n.value_or(0));
  return out;
}

// All of it, in pieces.
std::string ReadAll(ByteReader& reader, std::size_t piece) {
  std::string out;
  for (;;) {
    const std::string next = ReadUpTo(reader, piece);
    if (next.empty()) return out;
    out += next;
  }
}

TEST(MemoryReader, ReadsInOrderToTheEnd) {
  MemoryReader reader("0123456789");
  EXPECT_EQ(reader.Size(), 10u);
  EXPECT_EQ(ReadUpTo(reader, 4), "0123");
  EXPECT_EQ(ReadUpTo(reader, 0), "");
  EXPECT_EQ(ReadUpTo(reader, 4), "4567");
  EXPECT_EQ(ReadUpTo(reader, 4), "89");
  EXPECT_EQ(ReadUpTo(reader, 4), "");
}

TEST(MemoryReader, Seeks) {
  MemoryReader reader("0123456789");
  EXPECT_TRUE(reader.CanSeek());
  ReadUpTo(reader, 10);
  ASSERT_TRUE(reader.SeekTo(7));
  EXPECT_EQ(ReadUpTo(reader, 10), "789");
  ASSERT_TRUE(reader.SeekTo(10));
  EXPECT_EQ(ReadUpTo(reader, 10), "");
  const Status status = reader.SeekTo(11);
  ASSERT_FALSE(status);
  EXPECT_EQ(status.error().code, ErrorCode::kInvalid);
  EXPECT_EQ(status.error().message, "seek past the end");
}

TEST(MemoryReader, OfNothing) {
  MemoryReader reader({});
  EXPECT_EQ(reader.Size(), 0u);
  EXPECT_EQ(ReadUpTo(reader, 4), "");
}

TEST(FdReader, ReadsAndSeeksInAFile) {
  const TempDir dir;
  const auto file = OpenRegular(dir.Write("a", "0123456789"), Links::kRefuse);
  ASSERT_TRUE(file);
  FdReader reader(file->fd.get(), "a", file->size);
  EXPECT_EQ(reader.Size(), 10u);
  EXPECT_TRUE(reader.CanSeek());
  EXPECT_EQ(ReadAll(reader, 3), "0123456789");
  ASSERT_TRUE(reader.SeekTo(4));
  EXPECT_EQ(ReadAll(reader, 100), "456789");
}

TEST(FdReader, OfAPipeKnowsNoSizeAndCannotSeek) {
  std::array<int, 2> ends{};
  ASSERT_EQ(pipe(ends.data()), 0);
  const Fd read_end(ends[0]);
  Fd write_end(ends[1]);
  ASSERT_TRUE(WriteAll(write_end.get(), "hello"));
  write_end.Close();
  FdReader reader(read_end.get(), "standard input", std::nullopt);
  EXPECT_EQ(reader.Size(), std::nullopt);
  EXPECT_FALSE(reader.CanSeek());
  EXPECT_FALSE(reader.SeekTo(0));
  EXPECT_EQ(ReadAll(reader, 2), "hello");
}

TEST(FdReader, SaysWhatFailed) {
  FdReader reader(-1, "shown/name", std::nullopt);
  std::array<char, 4> bytes{};
  const auto n = reader.Read(bytes.data(), bytes.size());
  ASSERT_FALSE(n);
  EXPECT_EQ(n.error().code, ErrorCode::kIo);
  EXPECT_EQ(n.error().message, "shown/name: Bad file descriptor");
}

TEST(FdReader, MayLeaveTheNameToItsCaller) {
  FdReader reader(-1, "", std::nullopt);
  std::array<char, 4> bytes{};
  EXPECT_EQ(reader.Read(bytes.data(), bytes.size()).error().message,
            "Bad file descriptor");
}

// A read that waits for input ends when the run is to end.
TEST(FdReader, ASignalInterruptsARead) {
  std::array<int, 2> ends{};
  ASSERT_EQ(pipe(ends.data()), 0);
  const Fd read_end(ends[0]);
  const Fd write_end(ends[1]);
  struct sigaction ring = {};
  ring.sa_handler = [](int) {};
  struct sigaction before = {};
  ASSERT_EQ(sigaction(SIGALRM, &ring, &before), 0);
  itimerval soon = {};
  soon.it_value.tv_usec = 1000;
  soon.it_interval.tv_usec = 1000;
  itimerval never = {};
  setitimer(ITIMER_REAL, &soon, nullptr);
  FdReader reader(read_end.get(), "", std::nullopt);
  char byte = 0;
  const auto n = reader.Read(&byte, 1);
  setitimer(ITIMER_REAL, &never, nullptr);
  sigaction(SIGALRM, &before, nullptr);
  ASSERT_FALSE(n);
  EXPECT_EQ(n.error().code, ErrorCode::kCancelled);
}

TEST(PrefixedReader, FirstTheHeadThenTheRest) {
  for (const std::size_t piece : {1u, 3u, 100u}) {
    MemoryReader rest("456789");
    PrefixedReader reader("0123", rest);
    EXPECT_EQ(ReadUpTo(reader, 0), "");
    EXPECT_EQ(ReadAll(reader, piece), "0123456789") << piece;
  }
}

TEST(PrefixedReader, WithoutAHead) {
  MemoryReader rest("456");
  PrefixedReader reader({}, rest);
  EXPECT_EQ(ReadAll(reader, 2), "456");
}

TEST(PrefixedReader, HandsOnTheSizeAndDoesNotSeek) {
  MemoryReader rest("0123456789");
  ReadUpTo(rest, 4);
  PrefixedReader reader("0123", rest);
  EXPECT_EQ(reader.Size(), 10u);
  EXPECT_FALSE(reader.CanSeek());
  const Status status = reader.SeekTo(0);
  ASSERT_FALSE(status);
  EXPECT_EQ(status.error().code, ErrorCode::kUnsupported);
}

}  // namespace
}  // namespace keytidy::source
