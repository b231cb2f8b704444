// SPDX-License-Identifier: Apache-2.0
//
// Units of service managers: a launchd property list, a systemd unit, a dump of
// pm2 (a unit for each of its processes). A unit is read as a server: a command
// with its variables.
#pragma once

#include "clients/contents.h"
#include "config/node.h"
#include "core/client.h"

namespace keytidy::clients {

// Adds the units of the file to `out`, by its format.
void ReadUnit(const Client& client, const ClientFile& file,
              const config::Document& document, Contents* out);

}  // namespace keytidy::clients
