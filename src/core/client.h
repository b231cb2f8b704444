// SPDX-License-Identifier: Apache-2.0
//
// Where a program that uses keys keeps them: an AI client, a developer tool, a
// shell, a service manager. Plain data, from patterns/clients/*.toml;
// docs/clients.md explains every field.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace keytidy {

enum class Platform : std::uint8_t { kLinux, kMacos, kWindows };
std::string_view Name(Platform platform);
std::optional<Platform> ParsePlatform(std::string_view name);

enum class ClientKind : std::uint8_t {
  kAi,       // an AI app or MCP client
  kTool,     // a developer's command-line tool
  kShell,    // a shell and its environment
  kService,  // a service manager: launchd, systemd
  kTunnel,   // a tunnel or bridge to the outside
  kProject,  // files of a project that belong to no one program
};

enum class FileScope : std::uint8_t { kUser, kProject, kManaged, kPlugin };

// What a file is for.
enum class FileRole : std::uint8_t {
  kConfig,
  kSecrets,     // credentials and nothing else
  kEnv,         // variables: .env, a shell's start-up file
  kHistory,     // what a person typed
  kTranscript,  // what was said to an AI
  kLog,
  kCache,
  kBackup,    // an old copy of another file
  kUnit,      // of a service manager
  kTunnel,    // of a tunnel
  kDatabase,  // scanned as bytes
  kProjects,  // read for the project folders it names, and nothing else
  kProcess,   // no file, but what the system shows of a running program
};

enum class FileFormat : std::uint8_t {
  kJson,  // with comments and trailing commas
  kYaml,
  kToml,
  kDotenv,  // and shell start-up files
  kPlist,
  kIni,   // and unit files
  kText,  // no structure that is read
};

// A value at a place: "/permissions/defaultMode" is "bypassPermissions".
struct Setting {
  std::string pointer;
  std::string value;
};

struct ClientFile {
  // Globs: `*` within a name, `**` any number of folders. They begin with
  // `~/`, `{config}/` and the like, `$NAME/` or `/`; those of a project with
  // none of these. By platform, in the order of Platform.
  std::vector<std::string> paths[3];
  std::string title;  // where it differs from the client's: "doctl"
  FileScope scope = FileScope::kUser;
  FileRole role = FileRole::kConfig;
  FileFormat format = FileFormat::kJson;
  // Pointers to the tables (or arrays) of servers. `*` is any member.
  std::vector<std::string> servers;
  bool flat = false;  // the file itself may be the table
  // Pointers to values that are secrets, outside of servers.
  std::vector<std::string> secrets;
  // Settings that approve every use of every tool; each entry is of settings
  // that must hold together.
  std::vector<std::vector<Setting>> approve_all;
  // Settings that approve tools that change things, in the same form.
  std::vector<std::vector<Setting>> approve_write;
  // Pointers to lists of approved tools, "mcp__server__tool" and the like.
  std::vector<std::string> allow;
  // A pointer to a whole file in base64, and its format; servers and secrets
  // are then those of that file.
  std::string embedded;
  FileFormat embedded_format = FileFormat::kToml;
  // Pointers to the folders of projects: values, or (`#`) names of members.
  std::vector<std::string> projects;
  // Where the system's keychain is in use instead, so that this file is a
  // leftover: on these platforms, or where `keychain_file` says so.
  std::vector<Platform> keychain_on;
  std::string keychain_file;
  std::optional<Setting> keychain_setting;
};

struct Client {
  std::string id;
  std::string title;
  ClientKind kind = ClientKind::kAi;
  std::string basis;  // how well the facts are known: V, I, 1, C, K
  std::vector<std::string> sources;
  // The forms of reference it replaces: "${X}", "${env:X}"
  // (clients/reference.h).
  std::vector<std::string> expands;
  // The form to use in advice, one of `expands`; "" where it has none.
  std::string reference;
  // Started from the desktop, so that it sees no variable of a shell.
  bool desktop = false;
  // Any of these paths means that the program is here, by platform; none given:
  // not known.
  std::vector<std::string> installed[3];
  std::string fix;      // how a key leaves its files, a sentence or two
  std::string restart;  // how a change takes effect
  // Fields of a server, where they differ from what all know: fields that hold
  // names of variables only, fields that it does not read, and fields with the
  // tools that need no asking (or `true` for all).
  std::vector<std::string> names;
  std::vector<std::string> ignored;
  std::vector<std::string> approve;
  // Fields of a server that list the tools it may offer.
  std::vector<std::string> tools;
  std::vector<ClientFile> files;
};

}  // namespace keytidy
