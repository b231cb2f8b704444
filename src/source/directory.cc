// SPDX-License-Identifier: Apache-2.0
#include "source/directory.h"

#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>

#include <algorithm>
#include <cerrno>
#include <memory>
#include <optional>

#include "base/file.h"

namespace keytidy::source {
namespace {

struct CloseDirectory {
  void operator()(DIR* dir) const { closedir(dir); }
};

std::optional<EntryKind> KindOfMode(mode_t mode) {
  if (S_ISREG(mode)) return EntryKind::kFile;
  if (S_ISDIR(mode)) return EntryKind::kDirectory;
  if (S_ISLNK(mode)) return EntryKind::kSymlink;
  if (S_ISFIFO(mode)) return EntryKind::kPipe;
  if (S_ISSOCK(mode)) return EntryKind::kSocket;
  if (S_ISBLK(mode) || S_ISCHR(mode)) return EntryKind::kDevice;
  return std::nullopt;
}

std::optional<EntryKind> KindOf(int dir_fd, const dirent& entry) {
  if (entry.d_type != DT_UNKNOWN) return KindOfMode(DTTOIF(entry.d_type));
  struct stat st;
  if (fstatat(dir_fd, entry.d_name, &st, AT_SYMLINK_NOFOLLOW) != 0) {
    return std::nullopt;  // gone since it was listed
  }
  return KindOfMode(st.st_mode);
}

}  // namespace

std::string_view Name(EntryKind kind) {
  switch (kind) {
    case EntryKind::kFile:
      return "file";
    case EntryKind::kDirectory:
      return "directory";
    case EntryKind::kSymlink:
      return "symbolic link";
    case EntryKind::kPipe:
      return "pipe";
    case EntryKind::kSocket:
      return "socket";
    case EntryKind::kDevice:
      return "device";
  }
  return "";
}

Result<std::vector<Entry>> ListDirectory(const std::string& path) {
  Fd fd(::open(path.c_str(),
               O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NONBLOCK | O_NOFOLLOW));
  if (!fd) return Fail(SystemError(path, errno));
  std::unique_ptr<DIR, CloseDirectory> dir(fdopendir(fd.get()));
  if (dir == nullptr) return Fail(SystemError(path, errno));
  const int dir_fd = fd.Release();
  std::vector<Entry> out;
  errno = 0;
  while (const dirent* entry = readdir(dir.get())) {
    std::string name = entry->d_name;
    if (name == "." || name == "..") continue;
    if (const auto kind = KindOf(dir_fd, *entry)) {
      out.push_back({std::move(name), *kind});
    }
    errno = 0;
  }
  if (errno != 0) return Fail(SystemError(path, errno));
  std::sort(out.begin(), out.end(),
            [](const Entry& a, const Entry& b) { return a.name < b.name; });
  return out;
}

}  // namespace keytidy::source
