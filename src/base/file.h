// SPDX-License-Identifier: Apache-2.0
//
// Opening, reading and writing files with care: only regular files are read,
// and what is written is private and appears whole or not at all.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "base/result.h"

namespace keytidy {

// Owns a file descriptor.
class Fd {
 public:
  Fd() = default;
  explicit Fd(int fd) : fd_(fd) {}
  ~Fd() { Close(); }
  Fd(Fd&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
  Fd& operator=(Fd&& other) noexcept {
    if (this != &other) {
      Close();
      fd_ = std::exchange(other.fd_, -1);
    }
    return *this;
  }
  int get() const { return fd_; }
  explicit operator bool() const { return fd_ >= 0; }
  void Close();
  // Gives the descriptor away.
  int Release() { return std::exchange(fd_, -1); }

 private:
  int fd_ = -1;
};

// The error for errno value `err` at `path`: "path: why"; just "why" where the
// path is empty.
Error SystemError(std::string_view path, int err);

// The folder that `path` names a thing in: "." where it has no slash.
std::string DirectoryOf(std::string_view path);

// `path` from the root, without symbolic links; nullopt: nothing stands there.
std::optional<std::string> RealPath(const std::string& path);

struct OpenedFile {
  Fd fd;
  std::uint64_t size = 0;  // as fstat says; may be 0 for files of /proc
};

// What stands at a path that is to be opened.
enum class Links {
  kRefuse,  // not a symbolic link; looked at before it is opened
  kFollow,  // a symbolic link is followed
  kListed,  // a directory listing has just said that it is a regular file
};

// Opens a regular file for reading. Never blocks and never opens a device,
// pipe or socket: the kind is looked at first and checked again afterwards.
// kUnsupported: not a regular file; kNotFound, kPermission, kIo: as it says.
Result<OpenedFile> OpenRegular(const std::string& path, Links links);

// Reads up to `size` bytes; fewer only at the end of the file.
Result<std::size_t> ReadFull(int fd, char* data, std::size_t size,
                             std::string_view path);

// The whole of a regular file, for configuration and rule files. kLimit when
// it is larger than `limit` bytes.
Result<std::string> ReadSmallFile(const std::string& path, std::size_t limit,
                                  Links links = Links::kFollow);

// Replaces `path` with `bytes`, mode 0600: written to a new file beside it and
// renamed, so that no reader ever sees half of it. Refuses a path that is a
// symbolic link or anything but a regular file.
Status WritePrivateFile(const std::string& path, std::string_view bytes);

// Makes `path` with `bytes`, mode 0600; an error where anything of that name is
// there already.
Status CreatePrivateFile(const std::string& path, std::string_view bytes);

// Says in advance whether WritePrivateFile(path) could work.
Status CheckWritable(const std::string& path);

// Writes all of it, going on after interruptions. kCancelled when the reader
// of a pipe is gone.
Status WriteAll(int fd, std::string_view bytes);

}  // namespace keytidy
