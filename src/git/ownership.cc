// SPDX-License-Identifier: Apache-2.0
#include "git/ownership.h"

#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <optional>

#include "git/config_file.h"
#include "git/libgit2.h"
#include "git/paths.h"

namespace keytidy::git {
namespace {

constexpr std::string_view kKey = "safe.directory";

// The user that called sudo, in decimal; as lenient about it as git.
std::optional<uid_t> SudoUser() {
  const auto text = Variable("SUDO_UID");
  if (!text) return std::nullopt;
  char* end = nullptr;
  errno = 0;
  const unsigned long id = std::strtoul(text->c_str(), &end, 10);
  if (errno != 0 || *end != '\0') return std::nullopt;
  return static_cast<uid_t>(id);
}

bool IsOwn(const std::string& path) {
  if (path.empty()) return true;
  struct stat st;
  if (lstat(path.c_str(), &st) != 0) return false;
  const uid_t user = geteuid();
  if (st.st_uid == user) return true;
  return user == 0 && SudoUser() == std::optional<uid_t>(st.st_uid);
}

// For a shell.
std::string Quoted(const std::string& path) {
  constexpr std::string_view kPlain =
      "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789/._-+,@%";
  if (!path.empty() && path.find_first_not_of(kPlain) == std::string::npos) {
    return path;
  }
  std::string out = "'";
  for (const char c : path) {
    if (c == '\'') {
      out += "'\\''";
    } else {
      out += c;
    }
  }
  return out + "'";
}

}  // namespace

bool IsSafeDirectory(std::string_view path,
                     const std::vector<std::string>& values) {
  bool safe = false;
  for (const std::string& value : values) {
    if (value.empty()) {
      safe = false;
      continue;
    }
    if (value == "*") {
      safe = true;
      continue;
    }
    const auto expanded = ExpandHome(value);
    if (!expanded || (*expanded)[0] != '/') continue;
    if (expanded->ends_with("/*")) {
      const auto folder = RealPath(expanded->substr(0, expanded->size() - 1));
      if (folder && path.starts_with(*folder == "/" ? "/" : *folder + "/")) {
        safe = true;
      }
    } else if (const auto real = RealPath(*expanded)) {
      if (path == *real) safe = true;
    }
  }
  return safe;
}

Status CheckOwnership(const OwnedParts& parts) {
  if (IsOwn(parts.git_file) && IsOwn(parts.work_tree) && IsOwn(parts.git_dir)) {
    return {};
  }
  const std::string path =
      RealPathOrText(parts.work_tree.empty() ? parts.git_dir : parts.work_tree);
  std::string unread;
  std::vector<std::string> values;
  if (auto user = libgit2::UserValues(std::string(kKey))) {
    values = std::move(*user);
  } else {
    unread = fmt::format("; {} was not read: {}", kKey, user.error().message);
  }
  if (const auto command = CommandScopeConfig()) {
    for (const ConfigEntry& entry : *command) {
      if (entry.key == kKey) values.push_back(entry.value.value_or(""));
    }
  } else {
    unread += fmt::format("; {}", command.error().message);
  }
  if (IsSafeDirectory(path, values)) return {};
  return Fail(ErrorCode::kPermission,
              "{}: the repository belongs to another user; to trust it: "
              "git config --global --add safe.directory {}{}",
              path, Quoted(path), unread);
}

}  // namespace keytidy::git
