// SPDX-License-Identifier: Apache-2.0
#include "scan/tree.h"

#include <algorithm>
#include <memory>
#include <optional>
#include <utility>

#include "base/file.h"
#include "source/directory.h"

namespace keytidy::scan {
namespace {

constexpr std::size_t kFilesPerTask = 32;
constexpr std::size_t kMaxIgnoreFile = 1 << 20;
constexpr const char* kIgnoreFiles[] = {".gitignore", ".ignore"};

// What git keeps its objects in: compressed, and scanned by --history.
bool IsGitStorage(std::string_view name) {
  return name == "objects" || name == "lfs" || name == "index";
}

// "a/b/c" -> "a", "b", "c"
std::vector<std::string> Components(const std::string& path) {
  std::vector<std::string> out;
  std::size_t begin = 0;
  while (begin < path.size()) {
    const std::size_t end = std::min(path.find('/', begin), path.size());
    if (end > begin) out.push_back(path.substr(begin, end - begin));
    begin = end + 1;
  }
  return out;
}

}  // namespace

std::string JoinPath(std::string_view above, std::string_view below) {
  if (above.empty()) return std::string(below);
  if (below.empty()) return std::string(above);
  std::string out(above);
  if (out.back() != '/') out.push_back('/');
  out += below;
  return out;
}

TreeWalk::TreeWalk(const Options& options, const std::vector<Root>& roots,
                   std::vector<std::unique_ptr<BlobScanner>>* scanners,
                   Executor* executor, std::stop_token stop)
    : options_(options),
      roots_(roots),
      scanners_(*scanners),
      executor_(*executor),
      stop_(std::move(stop)) {}

source::IgnoreStack::Files TreeWalk::ReadIgnoreFiles(
    BlobScanner& scanner, const std::string& path, const std::string& display) {
  source::IgnoreStack::Files files;
  for (const char* name : kIgnoreFiles) {
    // git follows no link here either.
    auto text =
        ReadSmallFile(JoinPath(path, name), kMaxIgnoreFile, Links::kRefuse);
    if (text) {
      files.push_back(
          source::IgnoreFile::Parse(*text, JoinPath(display, name)));
    } else if (text.error().code == ErrorCode::kLimit) {
      scanner.collected().notes.push_back(
          JoinPath(display, name) +
          ": larger than 1 MiB, so its patterns do not count");
    }
  }
  return files;
}

// What holds in the root, from the top of its repository down, but for the
// root's own ignore files.
source::IgnoreStack TreeWalk::IgnoresAbove(const Root& root) {
  BlobScanner& scanner = *scanners_[0];
  source::IgnoreStack::Files files;
  if (auto text = ReadSmallFile(JoinPath(root.top, ".git/info/exclude"),
                                kMaxIgnoreFile)) {
    files.push_back(source::IgnoreFile::Parse(*text, ".git/info/exclude"));
  }
  const auto components = Components(root.below_top);
  if (components.empty()) return source::IgnoreStack(std::move(files));
  std::string path = root.top;
  for (auto& file : ReadIgnoreFiles(scanner, path, path)) {
    files.push_back(std::move(file));
  }
  source::IgnoreStack stack(std::move(files));
  for (std::size_t i = 0; i < components.size(); ++i) {
    path = JoinPath(path, components[i]);
    const bool last = i + 1 == components.size();
    stack =
        stack.Enter(components[i], last ? source::IgnoreStack::Files()
                                        : ReadIgnoreFiles(scanner, path, path));
  }
  return stack;
}

void TreeWalk::Start(std::size_t index) {
  const Root& root = roots_[index];
  Directory directory;
  directory.root = index;
  if (!options_.no_ignore) {
    directory.ignores = IgnoresAbove(root);
    if (!root.settings.exclude.empty()) {
      std::string text;
      for (const std::string& pattern : root.settings.exclude) {
        text += pattern + '\n';
      }
      directory.excludes = source::IgnoreStack(
          {source::IgnoreFile::Parse(text, root.settings.name)});
      for (const std::string& name : Components(root.below_settings)) {
        directory.excludes = directory.excludes.Enter(name, {});
      }
    }
  }
  executor_.Spawn(
      [this, directory](std::size_t worker) { Walk(worker, directory); });
}

void TreeWalk::Walk(std::size_t worker, const Directory& directory) {
  if (stop_.stop_requested()) return;
  const Root& root = roots_[directory.root];
  BlobScanner& scanner = *scanners_[worker];
  const std::string path = JoinPath(root.path, directory.below_root);
  const std::string display = JoinPath(root.display, directory.below_root);
  auto entries = source::ListDirectory(path);
  if (!entries) {
    // The system's message names the path as it was opened.
    return scanner.Skip(display.empty() ? "." : display,
                        entries.error().message.substr(path.size() + 2), true);
  }

  source::IgnoreStack ignores = directory.ignores;
  const bool has_ignore_file =
      !options_.no_ignore &&
      std::any_of(entries->begin(), entries->end(), [](const auto& entry) {
        return std::find(std::begin(kIgnoreFiles), std::end(kIgnoreFiles),
                         entry.name) != std::end(kIgnoreFiles);
      });
  if (has_ignore_file) {
    ignores = ignores.With(ReadIgnoreFiles(scanner, path, display));
  }

  auto batch = std::make_shared<std::vector<std::string>>();
  const auto flush = [&] {
    if (batch->empty()) return;
    executor_.Spawn([this, batch, root_index = directory.root,
                     below = directory.below_root](std::size_t w) {
      const Root& r = roots_[root_index];
      for (const std::string& name : *batch) {
        if (stop_.stop_requested()) return;
        const std::string below_root = JoinPath(below, name);
        ScanFile(w, root_index, JoinPath(r.path, below_root),
                 JoinPath(r.display, below_root),
                 JoinPath(r.below_settings, below_root), Links::kListed);
      }
    });
    batch = std::make_shared<std::vector<std::string>>();
  };

  for (const source::Entry& entry : *entries) {
    const bool is_directory = entry.kind == source::EntryKind::kDirectory;
    const std::string shown = JoinPath(display, entry.name);
    if (directory.in_git && IsGitStorage(entry.name)) {
      scanner.Skip(shown, "git's object storage; --history reads it", false);
      continue;
    }
    source::IgnoreMatch ignored = ignores.Match(entry.name, is_directory);
    if (!ignored.ignored) {
      ignored = directory.excludes.Match(entry.name, is_directory);
    }
    if (ignored.ignored) {
      // The exclude list of keytidy.toml is joined into a text of its own, in
      // which line numbers would mean nothing to a reader.
      const bool by_settings = ignored.file == root.settings.name;
      scanner.Skip(shown,
                   by_settings
                       ? fmt::format("excluded by {} ({})", ignored.file,
                                     ignored.pattern)
                       : fmt::format("ignored by {}:{} ({})", ignored.file,
                                     ignored.line, ignored.pattern),
                   false);
      continue;
    }
    switch (entry.kind) {
      case source::EntryKind::kFile:
        batch->push_back(entry.name);
        if (batch->size() == kFilesPerTask) flush();
        break;
      case source::EntryKind::kDirectory: {
        Directory child;
        child.root = directory.root;
        child.below_root = JoinPath(directory.below_root, entry.name);
        child.in_git = directory.in_git || entry.name == ".git";
        if (!options_.no_ignore) {
          child.ignores = ignores.Enter(entry.name, {});
          child.excludes = directory.excludes.Enter(entry.name, {});
        }
        executor_.Spawn([this, child = std::move(child)](std::size_t w) {
          Walk(w, child);
        });
        break;
      }
      default:
        scanner.Skip(shown, std::string(source::Name(entry.kind)), false);
    }
  }
  flush();
}

void TreeWalk::ScanFile(std::size_t worker, std::size_t root,
                        const std::string& path, const std::string& display,
                        const std::string& below_settings, Links links) {
  BlobScanner& scanner = *scanners_[worker];
  auto file = OpenRegular(path, links);
  if (!file) {
    const bool other_kind = file.error().code == ErrorCode::kUnsupported;
    const bool given = links == Links::kFollow;
    const bool gone = file.error().code == ErrorCode::kNotFound && !given;
    return scanner.Skip(display,
                        gone ? "vanished before it was read"
                             : file.error().message.substr(path.size() + 2),
                        !other_kind || given);
  }
  source::FdReader reader(file->fd.get(), "", file->size);
  BlobName name;
  name.source = SourceKind::kFile;
  name.path = display;
  name.below_settings = below_settings;
  name.root = root;
  scanner.Scan(reader, name, stop_);
}

}  // namespace keytidy::scan
