// SPDX-License-Identifier: Apache-2.0
#include "git/ref_files.h"

#include <dirent.h>
#include <sys/stat.h>

#include <algorithm>
#include <cerrno>
#include <filesystem>
#include <memory>
#include <optional>
#include <set>
#include <system_error>
#include <utility>

#include "base/file.h"
#include "git/paths.h"
#include "git/ref_name.h"

namespace keytidy::git {
namespace {

constexpr std::size_t kLargestRef = std::size_t{64} << 10;
constexpr std::size_t kLargestIdLines = std::size_t{256} << 20;
constexpr std::size_t kLargestPackedRefs = std::size_t{2} << 30;
constexpr std::size_t kDeepest = 256;

using FileId = std::pair<dev_t, ino_t>;

std::string_view TakeLine(std::string_view* rest) {
  const std::size_t end = rest->find('\n');
  const std::string_view line = rest->substr(0, end);
  rest->remove_prefix(std::min(line.size() + 1, rest->size()));
  return line;
}

// The id at the front, if what follows is white space, NUL or the end.
std::optional<pack::ObjectId> LeadingId(std::string_view text,
                                        pack::HashKind kind) {
  const std::size_t digits = 2 * pack::IdSize(kind);
  if (text.size() < digits) return std::nullopt;
  if (text.size() > digits && !IsSpace(text[digits]) && text[digits] != '\0') {
    return std::nullopt;
  }
  return pack::ObjectId::FromHex(text.substr(0, digits));
}

// Whether a symbolic link leads to references or reflogs, of whatever
// repository, and not into the file system at large.
bool LeadsToRefs(const std::string& path) {
  const std::string real = RealPath(path).value_or("") + "/";
  return real.find("/refs/") != std::string::npos ||
         real.find("/logs/") != std::string::npos;
}

// Lists a folder; symbolic links are told by what they lead to.
class Walk {
 public:
  Walk(std::vector<Skip>* skipped, const VisitFile& visit)
      : skipped_(skipped), visit_(visit) {}

  void Run(const std::string& folder) {
    struct stat st;
    if (stat(folder.c_str(), &st) != 0) {
      if (errno != ENOENT && errno != ENOTDIR) {
        AddSkip(folder, SystemError("", errno), skipped_);
      }
      return;
    }
    if (!S_ISDIR(st.st_mode)) return;
    top_ = folder;
    open_.push_back({"", 0});
    // Links last, so that a folder is met under its own name.
    while (!open_.empty() || !links_.empty()) {
      std::vector<Folder>& next = open_.empty() ? links_ : open_;
      const Folder current = std::move(next.back());
      next.pop_back();
      List(current);
    }
  }

 private:
  struct Folder {
    std::string name;  // "" or "heads/"
    std::size_t depth;
  };

  void List(const Folder& folder) {
    const std::string path = Join(top_, WithoutEndSlashes(folder.name));
    struct Closer {
      void operator()(DIR* dir) const { closedir(dir); }
    };
    const std::unique_ptr<DIR, Closer> dir(
        opendir(folder.name.empty() ? top_.c_str() : path.c_str()));
    struct stat st;
    if (!dir || fstat(dirfd(dir.get()), &st) != 0) {
      AddSkip(path, SystemError("", errno), skipped_);
      return;
    }
    if (!seen_.insert({st.st_dev, st.st_ino}).second) return;
    for (;;) {
      errno = 0;
      const dirent* entry = readdir(dir.get());
      if (entry == nullptr) break;
      const std::string name = entry->d_name;
      if (name[0] == '.' || name.ends_with(".lock")) continue;
      Meet(folder, name, entry->d_type);
    }
    if (errno != 0) AddSkip(path, SystemError("", errno), skipped_);
  }

  void Meet(const Folder& folder, const std::string& name, unsigned char type) {
    const std::string below = folder.name + name;
    const std::string path = Join(top_, below);
    bool is_folder = type == DT_DIR;
    bool is_link = type == DT_LNK;
    if (type == DT_UNKNOWN || is_link) {
      struct stat st;
      is_link = lstat(path.c_str(), &st) == 0 && S_ISLNK(st.st_mode);
      is_folder = stat(path.c_str(), &st) == 0 && S_ISDIR(st.st_mode);
    }
    if (!is_folder) {
      visit_(below, path);
    } else if (folder.depth >= kDeepest) {
      skipped_->push_back(
          {path, "folders nested too deeply", std::nullopt, true});
    } else if (is_link && !LeadsToRefs(path)) {
      skipped_->push_back(
          {path, "a symbolic link out of the references", std::nullopt, true});
    } else {
      (is_link ? links_ : open_).push_back({below + "/", folder.depth + 1});
    }
  }

  std::vector<Skip>* skipped_;
  const VisitFile& visit_;
  std::string top_;
  std::vector<Folder> open_;
  std::vector<Folder> links_;
  std::set<FileId> seen_;
};

}  // namespace

void AddSkip(const std::string& path, const Error& error,
             std::vector<Skip>* skipped) {
  std::string reason = error.message;
  if (reason.starts_with(path + ": ")) reason.erase(0, path.size() + 2);
  skipped->push_back({path, std::move(reason), std::nullopt, true});
}

Result<RawRef> ReadLooseRef(const std::string& path, pack::HashKind kind) {
  std::error_code error;
  const std::string link = std::filesystem::read_symlink(path, error).string();
  RawRef out;
  if (!error && link.starts_with("refs/") && IsRefName(link)) {
    out.target = link;
    return out;
  }
  auto text = ReadSmallFile(path, kLargestRef);
  if (!text) return Fail(text.error());
  std::string_view rest = *text;
  while (!rest.empty() && IsSpace(rest.back())) rest.remove_suffix(1);
  if (rest.starts_with("ref:")) {
    rest.remove_prefix(4);
    while (!rest.empty() && IsSpace(rest[0])) rest.remove_prefix(1);
    if (!IsRefName(rest)) {
      return Fail(ErrorCode::kDamaged,
                  "{}: points at what is no name of a reference", path);
    }
    out.target = rest;
    return out;
  }
  const auto id = LeadingId(rest, kind);
  if (!id) return Fail(ErrorCode::kDamaged, "{}: not a reference", path);
  if (id->IsZero()) {
    return Fail(ErrorCode::kDamaged, "{}: the id is all zeros", path);
  }
  out.id = *id;
  return out;
}

Status ReadIdLines(const std::string& path, pack::HashKind kind,
                   std::vector<pack::ObjectId>* out) {
  auto text = ReadSmallFile(path, kLargestIdLines);
  if (!text) return Fail(text.error());
  std::size_t first_wrong = 0;
  std::string_view rest = *text;
  for (std::size_t number = 1; !rest.empty(); ++number) {
    if (const auto id = LeadingId(TakeLine(&rest), kind)) {
      out->push_back(*id);
    } else if (first_wrong == 0) {
      first_wrong = number;
    }
  }
  if (first_wrong != 0) {
    return Fail(ErrorCode::kDamaged, "{}: line {} has no object id", path,
                first_wrong);
  }
  return {};
}

std::vector<Ref> ReadPackedRefs(const std::string& path, pack::HashKind kind,
                                std::vector<Skip>* skipped) {
  std::vector<Ref> out;
  auto text = ReadSmallFile(path, kLargestPackedRefs);
  if (!text) {
    if (text.error().code != ErrorCode::kNotFound) {
      AddSkip(path, text.error(), skipped);
    }
    return out;
  }
  const std::size_t digits = 2 * pack::IdSize(kind);
  std::size_t wrong = 0;
  std::size_t first_wrong = 0;
  std::string_view rest = *text;
  for (std::size_t number = 1; !rest.empty(); ++number) {
    // A last line that is cut short may have a wrong name.
    const bool cut = rest.find('\n') == std::string_view::npos;
    std::string_view line = TakeLine(&rest);
    if (line.ends_with('\r')) line.remove_suffix(1);
    if (!cut && line.starts_with('#')) continue;
    const bool peeled = line.starts_with('^');
    if (peeled) line.remove_prefix(1);
    const auto id = LeadingId(line, kind);
    const std::string_view name =
        line.substr(std::min(digits + 1, line.size()));
    const bool fine = peeled ? id && line.size() == digits
                             : id && !id->IsZero() &&
                                   name.starts_with("refs/") && IsRefName(name);
    if (!fine || cut) {
      if (wrong++ == 0) first_wrong = number;
    } else if (!peeled) {
      out.push_back({std::string(name), *id});
    }
  }
  if (wrong != 0) {
    skipped->push_back(
        {path,
         fmt::format(
             "line {} is no whole reference{}", first_wrong,
             wrong == 1 ? "" : fmt::format(" (nor {} more)", wrong - 1)),
         std::nullopt, true});
  }
  const auto less = [](const Ref& a, const Ref& b) { return a.name < b.name; };
  if (!std::is_sorted(out.begin(), out.end(), less)) {
    std::stable_sort(out.begin(), out.end(), less);
  }
  out.erase(
      std::unique(out.begin(), out.end(),
                  [](const Ref& a, const Ref& b) { return a.name == b.name; }),
      out.end());
  return out;
}

void WalkFiles(const std::string& folder, std::vector<Skip>* skipped,
               const VisitFile& visit) {
  Walk(skipped, visit).Run(folder);
}

}  // namespace keytidy::git
