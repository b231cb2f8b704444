// SPDX-License-Identifier: Apache-2.0
#include "git/paths.h"

#include <pwd.h>
#include <sys/stat.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <memory>
#include <vector>

namespace keytidy::git {

std::string Join(std::string_view folder, std::string_view name) {
  if (folder.empty() || name.substr(0, 1) == "/") return std::string(name);
  std::string out(folder);
  if (out.back() != '/') out += '/';
  out += name;
  return out;
}

std::string WithoutEndSlashes(std::string_view path) {
  while (path.size() > 1 && path.back() == '/') path.remove_suffix(1);
  return std::string(path);
}

std::string ParentOf(std::string_view path) {
  const std::size_t slash = path.rfind('/');
  if (slash == std::string_view::npos) return ".";
  return slash == 0 ? "/" : std::string(path.substr(0, slash));
}

std::string_view LastName(std::string_view path) {
  return path.substr(path.rfind('/') + 1);
}

std::optional<std::string> RealPath(const std::string& path) {
  const std::unique_ptr<char, decltype(&std::free)> real(
      realpath(path.c_str(), nullptr), &std::free);
  if (!real) return std::nullopt;
  return std::string(real.get());
}

std::string RealPathOrText(const std::string& path) {
  if (auto real = RealPath(path)) return *real;
  std::error_code error;
  const auto absolute = std::filesystem::absolute(path, error);
  if (error) return WithoutEndSlashes(path);
  const auto out = std::filesystem::weakly_canonical(absolute, error);
  return WithoutEndSlashes(
      (error ? absolute.lexically_normal() : out).string());
}

bool IsFolder(const std::string& path) {
  struct stat st;
  return stat(path.c_str(), &st) == 0 && S_ISDIR(st.st_mode);
}

bool IsRegularFile(const std::string& path) {
  struct stat st;
  return stat(path.c_str(), &st) == 0 && S_ISREG(st.st_mode);
}

bool StandsAt(const std::string& path) {
  struct stat st;
  return lstat(path.c_str(), &st) == 0;
}

std::optional<std::string> ExpandHome(const std::string& path) {
  if (path.empty() || path[0] != '~') return path;
  const std::size_t end = std::min(path.find('/'), path.size());
  const std::string user = path.substr(1, end - 1);
  if (user.empty()) {
    const auto home = Variable("HOME");
    if (!home) return std::nullopt;
    return *home + path.substr(end);
  }
  std::vector<char> buffer(16384);
  passwd entry = {};
  passwd* found = nullptr;
  if (getpwnam_r(user.c_str(), &entry, buffer.data(), buffer.size(), &found) !=
          0 ||
      found == nullptr) {
    return std::nullopt;
  }
  return found->pw_dir + path.substr(end);
}

std::optional<std::string> Variable(const char* name) {
  const char* value = std::getenv(name);
  if (value == nullptr || *value == '\0') return std::nullopt;
  return std::string(value);
}

}  // namespace keytidy::git
