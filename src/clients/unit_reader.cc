// SPDX-License-Identifier: Apache-2.0
#include "clients/unit_reader.h"

#include <fmt/format.h>

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "clients/arguments.h"
#include "clients/pointer.h"
#include "clients/server_reader.h"

namespace keytidy::clients {
namespace {

using config::Member;
using config::Node;

void Add(SlotKind kind, std::string slot, std::string_view name,
         std::string_view text, const Node& node, Server* out) {
  if (text.empty()) return;
  out->values.push_back({kind,
                         std::move(slot),
                         std::string(name),
                         std::string(text),
                         node.place,
                         {node.start, node.end},
                         false,
                         {}});
}

// Only the variables and the command are wanted of a table of everything.
Server ReadCommand(const Client& client, const Node& node, const Server& unit) {
  Server out = ReadServer(client, unit.name, node, unit.place);
  std::erase_if(out.values, [](const Value& value) {
    return value.kind == SlotKind::kSetting;
  });
  return out;
}

// launchd.plist(5). The first of ProgramArguments is the program, or what it is
// to be called where Program has it.
void ReadLaunchd(const Client& client, const Node& root, Server* out) {
  *out = ReadCommand(client, root, *out);
  if (const std::string* label = TextOf(root, "Label")) out->name = *label;
  const Node* list = root.Find("ProgramArguments");
  if (list != nullptr && !list->items.empty()) {
    std::vector<std::string> words;
    for (const Node& item : list->items) words.push_back(ScalarText(item));
    for (const NamedValue& one : NamedValues(words)) {
      Add(SlotKind::kArg, fmt::format("ProgramArguments[{}]", one.index),
          one.name, one.value, list->items[one.index], out);
    }
    out->command_place = list->place;
    if (out->command.empty()) out->command = words.front();
    out->arguments.assign(words.begin() + 1, words.end());
  }
  // A table of conditions is not "whenever it ends".
  const Node* alive = root.Find("KeepAlive");
  if (alive != nullptr && alive->boolean) out->kept_alive = alive->place;
}

// systemd.service(5), systemd.exec(5).
class SystemdReader {
 public:
  SystemdReader(const config::Document& document, Server* out)
      : text_(document.text), out_(out) {}

  void Read(const Node& service) {
    for (const Member& member : service.members) {
      if (member.key == "Environment") Environment(member.value);
      if (member.key == "ExecStart") ExecStart(member.value);
      if (member.key == "Restart") Restart(member.value);
    }
  }

 private:
  void Environment(const Node& value) {
    for (const std::string& pair : Words(value)) {
      const std::size_t equals = pair.find('=');
      if (equals == std::string::npos) continue;
      const std::string name = pair.substr(0, equals);
      Add(SlotKind::kEnv, "env." + name, name, pair.substr(equals + 1), value,
          out_);
    }
  }

  // Slots as ReadServer names them.
  void ExecStart(const Node& value) {
    std::vector<std::string> words = Words(value);
    if (words.empty()) return;
    const std::size_t marks = words.front().find_first_not_of("@-:+!");
    words.front().erase(0, marks);
    Add(SlotKind::kCommand, "command", {}, words.front(), value, out_);
    out_->command = words.front();
    out_->command_place = value.place;
    words.erase(words.begin());
    for (const NamedValue& one : NamedValues(words)) {
      Add(SlotKind::kArg, fmt::format("args[{}]", one.index), one.name,
          one.value, value, out_);
    }
    out_->arguments = std::move(words);
  }

  // The last setting counts. The other values leave it ended after a failure,
  // or after success.
  void Restart(const Node& value) {
    out_->kept_alive.reset();
    if (value.string == "always") out_->kept_alive = value.place;
  }

  // What one pair of quotes holds is one word; its reader took them off.
  std::vector<std::string> Words(const Node& value) const {
    const char first = value.start < text_.size() ? text_[value.start] : ' ';
    if ((first == '"' || first == '\'') && !value.string.starts_with(first)) {
      return {value.string};
    }
    return SplitCommand(value.string);
  }

  std::string_view text_;
  Server* out_;
};

// The dump of pm2: an array of processes, each with all that pm2 knows of it.
void ReadPm2(const Client& client, const Node& root, const Server& unit,
             Contents* out) {
  for (const Node& process : root.items) {
    const Node* path = process.Find("pm_exec_path");
    if (path == nullptr || path->kind != Node::Kind::kString) continue;
    Server one = ReadCommand(client, process, unit);
    if (const std::string* name = TextOf(process, "name")) one.name = *name;
    one.place = process.place;
    one.command = path->string;
    one.command_place = path->place;
    Add(SlotKind::kCommand, "pm_exec_path", {}, path->string, *path, &one);
    const Node* again = process.Find("autorestart");
    if (again != nullptr && again->boolean) one.kept_alive = again->place;
    out->servers.push_back(std::move(one));
  }
}

}  // namespace

void ReadUnit(const Client& client, const ClientFile& file,
              const config::Document& document, Contents* out) {
  const Node& root = document.root;
  Server unit;
  const std::string& name = document.name;
  unit.name = name.substr(name.rfind('/') + 1);
  unit.place = {1, 1};
  if (file.format == FileFormat::kJson) {
    return ReadPm2(client, root, unit, out);
  }
  if (file.format == FileFormat::kPlist) {
    ReadLaunchd(client, root, &unit);
  } else if (const Node* service = root.Find("Service");
             file.format == FileFormat::kIni && service != nullptr) {
    SystemdReader(document, &unit).Read(*service);
  }
  if (unit.command.empty() && unit.values.empty()) return;
  out->servers.push_back(std::move(unit));
}

}  // namespace keytidy::clients
