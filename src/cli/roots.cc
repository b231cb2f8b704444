// SPDX-License-Identifier: Apache-2.0
#include "cli/roots.h"

#include <sys/stat.h>

#include <algorithm>
#include <filesystem>
#include <system_error>

#include "base/file.h"

namespace keytidy::cli {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kConfigName = "keytidy.toml";
constexpr std::size_t kMaxConfig = 4 << 20;

// As a reader would type it: no leading "./", no trailing "/", "" for ".".
std::string Displayed(std::string path) {
  while (path.size() > 1 && path.back() == '/') path.pop_back();
  while (path.size() > 2 && path.substr(0, 2) == "./") {
    path.erase(0, path.find_first_not_of('/', 1));
  }
  return path == "." ? "" : path;
}

std::string Relative(const fs::path& path, const fs::path& base) {
  const std::string out = path.lexically_relative(base).string();
  return out == "." ? "" : out;
}

Result<config::Settings> ReadSettings(const std::string& path,
                                      const std::string& shown) {
  auto text = ReadSmallFile(path, kMaxConfig);
  if (!text) {
    return Fail(ErrorCode::kInvalid, "{}", text.error().message);
  }
  return config::ParseSettings(shown, *std::move(text));
}

class Resolver {
 public:
  explicit Resolver(const RootOptions& options) : options_(options) {}

  Status Add(const std::string& path) {
    scan::Root root;
    root.path = path;
    root.display = Displayed(path);
    std::error_code error;
    fs::path real = fs::canonical(path == "-" ? "." : path, error);
    if (error) real = fs::absolute(path, error).lexically_normal();
    fs::path folder = real;
    if (path == "-") {
      root.kind = scan::Root::Kind::kStdin;
    } else if (fs::is_directory(real, error)) {
      root.kind = scan::Root::Kind::kDirectory;
      root.path = real.string();
    } else {
      root.kind = scan::Root::Kind::kFile;
      folder = real.parent_path();
    }
    const std::string identity = path == "-" ? "-" : real.string();
    if (std::find(seen_.begin(), seen_.end(), identity) != seen_.end()) {
      return {};
    }
    seen_.push_back(identity);

    const fs::path top = TopOf(folder);
    root.top = top.string();
    root.below_top = Relative(real, top);
    root.below_settings = root.below_top;
    if (auto ok = FindSettings(folder, top, real, &root); !ok) return ok;
    if (path == "-") root.below_settings = "-";
    roots_.push_back(std::move(root));
    return {};
  }

  std::vector<scan::Root> Take() { return std::move(roots_); }

 private:
  // The nearest folder at or above this one that holds a repository.
  static fs::path TopOf(const fs::path& folder) {
    std::error_code error;
    for (fs::path at = folder;; at = at.parent_path()) {
      if (fs::exists(fs::symlink_status(at / ".git", error))) return at;
      if (at == at.parent_path()) return folder;
    }
  }

  Status FindSettings(const fs::path& folder, const fs::path& top,
                      const fs::path& real, scan::Root* root) {
    if (options_.config) {
      auto settings = ReadSettings(*options_.config, *options_.config);
      if (!settings) return Fail(settings.error());
      root->settings = *std::move(settings);
      return {};
    }
    if (options_.no_repo_config) return {};
    std::error_code error;
    for (fs::path at = folder;; at = at.parent_path()) {
      const fs::path file = at / kConfigName;
      if (fs::exists(fs::symlink_status(file, error))) {
        // Named from the working directory where it is below it.
        const std::string near = Relative(file, fs::current_path(error));
        const bool below = !near.empty() && near.substr(0, 2) != "..";
        auto settings =
            ReadSettings(file.string(), below ? near : file.string());
        if (!settings) return Fail(settings.error());
        root->settings = *std::move(settings);
        root->below_settings = Relative(real, at);
        return {};
      }
      if (at == top || at == at.parent_path()) return {};
    }
  }

  const RootOptions& options_;
  std::vector<std::string> seen_;
  std::vector<scan::Root> roots_;
};

}  // namespace

Result<std::vector<scan::Root>> ResolveRoots(
    const std::vector<std::string>& paths, const RootOptions& options) {
  Resolver resolver(options);
  try {
    for (const std::string& path : paths) {
      if (auto ok = resolver.Add(path); !ok) return Fail(ok.error());
    }
  } catch (const fs::filesystem_error& error) {
    return Fail(ErrorCode::kIo, "{}", error.what());
  }
  return resolver.Take();
}

}  // namespace keytidy::cli
