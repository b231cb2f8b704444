// SPDX-License-Identifier: Apache-2.0
//
// One server entry of a client's file, in any of the spellings that clients
// use.
#pragma once

#include <string>
#include <string_view>

#include "clients/contents.h"
#include "config/node.h"
#include "core/client.h"

namespace keytidy::clients {

// What a person called the record of a key: its `keyName`, `key_name` or
// `label`. "" where it has none.
std::string LabelOf(const config::Node& record);

// A field that holds names of variables, or a path, and no values.
bool IsNameField(std::string_view key);

// Whether a table is a server: it has a command or an address.
bool IsServer(const config::Node& node);

Server ReadServer(const Client& client, std::string name,
                  const config::Node& node, config::Place place);

}  // namespace keytidy::clients
