// SPDX-License-Identifier: Apache-2.0
#include "audit/processes.h"

#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <utility>

#include "base/file.h"
#include "base/text.h"
#include "clients/arguments.h"
#include "source/directory.h"

namespace keytidy::audit {
namespace {

using clients::Server;
using clients::SlotKind;

constexpr std::size_t kMostName = 4096;

const Client& Programs() {
  static const Client client = [] {
    Client out;
    out.id = "process";
    out.title = "A running program";
    out.kind = ClientKind::kService;
    out.fix = "Start the program by a wrapper that gives it the key alone.";
    ClientFile file;
    file.role = FileRole::kProcess;
    file.format = FileFormat::kText;
    out.files.push_back(std::move(file));
    return out;
  }();
  return client;
}

// Behind each NUL begins the next.
struct Piece {
  std::string_view text;
  std::size_t start = 0;
};
std::vector<Piece> Pieces(std::string_view text) {
  std::vector<Piece> out;
  for (std::size_t from = 0; from < text.size();) {
    const std::size_t end = std::min(text.find('\0', from), text.size());
    out.push_back({text.substr(from, end - from), from});
    from = end + 1;
  }
  return out;
}

void ReadEnvironment(std::string_view text, Server* out) {
  for (const Piece& piece : Pieces(text)) {
    const std::size_t equals = piece.text.find('=');
    if (equals == std::string_view::npos) continue;
    clients::Value value;
    value.kind = SlotKind::kEnv;
    value.name = piece.text.substr(0, equals);
    value.slot = "env." + value.name;
    value.text = piece.text.substr(equals + 1);
    value.place = {1, 1};
    value.span = {piece.start + equals + 1, piece.start + piece.text.size()};
    out->values.push_back(std::move(value));
  }
}

void ReadCommandLine(std::string_view text, Server* out) {
  const std::vector<Piece> pieces = Pieces(text);
  if (pieces.empty()) return;
  out->command = pieces.front().text;
  out->command_place = {1, 1};
  for (std::size_t i = 1; i < pieces.size(); ++i) {
    out->arguments.emplace_back(pieces[i].text);
  }
  for (const clients::NamedValue& one : clients::NamedValues(out->arguments)) {
    const Piece& piece = pieces[one.index + 1];
    clients::Value value;
    value.kind = SlotKind::kArg;
    value.name = one.name;
    value.slot = fmt::format("args[{}]", one.index);
    value.text = one.value;
    value.place = {1, 1};
    value.span = {piece.start, piece.start + piece.text.size()};
    out->values.push_back(std::move(value));
  }
}

}  // namespace

std::vector<FoundFile> FindProcesses() {
  std::vector<FoundFile> out;
  const auto entries = source::ListDirectory("/proc");
  if (!entries) return out;
  for (const source::Entry& entry : *entries) {
    if (!std::all_of(entry.name.begin(), entry.name.end(), IsDigit)) continue;
    const std::string folder = "/proc/" + entry.name;
    struct stat info = {};
    if (stat(folder.c_str(), &info) != 0 || info.st_uid != geteuid()) continue;
    if (entry.name == std::to_string(getpid())) continue;
    for (const char* name : {"/cmdline", "/environ"}) {
      FoundFile file;
      file.client = &Programs();
      file.file = &Programs().files.front();
      file.path = file.display = folder + name;
      out.push_back(std::move(file));
    }
  }
  return out;
}

clients::Contents ReadProcess(const FoundFile& file, std::string_view text) {
  Server server;
  const std::string folder = file.path.substr(0, file.path.rfind('/'));
  if (auto name = ReadSmallFile(folder + "/comm", kMostName)) {
    server.name = name->substr(0, name->find('\n'));
  }
  server.place = {1, 1};
  if (file.path.ends_with("/environ")) {
    ReadEnvironment(text, &server);
  } else {
    ReadCommandLine(text, &server);
  }
  clients::Contents out;
  out.servers.push_back(std::move(server));
  return out;
}

}  // namespace keytidy::audit
