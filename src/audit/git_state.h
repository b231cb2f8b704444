// SPDX-License-Identifier: Apache-2.0
//
// Whether git tracks a file, or ignores it.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "audit/machine.h"
#include "core/report.h"

namespace keytidy::audit {

enum class GitState {
  kOutside,  // of any repository, or that cannot be told
  kTracked,
  kIgnored,
  kUntracked,  // and not ignored: the next `git add` takes it
};

// One thread's. Nothing is run; what git's own configuration says elsewhere
// about ignored files counts for the user's own machine alone.
class GitStates {
 public:
  explicit GitStates(const Machine& machine);
  ~GitStates();

  // `path` is absolute or begins where the home folder does, without links.
  GitState Of(const std::string& path);

  std::vector<Skip> TakeSkipped() { return std::move(skipped_); }

 private:
  struct Repository;
  Repository* RepositoryOf(const std::string& folder);
  bool IsIgnored(Repository& repository, const std::string& below);

  const Machine& machine_;
  std::map<std::string, std::shared_ptr<Repository>> by_folder_;
  std::map<std::string, std::shared_ptr<Repository>> by_tree_;
  std::vector<Skip> skipped_;
};

}  // namespace keytidy::audit
