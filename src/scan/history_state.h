// SPDX-License-Identifier: Apache-2.0
//
// Which blobs of a repository were scanned before, by which rules: the memory
// of --since-last. A file of its own, outside the repository unless the user
// names a place in it. Holds ids of blobs, nothing of what is in them.
//
// The file: "keytidy-history-state 1\n", a line with the digest of the rules
// and options, a line "packs N", N raw pack checksums (all of whose blobs were
// scanned), a line "blobs N", N raw ids in ascending order, and the SHA-256 of
// everything before.
#pragma once

#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "pack/object_id.h"

namespace keytidy::scan {

class HistoryState {
 public:
  // Reads the file. None there, or one for other rules: an empty state.
  // kDamaged: it is not what we wrote; the message names it.
  static Result<HistoryState> Read(const std::string& path,
                                   const std::string& digest,
                                   pack::HashKind kind);

  bool KnowsPack(std::string_view checksum) const;
  bool Knows(const pack::ObjectId& id) const;
  bool empty() const { return packs_.empty() && blobs_.empty(); }

  void AddPack(std::string_view checksum);
  // Sorted when it is written.
  void Add(const pack::ObjectId& id) { added_.push_back(id); }
  Status Write(const std::string& path);

 private:
  std::string digest_;
  pack::HashKind kind_ = pack::HashKind::kSha1;
  std::set<std::string, std::less<>> packs_;  // raw
  std::vector<pack::ObjectId> blobs_;         // sorted
  std::vector<pack::ObjectId> added_;
};

}  // namespace keytidy::scan
