// SPDX-License-Identifier: Apache-2.0
//
// Joins what rules found in a file with what the file says: whose setting each
// key is; and adds the secrets that only their names give away.
#pragma once

#include <cstddef>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "audit/facts.h"
#include "audit/text_map.h"
#include "clients/contents.h"
#include "core/finding.h"
#include "core/report.h"
#include "match/engine.h"
#include "scan/blob_scanner.h"
#include "scan/options.h"

namespace keytidy::audit {

// One secret that no rule knows.
struct PlainKey {
  std::string id;
  std::uint64_t length = 0;
  std::optional<std::string> shown;
  Occurrence place;
};

// Makes a fingerprint of a key.
using Digest = std::function<std::string(std::string_view)>;

// The file that is being read.
struct JoinedFile {
  const match::Engine& engine;
  const scan::Options& options;
  const std::string& salt;    // of the run
  const Digest& fingerprint;  // of the inventory; may be empty
  std::size_t index = 0;      // of the file among all
  const std::string& display;
  const clients::Contents& contents;
  const TextMap* text = nullptr;       // null: nothing but names is known
  const config::Node* root = nullptr;  // of its tree
};

// `found`, from `from` on, is what rules found in the file; it gets its place
// in the client. Uses go to facts->keys, and the contents' servers are the last
// of facts->servers already. Of all this only digests stay in `facts`. What is
// left out of `plain`, for there is too much of it, is said in `skipped`.
void JoinKeys(const JoinedFile& file, std::vector<scan::Found>* found,
              std::size_t from, FileFacts* facts, std::vector<PlainKey>* plain,
              std::vector<Skip>* skipped);

}  // namespace keytidy::audit
