// SPDX-License-Identifier: Apache-2.0
//
// What the checks know of providers, kinds of keys, packages and places:
// patterns/audit.toml, read once for an audit.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace keytidy::audit {

struct ProviderFacts {
  std::vector<std::string> domains;  // they and all below them
  bool self_hosted = false;          // customers run it under other names
  bool mcp = false;                  // its keys are for MCP first of all
};

struct BroadKind {
  std::vector<std::string> rules;
  std::string instead;  // the narrower kind
};

struct Knowledge {
  std::map<std::string, ProviderFacts, std::less<>> providers;
  std::vector<std::string> personal;  // rules of keys that stand for a person
  std::vector<std::string> machine;   // and of those that never do
  // Rules of keys whose provider is open, or that are never sent anywhere.
  std::vector<std::string> unsent;
  std::vector<BroadKind> broad;
  std::vector<std::string> scopes;    // known publishers, "@scope"
  std::vector<std::string> packages;  // known packages without a scope
  std::vector<std::string> tunnels;   // globs over host names
  std::vector<std::string> write_words;
  std::vector<std::string> read_words;
  std::vector<std::string> synced;
  std::vector<std::string> dotfiles;
  std::vector<std::string> development;
  std::vector<std::string> production;
  std::vector<std::string> bare_labels;
};

// kInvalid: everything that is wrong, with line and caret.
Result<Knowledge> ReadKnowledge(std::string name, std::string text);

// `host`, in lower case, is `domain` or below it.
bool IsBelow(std::string_view host, std::string_view domain);

}  // namespace keytidy::audit
