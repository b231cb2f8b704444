// SPDX-License-Identifier: Apache-2.0
//
// One key, given on standard input.
#pragma once

#include <string>

#include "base/result.h"
#include "core/report.h"
#include "match/engine.h"
#include "scan/key_chain.h"

namespace keytidy::cli {

// Reads it, unseen where standard input is a terminal, and says what it is.
// kInvalid: there is no key; or as KeyReport.
Result<Report> ReadOneKey(const match::Engine& engine, const std::string& rule,
                          scan::KeyChain* chain);

// Standard input without blanks at its ends, unseen where it is a terminal;
// may be empty.
Result<Secret> ReadSecret();

// What `text` is: by its shape, or by `rule` (an id; may be empty) where shape
// cannot tell. The report has one finding, whose key is in the chain. kInvalid:
// there is more than one key; it stays open whose it is; or it is plainly of
// another provider than `rule`.
Result<Report> KeyReport(const match::Engine& engine, const Secret& text,
                         const std::string& rule, scan::KeyChain* chain);

// What is typed on the terminal after `prompt`, unseen where `hidden`. Reads
// from /dev/tty, as standard input may be taken. kUnsupported: there is no
// terminal.
Result<Secret> AskOnTerminal(const std::string& prompt, bool hidden);

}  // namespace keytidy::cli
