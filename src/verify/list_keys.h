// SPDX-License-Identifier: Apache-2.0
//
// Asking a provider for its list of keys, with a credential that a person gives
// for it.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "base/result.h"
#include "core/recipe.h"
#include "verify/audit_log.h"
#include "verify/http_client.h"
#include "verify/plan.h"
#include "verify/procedure.h"
#include "verify/row_reader.h"

namespace keytidy::verify {

inline constexpr std::size_t kMostPages = 100;

struct KeyList {
  std::vector<ListedKey> keys;
  std::size_t pages = 0;
  std::string why;  // it is not all of them; empty: it is
};

// `recipe` has a list. An error is what has to be said first: where the server
// is, or what the provider does not document.
Result<Task> MakeListTask(const Recipe& recipe, const PlanOptions& options);

// `task` holds the answers to the listing's questions. `most_requests` counts
// all steps. Of `hooks` those that are about keys are not called.
KeyList ListKeys(Task& task, HttpClient& client, AuditLog& log,
                 ProcedureHooks hooks, std::size_t most_requests);

}  // namespace keytidy::verify
