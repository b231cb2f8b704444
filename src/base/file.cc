// SPDX-License-Identifier: Apache-2.0
#include "base/file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <memory>
#include <system_error>

namespace keytidy {
namespace {

ErrorCode CodeOf(int err) {
  switch (err) {
    case ENOENT:
    case ENOTDIR:
      return ErrorCode::kNotFound;
    case EACCES:
    case EPERM:
      return ErrorCode::kPermission;
    default:
      return ErrorCode::kIo;
  }
}

std::string_view KindOf(mode_t mode) {
  if (S_ISDIR(mode)) return "a directory";
  if (S_ISLNK(mode)) return "a symbolic link";
  if (S_ISFIFO(mode)) return "a pipe";
  if (S_ISSOCK(mode)) return "a socket";
  if (S_ISBLK(mode) || S_ISCHR(mode)) return "a device";
  return "not a regular file";
}

// What stands at `path` now must be nothing, or a regular file.
Status CheckTarget(const std::string& path) {
  struct stat st;
  if (lstat(path.c_str(), &st) != 0) {
    if (errno == ENOENT) return {};
    return Fail(SystemError(path, errno));
  }
  if (!S_ISREG(st.st_mode)) {
    return Fail(ErrorCode::kInvalid, "{}: is {}; will not write through it",
                path, KindOf(st.st_mode));
  }
  return {};
}

}  // namespace

void Fd::Close() {
  if (fd_ >= 0) ::close(fd_);
  fd_ = -1;
}

Error SystemError(std::string_view path, int err) {
  const std::string why = std::generic_category().message(err);
  return Error{CodeOf(err),
               path.empty() ? why : fmt::format("{}: {}", path, why)};
}

std::string DirectoryOf(std::string_view path) {
  const std::size_t slash = path.rfind('/');
  if (slash == std::string_view::npos) return ".";
  return std::string(path.substr(0, std::max<std::size_t>(slash, 1)));
}

std::optional<std::string> RealPath(const std::string& path) {
  const std::unique_ptr<char, decltype(&std::free)> real(
      realpath(path.c_str(), nullptr), &std::free);
  if (real == nullptr) return std::nullopt;
  return real.get();
}

Result<OpenedFile> OpenRegular(const std::string& path, Links links) {
  const bool follow = links == Links::kFollow;
  struct stat st;
  if (links != Links::kListed) {
    const int rc = follow ? stat(path.c_str(), &st) : lstat(path.c_str(), &st);
    if (rc != 0) return Fail(SystemError(path, errno));
    if (!S_ISREG(st.st_mode)) {
      return Fail(ErrorCode::kUnsupported, "{}: {}", path, KindOf(st.st_mode));
    }
  }
  const int flags =
      O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY | (follow ? 0 : O_NOFOLLOW);
  Fd fd(::open(path.c_str(), flags));
  if (!fd) return Fail(SystemError(path, errno));
  if (fstat(fd.get(), &st) != 0) return Fail(SystemError(path, errno));
  if (!S_ISREG(st.st_mode)) {
    return Fail(ErrorCode::kUnsupported, "{}: {}", path, KindOf(st.st_mode));
  }
  return OpenedFile{std::move(fd), static_cast<std::uint64_t>(st.st_size)};
}

Result<std::size_t> ReadFull(int fd, char* data, std::size_t size,
                             std::string_view path) {
  std::size_t done = 0;
  while (done < size) {
    const ssize_t n = ::read(fd, data + done, size - done);
    if (n < 0) {
      if (errno == EINTR) continue;
      return Fail(SystemError(path, errno));
    }
    if (n == 0) break;
    done += static_cast<std::size_t>(n);
  }
  return done;
}

Result<std::string> ReadSmallFile(const std::string& path, std::size_t limit,
                                  Links links) {
  auto file = OpenRegular(path, links);
  if (!file) return Fail(file.error());
  // Files of /proc say 0 and have content all the same.
  std::string bytes;
  for (std::size_t room = static_cast<std::size_t>(
                              std::min<std::uint64_t>(file->size, limit)) +
                          1;
       ; room = bytes.size() + 4096) {
    const std::size_t had = bytes.size();
    bytes.resize(had + room);
    auto n = ReadFull(file->fd.get(), bytes.data() + had, room, path);
    if (!n) return Fail(n.error());
    bytes.resize(had + *n);
    if (bytes.size() > limit) {
      return Fail(ErrorCode::kLimit, "{}: larger than {} bytes", path, limit);
    }
    if (*n < room) return bytes;
  }
}

Status WriteAll(int fd, std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t n = ::write(fd, bytes.data(), bytes.size());
    if (n < 0) {
      if (errno == EINTR) continue;
      if (errno == EPIPE) {
        return Fail(ErrorCode::kCancelled, "the reader closed the pipe");
      }
      return Fail(SystemError("write", errno));
    }
    bytes.remove_prefix(static_cast<std::size_t>(n));
  }
  return {};
}

Status CheckWritable(const std::string& path) {
  if (auto ok = CheckTarget(path); !ok) return ok;
  const std::string dir = DirectoryOf(path);
  if (access(dir.c_str(), W_OK | X_OK) != 0) {
    return Fail(SystemError(path, errno));
  }
  return {};
}

Status WritePrivateFile(const std::string& path, std::string_view bytes) {
  if (auto ok = CheckTarget(path); !ok) return ok;
  std::string temporary = path + ".XXXXXX";
  Fd fd(mkostemp(temporary.data(), O_CLOEXEC));  // O_EXCL, mode 0600
  if (!fd) return Fail(SystemError(path, errno));
  Status written = WriteAll(fd.get(), bytes);
  // The umask may have taken even the owner's rights.
  if (written && fchmod(fd.get(), S_IRUSR | S_IWUSR) != 0) {
    written = Fail(SystemError(path, errno));
  }
  if (written && fsync(fd.get()) != 0) {
    written = Fail(SystemError(path, errno));
  }
  if (written && rename(temporary.c_str(), path.c_str()) != 0) {
    written = Fail(SystemError(path, errno));
  }
  if (!written) {
    unlink(temporary.c_str());
    return Fail(written.error().code, "{}: could not be written: {}", path,
                written.error().message);
  }
  return {};
}

Status CreatePrivateFile(const std::string& path, std::string_view bytes) {
  Fd fd(open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW,
             S_IRUSR | S_IWUSR));
  if (!fd) return Fail(SystemError(path, errno));
  Status written = WriteAll(fd.get(), bytes);
  if (written && fchmod(fd.get(), S_IRUSR | S_IWUSR) != 0) {
    written = Fail(SystemError(path, errno));
  }
  if (written && fsync(fd.get()) != 0) {
    written = Fail(SystemError(path, errno));
  }
  if (!written) unlink(path.c_str());
  return written;
}

}  // namespace keytidy
