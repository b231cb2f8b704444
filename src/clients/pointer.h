// SPDX-License-Identifier: Apache-2.0
//
// Pointers into configuration: "/mcpServers", "/projects/*/mcpServers",
// "/models/*/apiKey". `*` is any member or item, a `**` at the end every text
// below, a `#` at the end the names of the members. A name with a dot is one
// name.
#pragma once

#include <functional>
#include <string>
#include <string_view>

#include "config/node.h"

namespace keytidy::clients {

// What a pointer leads to. `path` is the way there, "models.0.apiKey".
struct Target {
  const config::Node* node = nullptr;      // null for a name
  const config::Member* member = nullptr;  // of a name; the last one passed
  std::string path;
  const config::Node* parent = nullptr;  // that it is in; null for the root
};

// Calls `each` for every target, in the order of the file.
void ForEachAt(const config::Node& root, std::string_view pointer,
               const std::function<void(const Target&)>& each);

// The member of a table where that is a text, or null.
const std::string* TextOf(const config::Node& table, std::string_view key);

// A scalar as it would be written, "" for tables, arrays and null.
std::string ScalarText(const config::Node& node);

}  // namespace keytidy::clients
