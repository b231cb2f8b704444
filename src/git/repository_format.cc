// SPDX-License-Identifier: Apache-2.0
#include "git/repository_format.h"

#include <string_view>
#include <utility>

#include "git/config_file.h"
#include "git/paths.h"

namespace keytidy::git {
namespace {

constexpr std::string_view kExtensions = "extensions.";
constexpr std::int64_t kNewestVersion = 1;

enum class Extension {
  kAnyVersion,  // honoured by version 0 as well
  kVersion1,
  kUnknown,
};

Extension KindOf(std::string_view name) {
  for (const std::string_view known :
       {"noop", "partialclone", "preciousobjects", "worktreeconfig"}) {
    if (name == known) return Extension::kAnyVersion;
  }
  for (const std::string_view known :
       {"noop-v1", "objectformat", "refstorage", "relativeworktrees",
        "compatobjectformat"}) {
    if (name == known) return Extension::kVersion1;
  }
  return Extension::kUnknown;
}

Result<ConfigFile> ReadIfThere(const std::string& path) {
  auto file = ConfigFile::Read(path);
  if (file || file.error().code == ErrorCode::kDamaged) return file;
  if (file.error().code == ErrorCode::kNotFound) return ConfigFile();
  return Fail(ErrorCode::kDamaged, "{}", file.error().message);
}

tl::unexpected<Error> BadValue(const std::string& path,
                               const ConfigEntry& entry) {
  return Fail(ErrorCode::kDamaged, "{}:{}: {}: the value is malformed", path,
              entry.line, entry.key);
}

// core.bare and core.worktree: the last of each.
Status ReadPlace(const ConfigFile& file, const std::string& path,
                 RepositoryFormat* out) {
  if (const ConfigEntry* entry = file.Last("core.bare")) {
    out->bare = ConfigBool(entry->value);
    if (!out->bare) return BadValue(path, *entry);
  }
  if (const ConfigEntry* entry = file.Last("core.worktree")) {
    if (!entry->value) return BadValue(path, *entry);
    out->work_tree = entry->value;
  }
  return {};
}

Status ReadExtension(const ConfigEntry& entry, const std::string& path,
                     RepositoryFormat* out) {
  const std::string_view name =
      std::string_view(entry.key).substr(kExtensions.size());
  if (name == "partialclone") {
    out->partial_clone = true;
  } else if (name == "worktreeconfig") {
    const auto on = ConfigBool(entry.value);
    if (!on) return BadValue(path, entry);
    out->worktree_config = *on;
  } else if (name == "objectformat") {
    if (entry.value == "sha256") {
      out->hash = pack::HashKind::kSha256;
    } else if (entry.value == "sha1") {
      out->hash = pack::HashKind::kSha1;
    } else {
      return Fail(ErrorCode::kUnsupported, "{}:{}: object format \"{}\"", path,
                  entry.line, entry.value.value_or(""));
    }
  } else if (name == "refstorage") {
    // "reftable://place" has its tables elsewhere.
    const std::string value = entry.value.value_or("");
    const std::string_view kind =
        std::string_view(value).substr(0, value.find("://"));
    if (kind != "files" && kind != "reftable") {
      return Fail(ErrorCode::kUnsupported, "{}:{}: reference storage \"{}\"",
                  path, entry.line, value);
    }
    out->reftable = value != "files";
  }
  return {};
}

Status ReadExtensions(const ConfigFile& file, const std::string& path,
                      std::int64_t version, RepositoryFormat* out) {
  for (const ConfigEntry& entry : file.entries()) {
    if (!entry.key.starts_with(kExtensions)) continue;
    const std::string_view name =
        std::string_view(entry.key).substr(kExtensions.size());
    const Extension kind = KindOf(name);
    if (kind == Extension::kUnknown && version == 0) continue;
    if (kind == Extension::kUnknown) {
      return Fail(ErrorCode::kUnsupported, "{}:{}: unknown extension \"{}\"",
                  path, entry.line, name);
    }
    if (kind == Extension::kVersion1 && version == 0) {
      return Fail(ErrorCode::kUnsupported,
                  "{}:{}: extension \"{}\" needs repositoryformatversion 1",
                  path, entry.line, name);
    }
    if (auto ok = ReadExtension(entry, path, out); !ok) return ok;
  }
  return {};
}

bool HasPromisor(const ConfigFile& file) {
  bool out = false;
  for (const ConfigEntry& entry : file.entries()) {
    if (entry.key.starts_with("remote.") && entry.key.ends_with(".promisor")) {
      out = out || ConfigBool(entry.value).value_or(true);
    }
  }
  return out;
}

}  // namespace

Result<RepositoryFormat> ReadRepositoryFormat(const std::string& git_dir,
                                              const std::string& common_dir,
                                              bool linked) {
  RepositoryFormat out;
  const std::string path = Join(common_dir, "config");
  auto file = ReadIfThere(path);
  if (!file) return Fail(file.error());
  out.partial_clone = HasPromisor(*file);
  // Without a version git takes none of the rest from here.
  const ConfigEntry* entry = file->Last("core.repositoryformatversion");
  if (entry == nullptr) return out;
  const auto version = ConfigInt(entry->value);
  if (!version || *version < 0) return BadValue(path, *entry);
  if (*version > kNewestVersion) {
    return Fail(ErrorCode::kUnsupported, "{}:{}: repositoryformatversion {}",
                path, entry->line, *version);
  }
  if (auto ok = ReadExtensions(*file, path, *version, &out); !ok) {
    return Fail(ok.error());
  }
  if (!linked || out.worktree_config) {
    if (auto ok = ReadPlace(*file, path, &out); !ok) return Fail(ok.error());
  }
  if (out.worktree_config) {
    const std::string own_path = Join(git_dir, "config.worktree");
    auto own = ReadIfThere(own_path);
    if (!own) return Fail(own.error());
    if (auto ok = ReadPlace(*own, own_path, &out); !ok) return Fail(ok.error());
  }
  return out;
}

}  // namespace keytidy::git
