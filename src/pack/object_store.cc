// SPDX-License-Identifier: Apache-2.0
#include "pack/object_store.h"

#include <dirent.h>
#include <sys/stat.h>

#include <algorithm>
#include <cerrno>
#include <utility>

#include "base/file.h"

namespace keytidy::pack {
namespace {

constexpr int kMostAlternates = 5;  // one behind the other, as git has it
constexpr std::size_t kMostAlternatesFile = 1 << 20;
constexpr std::size_t kMostFolders = 1000;

// The names in a folder; an empty list where there is none.
Result<std::vector<std::string>> List(const std::string& path) {
  std::vector<std::string> out;
  DIR* directory = opendir(path.c_str());
  if (directory == nullptr) {
    if (errno == ENOENT) return out;
    return Fail(SystemError(path, errno));
  }
  errno = 0;
  while (const dirent* entry = readdir(directory)) {
    out.emplace_back(entry->d_name);
  }
  const int err = errno;
  closedir(directory);
  if (err != 0) return Fail(SystemError(path, err));
  std::sort(out.begin(), out.end());
  return out;
}

bool Exists(const std::string& path) {
  struct stat status {};
  return stat(path.c_str(), &status) == 0;
}

// A line as git writes paths with odd bytes: in double quotes, with the escapes
// of C. Other lines are themselves.
std::string Unquoted(std::string_view line) {
  if (line.size() < 2 || line.front() != '"' || line.back() != '"') {
    return std::string(line);
  }
  constexpr std::string_view kNames = "abfnrtv";
  constexpr std::string_view kBytes = "\a\b\f\n\r\t\v";
  std::string out;
  const std::string_view text = line.substr(1, line.size() - 2);
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '\\' || i + 1 == text.size()) {
      out += text[i];
      continue;
    }
    const char c = text[++i];
    if (c >= '0' && c <= '3' && i + 2 < text.size()) {
      out += static_cast<char>((c - '0') * 64 + (text[i + 1] - '0') * 8 +
                               (text[i + 2] - '0'));
      i += 2;
      continue;
    }
    const std::size_t name = kNames.find(c);
    out += name == std::string_view::npos ? c : kBytes[name];
  }
  return out;
}

// What an error says, without the path it begins with.
std::string WithoutPath(const Error& error, const std::string& path) {
  const std::string head = path + ": ";
  return error.message.compare(0, head.size(), head) == 0
             ? error.message.substr(head.size())
             : error.message;
}

}  // namespace

ObjectStore ObjectStore::Open(const std::string& object_dir,
                              const std::vector<std::string>& alternates,
                              HashKind kind, Check check) {
  ObjectStore out;
  out.kind_ = kind;
  out.check_ = check;
  out.AddDirectory(object_dir, 0);
  for (const std::string& path : alternates) out.AddDirectory(path, 0);
  for (const std::string& path : out.directories_) out.OpenPacks(path);
  return out;
}

void ObjectStore::AddDirectory(const std::string& path, int depth) {
  struct stat status {};
  if (stat(path.c_str(), &status) != 0 || !S_ISDIR(status.st_mode)) {
    skipped_.push_back({path,
                        directories_.empty()
                            ? "the repository's object folder is not there"
                            : "the repository borrows objects from here, and "
                              "there is no such folder",
                        std::nullopt, true});
    return;
  }
  // One folder may be named in many ways.
  if (!folders_.insert({status.st_dev, status.st_ino}).second) return;
  if (directories_.size() == kMostFolders) {
    skipped_.push_back({path,
                        fmt::format("the repository borrows objects from more "
                                    "than {} folders",
                                    kMostFolders),
                        std::nullopt, true});
    return;
  }
  directories_.push_back(path);
  ReadAlternates(path, depth);
}

// Folders that `path` borrows from, one a line.
void ObjectStore::ReadAlternates(const std::string& path, int depth) {
  const std::string list = path + "/info/alternates";
  // Not through a link: its lines stand in reports, and they might be those of
  // any file of the user's.
  auto text = ReadSmallFile(list, kMostAlternatesFile, Links::kRefuse);
  if (!text) {
    if (text.error().code != ErrorCode::kNotFound) {
      skipped_.push_back(
          {list, WithoutPath(text.error(), list), std::nullopt, true});
    }
    return;
  }
  std::string_view rest = *text;
  while (!rest.empty()) {
    const std::size_t end = std::min(rest.find('\n'), rest.size());
    std::string line = Unquoted(rest.substr(0, end));
    rest.remove_prefix(std::min(end + 1, rest.size()));
    if (line.empty() || line[0] == '#') continue;
    if (depth == kMostAlternates) {
      skipped_.push_back({list,
                          "object folders borrow from each other too deep",
                          std::nullopt, true});
      return;
    }
    while (line.size() > 1 && line.back() == '/') line.pop_back();
    AddDirectory(line[0] == '/' ? line : path + "/" + line, depth + 1);
  }
}

bool ObjectStore::OpenPacks(const std::string& directory) {
  const std::string folder = directory + "/pack";
  auto names = List(folder);
  if (!names) {
    skipped_.push_back(
        {folder, WithoutPath(names.error(), folder), std::nullopt, true});
    return false;
  }
  const auto has = [&](const std::string& name) {
    return std::binary_search(names->begin(), names->end(), name);
  };
  const MultiPackIndex* multi = nullptr;
  if (has("multi-pack-index")) {
    // Read only if a pack needs it: most never do.
    const bool needed =
        check_ == Check::kAll &&
        std::any_of(names->begin(), names->end(), [&](const std::string& name) {
          return name.size() > 5 && name.ends_with(".pack") &&
                 seen_.count(folder + "/" + name) == 0;
        });
    if (needed) {
      auto opened = MultiPackIndex::Open(folder + "/multi-pack-index", kind_);
      if (opened) {
        multi_.push_back(
            std::make_unique<const MultiPackIndex>(*std::move(opened)));
        multi = multi_.back().get();
      } else {
        // Every pack has a table of its own, so nothing is lost by this.
        skipped_.push_back({folder + "/multi-pack-index",
                            opened.error().message, std::nullopt, false});
      }
    }
  }
  bool added = false;
  for (const std::string& name : *names) {
    const std::string path = folder + "/" + name;
    if (name.ends_with(".promisor")) has_promisor_ = true;
    if (name.starts_with("tmp_pack_")) {
      if (seen_.insert(path).second) {
        skipped_.push_back(
            {path, "an unfinished pack, which git does not read either",
             std::nullopt, false});
      }
      continue;
    }
    if (name.ends_with(".idx") &&
        !has(name.substr(0, name.size() - 4) + ".pack") &&
        seen_.insert(path).second) {
      skipped_.push_back({path, "the pack that it is the index of is missing",
                          std::nullopt, true});
      continue;
    }
    if (!name.ends_with(".pack") || !seen_.insert(path).second) continue;
    auto pack = PackFile::Open(path, kind_, multi, check_);
    if (!pack) {
      // A repack may have taken it away between the listing and the opening.
      if (!Exists(path)) continue;
      const std::string index = path.substr(0, path.size() - 5) + ".idx";
      const bool of_index = pack.error().message.starts_with(index);
      skipped_.push_back({of_index ? index : path,
                          WithoutPath(pack.error(), of_index ? index : path),
                          std::nullopt, true});
      continue;
    }
    if (pack->index_error()) {
      const std::string index = path.substr(0, path.size() - 5) + ".idx";
      skipped_.push_back(
          {index,
           WithoutPath({ErrorCode::kDamaged, *pack->index_error()}, index) +
               "; the multi-pack-index was used in its place, which does not "
               "name objects that stand in other packs too",
           std::nullopt, true});
    }
    packs_.push_back(std::make_shared<const PackFile>(*std::move(pack)));
    added = true;
  }
  return added;
}

bool ObjectStore::Refresh() {
  bool added = false;
  for (const std::string& path : directories_) added |= OpenPacks(path);
  return added;
}

std::vector<LooseFile> ObjectStore::ListLoose(
    std::vector<Skip>* skipped) const {
  std::vector<LooseFile> out;
  constexpr std::string_view kDigits = "0123456789abcdef";
  for (std::uint32_t d = 0; d < directories_.size(); ++d) {
    for (unsigned i = 0; i < 256; ++i) {
      const std::string first = {kDigits[i / 16], kDigits[i % 16]};
      const std::string folder = directories_[d] + "/" + first;
      auto names = List(folder);
      if (!names) {
        skipped->push_back(
            {folder, WithoutPath(names.error(), folder), std::nullopt, true});
        continue;
      }
      for (const std::string& name : *names) {
        if (first.size() + name.size() != 2 * IdSize(kind_)) continue;
        const auto id = ObjectId::FromHex(first + name);
        if (id) out.push_back({*id, d});
      }
    }
  }
  std::sort(out.begin(), out.end(), [](const LooseFile& a, const LooseFile& b) {
    return a.id != b.id ? a.id < b.id : a.directory < b.directory;
  });
  out.erase(std::unique(out.begin(), out.end(),
                        [](const LooseFile& a, const LooseFile& b) {
                          return a.id == b.id;
                        }),
            out.end());
  return out;
}

std::string ObjectStore::PathOf(const LooseFile& file) const {
  const std::string hex = file.id.Hex();
  return directories_[file.directory] + "/" + hex.substr(0, 2) + "/" +
         hex.substr(2);
}

bool ObjectStore::Contains(const ObjectId& id) const {
  for (const auto& pack : packs_) {
    if (pack->Find(id)) return true;
  }
  for (std::uint32_t d = 0; d < directories_.size(); ++d) {
    if (Exists(PathOf({id, d}))) return true;
  }
  return false;
}

std::vector<ObjectId> ObjectStore::WithPrefix(std::string_view hex) const {
  std::string low(hex);
  for (char& c : low) c = static_cast<char>(c >= 'A' && c <= 'F' ? c + 32 : c);
  const std::size_t digits = 2 * IdSize(kind_);
  if (low.size() < 4 || low.size() > digits) return {};
  const auto first =
      ObjectId::FromHex(low + std::string(digits - low.size(), '0'));
  if (!first) return {};
  std::set<ObjectId> found;
  for (const auto& pack : packs_) {
    for (std::uint32_t i = pack->LowerBound(*first);
         i < pack->count() && found.size() < 3; ++i) {
      const ObjectId id = pack->IdAt(i);
      if (!id.Hex().starts_with(low)) break;
      found.insert(id);
    }
  }
  for (const std::string& directory : directories_) {
    auto names = List(directory + "/" + low.substr(0, 2));
    if (!names) continue;
    for (const std::string& name : *names) {
      if (!name.starts_with(std::string_view(low).substr(2))) continue;
      const auto id = ObjectId::FromHex(low.substr(0, 2) + name);
      if (id && id->kind() == kind_) found.insert(*id);
    }
  }
  std::vector<ObjectId> out(found.begin(), found.end());
  if (out.size() > 2) out.resize(2);
  return out;
}

}  // namespace keytidy::pack
