// SPDX-License-Identifier: Apache-2.0
//
// The command line: parses it, runs one subcommand, returns the exit code.
#pragma once

namespace keytidy::cli {

// Never throws, never calls exit().
int Main(int argc, const char* const* argv);

}  // namespace keytidy::cli
