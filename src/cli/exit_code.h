// SPDX-License-Identifier: Apache-2.0
//
// What the process says to scripts. docs/design.md, section 2.
#pragma once

namespace keytidy::cli {

enum ExitCode : int {
  kClean = 0,       // complete, and nothing that policy fails
  kFailed = 1,      // findings at or above --fail-on
  kUsage = 2,       // usage or configuration error
  kIncomplete = 3,  // something could not be read, and nothing failed
  kInterrupted = 130
};

}  // namespace keytidy::cli
