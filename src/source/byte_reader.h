// SPDX-License-Identifier: Apache-2.0
//
// Bytes in order, from a file, standard input, memory or an archive's member.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

#include "base/result.h"

namespace keytidy::source {

// Not shared between threads.
class ByteReader {
 public:
  virtual ~ByteReader() = default;

  // Reads up to `size` bytes; 0 only at the end (or when `size` is 0).
  virtual Result<std::size_t> Read(char* data, std::size_t size) = 0;

  // The whole length, when it is known before reading.
  virtual std::optional<std::uint64_t> Size() const { return std::nullopt; }

  // Whether SeekTo works (regular files and memory).
  virtual bool CanSeek() const { return false; }
  // Continues reading at `offset` bytes from the start.
  virtual Status SeekTo(std::uint64_t offset) {
    (void)offset;
    return Fail(ErrorCode::kUnsupported, "cannot seek");
  }
};

// Over bytes that the caller keeps alive.
class MemoryReader final : public ByteReader {
 public:
  explicit MemoryReader(std::string_view bytes) : bytes_(bytes) {}
  Result<std::size_t> Read(char* data, std::size_t size) override;
  std::optional<std::uint64_t> Size() const override { return bytes_.size(); }
  bool CanSeek() const override { return true; }
  Status SeekTo(std::uint64_t offset) override;

 private:
  std::string_view bytes_;
  std::size_t position_ = 0;
};

// Over a descriptor that the caller keeps open. `name` is for error messages;
// empty where the caller names the file. A read that a signal interrupts fails
// with kCancelled.
class FdReader final : public ByteReader {
 public:
  FdReader(int fd, std::string_view name, std::optional<std::uint64_t> size)
      : fd_(fd), name_(name), size_(size) {}
  Result<std::size_t> Read(char* data, std::size_t size) override;
  std::optional<std::uint64_t> Size() const override { return size_; }
  // A reader with a known size is over a regular file.
  bool CanSeek() const override { return size_.has_value(); }
  Status SeekTo(std::uint64_t offset) override;

 private:
  int fd_;
  std::string_view name_;
  std::optional<std::uint64_t> size_;
};

// First the given bytes, then the rest of another reader: puts back a head
// that was looked at.
class PrefixedReader final : public ByteReader {
 public:
  PrefixedReader(std::string_view head, ByteReader& rest)
      : head_(head), rest_(rest) {}
  Result<std::size_t> Read(char* data, std::size_t size) override;
  std::optional<std::uint64_t> Size() const override { return rest_.Size(); }

 private:
  std::string_view head_;
  ByteReader& rest_;
};

}  // namespace keytidy::source
