// SPDX-License-Identifier: Apache-2.0
#include "clients/client_file.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <span>
#include <utility>

#include "base/text.h"
#include "clients/path_pattern.h"
#include "clients/reference.h"
#include "config/node.h"
#include "config/table_reader.h"

namespace keytidy::clients {
namespace {

using config::Errors;
using config::Node;
using config::Place;
using config::TableReader;

constexpr std::array<std::string_view, 6> kKinds = {
    "ai", "tool", "shell", "service", "tunnel", "project"};
constexpr std::array<std::string_view, 4> kScopes = {"user", "project",
                                                     "managed", "plugin"};
constexpr std::array<std::string_view, 12> kRoles = {
    "config", "secrets", "env",  "history", "transcript", "log",
    "cache",  "backup",  "unit", "tunnel",  "database",   "projects"};
constexpr std::array<std::string_view, 7> kFormats = {
    "json", "yaml", "toml", "dotenv", "plist", "ini", "text"};
constexpr std::array<std::string_view, 5> kBases = {"V", "I", "1", "C", "K"};

template <std::size_t N>
std::size_t IndexOf(const std::array<std::string_view, N>& names,
                    std::string_view name) {
  return static_cast<std::size_t>(std::find(names.begin(), names.end(), name) -
                                  names.begin());
}

// The value of a field that is one of `names`; the first where it is absent.
template <class Enum, std::size_t N>
Enum OneOf(TableReader& reader, std::string_view key,
           const std::array<std::string_view, N>& names) {
  const auto text = reader.String(key);
  if (!text) return Enum{};
  const std::size_t i = IndexOf(names, *text);
  if (i < N) return static_cast<Enum>(i);
  std::string all;
  for (const std::string_view name : names) {
    all += fmt::format("{}{}", all.empty() ? "" : ", ", name);
  }
  reader.Error(key, fmt::format("must be one of {}", all));
  return Enum{};
}

std::vector<std::string> Pointers(TableReader& reader, std::string_view key) {
  std::vector<std::string> out = reader.Strings(key);
  for (const std::string& pointer : out) {
    if (!pointer.empty() && !pointer.starts_with('/')) {
      reader.Error(key, fmt::format("\"{}\" does not begin with /", pointer));
    }
  }
  return out;
}

std::optional<Setting> ReadSetting(std::string_view text) {
  const std::size_t equals = text.find('=');
  if (!text.starts_with('/') || equals == std::string_view::npos) {
    return std::nullopt;
  }
  return Setting{std::string(text.substr(0, equals)),
                 std::string(text.substr(equals + 1))};
}

// "/a=b and /c=d".
std::vector<Setting> ReadSettings(TableReader& reader, std::string_view key,
                                  std::string_view text) {
  std::vector<Setting> out;
  for (const std::string_view one : SplitText(text, " and ")) {
    if (auto setting = ReadSetting(one)) {
      out.push_back(*std::move(setting));
    } else {
      reader.Error(key, "must have the form /pointer=value");
    }
  }
  return out;
}

void ReadPaths(TableReader& reader, FileScope scope, ClientFile* out) {
  const auto add = [&](std::string_view key, std::span<const Platform> on) {
    for (const std::string& path : reader.Strings(key)) {
      const PathPattern pattern = ParsePattern(path);
      if (pattern.base == PathBase::kUnknown) {
        reader.Error(key, fmt::format("\"{}\": no such beginning", path));
      } else if (pattern.tail.empty() && pattern.base != PathBase::kVariable) {
        reader.Error(key, fmt::format("\"{}\" names no file", path));
      } else if ((pattern.base == PathBase::kProject) !=
                 (scope == FileScope::kProject)) {
        reader.Error(key, fmt::format("\"{}\" does not fit the scope", path));
      }
      for (const Platform platform : on) {
        out->paths[static_cast<std::size_t>(platform)].push_back(path);
      }
    }
  };
  constexpr Platform kAll[] = {Platform::kLinux, Platform::kMacos,
                               Platform::kWindows};
  add("paths", kAll);
  for (const Platform& platform : kAll) add(Name(platform), {&platform, 1});
  if (std::all_of(std::begin(out->paths), std::end(out->paths),
                  [](const auto& paths) { return paths.empty(); })) {
    reader.Error("paths", "a file has at least one path");
  }
}

void ReadKeychain(TableReader& reader, Errors* errors, ClientFile* out) {
  for (const std::string& name : reader.Strings("keychain")) {
    if (const auto platform = ParsePlatform(name)) {
      out->keychain_on.push_back(*platform);
    } else {
      reader.Error("keychain", "must be of linux, macos, windows");
    }
  }
  const Node* table = reader.Table("keychain_if");
  if (table == nullptr) return;
  TableReader inner(*table, "keychain_if", errors);
  out->keychain_file = inner.RequiredString("file");
  out->keychain_setting = ReadSetting(inner.RequiredString("setting"));
  if (!out->keychain_setting) {
    inner.Error("setting", "must have the form /pointer=value");
  }
  inner.Finish();
}

ClientFile ReadFile(const Node& table, Errors* errors) {
  TableReader reader(table, "file", errors);
  ClientFile out;
  out.scope = OneOf<FileScope>(reader, "scope", kScopes);
  out.role = OneOf<FileRole>(reader, "role", kRoles);
  reader.RequiredString("format");
  out.format = OneOf<FileFormat>(reader, "format", kFormats);
  ReadPaths(reader, out.scope, &out);
  out.title = reader.String("title").value_or("");
  out.servers = Pointers(reader, "servers");
  out.flat = reader.Bool("flat").value_or(false);
  out.secrets = Pointers(reader, "secrets");
  out.allow = Pointers(reader, "allow");
  out.projects = Pointers(reader, "projects");
  for (const auto& [key, list] : {std::pair{"approve_all", &out.approve_all},
                                  {"approve_write", &out.approve_write}}) {
    for (const std::string& text : reader.Strings(key)) {
      list->push_back(ReadSettings(reader, key, text));
    }
  }
  ReadKeychain(reader, errors, &out);
  if (const Node* within = reader.Table("embedded")) {
    TableReader inner(*within, "embedded", errors);
    out.embedded = inner.RequiredString("pointer");
    out.embedded_format = OneOf<FileFormat>(inner, "format", kFormats);
    inner.Finish();
  }
  reader.Finish();
  return out;
}

void ReadInstalled(const Node& table, Errors* errors, Client* out) {
  TableReader reader(table, "installed", errors);
  for (std::size_t i = 0; i < 3; ++i) {
    const std::string_view key = Name(static_cast<Platform>(i));
    out->installed[i] = reader.Strings(key);
    for (const std::string& path : out->installed[i]) {
      if (const PathBase base = ParsePattern(path).base;
          base == PathBase::kUnknown || base == PathBase::kProject) {
        reader.Error(key, fmt::format("\"{}\": no such beginning", path));
      }
    }
  }
  reader.Finish();
}

void ReadServer(const Node& table, Errors* errors, Client* out) {
  TableReader reader(table, "server", errors);
  out->names = reader.Strings("names");
  out->ignored = reader.Strings("ignored");
  out->approve = reader.Strings("approve");
  out->tools = reader.Strings("tools");
  reader.Finish();
}

void ReadReferences(TableReader& reader, Client* out) {
  out->expands = reader.Strings("expands");
  for (const std::string& form : out->expands) {
    if (!ParseForm(form)) {
      reader.Error("expands", fmt::format("\"{}\" is no known form", form));
    }
  }
  out->reference = reader.String("reference").value_or("");
  if (!out->reference.empty() &&
      std::find(out->expands.begin(), out->expands.end(), out->reference) ==
          out->expands.end()) {
    reader.Error("reference", "must be one of those in `expands`");
  }
}

}  // namespace

Result<Client> ReadClient(std::string name, std::string text) {
  auto document = config::ParseToml(std::move(name), std::move(text));
  if (!document) return Fail(document.error());
  Errors errors(*document);
  TableReader reader(document->root, "client", &errors);
  Client out;
  out.id = reader.RequiredString("id");
  const std::size_t slash = document->name.rfind('/');
  if (document->name.substr(slash + 1) != out.id + ".toml") {
    reader.Error("id", "must be the file's name without .toml");
  }
  out.title = reader.RequiredString("title");
  reader.RequiredString("kind");
  out.kind = OneOf<ClientKind>(reader, "kind", kKinds);
  out.basis = reader.RequiredString("basis");
  if (IndexOf(kBases, out.basis) == kBases.size()) {
    reader.Error("basis", "must be one of V, I, 1, C, K");
  }
  out.sources = reader.Strings("sources");
  if (out.sources.empty()) {
    reader.Error("sources", "say where the facts come from");
  }
  ReadReferences(reader, &out);
  out.desktop = reader.Bool("desktop").value_or(false);
  out.fix = reader.String("fix").value_or("");
  out.restart = reader.String("restart").value_or("");
  if (const Node* table = reader.Table("installed")) {
    ReadInstalled(*table, &errors, &out);
  }
  if (const Node* table = reader.Table("server")) {
    ReadServer(*table, &errors, &out);
  }
  for (const Node* table : reader.Tables("file")) {
    out.files.push_back(ReadFile(*table, &errors));
  }
  if (out.files.empty()) reader.Error("file", "a client has at least one");
  reader.Finish();
  if (!errors.empty()) return Fail(errors.Take());
  return out;
}

}  // namespace keytidy::clients
