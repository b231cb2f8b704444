// SPDX-License-Identifier: Apache-2.0
//
// What the subcommands share. Each has a cmd_*.cc with two functions: one that
// declares its flags, kept as they were typed, and one that says what they
// mean and runs.
#pragma once

#include <CLI/CLI.hpp>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace keytidy::cli {

// Set by a subcommand when it was chosen; run after parsing.
using Action = std::function<int()>;

void AddScan(CLI::App* app, Action* action);
void AddAudit(CLI::App* app, Action* action);
void AddKeys(CLI::App* app, Action* action);
void AddPolicy(CLI::App* app, Action* action);
void AddRotate(CLI::App* app, Action* action);
void AddReport(CLI::App* app, Action* action);
void AddRules(CLI::App* app, Action* action);
void AddVerify(CLI::App* app, Action* action);
void AddRevoke(CLI::App* app, Action* action);
void AddHook(CLI::App* app, Action* action);
void AddDemo(CLI::App* app, Action* action);
void AddCompletion(CLI::App* app, Action* action);

// Prints "keytidy: message" on standard error and returns kUsage.
int UsageError(std::string_view message);
int UsageError(const Error& error);

// Writes to standard output; a reader that has gone away is not an error.
Status Print(std::string_view text);

// The last paragraph of a subcommand's help.
std::string Examples(const std::vector<std::string_view>& lines);

}  // namespace keytidy::cli
