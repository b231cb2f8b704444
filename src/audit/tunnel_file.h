// SPDX-License-Identifier: Apache-2.0
//
// The settings of tunnels: which ports they open to the outside, and whether
// they ask who is there.
#pragma once

#include "audit/facts.h"
#include "config/node.h"
#include "core/client.h"

namespace keytidy::audit {

// ngrok's agent configuration, versions 2 and 3, and cloudflared's config.yml;
// of other programs nothing is known.
void ReadTunnelFile(const Client& client, const config::Node& root,
                    FileFacts* facts);

}  // namespace keytidy::audit
