// SPDX-License-Identifier: Apache-2.0
#include "clients/contents.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <utility>

#include "base/text.h"
#include "clients/pointer.h"
#include "clients/server_reader.h"
#include "clients/unit_reader.h"

namespace keytidy::clients {
namespace {

using config::Member;
using config::Node;

std::string NameIn(const Node& item, std::size_t index) {
  for (const std::string_view key : {"name", "id", "title"}) {
    if (const std::string* name = TextOf(item, key)) return *name;
  }
  return fmt::format("{}", index);
}

// Names are for people to read; no client has longer ones.
std::string Short(std::string_view name) {
  constexpr std::size_t kMost = 120;
  if (name.size() <= kMost) return std::string(name);
  std::size_t end = kMost;
  while (end > 0 && !BeginsCharacter(name[end])) --end;
  return std::string(name.substr(0, end)) + "\xE2\x80\xA6";
}

void ReadServers(const Client& client, const Node& node, bool all,
                 Contents* out) {
  for (const Member& member : node.members) {
    const bool fits =
        all ? member.value.kind == Node::Kind::kTable : IsServer(member.value);
    if (!fits) continue;
    out->servers.push_back(
        ReadServer(client, Short(member.key), member.value, member.key_place));
  }
  for (std::size_t i = 0; i < node.items.size(); ++i) {
    const Node& item = node.items[i];
    if (item.kind != Node::Kind::kTable) continue;
    out->servers.push_back(
        ReadServer(client, Short(NameIn(item, i)), item, item.place));
  }
}

// Every variable of a file of variables.
void ReadVariables(const Node& root, Contents* out) {
  for (const Member& member : root.members) {
    if (member.value.kind != Node::Kind::kString) continue;
    out->values.push_back({SlotKind::kEnv,
                           "env." + member.key,
                           member.key,
                           member.value.string,
                           member.value.place,
                           {member.value.start, member.value.end},
                           false,
                           {}});
  }
}

void ReadSecrets(const ClientFile& file, const Node& root, Contents* out) {
  for (const std::string& pointer : file.secrets) {
    ForEachAt(root, pointer, [&](const Target& target) {
      if (target.node == nullptr) return;
      std::string text = ScalarText(*target.node);
      if (text.empty()) return;
      SlotKind kind = SlotKind::kSetting;
      if (target.path.starts_with("env.")) kind = SlotKind::kEnv;
      if (target.member != nullptr && IsNameField(target.member->key)) {
        kind = SlotKind::kName;
      }
      out->values.push_back(
          {kind,
           target.path,
           target.member != nullptr ? target.member->key : std::string(),
           std::move(text),
           target.node->place,
           {target.node->start, target.node->end},
           false,
           target.parent != nullptr ? LabelOf(*target.parent) : std::string()});
    });
  }
}

// Those of `wanted` that hold, each with the place of its last setting.
void ReadSettings(const std::vector<std::vector<Setting>>& wanted,
                  const Node& root, std::vector<Placed>* out) {
  for (const std::vector<Setting>& settings : wanted) {
    Placed found;
    const bool all = std::all_of(
        settings.begin(), settings.end(), [&](const Setting& setting) {
          bool holds = false;
          ForEachAt(root, setting.pointer, [&](const Target& target) {
            if (target.node == nullptr ||
                ScalarText(*target.node) != setting.value) {
              return;
            }
            holds = true;
            found.place = target.node->place;
            found.text +=
                fmt::format("{}{} = {}", found.text.empty() ? "" : ", ",
                            target.path, setting.value);
          });
          return holds;
        });
    if (all) out->push_back(std::move(found));
  }
}

void ReadApprovals(const ClientFile& file, const Node& root, Contents* out) {
  for (const std::string& pointer : file.allow) {
    ForEachAt(root, pointer, [&](const Target& target) {
      if (target.node == nullptr) return;
      for (const Node& item : target.node->items) {
        std::string name = ScalarText(item);
        if (!name.empty()) out->allow.push_back({std::move(name), item.place});
      }
      for (const Member& member : target.node->members) {
        const std::string value = ScalarText(member.value);
        if (value == "allow" || value == "true") {
          out->allow.push_back({member.key, member.key_place});
        }
      }
    });
  }
  ReadSettings(file.approve_write, root, &out->approve_write);
  ReadSettings(file.approve_all, root, &out->approve_all);
}

void ReadProjects(const ClientFile& file, const Node& root, Contents* out) {
  for (const std::string& pointer : file.projects) {
    ForEachAt(root, pointer, [&](const Target& target) {
      if (target.node == nullptr) {
        out->projects.push_back(target.member->key);
      } else if (target.node->kind == Node::Kind::kString) {
        out->projects.push_back(target.node->string);
      }
    });
  }
}

}  // namespace

Result<config::Document> ParseAs(FileFormat format, std::string name,
                                 std::string text) {
  switch (format) {
    case FileFormat::kJson:
      return config::ParseJsonc(std::move(name), std::move(text));
    case FileFormat::kYaml:
      return config::ParseYaml(std::move(name), std::move(text));
    case FileFormat::kToml:
      return config::ParseToml(std::move(name), std::move(text));
    case FileFormat::kDotenv:
      return config::ParseDotenv(std::move(name), std::move(text));
    case FileFormat::kPlist:
      return config::ParsePlist(std::move(name), std::move(text));
    case FileFormat::kIni:
      return config::ParseIni(std::move(name), std::move(text));
    case FileFormat::kText:
      break;
  }
  return config::Document{std::move(name), std::move(text), {}};
}

Contents ReadContents(const Client& client, const ClientFile& file,
                      const config::Document& document) {
  Contents out;
  const Node& root = document.root;
  for (const std::string& pointer : file.servers) {
    ForEachAt(root, pointer, [&](const Target& target) {
      if (target.node != nullptr) {
        ReadServers(client, *target.node, true, &out);
      }
    });
  }
  if (file.flat && out.servers.empty()) {
    ReadServers(client, root, false, &out);
  }
  if (file.role == FileRole::kUnit) {
    ReadUnit(client, file, document, &out);
  } else if (file.format == FileFormat::kDotenv) {
    ReadVariables(root, &out);
  }
  ReadSecrets(file, root, &out);
  ReadApprovals(file, root, &out);
  ReadProjects(file, root, &out);
  return out;
}

SlotIndex::SlotIndex(const Contents& contents) {
  const auto add = [&](const Server* server, const Value& value) {
    if (value.span.size() > 0) {
      placed_.push_back({value.span, {server, &value}});
    } else {
      others_.push_back({server, &value});
    }
  };
  for (const Value& value : contents.values) add(nullptr, value);
  for (const Server& server : contents.servers) {
    for (const Value& value : server.values) add(&server, value);
  }
  std::stable_sort(placed_.begin(), placed_.end(),
                   [](const Entry& a, const Entry& b) {
                     return a.span.start < b.span.start;
                   });
}

std::optional<Slot> SlotIndex::Find(Span span, std::string_view text) const {
  // A name that stands in a value is nearer than the value itself: of several,
  // the last that has the text.
  std::optional<Slot> best;
  const auto take = [&](const Slot& slot) {
    const bool exact = slot.value->text.find(text) != std::string::npos;
    if (!best || exact) best = slot;
  };
  // Scalars do not overlap, so that only those that begin at one place can
  // hold the span.
  const auto behind =
      std::upper_bound(placed_.begin(), placed_.end(), span.start,
                       [](std::uint64_t start, const Entry& one) {
                         return start < one.span.start;
                       });
  if (behind != placed_.begin()) {
    const std::uint64_t start = std::prev(behind)->span.start;
    const auto first = std::lower_bound(
        placed_.begin(), behind, start,
        [](const Entry& one, std::uint64_t at) { return one.span.start < at; });
    for (auto it = first; it != behind; ++it) {
      if (span.end <= it->span.end) take(it->slot);
    }
  }
  if (best || text.empty()) return best;
  for (const Slot& slot : others_) {
    if (slot.value->text.find(text) != std::string::npos) take(slot);
  }
  return best;
}

std::optional<Slot> FindSlot(const Contents& contents, Span span,
                             std::string_view text) {
  return SlotIndex(contents).Find(span, text);
}

}  // namespace keytidy::clients
