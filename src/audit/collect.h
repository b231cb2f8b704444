// SPDX-License-Identifier: Apache-2.0
//
// Finds and reads all files of an audit, on several threads.
#pragma once

#include <memory>
#include <stop_token>
#include <vector>

#include "audit/audit.h"
#include "audit/find_files.h"
#include "audit/read_file.h"
#include "audit/scene.h"
#include "scan/blob_scanner.h"

namespace keytidy::audit {

struct Collection {
  std::vector<scan::Collected> parts;  // one for each thread
  std::vector<PlainKey> plain;         // in the order of the files
  std::vector<Skip> skipped;           // while looking for files
};

// Fills scene->files, clients and installed. Users' files first, then those of
// the projects that they name; the order does not depend on threads.
Result<Collection> Collect(const match::Engine& engine, const Request& request,
                           scan::Progress* progress,
                           const std::stop_token& stop, Scene* scene);

}  // namespace keytidy::audit
