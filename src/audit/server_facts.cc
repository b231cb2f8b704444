// SPDX-License-Identifier: Apache-2.0
#include "audit/server_facts.h"

#include <algorithm>
#include <utility>

#include "audit/stage.h"
#include "base/text.h"
#include "clients/address.h"
#include "clients/plain_secret.h"

namespace keytidy::audit {
namespace {

using clients::Form;
using clients::SlotKind;
using clients::Value;

bool IsVariable(Form form) {
  switch (form) {
    case Form::kBraces:
    case Form::kBracesDefault:
    case Form::kDollar:
    case Form::kPercent:
    case Form::kEnvColon:
    case Form::kBraceEnv:
      return true;
    default:
      return false;
  }
}

// Whether something other than the client replaces it: a shell, a password
// manager, mcp-remote in its own arguments.
bool ReplacedByOthers(const clients::Server& server, const ServerFacts& facts,
                      const Value& value, Form form) {
  const bool command =
      value.kind == SlotKind::kArg || value.kind == SlotKind::kCommand;
  if (form == Form::kStore) return facts.launch.store;
  if (!command) return false;
  if (facts.launch.shell &&
      (form == Form::kDollar || form == Form::kBraces ||
       form == Form::kBracesDefault || form == Form::kCommand ||
       form == Form::kPercent)) {
    return true;
  }
  return form == Form::kBraces &&
         std::any_of(server.arguments.begin(), server.arguments.end(),
                     [](const std::string& word) {
                       return word.starts_with("mcp-remote");
                     });
}

bool Replaces(const Client& client, Form form) {
  const std::string_view name = clients::Name(form);
  return std::any_of(client.expands.begin(), client.expands.end(),
                     [&](const std::string& one) {
                       // Who knows a default knows the plain form too.
                       return one == name ||
                              (form == Form::kBraces && one == "${X:-d}");
                     });
}

// Whether what the reference stands for is a key: by the name of the setting,
// or by that of the variable.
bool IsSecret(const Value& value, const clients::Reference& one) {
  if (one.predefined) return false;
  return clients::NamesSecret(value.name) ||
         (value.kind != SlotKind::kEnv && clients::NamesSecret(one.name));
}

// The MCP Inspector listens to itself alone unless a variable says otherwise.
void ReadInspector(const clients::Server& server, ServerFacts* out) {
  if (!out->exposure || out->exposure->program != "inspector") return;
  for (const Value& value : server.values) {
    if ((value.name == "DANGEROUSLY_BIND_ALL_INTERFACES" &&
         !IsOneOf(value.text, {"false", "0"})) ||
        (value.name == "HOST" && value.text == "0.0.0.0")) {
      out->exposure->everywhere = true;
    }
  }
}

void AddDestination(const Value& value, ServerFacts* out) {
  const auto address = clients::FindAddress(value.text);
  if (!address || address->host.empty()) return;
  const std::string scheme = Lowercase(address->scheme);
  if (!IsOneOf(scheme, {"http", "https", "ws", "wss"})) return;
  Destination one;
  one.host = Lowercase(address->host);
  one.name = value.name;
  if (one.host.find_first_of("${%") != std::string::npos) return;
  one.loopback = clients::IsLoopback(one.host);
  one.plain = !one.loopback && (scheme == "http" || scheme == "ws");
  one.line = value.place.line;
  // The server's own address comes first.
  if (value.kind == SlotKind::kUrl) {
    out->destinations.insert(out->destinations.begin(), std::move(one));
  } else {
    out->destinations.push_back(std::move(one));
  }
}

}  // namespace

ServerFacts FactsOf(const Knowledge& knowledge, const Client& client,
                    const clients::Server& server) {
  ServerFacts out;
  out.name = server.name;
  out.line = server.place.line;
  out.command_line = server.command_place.line;
  out.approved_line = server.approved_place.line;
  out.launch = clients::ReadLaunch(server.command, server.arguments);
  out.exposure = clients::ReadExposure(
      clients::Unwrapped(server.command, server.arguments));
  ReadInspector(server, &out);
  out.approved = server.approved;
  out.tools = server.tools;
  if (server.kept_alive) out.kept_alive_line = server.kept_alive->line;
  out.stage = StageOfServer(knowledge, server);
  const bool has_address = std::any_of(
      server.values.begin(), server.values.end(), [](const Value& value) {
        return value.kind == SlotKind::kUrl && !value.ignored;
      });
  for (const Value& value : server.values) {
    if (value.kind == SlotKind::kName) {
      out.variables.push_back(value.text);
      // A path is no variable.
      if (!value.slot.starts_with("envFile") &&
          !value.slot.starts_with("env_file")) {
        out.secret_by_reference = true;
      }
      continue;
    }
    if (value.ignored && value.kind == SlotKind::kUrl && !has_address) {
      out.dead.push_back({value.slot, value.place});
    }
    AddDestination(value, &out);
    for (const clients::Reference& one : clients::FindReferences(value.text)) {
      if (IsSecret(value, one)) out.secret_by_reference = true;
      if (IsVariable(one.form)) out.variables.emplace_back(one.name);
      if (one.predefined || one.form == Form::kEncrypted ||
          value.kind == SlotKind::kSetting || client.kind != ClientKind::kAi ||
          Replaces(client, one.form) ||
          ReplacedByOthers(server, out, value, one.form)) {
        continue;
      }
      out.sent_as_they_are.push_back(
          {one.form, std::string(one.name), value.slot, value.place.line});
    }
  }
  return out;
}

}  // namespace keytidy::audit
