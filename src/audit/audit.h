// SPDX-License-Identifier: Apache-2.0
//
// `keytidy audit`: which program holds which key, and what is wrong with it.
// Reads files alone: nothing is started, nothing is sent.
#pragma once

#include <map>
#include <stop_token>
#include <string>
#include <vector>

#include "audit/join_keys.h"
#include "audit/knowledge.h"
#include "audit/machine.h"
#include "base/result.h"
#include "clients/client_book.h"
#include "core/report.h"
#include "match/engine.h"
#include "scan/options.h"

namespace keytidy::audit {

struct Request {
  const Machine& machine;
  const Knowledge& knowledge;
  clients::ClientBook& book;
  // Folders of projects besides those that clients name, and folders of such.
  std::vector<std::string> projects;
  bool processes = false;  // look at the user's running programs too
  // One root: the home folder, with the configuration that holds.
  const std::vector<scan::Root>& roots;
  const scan::Options& options;
  // For an inventory: makes fingerprints of keys, and gets them by the ids of
  // the findings. Empty: none is kept.
  Digest fingerprint = {};
  std::map<std::string, std::string>* fingerprints = nullptr;
};

// Findings and violations carry no decision yet (policy/decide.h), but for
// violations that allow rules or the configuration let pass. The same files
// give the same report. kCancelled: `stop` was requested.
Result<Report> Run(const match::Engine& engine, const Request& request,
                   scan::Progress* progress, const std::stop_token& stop);

}  // namespace keytidy::audit
