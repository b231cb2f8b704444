// SPDX-License-Identifier: Apache-2.0
//
// Where in a client's settings a key stands.
#include <fmt/format.h>

#include "audit/scene.h"

namespace keytidy::audit {
namespace {

using clients::SlotKind;

void CheckUse(const Scene& scene, const KeyUse& use, Problems* out) {
  const FoundFile& file = scene.FileOf(use).file;
  const std::string key = KeyText(use);
  const std::string where = SlotText(scene, use);
  const std::string fix = FixFor(scene, use);
  if (use.fallback) {
    out->Add(
        "MCP-REFDEFAULT", use,
        {fmt::format("{} is the fallback of a reference, in {}: it is in "
                     "clear as without one.",
                     key, where),
         "Leave the fallback out, so that a missing variable is noticed. " +
             fix,
         {},
         0});
    return;
  }
  if (use.structured && use.kind == SlotKind::kName) {
    out->Add("MCP-NAMEFIELD", use,
             {fmt::format("{} stands in {}, where {} wants the name of a "
                          "variable.",
                          key, where, TitleOf(file)),
              fmt::format("Write the variable's name there, and keep the key "
                          "in the variable. {}",
                          fix),
              {},
              0});
    return;
  }
  if (use.ignored) {
    out->Add("MCP-DEADFIELD", use,
             {fmt::format("{} stands in {}, which {} does not read: it is "
                          "exposed for nothing.",
                          key, where, TitleOf(file)),
              "Remove the field. " + fix,
              {},
              0});
  }
  out->Add("MCP-PLAIN", use,
           {fmt::format("{} stands in clear in {}.", key, where), fix, {}, 0});
  if (!use.structured) return;
  if (use.in_query) {
    out->Add("MCP-URLQ", use,
             {fmt::format("{} is part of an address, in {}; addresses are "
                          "kept in logs, proxies and histories.",
                          key, where),
              "Send the key in a header, or sign in with OAuth. Where the "
              "provider takes it in the address alone, treat the whole address "
              "as a secret. " +
                  fix,
              {},
              0});
  }
  if (use.kind == SlotKind::kArg || use.kind == SlotKind::kCommand) {
    out->Add("MCP-ARG", use,
             {fmt::format("{} is on the command line, in {}: every user of "
                          "the machine can list it.",
                          key, where),
              "Give it in a variable of the server's env, by reference. " + fix,
              {},
              0});
  }
}

}  // namespace

void CheckSlots(const Scene& scene, Problems* out) {
  for (const FileFacts& file : scene.files) {
    if (!IsClientSettings(file.file)) continue;
    for (const KeyUse& use : file.keys) CheckUse(scene, use, out);
    for (const ServerFacts& server : file.servers) {
      for (const UnusedReference& one : server.sent_as_they_are) {
        const Client& client = *file.file.client;
        out->Add(
            "MCP-REFDIALECT", file, &server,
            {fmt::format("{} of the server {} has a reference of the form {}, "
                         "which {} does not replace: the text itself is sent.",
                         one.slot, server.name, clients::Name(one.form),
                         client.title),
             client.reference.empty()
                 ? FixWith(client, one.name.empty() ? "API_KEY" : one.name)
                 : fmt::format("Write it as {}.", client.reference),
             {},
             one.line});
      }
      for (const clients::Placed& one : server.dead) {
        out->Add("MCP-DEADFIELD", file, &server,
                 {fmt::format("{} of the server {} is not read by {}.",
                              one.text, server.name, file.file.client->title),
                  FixWith(*file.file.client, "API_KEY"),
                  {},
                  one.place.line});
      }
    }
  }
}

}  // namespace keytidy::audit
