// SPDX-License-Identifier: Apache-2.0
#include "audit/knowledge.h"

#include <utility>

#include "config/node.h"
#include "config/table_reader.h"

namespace keytidy::audit {
namespace {

using config::Errors;
using config::Node;
using config::TableReader;

void ReadProviders(TableReader& top, Errors* errors, Knowledge* out) {
  for (const Node* table : top.Tables("provider")) {
    TableReader reader(*table, "provider", errors);
    const std::string id = reader.RequiredString("id");
    ProviderFacts facts;
    facts.domains = reader.Strings("domains");
    facts.self_hosted = reader.Bool("self_hosted").value_or(false);
    facts.mcp = reader.Bool("mcp").value_or(false);
    reader.Finish();
    if (!out->providers.emplace(id, std::move(facts)).second) {
      reader.Error("id", "stands here twice");
    }
  }
}

// A table of lists of texts.
void ReadLists(
    TableReader& top, std::string_view key, Errors* errors,
    const std::vector<std::pair<std::string_view, std::vector<std::string>*>>&
        lists) {
  const Node* table = top.Table(key);
  if (table == nullptr) {
    return top.Error(key, fmt::format("'{}' is missing", key));
  }
  TableReader reader(*table, std::string(key), errors);
  for (const auto& [name, list] : lists) *list = reader.Strings(name);
  reader.Finish();
}

void ReadKinds(TableReader& top, Errors* errors, Knowledge* out) {
  const Node* table = top.Table("kinds");
  if (table == nullptr) return;
  TableReader reader(*table, "kinds", errors);
  out->personal = reader.Strings("personal");
  out->machine = reader.Strings("machine");
  out->unsent = reader.Strings("unsent");
  for (const Node* one : reader.Tables("broad")) {
    TableReader inner(*one, "broad", errors);
    BroadKind kind;
    kind.rules = inner.Strings("rules");
    kind.instead = inner.RequiredString("instead");
    inner.Finish();
    out->broad.push_back(std::move(kind));
  }
  reader.Finish();
}

}  // namespace

Result<Knowledge> ReadKnowledge(std::string name, std::string text) {
  auto document = config::ParseToml(std::move(name), std::move(text));
  if (!document) return Fail(document.error());
  Errors errors(*document);
  TableReader top(document->root, "file", &errors);
  Knowledge out;
  ReadProviders(top, &errors, &out);
  ReadKinds(top, &errors, &out);
  ReadLists(top, "packages", &errors,
            {{"scopes", &out.scopes}, {"names", &out.packages}});
  ReadLists(top, "tunnels", &errors, {{"hosts", &out.tunnels}});
  ReadLists(top, "tools", &errors,
            {{"write", &out.write_words}, {"read", &out.read_words}});
  ReadLists(top, "places", &errors,
            {{"synced", &out.synced},
             {"dotfiles", &out.dotfiles},
             {"development", &out.development},
             {"production", &out.production}});
  ReadLists(top, "labels", &errors, {{"bare", &out.bare_labels}});
  top.Finish();
  if (!errors.empty()) return Fail(errors.Take());
  return out;
}

bool IsBelow(std::string_view host, std::string_view domain) {
  return host == domain ||
         (host.size() > domain.size() && host.ends_with(domain) &&
          host[host.size() - domain.size() - 1] == '.');
}

}  // namespace keytidy::audit
