// SPDX-License-Identifier: Apache-2.0
#include "inventory/private_file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <memory>

#include "base/digest.h"
#include "base/file.h"

namespace keytidy::inventory {

Result<std::string> MakeFolders(const std::string& path) {
  for (std::size_t slash = path.find('/', 1); slash != std::string::npos;
       slash = path.find('/', slash + 1)) {
    const std::string folder = path.substr(0, slash);
    struct stat info;
    if (stat(folder.c_str(), &info) == 0) continue;
    if (mkdir(folder.c_str(), 0700) != 0 && errno != EEXIST) {
      return Fail(SystemError(folder, errno));
    }
  }
  const std::size_t slash = path.rfind('/');
  const std::string folder = slash == std::string::npos ? "."
                             : slash == 0               ? "/"
                                                        : path.substr(0, slash);
  const std::string name =
      slash == std::string::npos ? path : path.substr(slash + 1);
  if (name.empty() || name == "." || name == "..") {
    return Fail(ErrorCode::kInvalid, "{}: names no file", path);
  }
  const std::unique_ptr<char, decltype(&std::free)> real(
      realpath(folder.c_str(), nullptr), &std::free);
  if (real == nullptr) return Fail(SystemError(folder, errno));
  const std::string resolved = real.get();
  return resolved == "/" ? resolved + name : resolved + "/" + name;
}

Status CheckPrivate(const std::string& path) {
  struct stat info;
  if (lstat(path.c_str(), &info) != 0) return Fail(SystemError(path, errno));
  if (S_ISLNK(info.st_mode)) {
    return Fail(ErrorCode::kInvalid, "{}: is a symbolic link", path);
  }
  if (!S_ISREG(info.st_mode)) {
    return Fail(ErrorCode::kInvalid, "{}: is no regular file", path);
  }
  if (info.st_uid != geteuid() || (info.st_mode & 077) != 0) {
    return Fail(ErrorCode::kInvalid,
                "{}: must be yours alone (mode 0600) to be part of an "
                "inventory",
                path);
  }
  return {};
}

Result<bool> MakeOnce(const std::string& path, std::string_view bytes) {
  const std::string random = RandomBytes(8);
  std::string temporary = path + ".";
  for (const char c : random) {
    temporary += fmt::format("{:02x}", static_cast<unsigned char>(c));
  }
  if (auto made = CreatePrivateFile(temporary, bytes); !made) {
    return Fail(made.error());
  }
  // Neither replaces what is there; not every file system has the first.
  int rc = renameat2(AT_FDCWD, temporary.c_str(), AT_FDCWD, path.c_str(),
                     RENAME_NOREPLACE);
  if (rc != 0 && (errno == EINVAL || errno == ENOSYS)) {
    rc = link(temporary.c_str(), path.c_str());
    const int err = errno;
    unlink(temporary.c_str());
    errno = err;
  }
  if (rc == 0) return true;
  const int err = errno;
  unlink(temporary.c_str());
  if (err == EEXIST) return false;
  return Fail(SystemError(path, err));
}

}  // namespace keytidy::inventory
