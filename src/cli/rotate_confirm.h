// SPDX-License-Identifier: Apache-2.0
//
// Looks again at every place of an old key, and asks its provider whether it is
// dead.
#pragma once

#include <stop_token>
#include <string>
#include <vector>

#include "base/result.h"
#include "cli/inventory_args.h"
#include "cli/verify_args.h"
#include "match/loader.h"
#include "rotate/rotation_proof.h"

namespace keytidy::cli {

struct ConfirmArgs {
  InventoryArgs inventory;
  VerifyArgs verify;
  std::string key;  // an id, or how it begins; "-": the old key on stdin
  std::vector<match::RuleFile> rules;  // the user's own
};

struct Confirmed {
  rotate::Proof proof;
  std::string requests;  // with --dry-run: what would be sent
};

// Reads the old key from standard input where something is piped into it, else
// asks for it on the terminal where that could help. What comes of it is
// written into the inventory: the verdict, places that are gone, and, where the
// rotation is confirmed, which key took its place. With --dry-run nothing is
// sent or written.
Result<Confirmed> Confirm(const ConfirmArgs& args, const std::stop_token& stop);

}  // namespace keytidy::cli
