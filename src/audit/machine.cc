// SPDX-License-Identifier: Apache-2.0
#include "audit/machine.h"

#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <optional>
#include <utility>

#include "base/file.h"
#include "base/text.h"
#include "clients/path_pattern.h"

extern char** environ;

namespace keytidy::audit {
namespace {

using clients::PathBase;
using clients::PathPattern;

std::string WithoutSlash(std::string path) {
  while (path.size() > 1 && path.ends_with('/')) path.pop_back();
  return path;
}

Status CheckFolder(const std::string& path) {
  struct stat info = {};
  if (stat(path.c_str(), &info) != 0) return Fail(SystemError(path, errno));
  if (!S_ISDIR(info.st_mode)) {
    return Fail(ErrorCode::kInvalid, "{}: not a folder", path);
  }
  return {};
}

bool IsFolder(const std::string& path) {
  struct stat info = {};
  return lstat(path.c_str(), &info) == 0 && S_ISDIR(info.st_mode);
}

// `path` where it is a folder that no link leads out of the copy.
std::string FolderWithin(const Machine& machine, const std::string& path) {
  const auto real = IsFolder(path) ? RealPath(path) : std::nullopt;
  return real && real->starts_with(machine.real_home + "/") ? path
                                                            : std::string();
}

std::string_view VariableOf(PathBase base) {
  switch (base) {
    case PathBase::kConfig:
      return "XDG_CONFIG_HOME";
    case PathBase::kData:
      return "XDG_DATA_HOME";
    case PathBase::kState:
      return "XDG_STATE_HOME";
    case PathBase::kCache:
      return "XDG_CACHE_HOME";
    default:
      return {};
  }
}

std::string Join(std::string_view above, std::string_view below) {
  if (below.empty()) return std::string(above);
  if (above.empty()) return std::string(below);
  return fmt::format("{}/{}", above == "/" ? "" : above, below);
}

// "file:///c%3A/Users/ana/x" is "c:/Users/ana/x".
std::string PathOfUri(std::string_view uri) {
  constexpr std::string_view kScheme = "file://";
  if (!uri.starts_with(kScheme)) return std::string(uri);
  uri.remove_prefix(kScheme.size());
  return DecodePercent(uri);
}

bool Leaves(std::string_view path) {
  return ("/" + std::string(path) + "/").find("/../") != std::string::npos;
}

}  // namespace

Result<Machine> OwnMachine() {
  Machine out;
#ifdef __APPLE__
  out.platform = Platform::kMacos;
#endif
  const char* home = std::getenv("HOME");
  if (home == nullptr || *home != '/') {
    return Fail(ErrorCode::kNotFound,
                "HOME does not name a home folder; give one with --root");
  }
  out.home = WithoutSlash(home);
  if (auto ok = CheckFolder(out.home); !ok) return Fail(ok.error());
  out.home_display = out.home;
  out.real_home = RealPath(out.home).value_or(out.home);
  for (char** one = environ; *one != nullptr; ++one) {
    const std::string_view text = *one;
    const std::size_t equals = text.find('=');
    if (equals == std::string_view::npos) continue;
    out.variables.emplace(text.substr(0, equals), text.substr(equals + 1));
  }
  return out;
}

Result<Machine> CopyOf(const std::string& folder, Platform platform) {
  if (folder.empty())
    return Fail(ErrorCode::kInvalid, "--root names no folder");
  Machine out;
  out.platform = platform;
  out.own = false;
  out.home = WithoutSlash(folder);
  if (auto ok = CheckFolder(out.home); !ok) return Fail(ok.error());
  out.home_display = out.home;
  while (out.home_display.starts_with("./")) out.home_display.erase(0, 2);
  if (out.home_display == ".") out.home_display.clear();
  out.real_home = RealPath(out.home).value_or(out.home);
  out.top = out.home;
  out.top_display = out.home_display;
  return out;
}

std::vector<ShownPath> Expand(const Machine& machine,
                              std::string_view pattern) {
  const PathPattern parsed = clients::ParsePattern(pattern);
  std::vector<ShownPath> out;
  const auto variable = [&](std::string_view name) -> std::string {
    if (name.empty()) return {};
    const auto it = machine.variables.find(name);
    if (it == machine.variables.end() || !it->second.starts_with('/')) {
      return {};
    }
    return WithoutSlash(it->second);
  };
  const auto add = [&](const std::string& folder, const std::string& display,
                       std::string_view below) {
    ShownPath one{Join(folder, below), Join(display, below), 0};
    one.base = one.path.size() - below.size();
    out.push_back(std::move(one));
  };
  const std::string own =
      variable(parsed.base == PathBase::kVariable ? parsed.variable
                                                  : VariableOf(parsed.base));
  if (!own.empty() || parsed.base == PathBase::kVariable) {
    if (!own.empty()) add(own, own, parsed.tail);
    return out;
  }
  for (const std::string_view folder : clients::FoldersOf(parsed.base)) {
    const std::string below =
        Join(folder.starts_with('/') ? folder.substr(1) : folder, parsed.tail);
    if (!folder.starts_with('/')) {
      add(machine.home, machine.home_display, below);
    } else if (machine.own) {
      add("/", "/", below);
    } else {
      add(machine.top, machine.top_display, below);
    }
  }
  return out;
}

std::string ProjectFolder(const Machine& machine, std::string_view recorded) {
  std::string path = PathOfUri(recorded);
  for (char& c : path) {
    if (c == '\\') c = '/';
  }
  path = WithoutSlash(std::move(path));
  if (path.empty() || path == "/" || Leaves(path) ||
      path.find('\0') != std::string::npos) {
    return {};
  }
  if (machine.own) {
    if (path.starts_with("~/")) path = Join(machine.home, path.substr(2));
    struct stat info = {};
    if (!path.starts_with('/') || lstat(path.c_str(), &info) != 0 ||
        !S_ISDIR(info.st_mode)) {
      return {};
    }
    // Nobody else's folders.
    if (geteuid() != 0 && info.st_uid != geteuid()) return {};
    const bool home = path == machine.home || path == machine.real_home;
    return home ? std::string() : path;
  }
  for (const std::string& home : {machine.home, machine.real_home}) {
    if (!path.starts_with(home + "/")) continue;
    return FolderWithin(machine, machine.home + path.substr(home.size()));
  }
  // As the machine had it that the copy was made of: below its home folder.
  if (path.size() > 2 && path[1] == ':') path.erase(0, 2);
  if (path.size() > 3 && path[0] == '/' && path[2] == ':') path.erase(0, 3);
  std::string below;
  for (const std::string_view homes : {"/home/", "/Users/", "/root/", "~/"}) {
    if (!path.starts_with(homes)) continue;
    below = path.substr(homes.size());
    if (homes == "/home/" || homes == "/Users/") {
      const std::size_t slash = below.find('/');
      below = slash == std::string::npos ? "" : below.substr(slash + 1);
    }
    break;
  }
  if (below.empty()) return {};
  return FolderWithin(machine, Join(machine.home, below));
}

}  // namespace keytidy::audit
