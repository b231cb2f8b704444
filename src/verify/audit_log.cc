// SPDX-License-Identifier: Apache-2.0
#include "verify/audit_log.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <nlohmann/json.hpp>
#include <utility>

#include "base/time.h"

namespace keytidy::verify {
namespace {

using Json = nlohmann::ordered_json;

// The file to itself, among the runs that write to it.
class Lock {
 public:
  explicit Lock(int fd) : fd_(fd) {
    while (flock(fd, LOCK_EX) != 0 && errno == EINTR) {
    }
  }
  ~Lock() { flock(fd_, LOCK_UN); }
  Lock(const Lock&) = delete;
  Lock& operator=(const Lock&) = delete;

 private:
  int fd_;
};

Status MakeFolders(const std::string& path) {
  for (std::size_t slash = path.find('/', 1); slash != std::string::npos;
       slash = path.find('/', slash + 1)) {
    const std::string folder = path.substr(0, slash);
    if (mkdir(folder.c_str(), 0700) != 0 && errno != EEXIST) {
      return Fail(SystemError(folder, errno));
    }
  }
  return {};
}

// A line that a crash cut short is ended, so that the next one is whole.
Status EndLastLine(int fd, const std::string& path, off_t size) {
  char last = '\n';
  if (size == 0 || pread(fd, &last, 1, size - 1) != 1 || last == '\n') {
    return {};
  }
  if (write(fd, "\n", 1) != 1) return Fail(SystemError(path, errno));
  return {};
}

}  // namespace

std::string DefaultAuditLog() {
  const char* state = std::getenv("XDG_STATE_HOME");
  if (state != nullptr && *state == '/') {
    return std::string(state) + "/keytidy/requests.jsonl";
  }
  const char* home = std::getenv("HOME");
  if (home == nullptr || *home != '/') return {};
  return std::string(home) + "/.local/state/keytidy/requests.jsonl";
}

Result<AuditLog> AuditLog::Open(const std::string& path) {
  if (auto made = MakeFolders(path); !made) return Fail(made.error());
  // Not blocking, should it be a pipe.
  Fd fd(open(path.c_str(),
             O_RDWR | O_APPEND | O_CREAT | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK,
             0600));
  if (!fd) {
    if (errno == ELOOP) {
      return Fail(ErrorCode::kInvalid, "{}: is a symbolic link", path);
    }
    return Fail(SystemError(path, errno));
  }
  struct stat info;
  if (fstat(fd.get(), &info) != 0) return Fail(SystemError(path, errno));
  if (!S_ISREG(info.st_mode)) {
    return Fail(ErrorCode::kInvalid, "{}: is no regular file", path);
  }
  if (info.st_uid != geteuid() || (info.st_mode & 077) != 0) {
    return Fail(ErrorCode::kInvalid,
                "{}: must be yours alone (mode 0600) to hold the record of "
                "requests",
                path);
  }
  // Not while another run is in the middle of a line.
  const Lock lock(fd.get());
  if (fstat(fd.get(), &info) != 0) return Fail(SystemError(path, errno));
  if (auto ok = EndLastLine(fd.get(), path, info.st_size); !ok) {
    return Fail(ok.error());
  }
  return AuditLog(std::move(fd), path);
}

Status AuditLog::Write(const AuditEntry& entry) {
  Json json;
  json["time"] = IsoTime(entry.time);
  json["event"] = entry.event;
  json["id"] = entry.id;
  json["rule"] = entry.rule;
  json["method"] = entry.method;
  json["host"] = entry.host;
  json["path"] = entry.path;
  if (entry.status != 0) json["status"] = entry.status;
  if (!entry.verdict.empty()) json["verdict"] = entry.verdict;
  if (!entry.reason.empty()) json["reason"] = entry.reason;
  const std::string line =
      json.dump(-1, ' ', false, Json::error_handler_t::replace) + "\n";
  const Lock lock(fd_.get());
  std::string_view rest = line;
  while (!rest.empty()) {
    const ssize_t n = write(fd_.get(), rest.data(), rest.size());
    if (n < 0 && errno == EINTR) continue;
    if (n <= 0) return Fail(SystemError(path_, n < 0 ? errno : ENOSPC));
    rest.remove_prefix(static_cast<std::size_t>(n));
  }
  return {};
}

}  // namespace keytidy::verify
