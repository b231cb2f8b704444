// SPDX-License-Identifier: Apache-2.0
//
// The files references are kept in, one at a time.
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "core/report.h"
#include "git/refs.h"
#include "pack/object_id.h"

namespace keytidy::git {

// What a reference says, before it is followed.
struct RawRef {
  pack::ObjectId id;
  std::string target;  // of a symbolic one; a valid name
};

// A loose reference, or a file like HEAD. A symbolic link to "refs/…" is a
// symbolic reference, as of old; others are followed. kDamaged: not a reference
// of this kind of hash; other codes as the system says. Messages name the path.
Result<RawRef> ReadLooseRef(const std::string& path, pack::HashKind kind);

// Adds the ids at the beginnings of the lines of FETCH_HEAD, MERGE_HEAD or
// shallow. Lines without one are left out; kDamaged names the first of them.
Status ReadIdLines(const std::string& path, pack::HashKind kind,
                   std::vector<pack::ObjectId>* out);

// packed-refs, sorted by name, each name once. Lines that are wrong are left
// out and said in `skipped` once. No file: empty.
std::vector<Ref> ReadPackedRefs(const std::string& path, pack::HashKind kind,
                                std::vector<Skip>* skipped);

// Calls `visit` for each file below `folder`, with its path there and its whole
// path. Goes into a symbolic link to a folder where that is one of references
// or reflogs, and into no folder twice. Leaves out what begins with a dot or
// ends with ".lock". A folder that is not there is an empty one.
using VisitFile =
    std::function<void(const std::string& name, const std::string& path)>;
void WalkFiles(const std::string& folder, std::vector<Skip>* skipped,
               const VisitFile& visit);

// Adds to `skipped` what could not be read.
void AddSkip(const std::string& path, const Error& error,
             std::vector<Skip>* skipped);

}  // namespace keytidy::git
