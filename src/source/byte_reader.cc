// SPDX-License-Identifier: Apache-2.0
#include "source/byte_reader.h"

#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

#include "base/file.h"

namespace keytidy::source {

Result<std::size_t> MemoryReader::Read(char* data, std::size_t size) {
  const std::size_t n = std::min(size, bytes_.size() - position_);
  if (n > 0) std::memcpy(data, bytes_.data() + position_, n);
  position_ += n;
  return n;
}

Status MemoryReader::SeekTo(std::uint64_t offset) {
  if (offset > bytes_.size()) {
    return Fail(ErrorCode::kInvalid, "seek past the end");
  }
  position_ = static_cast<std::size_t>(offset);
  return {};
}

Result<std::size_t> FdReader::Read(char* data, std::size_t size) {
  const ssize_t n = ::read(fd_, data, size);
  if (n >= 0) return static_cast<std::size_t>(n);
  // Nothing but our own wish to stop interrupts a read.
  if (errno == EINTR) return Fail(ErrorCode::kCancelled, "interrupted");
  return Fail(SystemError(name_, errno));
}

Status FdReader::SeekTo(std::uint64_t offset) {
  if (lseek(fd_, static_cast<off_t>(offset), SEEK_SET) < 0) {
    return Fail(SystemError(name_, errno));
  }
  return {};
}

Result<std::size_t> PrefixedReader::Read(char* data, std::size_t size) {
  if (head_.empty()) return rest_.Read(data, size);
  const std::size_t n = std::min(size, head_.size());
  std::memcpy(data, head_.data(), n);
  head_.remove_prefix(n);
  return n;
}

}  // namespace keytidy::source
