// SPDX-License-Identifier: Apache-2.0
//
// Revoking and replacing one key: what would be done, and doing it.
#pragma once

#include <stop_token>
#include <string>

#include "cli/verify_run.h"
#include "core/known_key.h"
#include "core/recipe.h"
#include "core/report.h"
#include "scan/key_chain.h"

namespace keytidy::cli {

struct RevokeJob {
  std::string confirm;  // the key's id as the person repeated it, or empty
  std::string replace;  // where to write a new key; empty: none is made
  bool dry_run = false;
  const Report& report;  // that has the key, and those it goes with
  const scan::KeyChain& chain;
  const Finding& finding;
  const KnownKey& key;
  const Recipe& recipe;
};

// Shows the plan; with `confirm` goes on to carry it out, says what comes of
// each step, and asks whether the old key is dead. The exit code: kClean only
// for a plan that was shown, or a death that was proved.
int Revoke(const RevokeJob& job, VerifyRun& run, const std::stop_token& stop);

}  // namespace keytidy::cli
