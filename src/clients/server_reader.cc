// SPDX-License-Identifier: Apache-2.0
#include "clients/server_reader.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstddef>
#include <string_view>
#include <utility>

#include "base/text.h"
#include "clients/arguments.h"
#include "clients/pointer.h"

namespace keytidy::clients {
namespace {

using config::Member;
using config::Node;

constexpr int kDeepest = 8;

bool IsUrlField(std::string_view key) {
  return IsOneOf(key, {"url", "serverUrl", "httpUrl", "uri", "baseUrl"});
}
bool IsEnvField(std::string_view key) {
  return IsOneOf(key, {"env", "envs", "environment", "EnvironmentVariables"});
}
bool IsHeaderField(std::string_view key) {
  return IsOneOf(key, {"headers", "http_headers", "oauth_headers"});
}

class Reader {
 public:
  Reader(const Client& client, Server* out) : client_(client), out_(out) {}

  void Read(const Node& node) {
    label_ = LabelOf(node);
    for (const Member& member : node.members) Field(member, false);
    out_->arguments = std::move(command_rest_);
    out_->arguments.insert(out_->arguments.end(), arguments_.begin(),
                           arguments_.end());
  }

 private:
  // `ignored`: what it stands in is.
  void Field(const Member& member, bool ignored) {
    const bool before = ignored_;
    ignored_ = ignored || IsOneOf(member.key, client_.ignored);
    ReadField(member.key, member.value);
    ignored_ = before;
  }
  // Of a table in the server that may hold the same fields.
  void InnerField(std::string_view table, const Member& member) {
    const std::string before =
        std::exchange(prefix_, fmt::format("{}.", table));
    Field(member, ignored_);
    prefix_ = before;
  }

  void ReadField(const std::string& key, const Node& value) {
    const bool table = value.kind == Node::Kind::kTable;
    if (IsOneOf(key, client_.approve)) return Approved(value);
    if (IsOneOf(key, client_.tools)) return Tools(value);
    if (IsNameField(key) || IsOneOf(key, client_.names)) {
      return Leaves(SlotKind::kName, key, key, value, 0);
    }
    if (IsEnvField(key)) return Pairs(SlotKind::kEnv, "env", value);
    if (IsHeaderField(key)) return Pairs(SlotKind::kHeader, "headers", value);
    if (key == "requestOptions") return RequestOptions(value);
    if (IsUrlField(key) && value.kind == Node::Kind::kString) {
      return Add(SlotKind::kUrl, key, key, value);
    }
    if (IsOneOf(key, {"command", "cmd", "Program"})) return Command(key, value);
    if (IsOneOf(key, {"args", "arguments"}) &&
        value.kind == Node::Kind::kArray) {
      arguments_ = ListOfArguments("args", value, 0);
      return;
    }
    // {"transport": {"type": "sse", "url": …}}.
    if (key == "transport" && table) {
      for (const Member& member : value.members) InnerField(key, member);
      return;
    }
    if (!table && IsOneOf(key, {"name", "id", "title", "description", "type",
                                "transport"})) {
      return;
    }
    Leaves(SlotKind::kSetting, prefix_ + key, key, value, 0);
  }

  void Add(SlotKind kind, std::string slot, std::string_view name,
           const Node& node) {
    AddText(kind, std::move(slot), name, ScalarText(node), node);
  }
  void AddText(SlotKind kind, std::string slot, std::string_view name,
               std::string text, const Node& node) {
    if (text.empty()) return;
    out_->values.push_back({kind,
                            std::move(slot),
                            std::string(name),
                            std::move(text),
                            node.place,
                            {node.start, node.end},
                            ignored_,
                            label_});
  }

  void Leaves(SlotKind kind, const std::string& slot, std::string_view name,
              const Node& node, int depth) {
    if (depth > kDeepest) return;
    for (const Member& member : node.members) {
      // {"API_KEY": {"value": …}}.
      Leaves(kind, fmt::format("{}.{}", slot, member.key),
             member.key == "value" ? name : std::string_view(member.key),
             member.value, depth + 1);
    }
    for (std::size_t i = 0; i < node.items.size(); ++i) {
      Leaves(kind, fmt::format("{}[{}]", slot, i), name, node.items[i],
             depth + 1);
    }
    Add(kind, slot, name, node);
  }

  // A table, a list of "NAME=value" or "Name: value", or one such text.
  void Pairs(SlotKind kind, std::string_view prefix, const Node& node) {
    for (const Member& member : node.members) {
      Leaves(kind, fmt::format("{}.{}", prefix, member.key), member.key,
             member.value, 0);
    }
    for (const Node& item : node.items) {
      if (item.kind == Node::Kind::kTable) {
        NamedPair(kind, prefix, item);
      } else {
        Pair(kind, prefix, item);
      }
    }
    if (!Pair(kind, prefix, node)) {
      Add(SlotKind::kSetting, std::string(prefix), prefix, node);
    }
  }

  // {"name": "NAME", "value": …}.
  void NamedPair(SlotKind kind, std::string_view prefix, const Node& item) {
    const Node* name = item.Find("name");
    if (name == nullptr) name = item.Find("key");
    const Node* value = item.Find("value");
    if (name == nullptr || value == nullptr) return;
    Leaves(kind, fmt::format("{}.{}", prefix, name->string), name->string,
           *value, 0);
  }

  bool Pair(SlotKind kind, std::string_view prefix, const Node& node) {
    const std::vector<std::string> words = {ScalarText(node)};
    bool any = false;
    for (const NamedValue& one : NamedValues(words)) {
      if (one.name.empty()) continue;
      any = true;
      AddText(kind, fmt::format("{}.{}", prefix, one.name), one.name,
              std::string(one.value), node);
    }
    return any;
  }

  void RequestOptions(const Node& value) {
    for (const Member& member : value.members) {
      if (IsHeaderField(member.key)) {
        Pairs(SlotKind::kHeader, "headers", member.value);
      } else {
        Leaves(SlotKind::kSetting, "requestOptions." + member.key, member.key,
               member.value, 0);
      }
    }
    Add(SlotKind::kSetting, "requestOptions", "requestOptions", value);
  }

  void Command(const std::string& key, const Node& value) {
    if (value.kind == Node::Kind::kTable) return CommandTable(key, value);
    out_->command_place = value.place;
    if (value.kind == Node::Kind::kString) {
      out_->command = value.string;
      // It may be the whole command line.
      const std::vector<std::string> words = SplitCommand(value.string);
      for (const NamedValue& one : NamedValues(words)) {
        AddText(SlotKind::kCommand, key, one.name, std::string(one.value),
                value);
      }
      return;
    }
    if (value.items.empty()) return;
    out_->command = ScalarText(value.items.front());
    command_rest_ = ListOfArguments(key, value, 1);
  }

  // {"command": {"path": …, "args": […], "env": {…}}}.
  void CommandTable(const std::string& key, const Node& value) {
    for (const Member& member : value.members) {
      if (member.key == "path" && member.value.kind == Node::Kind::kString) {
        Command(key, member.value);
      } else {
        InnerField(key, member);
      }
    }
  }

  // Adds the values of the items from `from` on, and gives their texts.
  std::vector<std::string> ListOfArguments(std::string_view slot,
                                           const Node& list, std::size_t from) {
    std::vector<std::string> words;
    for (std::size_t i = from; i < list.items.size(); ++i) {
      words.push_back(ScalarText(list.items[i]));
    }
    for (const NamedValue& one : NamedValues(words)) {
      AddText(SlotKind::kArg, fmt::format("{}[{}]", slot, one.index + from),
              one.name, std::string(one.value), list.items[one.index + from]);
    }
    return words;
  }

  void Approved(const Node& value) {
    out_->approved_place = value.place;
    const bool all = value.kind == Node::Kind::kBool
                         ? value.boolean
                         : IsOneOf(value.string,
                                   {"approve", "auto", "always", "allow", "*"});
    out_->approved = NamesIn(value);
    if (all) out_->approved.emplace_back("*");
  }

  void Tools(const Node& value) {
    if (value.kind == Node::Kind::kArray) out_->tools = NamesIn(value);
  }

  static std::vector<std::string> NamesIn(const Node& list) {
    std::vector<std::string> out;
    for (const Node& item : list.items) {
      std::string name = ScalarText(item);
      if (!name.empty()) out.push_back(std::move(name));
    }
    return out;
  }

  const Client& client_;
  Server* out_;
  std::string label_;
  std::string prefix_;  // of the slots of settings in a table
  bool ignored_ = false;
  std::vector<std::string> command_rest_;
  std::vector<std::string> arguments_;
};

}  // namespace

std::string LabelOf(const Node& record) {
  for (const std::string_view key : {"keyName", "key_name", "label"}) {
    if (const std::string* label = TextOf(record, key)) return *label;
  }
  return {};
}

bool IsNameField(std::string_view key) {
  return IsOneOf(key,
                 {"env_vars", "env_keys", "env_key", "bearer_token_env_var",
                  "bearerTokenEnvVar", "bearerTokenEnv", "env_http_headers",
                  "envFile", "env_file"});
}

bool IsServer(const Node& node) {
  return std::any_of(node.members.begin(), node.members.end(),
                     [](const Member& member) {
                       return IsUrlField(member.key) ||
                              member.key == "command" || member.key == "cmd";
                     });
}

Server ReadServer(const Client& client, std::string name, const Node& node,
                  config::Place place) {
  Server out;
  out.name = std::move(name);
  out.place = place;
  Reader(client, &out).Read(node);
  return out;
}

}  // namespace keytidy::clients
