// SPDX-License-Identifier: Apache-2.0
#include "audit/find_files.h"

#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>

#include "base/file.h"
#include "base/text.h"
#include "clients/path_pattern.h"

namespace keytidy::audit {
namespace {

// Of one pattern: a folder of plugins is not a disk.
constexpr std::size_t kMostEntries = 200000;
constexpr int kDeepest = 12;

std::string Join(const std::string& above, std::string_view name) {
  return above.empty() ? std::string(name) : fmt::format("{}/{}", above, name);
}

bool HasWildcard(std::string_view name) {
  return name.find('*') != std::string_view::npos;
}

// A star is the only wildcard.
bool Fits(std::string_view pattern, std::string_view name) {
  std::string escaped;
  for (const char c : pattern) {
    if (c == '?' || c == '[' || c == '\\') escaped += '\\';
    escaped += c;
  }
  return GlobMatch(escaped, name);
}

}  // namespace

void FileFinder::Pass(const std::string& display, std::string reason,
                      bool incomplete) {
  skipped_.push_back({display, std::move(reason), std::nullopt, incomplete});
}

const std::vector<source::Entry>& FileFinder::List(const std::string& path,
                                                   const std::string& display) {
  const auto [it, fresh] = lists_.try_emplace(path);
  if (!fresh) return it->second;
  auto entries = source::ListDirectory(path);
  if (entries) {
    it->second = *std::move(entries);
  } else if (entries.error().code == ErrorCode::kPermission ||
             entries.error().code == ErrorCode::kIo) {
    Pass(display, entries.error().message.substr(path.size() + 2), true);
  }
  return it->second;
}

void FileFinder::FindUserFiles(const Client& client) {
  for (const ClientFile& file : client.files) {
    if (file.scope == FileScope::kProject) continue;
    Search search{&client, &file, {}, 0};
    for (const std::string& pattern :
         file.paths[static_cast<std::size_t>(machine_.platform)]) {
      for (const ShownPath& shown : Expand(machine_, pattern)) {
        // From the top down; the first wildcard begins the listing.
        std::string_view rest = shown.rest();
        const std::size_t star = rest.find('*');
        if (star == std::string_view::npos) {
          Take(search, shown.path, shown.display);
          continue;
        }
        rest.remove_prefix(rest.substr(0, star).rfind('/') + 1);
        const auto cut = [&](const std::string& path) {
          std::string folder = path.substr(0, path.size() - rest.size());
          if (folder.size() > 1 && folder.ends_with('/')) folder.pop_back();
          return folder;
        };
        Find(&search, cut(shown.path), cut(shown.display), rest);
      }
    }
  }
}

void FileFinder::FindProjectFiles(const Client& client,
                                  const std::string& folder) {
  for (const ClientFile& file : client.files) {
    if (file.scope != FileScope::kProject) continue;
    Search search{&client, &file, folder, 0};
    std::string display = folder;
    if (folder.starts_with(machine_.home + "/")) {
      display = machine_.home_display + folder.substr(machine_.home.size());
    }
    for (const std::string& pattern :
         file.paths[static_cast<std::size_t>(machine_.platform)]) {
      if (HasWildcard(pattern)) {
        Find(&search, folder, display, pattern);
      } else {
        Take(search, Join(folder, pattern), Join(display, pattern));
      }
    }
  }
}

// `rest` of the pattern, below a folder.
void FileFinder::Find(Search* search, const std::string& path,
                      const std::string& display, std::string_view rest) {
  const std::size_t slash = std::min(rest.find('/'), rest.size());
  const std::string_view name = rest.substr(0, slash);
  const std::string_view below =
      slash < rest.size() ? rest.substr(slash + 1) : std::string_view();
  if (HasWildcard(name)) return FindBelow(search, path, display, name, below);
  if (below.empty()) {
    return Take(*search, Join(path, name), Join(display, name));
  }
  Find(search, Join(path, name), Join(display, name), below);
}

void FileFinder::FindBelow(Search* search, const std::string& path,
                           const std::string& display, std::string_view name,
                           std::string_view rest) {
  const bool any_depth = name == "**";
  // Zero folders deep.
  if (any_depth && !rest.empty()) Find(search, path, display, rest);
  if (std::count(path.begin(), path.end(), '/') >
      std::count(machine_.home.begin(), machine_.home.end(), '/') + kDeepest) {
    return;
  }
  for (const source::Entry& entry : List(path, display)) {
    if (++search->entries > kMostEntries) {
      if (search->entries == kMostEntries + 1) {
        Pass(display, "holds more entries than are looked at", true);
      }
      return;
    }
    const bool folder = entry.kind == source::EntryKind::kDirectory;
    const std::string inner = Join(path, entry.name);
    const std::string shown = Join(display, entry.name);
    if (any_depth) {
      if (entry.name == "node_modules" || entry.name == ".git") continue;
      if (folder) FindBelow(search, inner, shown, name, rest);
      if (!folder && rest.empty()) Take(*search, inner, shown);
      continue;
    }
    if (!Fits(name, entry.name)) continue;
    if (rest.empty()) {
      if (!folder) Take(*search, inner, shown);
    } else if (folder) {
      Find(search, inner, shown, rest);
    }
  }
}

// Whether links lead to where the path says: below the home folder or project,
// or, of what is not below them, anywhere on the user's own machine.
bool FileFinder::IsWithin(const Search& search, const std::string& path,
                          const std::string& real) {
  if (real == path) return true;
  const auto below = [&](const std::string& folder) {
    return !folder.empty() && real.starts_with(folder + "/");
  };
  if (below(machine_.real_home)) return true;
  if (!search.project.empty()) {
    auto [it, fresh] = real_folders_.try_emplace(search.project);
    if (fresh) it->second = RealPath(search.project).value_or("");
    return below(it->second);
  }
  return machine_.own && !path.starts_with(machine_.home + "/");
}

void FileFinder::Take(const Search& search, const std::string& path,
                      const std::string& display) {
  struct stat info = {};
  if (lstat(path.c_str(), &info) != 0) {
    if (errno == EACCES) Pass(display, "Permission denied", true);
    return;
  }
  FoundFile out{search.client, search.file, path, display, search.project};
  const bool link = S_ISLNK(info.st_mode);
  const auto real = RealPath(path);
  if (!real || (link && stat(real->c_str(), &info) != 0)) {
    return Pass(display, "a symbolic link that leads nowhere", false);
  }
  if (!IsWithin(search, path, *real)) {
    if (known_.emplace(info.st_dev, info.st_ino).second) {
      Pass(display, "a symbolic link out of the home folder", false);
    }
    return;
  }
  if (link) out.path = *real;
  if (S_ISDIR(info.st_mode)) return;
  if (!S_ISREG(info.st_mode)) {
    const bool pipe = S_ISFIFO(info.st_mode);
    if (!known_.emplace(info.st_dev, info.st_ino).second) return;
    return Pass(display,
                pipe ? "a pipe, as a password manager puts one there: nothing "
                       "is kept in it"
                     : "not a regular file",
                false);
  }
  if (!known_.emplace(info.st_dev, info.st_ino).second) return;
  out.size = static_cast<std::uint64_t>(info.st_size);
  out.mode = info.st_mode;
  found_.push_back(std::move(out));
}

// Whether a copy holds the machine's programs, and not its settings alone.
bool FileFinder::HasPrograms() {
  const auto any = [&](const std::string& folder, std::string_view end) {
    const auto& entries = List(machine_.top + folder, folder);
    return std::any_of(
        entries.begin(), entries.end(),
        [&](const source::Entry& entry) { return entry.name.ends_with(end); });
  };
  if (any("/usr/bin", "") || any("/Applications", ".app")) return true;
  const std::string programs = "/Program Files";
  for (const source::Entry& entry : List(machine_.top + programs, programs)) {
    if (any(programs + "/" + entry.name, ".exe")) return true;
  }
  return false;
}

bool FileFinder::Stands(const std::string& path, std::string_view rest) {
  const std::size_t slash = std::min(rest.find('/'), rest.size());
  const std::string_view name = rest.substr(0, slash);
  const std::string_view below =
      slash < rest.size() ? rest.substr(slash + 1) : std::string_view();
  if (!HasWildcard(name)) {
    const std::string inner = Join(path, name);
    if (!below.empty()) return Stands(inner, below);
    struct stat info = {};
    return stat(inner.c_str(), &info) == 0;
  }
  const auto& entries = List(path, path);
  return std::any_of(
      entries.begin(), entries.end(), [&](const source::Entry& entry) {
        return Fits(name, entry.name) &&
               (below.empty() || Stands(Join(path, entry.name), below));
      });
}

std::optional<bool> FileFinder::AnyStands(
    const std::vector<std::string>& patterns) {
  if (patterns.empty()) return std::nullopt;
  // A copy of a home folder says nothing of the programs around it.
  if (!machine_.own && !HasPrograms()) return std::nullopt;
  for (const std::string& pattern : patterns) {
    for (const ShownPath& shown : Expand(machine_, pattern)) {
      if (Stands(shown.path.substr(0, shown.base), shown.rest())) return true;
    }
  }
  return false;
}

}  // namespace keytidy::audit
