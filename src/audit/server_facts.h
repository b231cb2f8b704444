// SPDX-License-Identifier: Apache-2.0
//
// What the checks want to know of a server, from what its entry says.
#pragma once

#include "audit/facts.h"
#include "audit/knowledge.h"
#include "clients/contents.h"
#include "core/client.h"

namespace keytidy::audit {

ServerFacts FactsOf(const Knowledge& knowledge, const Client& client,
                    const clients::Server& server);

}  // namespace keytidy::audit
