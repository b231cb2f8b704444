// SPDX-License-Identifier: Apache-2.0
#include "git/libgit2.h"

#include <dlfcn.h>
#include <git2.h>
#include <unistd.h>

#include <iterator>
#include <memory>
#include <mutex>

#include "git/config_file.h"
#include "git/paths.h"

#ifndef KEYTIDY_LIBGIT2_SONAME
#define KEYTIDY_LIBGIT2_SONAME "libgit2.so.1.5"
#endif

namespace keytidy::git::libgit2 {
namespace {

// Debian names the package after the version at the end of the soname.
std::string Missing() {
  std::string_view version = KEYTIDY_LIBGIT2_SONAME;
  const std::size_t so = version.find(".so.");
  version.remove_prefix(so == std::string_view::npos ? version.size() : so + 4);
  return fmt::format("libgit2 is not installed (package libgit2{}{})",
                     version.empty() ? "" : "-", version);
}

struct Api {
  decltype(&git_libgit2_init) init;
  decltype(&git_libgit2_opts) opts;
  decltype(&git_error_last) error_last;
  decltype(&git_repository_open_ext) repository_open_ext;
  decltype(&git_repository_free) repository_free;
  decltype(&git_revparse_single) revparse_single;
  decltype(&git_object_id) object_id;
  decltype(&git_object_free) object_free;
  decltype(&git_oid_tostr_s) oid_tostr_s;
  decltype(&git_config_new) config_new;
  decltype(&git_config_free) config_free;
  decltype(&git_config_add_file_ondisk) config_add_file_ondisk;
  decltype(&git_config_get_entry) config_get_entry;
  decltype(&git_config_entry_free) config_entry_free;
  decltype(&git_config_multivar_iterator_new) multivar_iterator_new;
  decltype(&git_config_iterator_new) config_iterator_new;
  decltype(&git_config_next) config_next;
  decltype(&git_config_iterator_free) config_iterator_free;
};

// Guards the library's options, which are of the whole process, and with them
// every call.
std::mutex& Mutex() {
  static std::mutex mutex;
  return mutex;
}

Result<Api> Load() {
  // Never closed: libgit2 keeps threads' values and handlers of exit.
  void* library = dlopen(KEYTIDY_LIBGIT2_SONAME, RTLD_NOW | RTLD_LOCAL);
  if (library == nullptr) {
    return Fail(ErrorCode::kUnsupported, "{}", Missing());
  }
  Api api = {};
  std::string absent;
  const auto find = [&](const char* name, auto* function) {
    void* symbol = dlsym(library, name);
    if (symbol == nullptr) absent = name;
    *function =
        reinterpret_cast<std::remove_reference_t<decltype(*function)>>(symbol);
  };
  find("git_libgit2_init", &api.init);
  find("git_libgit2_opts", &api.opts);
  find("git_error_last", &api.error_last);
  find("git_repository_open_ext", &api.repository_open_ext);
  find("git_repository_free", &api.repository_free);
  find("git_revparse_single", &api.revparse_single);
  find("git_object_id", &api.object_id);
  find("git_object_free", &api.object_free);
  find("git_oid_tostr_s", &api.oid_tostr_s);
  find("git_config_new", &api.config_new);
  find("git_config_free", &api.config_free);
  find("git_config_add_file_ondisk", &api.config_add_file_ondisk);
  find("git_config_get_entry", &api.config_get_entry);
  find("git_config_entry_free", &api.config_entry_free);
  find("git_config_multivar_iterator_new", &api.multivar_iterator_new);
  find("git_config_iterator_new", &api.config_iterator_new);
  find("git_config_next", &api.config_next);
  find("git_config_iterator_free", &api.config_iterator_free);
  if (!absent.empty()) {
    return Fail(ErrorCode::kUnsupported, "{} has no {}", KEYTIDY_LIBGIT2_SONAME,
                absent);
  }
  if (api.init() < 0) {
    return Fail(ErrorCode::kUnsupported, "libgit2 could not be started");
  }
  // Ownership and format are checked before a repository comes here.
  api.opts(GIT_OPT_SET_OWNER_VALIDATION, 0);
  const char* extensions[] = {
      "noop-v1",    "preciousobjects",    "partialclone", "worktreeconfig",
      "refstorage", "compatobjectformat", "objectformat", "relativeworktrees"};
  api.opts(GIT_OPT_SET_EXTENSIONS, extensions, std::size(extensions));
  return api;
}

// With the mutex held.
const Result<Api>& TheApi() {
  static const Result<Api> api = Load();
  return api;
}

Error LastError(const Api& api) {
  const git_error* error = api.error_last();
  return Error{ErrorCode::kDamaged,
               fmt::format("git configuration: {}",
                           error != nullptr && error->message != nullptr
                               ? error->message
                               : "cannot be read")};
}

// A configuration under construction.
class Config {
 public:
  static Result<Config> Of(const Api& api, const std::string& git_dir) {
    Config out(api);
    git_config* config = nullptr;
    if (api.config_new(&config) != 0) return Fail(LastError(api));
    out.config_ = {config, api.config_free};
    if (const auto home = Variable("HOME")) {
      api.opts(GIT_OPT_SET_SEARCH_PATH, GIT_CONFIG_LEVEL_GLOBAL, home->c_str());
    }
    if (!git_dir.empty()) {
      // Where libgit2 does not take it, no condition holds.
      git_repository* repository = nullptr;
      if (api.repository_open_ext(
              &repository, git_dir.c_str(),
              GIT_REPOSITORY_OPEN_NO_SEARCH | GIT_REPOSITORY_OPEN_NO_DOTGIT,
              nullptr) == 0) {
        out.repository_ = {repository, api.repository_free};
      }
    }
    return out;
  }

  Status Add(const std::string& path, git_config_level_t level) {
    // git passes over what is missing or may not be read.
    if (!IsRegularFile(path) || access(path.c_str(), R_OK) != 0) return {};
    if (api_.config_add_file_ondisk(config_.get(), path.c_str(), level,
                                    repository_.get(), 1) != 0) {
      return Fail(LastError(api_));
    }
    return {};
  }

  Status AddUserFiles() {
    Status ok;
    if (!ConfigBool(Variable("GIT_CONFIG_NOSYSTEM").value_or("0"))
             .value_or(true)) {
      ok = Add(Variable("GIT_CONFIG_SYSTEM").value_or("/etc/gitconfig"),
               GIT_CONFIG_LEVEL_SYSTEM);
    }
    if (!ok) return ok;
    // Set and empty stands for no file at all.
    if (const char* global = std::getenv("GIT_CONFIG_GLOBAL")) {
      return Add(global, GIT_CONFIG_LEVEL_GLOBAL);
    }
    const auto home = Variable("HOME");
    if (const auto xdg = Variable("XDG_CONFIG_HOME")) {
      ok = Add(Join(*xdg, "git/config"), GIT_CONFIG_LEVEL_XDG);
    } else if (home) {
      ok = Add(Join(*home, ".config/git/config"), GIT_CONFIG_LEVEL_XDG);
    }
    if (ok && home)
      ok = Add(Join(*home, ".gitconfig"), GIT_CONFIG_LEVEL_GLOBAL);
    return ok;
  }

  Result<std::vector<std::string>> All(const std::string& name) {
    git_config_iterator* iterator = nullptr;
    const int rc = api_.multivar_iterator_new(&iterator, config_.get(),
                                              name.c_str(), nullptr);
    std::vector<std::string> out;
    auto ok = ForEach(rc, iterator, [&](const git_config_entry& entry) {
      out.emplace_back(entry.value != nullptr ? entry.value : "");
    });
    if (!ok) return Fail(ok.error());
    return out;
  }

  // Whether any file includes another under a condition.
  Result<bool> HasConditions() {
    git_config_iterator* iterator = nullptr;
    const int rc = api_.config_iterator_new(&iterator, config_.get());
    bool out = false;
    auto ok = ForEach(rc, iterator, [&](const git_config_entry& entry) {
      out = out || std::string_view(entry.name).starts_with("includeif.");
    });
    if (!ok) return Fail(ok.error());
    return out;
  }

  Result<std::optional<std::string>> Last(const std::string& name) {
    git_config_entry* entry = nullptr;
    const int rc = api_.config_get_entry(&entry, config_.get(), name.c_str());
    if (rc == GIT_ENOTFOUND) return std::optional<std::string>();
    if (rc != 0) return Fail(LastError(api_));
    std::optional<std::string> out(entry->value != nullptr ? entry->value : "");
    api_.config_entry_free(entry);
    return out;
  }

 private:
  // Takes `iterator`, which `rc` says to be fine.
  template <class Visit>
  Status ForEach(int rc, git_config_iterator* iterator, Visit visit) {
    if (rc != 0) return Fail(LastError(api_));
    const std::unique_ptr<git_config_iterator,
                          decltype(&git_config_iterator_free)>
        owner(iterator, api_.config_iterator_free);
    git_config_entry* entry = nullptr;
    while ((rc = api_.config_next(&entry, iterator)) == 0) visit(*entry);
    if (rc != GIT_ITEROVER) return Fail(LastError(api_));
    return {};
  }

  explicit Config(const Api& api)
      : api_(api),
        repository_(nullptr, api.repository_free),
        config_(nullptr, api.config_free) {}

  Api api_;
  // The configuration looks into the repository, so goes first.
  std::unique_ptr<git_repository, decltype(&git_repository_free)> repository_;
  std::unique_ptr<git_config, decltype(&git_config_free)> config_;
};

Result<Config> WithOwnFiles(const Api& api, const OwnFiles& own,
                            const std::string& git_dir) {
  auto config = Config::Of(api, git_dir);
  if (!config) return config;
  Status ok = config->AddUserFiles();
  if (ok) ok = config->Add(own.config, GIT_CONFIG_LEVEL_LOCAL);
  if (ok && !own.worktree.empty()) {
    ok = config->Add(own.worktree, GIT_CONFIG_LEVEL_APP);
  }
  if (!ok) return Fail(ok.error());
  return config;
}

}  // namespace

Result<std::vector<std::string>> UserValues(const std::string& name) {
  const std::lock_guard<std::mutex> lock(Mutex());
  const Result<Api>& api = TheApi();
  if (!api) return Fail(api.error());
  auto config = Config::Of(*api, "");
  if (!config) return Fail(config.error());
  if (auto ok = config->AddUserFiles(); !ok) return Fail(ok.error());
  return config->All(name);
}

Result<std::optional<std::string>> Value(const OwnFiles& own,
                                         const std::string& name) {
  const std::lock_guard<std::mutex> lock(Mutex());
  const Result<Api>& api = TheApi();
  if (!api) return Fail(api.error());
  auto config = WithOwnFiles(*api, own, "");
  if (!config) return Fail(config.error());
  auto conditions = config->HasConditions();
  if (!conditions) return Fail(conditions.error());
  // The repository is opened for these only: libgit2 1.5 leaks memory then.
  if (*conditions) config = WithOwnFiles(*api, own, own.git_dir);
  if (!config) return Fail(config.error());
  return config->Last(name);
}

Result<std::string> RevParse(const std::string& git_dir,
                             const std::string& expression) {
  const std::lock_guard<std::mutex> lock(Mutex());
  const Result<Api>& api = TheApi();
  if (!api) return Fail(api.error());
  git_repository* repository = nullptr;
  if (api->repository_open_ext(
          &repository, git_dir.c_str(),
          GIT_REPOSITORY_OPEN_NO_SEARCH | GIT_REPOSITORY_OPEN_NO_DOTGIT,
          nullptr) != 0) {
    return Fail(LastError(*api));
  }
  const std::unique_ptr<git_repository, decltype(&git_repository_free)> owner(
      repository, api->repository_free);
  git_object* object = nullptr;
  const int rc = api->revparse_single(&object, repository, expression.c_str());
  if (rc != 0) {
    const git_error* error = api->error_last();
    return Fail(
        rc == GIT_ENOTFOUND ? ErrorCode::kNotFound : ErrorCode::kInvalid,
        "{}: {}", expression,
        error != nullptr && error->message != nullptr ? error->message
                                                      : "not a revision");
  }
  std::string out = api->oid_tostr_s(api->object_id(object));
  api->object_free(object);
  return out;
}

}  // namespace keytidy::git::libgit2
