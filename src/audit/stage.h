// SPDX-License-Identifier: Apache-2.0
//
// Whether a name says development or production.
#pragma once

#include <string_view>

#include "audit/facts.h"
#include "audit/knowledge.h"
#include "clients/contents.h"

namespace keytidy::audit {

// By the words of a name: "kryton-dev", ".env.production". What says both says
// nothing.
Stage StageOfName(const Knowledge& knowledge, std::string_view name);

// By the file's own name and, of a project, the folders below its root.
Stage StageOfFile(const Knowledge& knowledge, const FoundFile& file);

// By its name, and by what NODE_ENV and the like are set to.
Stage StageOfServer(const Knowledge& knowledge, const clients::Server& server);

}  // namespace keytidy::audit
