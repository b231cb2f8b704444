// SPDX-License-Identifier: Apache-2.0
//
// Revoking, replacing and listing: the steps of a recipe, one after the other,
// as fast as the recipe's limits allow. What changes something is sent once;
// when its answer is lost, nobody knows whether it was done, and that is said.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

#include "base/result.h"
#include "core/recipe.h"
#include "core/secret.h"
#include "verify/audit_log.h"
#include "verify/http_client.h"
#include "verify/verifier.h"

namespace keytidy::verify {

struct ProcedureHooks {
  // A step is over: what it did, and how it came out.
  std::function<void(const Step& step, bool worked, const std::string& says)>
      told;
  // A new key is there; it has to be kept and tested before anything else is
  // done. An error ends the procedure, and the old key stays.
  std::function<Status(const Secret& secret)> new_key;
  // A step that changes nothing has worked: whether it is to be done again, for
  // the next page of a list. An error ends the procedure. May be empty.
  std::function<Result<bool>(const Step& step, const HttpAnswer& answer,
                             Values* values)>
      again;
  std::function<std::int64_t()> now;  // seconds since 1970
  // Nothing new is begun after a stop, or when the time is over.
  std::stop_token stop;
  std::chrono::seconds deadline{300};
};

struct ProcedureResult {
  bool worked = false;
  std::string why;  // it did not
  KeyFacts facts;   // what the provider says of the old key
};

// `task` is of the key that is revoked (of none for a list); its values hold
// the answers to the procedure's questions.
ProcedureResult RunProcedure(const Procedure& procedure, Task& task,
                             HttpClient& client, AuditLog& log,
                             const ProcedureHooks& hooks);

// Writes a new key and a line feed to a new private file; an error where there
// is a file already.
Status WriteSecret(const std::string& path, const Secret& secret);

// "name=value" of every cookie that answers set for their host.
class CookieJar {
 public:
  void Take(const HttpAnswer& answer);
  // Of the header Cookie; empty: none.
  std::string Header() const;

 private:
  std::vector<std::pair<std::string, std::string>> cookies_;
};

}  // namespace keytidy::verify
