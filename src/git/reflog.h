// SPDX-License-Identifier: Apache-2.0
//
// One reflog: what a reference was before. Read as a stream; lines may be of
// any length.
#pragma once

#include <cstddef>
#include <functional>
#include <string>

#include "base/result.h"
#include "pack/object_id.h"

namespace keytidy::git {

struct ReflogEntry {
  pack::ObjectId before;
  pack::ObjectId after;
  bool whole = true;  // false: the last line, without its end; git ignores it
};

// Calls `visit` for each line, oldest first. Lines that do not begin with two
// ids are left out; kDamaged names the first of them, at the end. Other codes
// as the system says. Messages begin with the path.
Status ReadReflog(const std::string& path, pack::HashKind kind,
                  const std::function<void(const ReflogEntry&)>& visit);

// What name@{n} stands for, n at least 1. kNotFound: it does not go back that
// far.
Result<pack::ObjectId> NthOfReflog(const std::string& path, pack::HashKind kind,
                                   std::size_t n);

}  // namespace keytidy::git
