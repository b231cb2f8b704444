// SPDX-License-Identifier: Apache-2.0
#include "scan/client_places.h"

#include <utility>

#include "match/identity.h"

namespace keytidy::scan {
namespace {

// Any client, for a text whose path is not known: the tables that most have.
struct AnyClient {
  Client client;
  ClientFile json;
  ClientFile toml;
};

// A .env, a compose file, a shell's start-up file belong to no program that
// could be named; copied settings of an AI client belong to one of them.
bool IsProgram(const Client& client) {
  return (client.kind != ClientKind::kProject &&
          client.kind != ClientKind::kShell) ||
         client.id == "mcp-project";
}

const AnyClient& Any() {
  static const AnyClient any = [] {
    AnyClient out;
    out.json.format = FileFormat::kJson;
    out.json.servers = {
        "/mcpServers",      "/servers",        "/mcp",
        "/context_servers", "/amp.mcpServers", "/projects/*/mcpServers",
        "/mcp/servers",     "/mcp.servers"};
    out.json.secrets = {"/env/*"};
    out.json.flat = true;
    out.toml.format = FileFormat::kToml;
    out.toml.servers = {"/mcp_servers"};
    return out;
  }();
  return any;
}

}  // namespace

void ClientPlaces::Read() {
  read_ = true;
  if (book_ == nullptr) return;
  const Client* client = nullptr;
  const ClientFile* file = nullptr;
  if (unnamed_) {
    const std::size_t first = text_.find_first_not_of(" \t\r\n\xEF\xBB\xBF");
    const bool json = first != std::string_view::npos && text_[first] == '{';
    if (!json && text_.find("[mcp_servers") == std::string_view::npos) return;
    client = &Any().client;
    file = json ? &Any().json : &Any().toml;
    client_.emplace();
  } else {
    const auto known = book_->Find(path_);
    if (!known || !IsProgram(*known->client)) return;
    client = known->client;
    file = known->file;
    client_ = client->id;
  }
  // The name is for the names of units; no message is shown.
  auto document =
      clients::ParseAs(file->format, std::string(path_), std::string(text_));
  if (!document) return;
  contents_ = clients::ReadContents(*client, *file, *document);
  slots_.emplace(contents_);
  root_ = std::move(document->root);
}

std::optional<ClientPlace> ClientPlaces::Find(Span span) {
  if (!read_) Read();
  if (!client_) return std::nullopt;
  ClientPlace out{*client_, {}, {}};
  if (!slots_) return out;
  const std::string_view secret =
      text_.substr(static_cast<std::size_t>(span.start),
                   static_cast<std::size_t>(span.size()));
  if (const auto slot = slots_->Find(span, secret)) {
    out.slot = slot->value->slot;
    if (slot->server != nullptr) out.server = slot->server->name;
    return out;
  }
  if (!paths_) paths_.emplace(root_);
  out.slot = paths_->PathAt(span);
  return out;
}

void HideIn(ClientPlace* place, const Secret& secret,
            std::string_view redacted) {
  for (std::string* text : {&place->name, &place->server, &place->slot}) {
    *text = match::RedactPath(*text, secret, redacted);
  }
}

void NameClient(clients::ClientBook* book, std::string_view path,
                std::optional<ClientPlace>* place) {
  const auto known = book != nullptr ? book->Find(path) : std::nullopt;
  if (!known || !IsProgram(*known->client)) return place->reset();
  if (!*place) place->emplace();
  (*place)->name = known->client->id;
}

}  // namespace keytidy::scan
