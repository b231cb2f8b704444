// SPDX-License-Identifier: Apache-2.0
//
// Any bytes as a file of a client: what is read of it is inside of the file,
// and whatever its servers start can be looked at.
#include <string>
#include <string_view>
#include <vector>

#include "check.h"
#include "clients/contents.h"
#include "clients/exposure.h"
#include "clients/launch.h"
#include "clients/plain_secret.h"
#include "clients/reference.h"

namespace {

using keytidy::Check;
using keytidy::Client;
using keytidy::ClientFile;
using keytidy::FileFormat;
using keytidy::FileRole;
using keytidy::Span;
using keytidy::clients::Contents;
using keytidy::clients::Reference;
using keytidy::clients::Server;
using keytidy::clients::Value;

constexpr int kFormats = 7;
constexpr int kShapes = 4;

ClientFile FileOf(int shape) {
  ClientFile file;
  switch (shape) {
    case 0:
      file.servers = {"/mcpServers", "/projects/*/mcpServers"};
      file.allow = {"/allow"};
      file.approve_all = {{{"/mode", "auto"}, {"/all", "true"}}};
      file.projects = {"/projects/#", "/folders/*"};
      break;
    case 1:
      file.flat = true;
      break;
    case 2:
      file.secrets = {"/env/*", "/**"};
      file.role = FileRole::kSecrets;
      break;
    default:
      file.role = FileRole::kUnit;
  }
  return file;
}

void CheckReferences(const std::string& value, const std::string& input) {
  std::size_t from = 0;
  for (const Reference& one : keytidy::clients::FindReferences(value)) {
    Check(one.start >= from, "references are in order", input);
    Check(one.end > one.start, "a reference is not empty", input);
    from = one.end;
  }
  Check(from <= value.size(), "references are in the value", input);
  keytidy::clients::WithoutReferences(value);
}

void CheckValue(const Value& value, std::size_t size,
                const std::string& input) {
  Check(value.span.start <= value.span.end, "a span is in order", input);
  Check(value.span.end <= size, "a span is in the file", input);
  CheckReferences(value.text, input);
  const std::string_view secret =
      keytidy::clients::PlainSecret(value.name, value.text);
  Check(secret.empty() || (secret.data() >= value.text.data() &&
                           secret.data() + secret.size() <=
                               value.text.data() + value.text.size()),
        "a secret is in its value", input);
}

void CheckServer(const Server& server, std::size_t size,
                 const std::string& input) {
  for (const Value& value : server.values) CheckValue(value, size, input);
  const auto launch =
      keytidy::clients::ReadLaunch(server.command, server.arguments);
  Check(launch.pinned || !launch.package.empty(), "only packages are loose",
        input);
  Check(launch.version.empty() || !launch.package.empty(),
        "a version is of a package", input);
  const auto exposure = keytidy::clients::ReadExposure(
      keytidy::clients::Unwrapped(server.command, server.arguments));
  Check(!exposure || !exposure->program.empty(), "an exposure has a program",
        input);
}

void CheckSlot(const Contents& contents, Span span, std::string_view text,
               const std::string& input) {
  const auto slot = keytidy::clients::FindSlot(contents, span, text);
  if (!slot) return;
  Check(slot->value != nullptr, "a slot has a value", input);
  const Span held = slot->value->span;
  Check(held.size() == 0 || (held.start <= span.start && span.end <= held.end),
        "a slot holds the span", input);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data,
                                      std::size_t size) {
  if (size == 0) return 0;
  const std::string input(data, data + size);
  const std::string text = input.substr(1);
  const int choice = data[0] % (kFormats * kShapes);
  ClientFile file = FileOf(choice / kFormats);
  file.format = static_cast<FileFormat>(choice % kFormats);
  Client client;
  client.ignored = {"headers"};
  client.approve = {"autoApprove"};
  client.tools = {"tools"};

  const auto document =
      keytidy::clients::ParseAs(file.format, "dir/fuzz", text);
  if (!document) {
    Check(document.error().message.substr(0, 8) == "dir/fuzz",
          "the file is named", input);
    Check(keytidy::IsShowable(document.error().message),
          "the message can be shown", input);
    return 0;
  }
  const Contents contents =
      keytidy::clients::ReadContents(client, file, *document);
  for (const Value& value : contents.values) {
    CheckValue(value, text.size(), input);
  }
  for (const Server& server : contents.servers) {
    CheckServer(server, text.size(), input);
    if (server.values.empty()) continue;
    const Value& last = server.values.back();
    CheckSlot(contents, last.span, last.text, input);
  }
  CheckSlot(contents, {0, text.size()}, text, input);
  CheckSlot(contents, {text.size() / 2, text.size() / 2}, "", input);
  CheckSlot(contents, {text.size() / 3, text.size() / 3 + 4}, "a", input);
  return 0;
}
